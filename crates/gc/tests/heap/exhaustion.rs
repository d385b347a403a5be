//! Memory that runs out at any request of a collection.

use crate::support::{World, node};
use mortice_gc::{CollectError, Generation};

/// Cycles with finalizers, callbacks, wide and deep parts; something of everything survives.
fn populate(world: &World) {
    let hub = world.finalized(1);
    for id in 2..150 {
        let spoke = world.node(0);
        world.join(&hub, &spoke);
        world.join(&spoke, &hub);
        if id % 10 == 0 {
            let heard = world.weak(&spoke, Some(&world.node(0)));
            world.kept.borrow_mut().push(heard);
            world.join(&hub, &world.weak(&spoke, Some(&world.node(0))));
        }
    }
    let held = world.node(0);
    for _ in 0..150 {
        let spoke = world.node(0);
        world.join(&held, &spoke);
        world.join(&spoke, &held);
    }
    let mut chain = world.node(0);
    for _ in 0..500 {
        let next = world.node(0);
        node(&next).edge.set(chain);
        chain = next;
    }
    world.join(&held, &chain);
    world.kept.borrow_mut().push(held);
}

#[test]
fn a_collection_ends_well_wherever_memory_runs_out() {
    let mut failures = 0;
    for failing in 1.. {
        let world = World::new();
        populate(&world);
        let live = world.kept.borrow().len();
        let before = world.heap.memory().allocation_count();
        world.heap.memory().fail_after(Some(failing));
        let found = world.heap.collect(Generation::Full);
        world.heap.memory().fail_after(None);
        let asked = world.heap.memory().allocation_count() - before;
        world.check();
        match found {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error, CollectError::OutOfMemory);
                assert_eq!(world.events(), "", "nothing was changed");
                failures += 1;
            }
        }
        // What one collection left, for want of memory, the next one finds.
        world.collect();
        let left = world.objects_in_use();
        let lost_callbacks = left - (live + 150 + 501);
        assert!(lost_callbacks <= 14, "request {failing}: {left} objects");
        world.kept.take();
        world.collect();
        assert_eq!(world.objects_in_use(), 0, "request {failing}");
        if asked < failing {
            assert!(failing > 5, "a collection makes requests");
            break;
        }
    }
    assert!(failures >= 1, "the list of garbage is a request");
}

#[test]
fn a_mark_stack_that_never_grows_still_reaches_everything() {
    let world = World::new();
    let held = world.starved(0);
    for _ in 0..500 {
        let spoke = world.starved(0);
        world.join(&held, &spoke);
        let ring = world.starved(0);
        world.join(&spoke, &ring);
        world.join(&ring, &ring);
        world.join(&ring, &world.starved(0));
    }
    let mut chain = world.starved(0);
    for _ in 0..5_000 {
        let next = world.starved(0);
        world.join(&next, &chain);
        chain = next;
    }
    world.join(&held, &chain);
    drop(chain);
    let garbage = world.ring(0..50);
    drop(garbage);
    world.starving.set(true);
    let found = world.heap.collect(Generation::Full).unwrap();
    world.starving.set(false);
    world.heap.memory().fail_after(None);
    assert_eq!(found.collected, 50);
    world.check();
    drop(held);
    assert_eq!(world.collect(), 500 * 2);
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_count_that_finds_no_memory_keeps_its_object_and_all_it_reaches() {
    let world = World::new();
    let hub = world.starved(1);
    let behind = world.ring(0..5);
    world.join(&hub, &behind);
    drop(behind);
    for _ in 0..100 {
        world.join(&hub, &hub);
    }
    drop(hub);
    world.starving.set(true);
    let found = world.heap.collect(Generation::Full).unwrap();
    world.starving.set(false);
    world.heap.memory().fail_after(None);
    assert_eq!(found.collected, 0);
    assert_eq!(world.events(), "");
    assert_eq!(world.collect(), 6);
}

#[test]
fn listing_tracked_objects_says_when_memory_is_out() {
    let world = World::new();
    let _ring = world.ring(1..5);
    world.heap.memory().fail_after(Some(1));
    assert!(world.heap.tracked(|_| true).is_err());
    assert_eq!(world.heap.tracked(|_| true).unwrap().len(), 4);
    world.check();
}
