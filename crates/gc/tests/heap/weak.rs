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
