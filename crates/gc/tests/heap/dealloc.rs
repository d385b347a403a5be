//! What happens when the last reference goes.

use crate::support::{World, is, node, weak_body};
use mortice_gc::{Generation, Heap, Object};

#[test]
fn a_dropped_tree_ends_from_the_root_and_each_row_from_its_last_edge() {
    let world = World::new();
    let root = world.node(1);
    for id in 2..5 {
        world.join(&root, &world.node(id));
    }
    world.join(&node(&root).edges.get(1).unwrap(), &world.node(6));
    assert!(is(root.borrow(), &root));
    drop(root);
    assert_eq!(world.events(), "end 1, end 4, end 3, end 6, end 2");
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn beyond_the_nesting_limit_the_dead_wait_in_a_queue() {
    let world = World::new();
    let mut chain = world.node(80);
    for id in (1..80).rev() {
        let next = world.node(id);
        node(&next).edge.set(chain);
        // A sibling of each link shows what is taken up at once and what waits.
        world.join(&next, &world.atomic(100 + id));
        chain = next;
    }
    drop(chain);
    let events = world.events();
    let at = |id: u32| {
        let wanted = format!("end {id}");
        events
            .split(", ")
            .position(|event| event == wanted)
            .unwrap()
    };
    let order: Vec<usize> = (1..=80).map(at).collect();
    assert!(order.is_sorted(), "each link ends before the next");
    assert!(
        at(101) > at(40),
        "siblings of nested links end on the way back"
    );
    assert!(
        at(151) < at(101) || at(151) > at(80),
        "the limit is in between"
    );
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_chain_of_a_million_nodes_ends_in_constant_stack() {
    let world = World::new();
    let mut chain = world.node(0);
    for _ in 0..1_000_000 {
        let next = world.node(0);
        node(&next).edge.set(chain);
        chain = next;
    }
    drop(chain);
    assert_eq!(world.objects_in_use(), 0);
    world.check();
}

#[test]
fn a_finalizer_resurrects_once() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| world.keep(object)));
    drop(world.finalized(1));
    assert_eq!(world.events(), "finalize 1");
    let kept = world.kept.take().pop().unwrap();
    assert_eq!(kept.refcount(), 1);
    assert!(kept.is_finalized() && world.heap.is_tracked(&kept));
    world.check();
    drop(kept);
    assert_eq!(world.events(), "end 1");
}

#[test]
fn a_queued_object_whose_finalizer_resurrects_it_is_tracked_in_order() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        if node(object).id.get() == 1 {
            world.keep(object);
        }
    }));
    let mut chain = world.finalized(1);
    for _ in 0..200 {
        let next = world.node(0);
        node(&next).edge.set(chain);
        chain = next;
    }
    drop(chain);
    world.check();
    let later = world.node(2);
    let listed = world.heap.tracked(|_| true).unwrap();
    let kept = world.kept.borrow();
    let places = [&kept[0], &later]
        .map(|object| listed.iter().position(|listed| listed.is(object)).unwrap());
    assert!(
        places[0] < places[1],
        "its serial is no rest of the queue's link"
    );
}

/// Collects and lists, as a program may in any finalizer or callback.
fn look_around(world: &World) {
    let listed = world.heap.tracked(|_| true).unwrap();
    assert!(listed.iter().all(|object| object.refcount() > 1));
    drop(listed);
    let _ = world.heap.collect(Generation::Full);
    world.check();
}

#[test]
fn a_collection_from_a_weak_callback_does_not_see_the_dying_target() {
    let world = World::new();
    *world.actions.callback.borrow_mut() = Some(Box::new(|world, _| look_around(world)));
    let target = world.node(1);
    let _reference = world.weak(&target, Some(&world.node(7)));
    drop(target);
    assert_eq!(world.events(), "callback 7, end 7, end 1");
    world.check();
}

#[test]
fn a_collection_from_a_finalizer_does_not_see_queued_objects() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, _| look_around(world)));
    let mut chain = world.node(1);
    for id in 2..300 {
        let next = if id % 7 == 0 {
            world.finalized(id)
        } else {
            world.node(id)
        };
        // Siblings wait in the queue with their links in their headers.
        world.join(&next, &world.finalized(1000 + id));
        world.join(&next, &world.node(2000 + id));
        world.join(&next, &chain);
        chain = next;
    }
    drop(chain);
    let events = world.events();
    let ends = events.split(", ").filter(|event| event.starts_with("end"));
    assert_eq!(ends.count(), 1 + 3 * 298);
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_queued_weak_reference_does_not_call_and_finds_no_queued_target() {
    let world = World::new();
    // The references die first and wait in the queue while their targets end.
    let mut chain = world.node(0);
    let mut targets = Vec::new();
    for id in 1..120 {
        let target = world.node(id);
        let next = world.node(0);
        world.join(&next, &world.weak(&target, Some(&world.node(0))));
        world.join(&next, &chain);
        targets.push(target);
        chain = next;
    }
    let outside = world.weak(&targets[118 - 1], None);
    world.join(&chain, &targets.pop().unwrap());
    drop(chain);
    drop(targets);
    assert!(weak_body(&outside).target().is_none());
    assert!(!world.events().contains("callback"));
    assert_eq!(world.objects_in_use(), 1, "the reference outside is left");
}

#[test]
fn a_panicking_finalizer_leaves_a_heap_that_still_frees() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|_, _| panic!("a finalizer panics")));
    let object = world.finalized(1);
    let drops = std::panic::AssertUnwindSafe(|| drop(object));
    assert!(std::panic::catch_unwind(drops).is_err());
    *world.actions.finalize.borrow_mut() = None;
    world.events();
    let mut chain = world.node(2);
    for _ in 0..100 {
        let next = world.node(0);
        node(&next).edge.set(chain);
        chain = next;
    }
    drop(chain);
    assert_eq!(world.events(), "end 2", "the queue is drained");
}

#[test]
fn handles_that_outlive_their_heap_stay_usable() {
    let object = {
        let heap = Heap::new().unwrap();
        let kind = Box::leak(Box::new(mortice_gc::Kind::atomic(32)));
        // SAFETY: live-header: the type is leaked.
        unsafe { heap.allocate(kind, 0) }.unwrap()
    };
    let copy = object.clone();
    assert_eq!(object.refcount(), 2);
    assert!(Heap::of_object(&copy).is_some());
    drop((object, copy));
}

#[test]
fn a_buffer_outlives_its_heap() {
    let mut buffer = {
        let heap = Heap::new().unwrap();
        let mut buffer = mortice_gc::Buffer::with_capacity(&heap, 4).unwrap();
        buffer.push(&heap, Object::small32(5)).unwrap();
        buffer
    };
    assert_eq!(buffer.pop().unwrap().as_small(), Some(5));
}

/// A chain of nodes with finalizers, `first` on top.
fn finalized_chain(world: &World, ids: std::ops::Range<u32>) -> Object {
    let mut chain = world.finalized(ids.end);
    for id in ids.rev() {
        let next = world.finalized(id);
        node(&next).edge.set(chain);
        chain = next;
    }
    chain
}

#[test]
fn what_a_finalizer_drops_ends_at_once_however_deep_it_runs() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        if node(object).id.get() < 1000 {
            drop(world.node(1000 + node(object).id.get()));
            world.note("finalizer leaves", node(object).id.get());
        }
    }));
    drop(finalized_chain(&world, 1..120));
    let events = world.events();
    for id in 1..=120 {
        let inner = format!("end {}, finalizer leaves {id}", 1000 + id);
        assert!(events.contains(&inner), "node {id}");
    }
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn without_native_stack_the_dead_wait_for_a_collection() {
    let world = World::new();
    world.heap.set_stack_limit(usize::MAX);
    drop(world.finalized(1));
    drop(finalized_chain(&world, 2..4));
    assert_eq!(world.events(), "", "nothing runs");
    world.check();
    world.collect();
    let ends = [2, 3, 4, 1].map(|id| format!("finalize {id}, end {id}"));
    assert_eq!(world.events(), ends.join(", "));
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn what_a_finalizer_puts_off_ends_with_what_waited_already() {
    let world = World::new();
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        world.heap.set_stack_limit(usize::MAX);
        drop(world.node(1000 + node(object).id.get()));
        world.heap.set_stack_limit(0);
    }));
    drop(finalized_chain(&world, 1..80));
    assert_eq!(world.objects_in_use(), 0);
    assert_eq!(world.events().matches("end ").count(), 160);
}
