//! What a collection finds, and in which order it ends it.

use crate::support::{World, node, weak_body};
use mortice_gc::{CollectError, Generation};

#[test]
fn finalizers_and_clears_run_in_the_order_of_tracking() {
    let world = World::new();
    // Made in one order, tracked in another.
    let nodes: Vec<_> = (1..6).map(|id| world.finalized(id)).collect();
    for (place, from) in nodes.iter().enumerate() {
        world.join(from, &nodes[(place + 1) % nodes.len()]);
        world.join(from, from);
        world.heap.untrack(from);
    }
    for place in [3, 0, 4, 1, 2] {
        world.heap.track(&nodes[place]);
    }
    drop(nodes);
    assert_eq!(world.collect(), 5);
    let events = world.events();
    let of = |what: &str| -> Vec<&str> {
        events
            .split(", ")
            .filter_map(|event| event.strip_prefix(what))
            .collect()
    };
    assert_eq!(of("finalize "), ["4", "1", "5", "2", "3"]);
    assert_eq!(of("clear "), ["4", "1", "5", "2", "3"]);
    assert!(events.find("clear 4") > events.find("finalize 3"));
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn what_a_finalizer_sets_free_ends_at_once_and_is_not_counted() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        // The finalizer's handle, and the edge from the second node: the count is what the program's references make it.
        assert_eq!(object.refcount(), 2);
        drop(node(object).edges.take());
        world.check();
    }));
    let first = world.finalized(1);
    let second = world.node(2);
    world.join(&first, &second);
    world.join(&second, &first);
    let other = world.ring(3..5);
    drop((first, second, other));
    assert_eq!(world.collect(), 2);
    assert_eq!(
        world.events(),
        "finalize 1, end 2, end 1, clear 3, end 4, end 3"
    );
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn what_is_held_from_outside_survives_with_all_it_reaches() {
    let world = World::new();
    let held = world.node(1);
    let reached = world.ring(2..5);
    world.join(&held, &reached);
    drop(reached);
    let garbage = world.ring(5..8);
    world.join(&garbage, &held);
    drop(garbage);
    assert_eq!(world.collect(), 3);
    assert_eq!(world.objects_in_use(), 4);
    assert_eq!(world.collect(), 0);
    drop(held);
    assert_eq!(world.collect(), 3);
}

#[test]
fn a_resurrected_object_keeps_what_it_reaches_and_ends_later() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        if node(object).id.get() == 2 {
            world.keep(object);
        }
    }));
    let saved = world.finalized(2);
    let child = world.node(3);
    world.join(&saved, &child);
    world.join(&saved, &saved);
    let lost = world.finalized(1);
    world.join(&lost, &saved);
    world.join(&lost, &lost);
    let reference = world.weak(&child, None);
    drop((saved, child, lost));
    assert_eq!(world.collect(), 1);
    assert_eq!(world.events(), "finalize 2, finalize 1, clear 1, end 1");
    assert!(weak_body(&reference).target().is_some());
    assert_eq!(world.heap.frozen_count(), 0);
    world.kept.take();
    assert_eq!(world.collect(), 2);
    assert_eq!(
        world.events(),
        "clear 2, end 3, end 2",
        "finalized only once, and what the clearing sets free ends at once"
    );
}

#[test]
fn more_references_than_a_side_byte_counts() {
    let world = World::new();
    for count in [28, 29, 30, 31, 32, 1000] {
        let hub = world.node(1);
        let spokes: Vec<_> = (0..count).map(|_| world.node(0)).collect();
        for spoke in &spokes {
            world.join(spoke, &hub);
            world.join(&hub, spoke);
        }
        let outside = hub.clone();
        drop((hub, spokes));
        assert_eq!(world.collect(), 0, "{count} counted, one more from outside");
        drop(outside);
        assert_eq!(world.collect(), count + 1);
        assert_eq!(world.objects_in_use(), 0);
    }
}

#[test]
fn a_node_that_refers_to_itself_a_thousand_times_is_garbage() {
    let world = World::new();
    let knot = world.node(0);
    for _ in 0..1000 {
        world.join(&knot, &knot);
    }
    assert_eq!(knot.refcount(), 1001);
    drop(knot);
    assert_eq!(world.collect(), 1);
}

#[test]
fn immortal_objects_are_never_garbage() {
    let world = World::new();
    let knot = world.node(1);
    world.join(&knot, &knot);
    knot.make_immortal();
    let address = knot.address();
    drop(knot);
    assert_eq!(world.collect(), 0);
    let listed = world.heap.tracked(|_| true).unwrap();
    assert_eq!(listed[0].address(), address);
    assert_eq!(world.events(), "");
}

#[test]
fn a_ring_of_a_million_nodes_is_collected() {
    let world = World::new();
    let ring = world.ring(0..1);
    let mut last = ring.clone();
    for _ in 0..1_000_000 {
        let next = world.node(0);
        node(&last).edge.set(next.clone());
        last = next;
    }
    node(&last).edge.set(ring.clone());
    drop(last);
    assert_eq!(world.collect(), 0);
    drop(ring);
    assert_eq!(world.collect(), 1_000_001);
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_collection_in_a_collection_is_refused() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, _| {
        assert!(world.heap.is_collecting());
        let inner = world.heap.collect(Generation::Full);
        assert_eq!(inner, Err(CollectError::Running));
    }));
    let knot = world.finalized(1);
    world.join(&knot, &knot);
    drop(knot);
    assert_eq!(world.collect(), 1);
}

#[test]
fn finalizers_that_track_untrack_allocate_and_free() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        match node(object).id.get() {
            // No longer visible: it is not ended, whatever its references say.
            1 => world.heap.untrack(object),
            2 => {
                world.heap.untrack(object);
                world.heap.track(object);
            }
            // New objects that refer to the garbage keep it.
            3 => {
                let new = world.node(13);
                world.join(&new, object);
                world.keep(&new);
            }
            4 => drop(node(object).edges.take()),
            5 => drop(world.ring(20..29)),
            _ => {}
        }
    }));
    for id in 1..7 {
        let knot = world.finalized(id);
        world.join(&knot, &knot);
        world.join(&knot, &world.node(10 + id));
    }
    world.collect();
    let events = world.events();
    let ended = |id: u32| events.split(", ").any(|event| event == format!("end {id}"));
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(ended),
        [false, true, false, true, true, true],
        "{events}"
    );
    world.kept.take();
    assert!(world.collect() >= 10, "the kept knot and the new ring");
    world.check();
}

#[test]
fn clearing_may_touch_other_garbage() {
    let world = World::new();
    // From the middle of a clear, all that is tracked is looked at, held and changed.
    *world.actions.clear.borrow_mut() = Some(Box::new(|world, _| {
        let listed = world.heap.tracked(|_| true).unwrap();
        for object in listed.iter() {
            world.keep(object);
        }
        world.check();
    }));
    drop(world.ring(1..6));
    world.collect();
    world.kept.take();
    *world.actions.clear.borrow_mut() = None;
    world.collect();
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_class_that_goes_while_its_instance_is_cleared_waits() {
    let world = World::new();
    let (old, new) = (world.class(7), world.class(8));
    let knot = world.instance_of(&old, 1);
    world.join(&knot, &knot);
    world.kept.borrow_mut().push(new.clone());
    drop((old, knot));
    // From the middle of the clear, the last instance leaves its class.
    *world.actions.clear.borrow_mut() = Some(Box::new(|world, _| {
        let listed = world.heap.tracked(|_| true).unwrap();
        let knot = listed.iter().find(|object| node(object).id.get() == 1);
        let knot = knot.unwrap();
        let kind = knot.kind().unwrap().cast_mut().cast::<u8>();
        // SAFETY: live-header: the instance keeps its class alive.
        let old =
            unsafe { mortice_gc::Object::from_borrowed(std::ptr::NonNull::new(kind).unwrap()) };
        let new = world.kept.borrow()[0].clone();
        crate::support::assign_class(knot, &old, &new);
    }));
    world.collect();
    assert_eq!(world.events(), "clear 1, cleared 1, class ends 7, end 1");
}

#[test]
fn saved_garbage_is_handed_over_whole() {
    let world = World::new();
    world.heap.save_all.set(true);
    drop(world.ring(1..4));
    assert_eq!(world.collect(), 3);
    assert_eq!(world.kept.borrow().len(), 3);
    assert_eq!(world.events(), "");
    world.heap.save_all.set(false);
    world.kept.take();
    assert_eq!(world.collect(), 3);
}
