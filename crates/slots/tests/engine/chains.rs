//! Thousands of links, on a thread with a small stack.

use crate::host::{Object, Toy, World, world};
use mortice_slots::Host;
use std::cell::Cell;
use std::rc::Rc;

const LINKS: usize = 100_000;

/// Runs where a step on the native stack for each link would not fit.
fn on_a_small_stack(act: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = thread.spawn(act).expect("a thread");
    thread.join().expect("the thread ends well");
}

/// Objects of which each one's x is the next one's.
fn chain(w: &World) -> Vec<Object> {
    let class = w.class_of("A", &["x", "y"]);
    let objects: Vec<Object> = (0..=LINKS).map(|_| w.instance(&class, "o")).collect();
    // From the end: what is pointed has nothing that hangs on it yet.
    for pair in objects.windows(2).rev() {
        w.delegate(&pair[0], "x", &pair[1], "x").expect("no cycle");
    }
    objects
}

/// An observer that counts, and what it counted.
fn counter(w: &World) -> (Object, Rc<Cell<usize>>) {
    let heard = Rc::new(Cell::new(0));
    let count = heard.clone();
    let observer = w.function(move |_, _| {
        count.set(count.get() + 1);
        Ok(())
    });
    (observer, heard)
}

#[test]
fn a_chain_is_read_written_and_let_go() {
    on_a_small_stack(|| {
        let w = world();
        let mut objects = chain(&w);
        let (first, last) = (objects[0].clone(), objects[LINKS].clone());
        w.set(&first, "x", 5).expect("a slot");
        assert_eq!(
            (w.read(&first, "x"), w.read(&last, "x")),
            ("5".into(), "5".into())
        );
        w.del(&first, "x").expect("it is set");
        assert!(w.get(&last, "x").is_err());
        w.engine.check().expect("a sound engine");
        // The first one keeps all others.
        objects.clear();
        w.set(&first, "x", 6).expect("a slot");
        assert_eq!(w.read(&last, "x"), "6");
        drop(first);
        assert_eq!(w.read(&last, "x"), "6");
    });
}

#[test]
fn a_chain_is_observed_at_its_end_and_at_every_link() {
    on_a_small_stack(|| {
        let w = world();
        let objects = chain(&w);
        let (one, heard) = counter(&w);
        w.observe(&objects[0], "x", &one).expect("memory");
        w.set(&objects[LINKS], "x", 5).expect("a slot");
        assert_eq!(heard.get(), 1);
        let class = Toy::class_of(&w, &objects[0]);
        let class: Object = class.expect("an instance");
        let (all, heard) = counter(&w);
        w.observe_class(&class, "x", &all).expect("memory");
        w.set(&objects[LINKS / 2], "x", 6).expect("a slot");
        assert_eq!(heard.get(), LINKS + 1);
    });
}

#[test]
fn a_chain_is_held_and_delivered() {
    on_a_small_stack(|| {
        let w = world();
        let objects = chain(&w);
        let class = Toy::class_of(&w, &objects[0]);
        let class: Object = class.expect("an instance");
        let (all, heard) = counter(&w);
        w.observe_class(&class, "x", &all).expect("memory");
        w.begin_hold(&[]).expect("memory");
        w.set(&objects[0], "x", 5).expect("a slot");
        w.set(&objects[LINKS], "x", 6).expect("a slot");
        assert_eq!(heard.get(), 0);
        w.end_hold(&[]).expect("nothing raises");
        assert_eq!(heard.get(), LINKS + 1);
        w.engine.check().expect("a sound engine");
        for object in [&objects[0], &objects[LINKS / 2], &objects[LINKS]] {
            w.engine.check_instance(object).expect("a sound watch");
        }
    });
}

#[test]
fn a_chain_cannot_be_closed_and_can_be_cut() {
    on_a_small_stack(|| {
        let w = world();
        let objects = chain(&w);
        let (first, middle, last) = (&objects[0], &objects[LINKS / 2], &objects[LINKS]);
        w.set(last, "x", 1).expect("a slot");
        for target in [first, middle, last] {
            w.delegate(last, "x", target, "x").expect_err("a cycle");
            assert_eq!(w.read(first, "x"), "1");
        }
        w.hear(first, "x", "h");
        w.undelegate(middle, "x").expect("a delegation");
        assert_eq!(w.heard(), "h o.x 1->UNSET from o.x");
        w.delegate(last, "x", first, "x").expect("no cycle");
        w.set(middle, "x", 2).expect("a slot");
        assert_eq!(
            (w.heard(), w.read(last, "x")),
            ("h o.x UNSET->2 from o.x".into(), "2".into())
        );
    });
}

/// A linked list whose nodes show the value of the last one.
fn list(w: &World) -> (Object, Vec<Object>) {
    let class = w
        .class("Node", &[])
        .slot("next")
        .delegated("v", "next", "v");
    let (class, leaf) = (class.build(), w.class_of("Leaf", &["v"]));
    let mut nodes = vec![w.instance(&leaf, "leaf")];
    for _ in 0..LINKS {
        let node = w.instance(&class, "node");
        let last = nodes.last().expect("there is one").clone();
        w.put(&node, "next", &last).expect("no cycle");
        nodes.push(node);
    }
    (class, nodes)
}

#[test]
fn a_list_shows_its_last_value_at_every_node() {
    on_a_small_stack(|| {
        let w = world();
        let (class, nodes) = list(&w);
        let (all, heard) = counter(&w);
        w.observe_class(&class, "v", &all).expect("memory");
        w.set(&nodes[LINKS], "v", 1).expect("a slot");
        assert_eq!(
            (w.read(&nodes[0], "v"), heard.replace(0)),
            ("1".into(), LINKS)
        );
        // Another end: the nodes before it change all at once.
        let other = w.instance(&Toy::class_of(&w, &nodes[0]).expect("a class"), "other");
        w.set(&other, "v", 2).expect("a slot");
        w.put(&nodes[1], "next", &other).expect("no cycle");
        assert_eq!(
            (w.read(&nodes[LINKS], "v"), heard.replace(0)),
            ("2".into(), LINKS)
        );
        let refused = w.put(&nodes[1], "next", &nodes[LINKS]);
        assert!(refused.is_err(), "a cycle");
        assert_eq!((w.read(&nodes[LINKS], "v"), heard.get()), ("2".into(), 0));
        w.engine.check().expect("a sound engine");
        for object in [&nodes[1], &nodes[LINKS / 2], &nodes[LINKS], &other] {
            w.engine.check_instance(object).expect("a sound watch");
        }
    });
}

#[test]
fn many_delegators_of_one_target() {
    let w = world();
    let class = w.class_of("A", &["x"]);
    let target = w.instance(&class, "target");
    let objects: Vec<Object> = (0..LINKS).map(|_| w.instance(&class, "o")).collect();
    for object in &objects {
        w.delegate(object, "x", &target, "x").expect("no cycle");
    }
    let (all, heard) = counter(&w);
    w.observe_class(&class, "x", &all).expect("memory");
    w.set(&objects[7], "x", 1).expect("a slot");
    assert_eq!(heard.replace(0), LINKS + 1);
    for object in objects.iter().step_by(2) {
        w.undelegate(object, "x").expect("a delegation");
    }
    heard.set(0);
    w.set(&target, "x", 2).expect("a slot");
    assert_eq!(heard.get(), LINKS / 2 + 1);
}

#[test]
fn names_that_follow_at_many_delegators_are_met_once() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r"]);
    let class = w.class("Car", &[]).slot("w").delegated("r", "w", "r");
    let class = class.build();
    let fleet = w.instance(&w.class_of("Fleet", &["w"]), "fleet");
    let (one, other) = (w.instance(&wheel, "one"), w.instance(&wheel, "other"));
    w.set(&one, "r", 1).expect("a slot");
    w.set(&other, "r", 2).expect("a slot");
    w.put(&fleet, "w", &one).expect("a slot");
    let cars: Vec<Object> = (0..LINKS).map(|_| w.instance(&class, "car")).collect();
    for car in &cars {
        w.delegate(car, "w", &fleet, "w").expect("no cycle");
    }
    let (all, heard) = counter(&w);
    w.observe_class(&class, "r", &all).expect("memory");
    w.put(&fleet, "w", &other).expect("no cycle");
    assert_eq!(
        (heard.get(), w.read(&cars[LINKS / 2], "r")),
        (LINKS, "2".into())
    );
    w.engine.check_instance(&other).expect("a sound watch");
}
