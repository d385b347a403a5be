//! Objects in pools, in spans and in foreign blocks.

use crate::support::World;
use mortice_gc::mem::{Config, SPAN_LIMIT_BYTES};

fn worlds() -> [Box<World>; 2] {
    let foreign = Config {
        allocator: mortice_mem::Choice::Malloc,
        ..Config::default()
    };
    [World::new(), World::with(foreign)]
}

#[test]
fn objects_of_every_size_are_tracked_listed_and_collected() {
    for world in worlds() {
        let sizes = [
            0,
            100,
            1_000,
            8_000,
            9_000,
            100_000,
            3_000_000,
            SPAN_LIMIT_BYTES + 1,
        ];
        let hub = world.node(1);
        for size in sizes {
            let large = world.large(0, size);
            world.join(&large, &hub);
            world.join(&hub, &large);
            assert!(world.heap.is_tracked(&large));
            let reference = world.weak(&large, None);
            world.join(&large, &reference);
        }
        assert_eq!(world.check(), 1 + 2 * sizes.len());
        assert_eq!(world.collect(), 0);
        world.heap.freeze();
        world.heap.unfreeze();
        drop(hub);
        assert_eq!(world.collect(), 1 + 2 * sizes.len());
        assert_eq!(world.objects_in_use(), 0);
    }
}

#[test]
fn queued_objects_of_every_size_end() {
    for world in worlds() {
        let mut chain = world.node(0);
        for link in 0..300 {
            let next = world.large(0, [0, 5_000, 20_000][link % 3]);
            world.join(&next, &chain);
            chain = next;
        }
        drop(chain);
        assert_eq!(world.objects_in_use(), 0);
        world.check();
    }
}

#[test]
fn a_region_added_by_the_mark_stack_counts_nothing_twice() {
    // Small regions: the collector's own requests add some while it walks.
    let world = World::with(Config {
        region_bytes: 1 << 20,
        ..Config::default()
    });
    let held = world.node(0);
    for _ in 0..20_000 {
        let spoke = world.node(0);
        world.join(&held, &spoke);
        world.join(&spoke, &held);
    }
    for _ in 0..3 {
        assert_eq!(world.collect(), 0);
    }
    drop(held);
    assert_eq!(world.collect(), 20_001);
}
