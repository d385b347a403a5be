//! Zeal finds what ordinary runs do not.

#[path = "heap/support.rs"]
#[allow(
    dead_code,
    reason = "the world of the other tests, of which these need little"
)]
mod support;

use mortice_gc::Object;
use mortice_gc::zeal::{EACH, Mode};
use std::panic::{AssertUnwindSafe, catch_unwind};
use support::{World, node};

fn message(run: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(run)).expect_err("zeal finds it");
    let text = panic.downcast_ref::<String>().cloned();
    text.expect("a panic with a message")
}

#[test]
fn a_reference_without_a_count_is_found_at_the_next_allocation() {
    let world = World::new();
    world.heap.start_zeal(Mode::Audit);
    let (one, other, target) = (world.node(1), world.node(2), world.node(3));
    let place = target.pointer().expect("a node");
    node(&one).edge.set(target);
    // SAFETY: owned-reference: broken on purpose; the handle is forgotten below.
    node(&other).edge.set(unsafe { Object::from_owned(place) });
    let said = message(|| drop(world.node(4)));
    assert!(
        said.contains("has 1 references, and 2 were counted"),
        "{said}"
    );
    std::mem::forget(node(&other).edge.take());
}

#[test]
fn garbage_ends_at_the_next_safe_point_and_nobody_grows_older() {
    let world = World::new();
    drop(world.ring(1..3));
    world.heap.start_zeal(Mode::Collect);
    let counts = || world.heap.counts.each_ref().map(|count| count.get());
    drop(world.ring(3..5));
    let before = counts();
    assert!(world.heap.zeal_due());
    world.heap.zeal_collect();
    assert!(!world.heap.zeal_due());
    assert_eq!(world.events(), "clear 3, end 4, end 3");
    assert!(counts()[0] <= before[0] && counts()[1..] == before[1..]);
    assert_eq!(world.heap.frozen_count(), 0, "what is set apart is hidden");
    world.heap.end_zeal();
    assert_eq!(world.collect(), 2);
}

#[test]
fn a_program_that_switched_collections_off_keeps_its_garbage() {
    for mode in [Mode::Collect, Mode::Audit] {
        let world = World::new();
        world.heap.start_zeal(mode);
        world.heap.enabled.set(mode == Mode::Audit);
        drop(world.ring(1..3));
        world.heap.zeal_collect();
        assert_eq!(world.events(), "");
        assert_eq!(world.collect(), 2);
    }
}

#[test]
fn after_the_first_allocations_zeal_strikes_at_intervals() {
    let world = World::new();
    world.heap.start_zeal(Mode::Collect);
    let mut strikes = 0;
    for id in 0..EACH as u32 + 1000 {
        drop(world.node(id));
        strikes += u64::from(world.heap.zeal_due());
        world.heap.zeal_collect();
    }
    assert!((EACH..EACH + 100).contains(&strikes), "{strikes} strikes");
}

#[test]
fn a_write_to_a_released_object_is_noticed() {
    let world = World::new();
    let object = world.node(1);
    let place = object.pointer().expect("a node").as_ptr();
    drop(object);
    // SAFETY: live-header: broken on purpose; the pool is still mapped.
    unsafe { place.write(1) };
    let said = message(|| drop(world.node(2)));
    assert!(said.contains("was written to after its release"), "{said}");
    // SAFETY: live-header: as above; the block is as it was.
    unsafe { place.write(0x5A) };
}
