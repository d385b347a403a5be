//! Weak references: order of callbacks, silence of garbage.

use crate::support::{World, node, weak_body};

#[test]
fn callbacks_run_from_the_newest_to_the_oldest_after_all_are_cleared() {
    let world = World::new();
    let target = world.node(9);
    let references: Vec<_> = (1..5)
        .map(|id| world.weak(&target, Some(&world.node(id))))
        .collect();
    let plain = world.weak(&target, None);
    assert!(weak_body(&plain).target().unwrap().is(&target));
    world.check();
    world.keep(&references[0]);
    *world.actions.callback.borrow_mut() = Some(Box::new(|world, _| {
        assert!(weak_body(&world.kept.borrow()[0]).target().is_none());
    }));
    drop(target);
    let events = world.events();
    let calls: Vec<_> = events
        .split(", ")
        .filter(|event| event.starts_with("callback"))
        .collect();
    assert_eq!(
        calls,
        ["callback 4", "callback 3", "callback 2", "callback 1"]
    );
    assert!(
        events.ends_with("end 9"),
        "callbacks run before the target ends: {events}"
    );
    assert!(weak_body(&plain).target().is_none());
    drop(references);
}

#[test]
fn a_reference_that_is_dropped_by_an_earlier_callback_still_calls() {
    let world = World::new();
    let target = world.node(0);
    let oldest = world.weak(&target, Some(&world.node(1)));
    let _newest = world.weak(&target, Some(&world.node(2)));
    world.kept.borrow_mut().push(oldest);
    *world.actions.callback.borrow_mut() = Some(Box::new(|world, _| {
        world.kept.take();
        let _ = world.collect();
    }));
    drop(target);
    assert_eq!(world.events(), "callback 2, end 2, callback 1, end 1");
}

#[test]
fn references_unlink_in_any_order() {
    let world = World::new();
    let target = world.node(0);
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
        let mut references: Vec<_> = (0..3).map(|_| Some(world.weak(&target, None))).collect();
        for index in order {
            references[index] = None;
            world.check();
        }
    }
    assert_eq!(target.refcount(), 1);
}

#[test]
fn an_immortal_target_without_a_list_is_referred_to_all_the_same() {
    let world = World::new();
    let target = world.atomic(0);
    let reference = world.weak(&world.node(0), None);
    let link = |target| {
        // SAFETY: weak-linked: the body is a weak body at offset 0.
        unsafe { mortice_gc::weak::link_immortal(&reference, target) }
    };
    assert!(!link(&target), "a mortal target needs a list");
    target.make_immortal();
    assert!(link(&target) && !link(&target));
    assert!(weak_body(&reference).target().unwrap().is(&target));
    world.check();
}

#[test]
fn garbage_references_stay_silent() {
    let world = World::new();
    let cycle = world.ring(1..3);
    let silent = world.weak(&cycle, Some(&world.node(0)));
    node(&silent_holder(&world, &cycle)).edge.set(silent);
    let heard = world.weak(&cycle, Some(&world.node(5)));
    drop(cycle);
    assert_eq!(world.collect(), 5);
    let events = world.events();
    assert_eq!(events.matches("callback").count(), 1, "{events}");
    assert!(
        events.starts_with("callback 5"),
        "callbacks run before anything is cleared"
    );
    assert!(weak_body(&heard).target().is_none());
}

/// A member of the cycle that a reference can be stored in.
fn silent_holder(world: &World, cycle: &mortice_gc::Object) -> mortice_gc::Object {
    let holder = world.node(0);
    world.join(cycle, &holder);
    holder
}

#[test]
fn a_garbage_reference_to_a_target_outside_the_garbage_stays_silent() {
    let world = World::new();
    let cycle = world.ring(1..3);
    // Only the garbage holds the target, which no collection can see.
    let target = world.node(0);
    world.heap.untrack(&target);
    let reference = world.weak(&target, Some(&world.node(6)));
    let holder = silent_holder(&world, &cycle);
    node(&holder).edge.set(reference);
    world.join(&cycle, &target);
    drop((target, holder, cycle));
    world.collect();
    assert!(!world.events().contains("callback"));
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn references_see_garbage_until_its_finalizers_ran() {
    let world = World::new();
    let first = world.finalized(1);
    world.join(&first, &first);
    let reference = world.weak(&first, None);
    world.keep(&reference);
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        let target = weak_body(&world.kept.borrow()[0]).target();
        assert!(target.is_some_and(|target| target.is(object)));
    }));
    drop(first);
    assert_eq!(world.collect(), 1);
    assert_eq!(world.events(), "finalize 1, clear 1, end 1");
    assert!(weak_body(&reference).target().is_none());
}

#[test]
fn a_plain_object_with_a_weak_reference_does_not_end_in_bulk() {
    for callback in [false, true] {
        let world = World::new();
        let knots: Vec<_> = (1..4).map(|id| world.plain(id)).collect();
        for (place, knot) in knots.iter().enumerate() {
            world.join(knot, &knots[(place + 1) % 3]);
        }
        let callback = callback.then(|| world.node(5));
        let reference = world.weak(&knots[1], callback.as_ref());
        assert_eq!(world.collect(), 0);
        drop(knots);
        world.check();
        assert_eq!(world.collect(), 3);
        assert!(weak_body(&reference).target().is_none());
        world.check();
        let events = world.events();
        assert_eq!(events.starts_with("callback 5"), callback.is_some());
        assert_eq!(events.matches("clear").count(), 1, "one clear frees all");
        // Without a reference, the same garbage goes in the order of addresses and is not cleared.
        let knots: Vec<_> = (1..4).map(|id| world.plain(id)).collect();
        for (place, knot) in knots.iter().enumerate() {
            world.join(knot, &knots[(place + 1) % 3]);
        }
        drop(world.weak(&knots[0], None));
        drop(knots);
        assert_eq!(world.collect(), 3);
        let events = world.events();
        assert!(!events.contains("clear"), "{events}");
        assert_eq!(events.matches("end").count(), 3);
    }
}

#[test]
fn references_that_end_while_the_callbacks_run_count_as_collected() {
    let world = World::new();
    for id in 1..4 {
        let knot = world.ring(id..id + 1);
        world.keep(&world.weak(&knot, Some(&world.node(10 + id))));
    }
    *world.actions.callback.borrow_mut() = Some(Box::new(|world, _| drop(world.kept.take())));
    assert_eq!(world.collect(), 3 + 3);
    let events = world.events();
    assert!(
        events
            .starts_with("callback 11, end 11, callback 12, end 12, callback 13, end 13, clear 1")
    );
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_reference_cleared_by_a_collection_keeps_its_callback() {
    let world = World::new();
    let knot = world.ring(1..2);
    let collected = world.weak(&knot, Some(&world.node(11)));
    drop(knot);
    assert_eq!(world.collect(), 1);
    assert_eq!(world.events(), "callback 11, clear 1, end 1");
    assert!(weak_body(&collected).callback.is_some());
    assert_eq!(world.collect(), 0);
    drop(collected);
    assert_eq!(world.events(), "end 11");
    // One that was cleared by a count does not.
    let _counted = world.weak(&world.node(0), Some(&world.node(12)));
    assert_eq!(world.events(), "callback 12, end 12");
}

#[test]
fn a_callback_of_a_collection_may_revive_its_target_and_watch_it_again() {
    let world = World::new();
    let knot = world.finalized(1);
    world.join(&knot, &knot);
    let plain = world.weak(&knot, None);
    let noted = world.weak(&knot, Some(&world.node(11)));
    world.kept.borrow_mut().extend([plain, noted]);
    drop(knot);
    *world.actions.callback.borrow_mut() = Some(Box::new(|world, _| {
        let target = weak_body(&world.kept.borrow()[0]).target();
        let target = target.expect("references without a callback still lead there");
        let again = world.weak(&target, Some(&world.node(12)));
        world.kept.borrow_mut().extend([again, target]);
        let _ = world.heap.collect(mortice_gc::Generation::Full);
    }));
    assert_eq!(world.collect(), 0);
    assert_eq!(world.events(), "callback 11, finalize 1");
    *world.actions.callback.borrow_mut() = None;
    world.kept.borrow_mut().pop();
    assert_eq!(world.collect(), 1);
    assert_eq!(world.events(), "callback 12, clear 1, end 1");
}
