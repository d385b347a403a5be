//! Slots that stand for others.

use crate::host::{Object, Toy, World, check, world};
use mortice_slots::{Host, Name};
use std::cell::Cell;
use std::rc::Rc;

/// Instances of a class with the slots x, y, z.
fn set_up<const COUNT: usize>() -> (Rc<World>, [Object; COUNT]) {
    let w = world();
    let class = w.class_of("A", &["x", "y", "z"]);
    let objects = std::array::from_fn(|number| w.instance(&class, &format!("o{number}")));
    (w, objects)
}

fn cycle(of: &str, to: &str) -> String {
    format!(
        "Delegation: delegating '{of}' of 'A' object to '{to}' of 'A' object would close a cycle"
    )
}

#[test]
fn reads_writes_and_deletions_go_to_the_target() {
    let (w, [o, t]) = set_up();
    w.set(&o, "x", 1).expect("a slot");
    w.set(&t, "y", 2).expect("a slot");
    w.delegate(&o, "x", &t, "y").expect("no cycle");
    assert_eq!(w.read(&o, "x"), "2");
    w.set(&o, "x", 3).expect("a slot");
    assert_eq!(w.read(&t, "y"), "3");
    w.del(&o, "x").expect("it is set");
    assert_eq!(
        w.read(&t, "y"),
        "Attribute: 'A' object has no attribute 'y'"
    );
    assert_eq!(
        w.read(&o, "x"),
        "Attribute: 'A' object has no attribute 'y'"
    );
    let error = w.del(&o, "x").expect_err("it is unset");
    assert_eq!(error.to_string(), "Attribute: y");
    w.undelegate(&o, "x").expect("a delegation");
    assert_eq!(w.read(&o, "x"), "1", "its own value shows again");
    check(&w, &[&o, &t]);
}

#[test]
fn observers_hear_the_target_and_the_immediate_one_is_the_source() {
    let (w, [a, b, c]) = set_up();
    w.delegate(&a, "x", &b, "y").expect("no cycle");
    w.delegate(&b, "y", &c, "z").expect("no cycle");
    for (object, name) in [(&a, "x"), (&b, "y"), (&c, "z")] {
        w.hear(object, name, "h");
    }
    w.set(&a, "x", 1).expect("a slot");
    let all = "h o2.z UNSET->1 | h o1.y UNSET->1 from o2.z | h o0.x UNSET->1 from o1.y";
    assert_eq!(w.heard(), all);
}

#[test]
fn each_delegator_with_all_that_hangs_on_it_before_the_next() {
    let (w, [t, a, b, c, d]) = set_up();
    w.delegate(&b, "x", &t, "x").expect("no cycle");
    w.delegate(&a, "x", &t, "x").expect("no cycle");
    w.delegate(&d, "x", &b, "x").expect("no cycle");
    w.delegate(&c, "x", &t, "x").expect("no cycle");
    for object in [&t, &a, &b, &c, &d] {
        w.hear(object, "x", "h");
    }
    w.set(&t, "x", 1).expect("a slot");
    let heard = w.log();
    let order: Vec<&str> = heard.iter().filter_map(|line| line.get(2..4)).collect();
    assert_eq!(order, ["o0", "o2", "o4", "o1", "o3"]);
    // Delegating again to the same target puts a delegator last.
    w.delegate(&b, "x", &t, "x").expect("no cycle");
    w.set(&t, "x", 2).expect("a slot");
    let heard = w.log();
    let order: Vec<&str> = heard.iter().filter_map(|line| line.get(2..4)).collect();
    assert_eq!(order, ["o0", "o1", "o3", "o2", "o4"]);
    check(&w, &[&t, &a, &b, &c, &d]);
}

#[test]
fn starting_retargeting_and_ending_are_changes_where_the_value_changes() {
    let (w, [o, one, other]) = set_up();
    w.set(&o, "x", 1).expect("a slot");
    w.set(&one, "x", 1).expect("a slot");
    w.set(&other, "x", 2).expect("a slot");
    w.hear(&o, "x", "h");
    w.delegate(&o, "x", &one, "x").expect("no cycle");
    assert_eq!(w.heard(), "", "it shows an equal value");
    w.delegate(&o, "x", &other, "x").expect("no cycle");
    assert_eq!(w.heard(), "h o0.x 1->2 from o2.x");
    w.set(&one, "x", 9).expect("a slot");
    assert_eq!(w.heard(), "", "the first target is nothing to it any more");
    w.undelegate(&o, "x").expect("a delegation");
    assert_eq!(w.heard(), "h o0.x 2->1");
    w.set(&other, "x", 9).expect("a slot");
    assert_eq!(w.heard(), "");
    check(&w, &[&o, &one, &other]);
}

#[test]
fn a_cycle_is_refused_and_changes_nothing() {
    let (w, [a, b, c]) = set_up();
    w.set(&c, "x", 5).expect("a slot");
    w.delegate(&a, "x", &b, "x").expect("no cycle");
    w.delegate(&b, "x", &c, "x").expect("no cycle");
    w.hear(&a, "*", "h");
    for (object, name, target, target_name) in [
        (&c, "x", &a, "x"),
        (&c, "x", &b, "x"),
        (&c, "x", &c, "x"),
        (&b, "x", &a, "x"),
    ] {
        let refused = w.delegate(object, name, target, target_name);
        let refused = refused.expect_err("a cycle").to_string();
        assert_eq!(refused, cycle(name, target_name));
        assert_eq!((w.read(&a, "x"), w.heard()), ("5".into(), String::new()));
        check(&w, &[&a, &b, &c]);
    }
    // Another slot of the same objects is no cycle.
    w.delegate(&c, "x", &a, "y").expect("no cycle");
    w.set(&a, "y", 7).expect("a slot");
    assert_eq!(w.read(&a, "x"), "7");
    check(&w, &[&a, &b, &c]);
}

#[test]
fn a_refused_retargeting_keeps_the_order_of_the_delegators() {
    let (w, [t, a, b]) = set_up();
    w.delegate(&a, "x", &t, "x").expect("no cycle");
    w.delegate(&b, "x", &t, "x").expect("no cycle");
    w.delegate(&t, "y", &a, "x").expect("no cycle");
    w.hear(&a, "x", "a");
    w.hear(&b, "x", "b");
    w.delegate(&a, "x", &t, "y").expect_err("a cycle");
    w.set(&t, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "a o1.x UNSET->1 from o0.x | b o2.x UNSET->1 from o0.x"
    );
    check(&w, &[&t, &a, &b]);
}

#[test]
fn what_is_not_delegated_cannot_be_ended() {
    let (w, [o, t]) = set_up();
    let error = w.undelegate(&o, "x").expect_err("no delegation");
    assert_eq!(
        error.to_string(),
        "Delegation: 'x' of 'A' object is not delegated"
    );
    let error = w.undelegate(&o, "q").expect_err("no slot");
    assert_eq!(error.to_string(), "Attribute: 'A' object has no slot 'q'");
    let error = w.delegate(&o, "x", &t, "q").expect_err("no slot");
    assert_eq!(error.to_string(), "Attribute: 'A' object has no slot 'q'");
    let carrier = w.class("C", &[]).slot("w").delegated("x", "w", "x").build();
    let c = w.instance(&carrier, "c");
    w.put(&c, "w", &t).expect("a slot");
    let error = w.undelegate(&c, "x").expect_err("the class's");
    assert_eq!(
        error.to_string(),
        "Delegation: 'x' of 'C' object is delegated by its class"
    );
}

#[test]
fn a_delegator_that_is_gone_is_no_longer_told() {
    let (w, [t]) = set_up();
    let class = w.class_of("B", &["x"]);
    w.hear_class(&class, "x", "h");
    for number in 0..1_000 {
        let short = w.instance(&class, &format!("short {number}"));
        w.delegate(&short, "x", &t, "x").expect("no cycle");
    }
    w.set(&t, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "");
    let companion = Toy::companion(&t).expect("it is watched");
    let rows = Toy::watch(&companion).map(|watch| watch.len());
    assert!(rows.is_some_and(|rows| rows < 32), "{rows:?} rows are left");
    check(&w, &[&t]);
}

#[test]
fn a_target_is_kept_alive_by_its_delegator() {
    let (w, [o, t]) = set_up();
    w.set(&t, "x", 5).expect("a slot");
    w.delegate(&o, "x", &t, "x").expect("no cycle");
    let gone = Rc::new(Cell::new(false));
    let flag = gone.clone();
    t.at_end(move |_| flag.set(true));
    drop(t);
    assert_eq!((w.read(&o, "x"), gone.get()), ("5".into(), false));
    w.undelegate(&o, "x").expect("a delegation");
    assert!(gone.get());
}

#[test]
fn a_target_whose_class_lost_the_slot_is_an_error_value() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    let b = w.class("B", &[&a]).plain("x").build();
    let (o, t) = (w.instance(&a, "o"), w.instance(&a, "t"));
    w.set(&t, "x", 5).expect("a slot");
    w.delegate(&o, "x", &t, "x").expect("no cycle");
    // Hosts allow only classes with the same slots.
    w.change_class(&t, &b);
    let gone = "Attribute: 'A' object has no attribute 'x': 'B' object has no slot 'x'";
    assert_eq!(w.read(&o, "x"), gone);
    assert_eq!(w.set(&o, "x", 1).expect_err("no slot").to_string(), gone);
    assert_eq!(w.read(&t, "x"), "5", "by the descriptor of the base");
    w.undelegate(&o, "x").expect("a delegation");
    check(&w, &[&o, &t]);
}

#[test]
fn copies_are_delegated_silently() {
    let (w, [o, t]) = set_up();
    w.set(&t, "x", 5).expect("a slot");
    w.hear(&o, "*", "h");
    let name: Name = w.name("x");
    let delegate = |target: &Object| w.engine.restore_delegation(&w, &o, name, target, name);
    delegate(&t).expect("no cycle");
    assert_eq!((w.read(&o, "x"), w.heard()), ("5".into(), String::new()));
    assert!(delegate(&o).is_err(), "a cycle");
    let found = w.engine.delegation(&o, name);
    assert!(found.is_some_and(|(target, other)| other == name && target.to_string() == "o1"));
    w.set(&t, "x", 6).expect("a slot");
    assert_eq!(w.heard(), "h o0.x 5->6 from o1.x");
    check(&w, &[&o, &t]);
}

#[test]
fn delegations_are_listed_in_the_order_in_which_they_were_made() {
    let (w, [o, t]) = set_up();
    let listed = || {
        let (mut at, mut names) = (0, Vec::new());
        while let Some((serial, name, target, other)) = w.engine.delegation_after(&o, at) {
            assert!(Toy::same(&target, &t) && serial > at);
            at = serial;
            names.push((name, other));
        }
        names
    };
    let [x, y, z] = ["x", "y", "z"].map(|name| w.name(name));
    assert_eq!(listed(), []);
    w.delegate(&o, "z", &t, "x").expect("no cycle");
    w.hear(&o, "*", "h");
    w.delegate(&o, "x", &t, "y").expect("no cycle");
    w.delegate(&o, "y", &t, "z").expect("no cycle");
    assert_eq!(listed(), [(z, x), (x, y), (y, z)]);
    w.delegate(&o, "z", &t, "y").expect("no cycle");
    assert_eq!(listed(), [(x, y), (y, z), (z, y)], "a new one is the last");
    w.delegate(&o, "x", &o, "x").expect_err("a cycle");
    assert_eq!(listed(), [(x, y), (y, z), (z, y)], "nothing changed");
    w.undelegate(&o, "y").expect("a delegation");
    assert_eq!(listed(), [(x, y), (z, y)]);
}

#[test]
fn who_delegates_to_a_slot_that_is_hidden_later_hears_nothing() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    let b = w.class("B", &[&a]).plain("x").build();
    let (o, p) = (w.instance(&a, "o"), w.instance(&a, "p"));
    w.delegate(&o, "x", &p, "x").expect("no cycle");
    w.hear(&o, "x", "o");
    w.hear(&p, "x", "p");
    w.set(&p, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "p p.x UNSET->1 | o o.x UNSET->1 from p.x");
    w.put_in_class(&p, &b);
    // By the descriptor of the base.
    w.set(&p, "x", 2).expect("a place");
    assert_eq!(
        (w.heard(), w.read(&p, "x")),
        ("p p.x 1->2".into(), "2".into())
    );
}
