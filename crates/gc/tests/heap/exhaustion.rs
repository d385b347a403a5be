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
            let heard = world.weak(&spoke, Some(&world.node(id)));
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
    // What finalizers and callbacks make, they may not get.
    let makes = |world: &World, _: &_| drop(world.try_node(0));
    *world.actions.finalize.borrow_mut() = Some(Box::new(makes));
    *world.actions.callback.borrow_mut() = Some(Box::new(makes));
}

/// Lets each request of a collection fail in a world of its own, until there is none left to fail.
fn starve_each(populate: fn(&World), check: fn(&World, u64)) -> Vec<CollectError> {
    let mut failures = Vec::new();
    for failing in 1.. {
        let world = World::new();
        populate(&world);
        let before = world.heap.memory().allocation_count();
        world.heap.memory().fail_after(Some(failing));
        let found = world.heap.collect(Generation::Full);
        world.heap.memory().fail_after(None);
        let asked = world.heap.memory().allocation_count() - before;
        world.check();
        if let Err(error) = found {
            assert_eq!(world.log.borrow().len(), 0, "nothing was changed");
            failures.push(error);
        }
        // What one collection left, for want of memory, the next one finds.
        world.collect();
        check(&world, failing);
        world.kept.take();
        world.collect();
        assert_eq!(world.objects_in_use(), 0, "request {failing}");
        if asked < failing {
            break;
        }
    }
    failures
}

#[test]
fn a_collection_ends_well_wherever_memory_runs_out() {
    let failures = starve_each(populate, |world, failing| {
        let events = world.events();
        let count = |what: &str| events.split(", ").filter(|event| *event == what).count();
        assert_eq!(count("finalize 1"), 1, "request {failing}");
        assert_eq!(count("end 1"), 1, "request {failing}");
        for id in (10..150).step_by(10) {
            assert_eq!(count(&format!("callback {id}")), 1, "request {failing}");
        }
        // The references that heard, with their callbacks; what is held.
        assert_eq!(world.objects_in_use(), 14 * 2 + 1 + 150 + 501);
    });
    assert_eq!(
        failures,
        [CollectError::OutOfMemory],
        "the list is a request"
    );
}

#[test]
fn a_collection_in_bulk_ends_well_wherever_memory_runs_out() {
    let failures = starve_each(populate_plain, |world, failing| {
        assert_eq!(
            world.events().matches("end ").count(),
            200,
            "request {failing}"
        );
        assert_eq!(world.objects_in_use(), 100 + 2);
    });
    assert_eq!(failures, [CollectError::OutOfMemory]);
}

/// Knots of plain nodes, of which many have more references than a side byte counts.
fn populate_plain(world: &World) {
    for (hub, id) in [(world.plain(1), 2), (world.plain(0), 0)] {
        for _ in 1..100 {
            let spoke = world.plain(id);
            world.join(&hub, &spoke);
            world.join(&spoke, &hub);
        }
        if id != 0 {
            // Ends in the middle of the others.
            for _ in 0..100 {
                world.join(&hub, &world.atomic(3));
            }
        } else {
            world.keep(&hub);
            world.join(&hub, &world.weak(&hub, None));
            world.join(&hub, &world.atomic(0));
        }
    }
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
