//! Generations, thresholds, freezing.

use crate::support::World;
use mortice_gc::Generation;

fn generation_of(world: &World, object: &mortice_gc::Object) -> Option<u32> {
    (0..4).find(|wanted| {
        let listed = world.heap.tracked(|generation| generation == *wanted);
        listed.unwrap().iter().any(|listed| listed.is(object))
    })
}

#[test]
fn survivors_grow_older_one_generation_at_a_time() {
    let world = World::new();
    let object = world.node(1);
    assert_eq!(generation_of(&world, &object), Some(0));
    for (collected, then) in [
        (Generation::Young, 1),
        (Generation::Young, 1),
        (Generation::Middle, 2),
        (Generation::Full, 2),
    ] {
        world.heap.collect(collected).unwrap();
        world.check();
        assert_eq!(generation_of(&world, &object), Some(then));
    }
}

#[test]
fn a_young_collection_leaves_older_garbage() {
    let world = World::new();
    let old = world.ring(1..3);
    world.heap.collect(Generation::Young).unwrap();
    drop(old);
    drop(world.ring(3..5));
    let collect = |generation| world.heap.collect(generation).unwrap().collected;
    assert_eq!(collect(Generation::Young), 2);
    assert_eq!(collect(Generation::Young), 0);
    assert_eq!(collect(Generation::Middle), 2);
}

#[test]
fn an_old_object_keeps_young_ones() {
    let world = World::new();
    let old = world.node(1);
    world.collect();
    world.join(&old, &world.ring(2..4));
    assert_eq!(world.heap.collect(Generation::Young).unwrap().collected, 0);
    drop(old);
    assert_eq!(world.collect(), 2);
}

#[test]
fn frozen_objects_are_neither_garbage_nor_counted_twice() {
    let world = World::new();
    let held = world.node(1);
    drop(world.ring(2..4));
    world.heap.freeze();
    world.check();
    assert_eq!(world.heap.frozen_count(), 3);
    assert_eq!(generation_of(&world, &held), Some(3));
    assert_eq!(world.collect(), 0);
    world.heap.freeze();
    assert_eq!(world.heap.frozen_count(), 3);
    drop(held);
    assert_eq!(world.heap.frozen_count(), 2);
    world.heap.unfreeze();
    assert_eq!(world.heap.frozen_count(), 0);
    assert_eq!(world.collect(), 2);
}

#[test]
fn freezing_from_a_finalizer_leaves_the_garbage_alone() {
    let world = World::new();
    let bystander = world.node(9);
    *world.actions.finalize.borrow_mut() = Some(Box::new(|world, object| {
        world.heap.freeze();
        if crate::support::node(object).id.get() == 2 {
            world.keep(object);
        }
    }));
    for id in 1..4 {
        let knot = world.finalized(id);
        world.join(&knot, &knot);
    }
    assert_eq!(world.collect(), 2);
    assert_eq!(world.heap.frozen_count(), 1);
    assert_eq!(generation_of(&world, &bystander), Some(3));
    assert_eq!(generation_of(&world, &world.kept.borrow()[0]), Some(2));
}

#[test]
fn thresholds_ask_for_collections_and_escalate() {
    let world = World::new();
    world.heap.thresholds[0].set(10);
    world.heap.thresholds[1].set(2);
    world.heap.thresholds[2].set(1);
    let mut seen = Vec::new();
    for _ in 0..400 {
        world.keep(&world.node(0));
        if world.heap.collection_due() {
            world.heap.collect_if_due(|generation, collected| {
                if collected.is_none() {
                    seen.push(generation);
                }
            });
            world.check();
        }
    }
    let count = |wanted| seen.iter().filter(|seen| **seen == wanted).count();
    assert_eq!(
        &seen[..4],
        [Generation::Young; 3]
            .as_slice()
            .iter()
            .copied()
            .chain([Generation::Middle])
            .collect::<Vec<_>>()
            .as_slice()
    );
    assert!(count(Generation::Young) > count(Generation::Middle));
    assert!(count(Generation::Full) >= 1, "{seen:?}");
    assert!(!world.heap.collection_due());
}

#[test]
fn nothing_is_due_while_collection_is_off() {
    let world = World::new();
    world.heap.thresholds[0].set(1);
    world.heap.enabled.set(false);
    let _held: Vec<_> = (0..10).map(|_| world.node(0)).collect();
    assert!(!world.heap.collection_due());
    world.heap.enabled.set(true);
    world.heap.thresholds[0].set(0);
    let _more = world.node(0);
    assert!(!world.heap.collection_due());
    assert_eq!(world.heap.collect_if_due(|_, _| {}), None);
}

#[test]
fn releases_lower_the_count_of_the_young() {
    let world = World::new();
    let before = world.heap.counts[0].get();
    let nodes: Vec<_> = (0..5).map(|_| world.node(0)).collect();
    assert_eq!(world.heap.counts[0].get(), before + 5);
    drop(nodes);
    assert_eq!(world.heap.counts[0].get(), before);
    let _atomic = world.atomic(0);
    assert_eq!(world.heap.counts[0].get(), before);
}

#[test]
fn listing_asks_about_generations_before_it_walks() {
    let world = World::new();
    // Foreign code that ends objects: it must not run while side bytes are walked.
    let nodes = std::cell::RefCell::new((0..100).map(|_| world.node(0)).collect::<Vec<_>>());
    let listed = world.heap.tracked(|_| {
        nodes.borrow_mut().clear();
        true
    });
    assert_eq!(listed.unwrap().len(), 0);
    world.check();
}

#[test]
fn bytes_ask_for_collections_too() {
    let world = World::new();
    let heap = &world.heap;
    for threshold in &heap.thresholds {
        threshold.set(0);
    }
    let due = || {
        let mut found = None;
        heap.collect_if_due(|generation, _| found = Some(generation));
        found
    };
    // Nothing is counted without a threshold.
    let large = heap.report_external(1 << 30);
    assert_eq!((due(), heap.external_bytes()), (None, 1 << 30));
    drop(large);
    heap.set_byte_threshold(Some(10_000));
    // Objects alone: what is released again does not count.
    for _ in 0..1000 {
        drop(world.node(1));
    }
    assert_eq!(due(), None);
    let kept: Vec<_> = (0..1000).map(|name| world.node(name)).collect();
    assert_eq!((due(), due()), (Some(Generation::Young), None));
    // External bytes, which lead to a full one where they have grown by a quarter.
    let mut held = heap.report_external(9_000);
    assert_eq!(due(), None);
    held.set(11_000);
    let _ = heap.report_external(1);
    assert_eq!(due(), Some(Generation::Full));
    held.set(100_000);
    let _ = heap.report_external(1);
    assert_eq!(due(), Some(Generation::Full));
    held.set(90_000);
    let more = [1, 2].map(|_| heap.report_external(10_000));
    assert_eq!(due(), Some(Generation::Young));
    assert_eq!(heap.external_bytes(), 110_000);
    drop((more, held));
    assert_eq!(heap.external_bytes(), 0);
    // Reports of any size do not overflow.
    let huge = [(); 3].map(|()| heap.report_external(usize::MAX / 2 + 1));
    assert_eq!(heap.external_bytes(), usize::MAX);
    drop(huge);
    assert_eq!(heap.external_bytes(), 0);
    heap.set_byte_threshold(None);
    drop(kept);
    world.check();
}
