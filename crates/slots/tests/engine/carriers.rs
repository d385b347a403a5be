//! Names that a class delegates to the object in another slot.

use crate::host::{Object, Spec, World, check, world};
use mortice_slots::Compare;
use std::cell::Cell;
use std::rc::Rc;

fn cycle(of: &str, to: &str) -> String {
    format!(
        "Delegation: delegating '{of}' of 'A' object to '{to}' of 'A' object would close a cycle"
    )
}

/// A car whose radius is that of its wheel.
fn cars() -> (Rc<World>, Object, Object) {
    let w = world();
    let wheel = w.class_of("Wheel", &["radius", "size"]);
    let car = w
        .class("Car", &[])
        .slot("wheel")
        .delegated("radius", "wheel", "radius")
        .delegated("half", "wheel", "size")
        .build();
    (w, wheel, car)
}

#[test]
fn a_delegated_name_follows_its_carrier() {
    let (w, wheel, car) = cars();
    let o = w.instance(&car, "car");
    w.hear(&o, "*", "h");
    let unset = "Attribute: 'Car' object has no attribute 'radius': its slot 'wheel' is unset";
    assert_eq!(w.read(&o, "radius"), unset);
    assert_eq!(
        w.set(&o, "radius", 1).expect_err("no target").to_string(),
        unset
    );
    assert_eq!(
        w.del(&o, "radius").expect_err("no target").to_string(),
        unset
    );
    let (one, other) = (w.instance(&wheel, "one"), w.instance(&wheel, "other"));
    w.set(&one, "radius", 3).expect("a slot");
    w.put(&o, "wheel", &one).expect("a slot");
    assert_eq!(
        w.heard(),
        "h car.wheel UNSET->one | h car.radius UNSET->3 from one.radius"
    );
    w.set(&one, "radius", 4).expect("a slot");
    assert_eq!(w.heard(), "h car.radius 3->4 from one.radius");
    w.put(&o, "wheel", &other).expect("a slot");
    assert_eq!(
        w.heard(),
        "h car.wheel one->other | h car.radius 4->UNSET from other.radius"
    );
    w.set(&one, "radius", 5).expect("a slot");
    assert_eq!(w.heard(), "", "the old wheel is nothing to it any more");
    w.set(&o, "radius", 6).expect("a slot");
    assert_eq!(
        (w.read(&other, "radius"), w.heard()),
        ("6".into(), "h car.radius UNSET->6 from other.radius".into())
    );
    w.del(&o, "wheel").expect("it is set");
    assert_eq!(
        w.heard(),
        "h car.wheel other->UNSET | h car.radius 6->UNSET"
    );
    assert_eq!(w.read(&o, "radius"), unset);
    check(&w, &[&o, &one, &other]);
}

#[test]
fn a_carrier_may_hold_anything() {
    let (w, wheel, car) = cars();
    let (o, one) = (w.instance(&car, "car"), w.instance(&wheel, "one"));
    w.set(&one, "radius", 1).expect("a slot");
    w.put(&o, "wheel", &one).expect("a slot");
    w.hear(&o, "radius", "h");
    w.set(&o, "wheel", 7).expect("a slot");
    assert_eq!(w.heard(), "h car.radius 1->UNSET");
    let words =
        "Attribute: 'Car' object has no attribute 'radius': 'int' object has no slot 'radius'";
    assert_eq!(w.read(&o, "radius"), words);
    let bare = w
        .class("Bare", &[])
        .delegated("radius", "gone", "r")
        .build();
    let o = w.instance(&bare, "bare");
    let words =
        "Attribute: 'Bare' object has no attribute 'radius': 'Bare' object has no slot 'gone'";
    assert_eq!(w.read(&o, "radius"), words);
}

#[test]
fn an_objects_own_delegation_goes_before_its_classs() {
    let (w, wheel, car) = cars();
    let always = w.class("Always", &[]);
    let always = always
        .spec("r", Spec::new().compare(Compare::Always))
        .build();
    let (o, one, other) = (
        w.instance(&car, "car"),
        w.instance(&wheel, "one"),
        w.instance(&always, "other"),
    );
    w.set(&one, "radius", 1).expect("a slot");
    w.set(&other, "r", 2).expect("a slot");
    w.put(&o, "wheel", &one).expect("a slot");
    w.hear(&o, "radius", "h");
    w.delegate(&o, "radius", &other, "r").expect("no cycle");
    assert_eq!(w.heard(), "h car.radius 1->2 from other.r");
    // What the class's carrier holds is nothing to it any more, even where every write is told.
    w.put(&o, "wheel", &w.instance(&wheel, "third"))
        .expect("a slot");
    assert_eq!(
        (w.heard(), w.read(&o, "radius")),
        (String::new(), "2".into())
    );
    w.put(&o, "wheel", &one).expect("a slot");
    w.undelegate(&o, "radius").expect("a delegation");
    assert_eq!(w.heard(), "h car.radius 2->1 from one.radius");
    check(&w, &[&o, &one, &other]);
}

#[test]
fn a_write_to_a_carrier_that_would_close_a_cycle_is_undone() {
    let w = world();
    let node = w
        .class("A", &[])
        .slot("x")
        .slot("first")
        .spec("next", Spec::new().compare(Compare::Always))
        .delegated("v", "next", "v")
        .delegated("y", "next", "x")
        .build();
    let (a, b, c) = (
        w.instance(&node, "a"),
        w.instance(&node, "b"),
        w.instance(&node, "c"),
    );
    w.put(&a, "next", &b).expect("no cycle");
    w.put(&b, "next", &c).expect("no cycle");
    w.set(&b, "x", 4).expect("a slot");
    w.hear(&a, "*", "h");
    w.hear(&c, "*", "h");
    for target in [&a, &b, &c] {
        let refused = w.put(&c, "next", target).expect_err("a cycle");
        assert_eq!(refused.to_string(), cycle("v", "v"));
        assert_eq!(w.heard(), "");
        assert!(w.get(&c, "next").is_err() && w.get(&c, "y").is_err());
        assert_eq!(w.read(&a, "y"), "4");
        check(&w, &[&a, &b, &c]);
    }
    w.set(&b, "x", 5).expect("a slot");
    assert_eq!(w.heard(), "h a.y 4->5 from b.x");
}

#[test]
fn an_undone_write_keeps_the_order_of_the_delegators() {
    let w = world();
    let node = w.class("A", &[]).slot("x").slot("n");
    let node = node
        .delegated("p", "n", "x")
        .delegated("q", "n", "q")
        .build();
    let [a, b, t] = ["a", "b", "t"].map(|label| w.instance(&node, label));
    w.put(&a, "n", &t).expect("no cycle");
    w.put(&b, "n", &t).expect("no cycle");
    w.hear(&a, "p", "h");
    w.hear(&b, "p", "h");
    w.put(&a, "n", &a).expect_err("its q would lead to itself");
    w.set(&t, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "h a.p UNSET->1 from t.x | h b.p UNSET->1 from t.x"
    );
    check(&w, &[&a, &b, &t]);
}

#[test]
fn names_that_follow_names_follow_at_any_distance() {
    let w = world();
    let inner = w.class_of("Inner", &["v"]);
    let outer = w.class_of("Outer", &["inner"]);
    let a = w
        .class("A", &[])
        .delegated("last", "middle", "v")
        .slot("outer")
        .delegated("middle", "outer", "inner")
        .build();
    let (o, one, two) = (
        w.instance(&a, "o"),
        w.instance(&inner, "one"),
        w.instance(&inner, "two"),
    );
    let holder = w.instance(&outer, "holder");
    w.set(&one, "v", 1).expect("a slot");
    w.set(&two, "v", 2).expect("a slot");
    w.put(&holder, "inner", &one).expect("a slot");
    w.put(&o, "outer", &holder).expect("a slot");
    w.hear(&o, "*", "h");
    assert_eq!(w.read(&o, "last"), "1");
    w.put(&holder, "inner", &two).expect("a slot");
    assert_eq!(
        w.heard(),
        "h o.middle one->two from holder.inner | h o.last 1->2 from two.v"
    );
    w.set(&two, "v", 3).expect("a slot");
    assert_eq!(w.heard(), "h o.last 2->3 from two.v");
    w.del(&o, "outer").expect("it is set");
    assert_eq!(
        w.heard(),
        "h o.outer holder->UNSET | h o.middle two->UNSET | h o.last 3->UNSET"
    );
    check(&w, &[&o, &one, &two, &holder]);
}

#[test]
fn what_a_factory_makes_is_followed_wherever_it_shows() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r"]);
    let made: Rc<Cell<Option<Object>>> = Rc::default();
    made.set(Some(w.instance(&wheel, "made")));
    let factory = move |_: &World| Ok(made.take().expect("one call"));
    let car = w
        .class("Car", &[])
        .spec("wheel", Spec::new().factory(factory))
        .build();
    let dial = w
        .class("Dial", &[])
        .slot("shown")
        .delegated("r", "shown", "r")
        .build();
    let (o, d) = (w.instance(&car, "car"), w.instance(&dial, "dial"));
    w.delegate(&d, "shown", &o, "wheel").expect("no cycle");
    w.hear(&d, "r", "h");
    assert_eq!(w.read(&o, "wheel"), "made");
    let wheel = w.get(&o, "wheel").expect("it is set");
    w.set(&wheel, "r", 5).expect("a slot");
    assert_eq!(w.heard(), "h dial.r UNSET->5 from made.r");
    check(&w, &[&o, &d, &wheel]);
}

#[test]
fn an_access_runs_the_factory_that_a_name_waits_for() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r"]);
    let factory = move |w: &World| Ok(w.instance(&wheel, "made"));
    let car = w
        .class("Car", &[])
        .spec("wheel", Spec::new().factory(factory));
    let o = w.instance(&car.delegated("r", "wheel", "r").build(), "o");
    w.hear(&o, "*", "h");
    let unset = "Attribute: 'Wheel' object has no attribute 'r'";
    assert_eq!((w.read(&o, "r"), w.heard()), (unset.into(), String::new()));
    w.set(&o, "r", 3).expect("it has a target now");
    assert_eq!(w.heard(), "h o.r UNSET->3 from made.r");
    check(&w, &[&o]);
}

#[test]
fn a_name_behind_two_hundred_names_waits_for_one_factory() {
    let w = world();
    // Each name shows the slot `own` of what the one before shows, which is the same object.
    let own: Rc<Cell<Option<Object>>> = Rc::default();
    let given = own.clone();
    let mut class = w.class("A", &[]).slot("own");
    class = class.spec(
        "n0",
        Spec::new().factory(move |_| Ok(given.take().expect("one call"))),
    );
    for number in 1..=200 {
        class = class.delegated(&format!("n{number}"), &format!("n{}", number - 1), "own");
    }
    let o = w.instance(&class.build(), "o");
    w.put(&o, "own", &o).expect("a slot");
    own.set(Some(o.clone()));
    assert_eq!(w.read(&o, "n200"), "o");
    check(&w, &[&o]);
    w.del(&o, "own").expect("it is set");
}

#[test]
fn names_that_carry_each_other_lead_nowhere() {
    let w = world();
    let a = w
        .class("A", &[])
        .slot("x")
        .delegated("p", "q", "x")
        .delegated("q", "r", "x")
        .delegated("r", "p", "x")
        .delegated("self", "self", "x")
        .build();
    let (o, other) = (w.instance(&a, "o"), w.instance(&a, "other"));
    for (name, via) in [("p", "q"), ("q", "r"), ("r", "p"), ("self", "self")] {
        let words =
            format!("Attribute: 'A' object has no attribute '{name}': its slot '{via}' is unset");
        assert_eq!(w.read(&o, name), words);
    }
    w.hear(&o, "*", "h");
    w.delegate(&other, "x", &o, "x").expect("no cycle");
    // The search for a cycle ends, and so does the one for what hangs on the names.
    w.delegate(&o, "x", &other, "p").expect("no cycle");
    w.undelegate(&o, "x").expect("a delegation");
    w.set(&o, "x", 5).expect("a slot");
    w.delegate(&o, "p", &other, "x").expect("it hangs on o.x");
    assert_eq!(w.read(&o, "p"), "5");
    assert_eq!(w.heard(), "h o.x UNSET->5 | h o.p UNSET->5 from other.x");
    w.undelegate(&o, "p").expect("a delegation");
    check(&w, &[&o, &other]);
}

#[test]
fn ways_that_part_and_meet_are_searched_once() {
    let w = world();
    // n[i] hangs on n[i-1] in two ways: by its carrier, and by the slot that the carrier's object
    // shows. So there are 2^60 ways from n[60] to n[0].
    const DEPTH: usize = 60;
    let mut class = w.class("A", &[]).slot("n0").slot("x");
    let hop = w.class_of("Hop", &["to"]);
    for number in 1..=DEPTH {
        class = class.delegated(&format!("n{number}"), &format!("n{}", number - 1), "to");
    }
    let o = w.instance(&class.build(), "o");
    let mut hops = Vec::new();
    for number in 0..DEPTH {
        let made = w.instance(&hop, &format!("hop {number}"));
        match number {
            0 => w.put(&o, "n0", &made).expect("no cycle"),
            _ => w.put(&o, &format!("n{number}"), &made).expect("no cycle"),
        }
        hops.push(made);
    }
    let last = format!("n{DEPTH}");
    let end = w.instance(&hop, "end");
    w.put(&o, &last, &end).expect("a slot");
    let other = w.instance(&hop, "other");
    w.delegate(&other, "to", &o, "x").expect("no cycle");
    w.delegate(&o, "x", &o, &last).expect("no cycle");
    assert_eq!(w.read(&other, "to"), "end");
    w.hear(&other, "to", "h");
    w.del(&o, "n0").expect("it is set");
    assert_eq!(w.heard(), "h other.to end->UNSET from o.x");
    check(&w, &[&o, &other]);
}

#[test]
fn another_class_delegates_anew() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r", "s"]);
    let plain = w.class("Plain", &[]).slot("w").slot("x").build();
    let one = w.class("One", &[&plain]).delegated("x", "w", "r").build();
    let other = w.class("Other", &[&plain]).delegated("x", "w", "s").build();
    let (o, held) = (w.instance(&one, "o"), w.instance(&wheel, "held"));
    w.set(&held, "r", 1).expect("a slot");
    w.set(&held, "s", 2).expect("a slot");
    w.put(&o, "w", &held).expect("a slot");
    w.hear(&o, "x", "h");
    assert_eq!(w.read(&o, "x"), "1");
    w.change_class(&o, &other);
    assert_eq!((w.read(&o, "x"), w.heard()), ("2".into(), String::new()));
    w.set(&held, "s", 3).expect("a slot");
    assert_eq!(w.heard(), "h o.x 2->3 from held.s");
    check(&w, &[&o, &held]);
}

#[test]
fn a_default_carries_too() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r"]);
    let shared = w.instance(&wheel, "shared");
    w.set(&shared, "r", 1).expect("a slot");
    let spec = Spec::new().default(shared.clone());
    let car = w
        .class("Car", &[])
        .spec("w", spec)
        .delegated("r", "w", "r")
        .build();
    let (o, raw) = (w.instance(&car, "o"), w.raw_instance(&car, "raw"));
    w.hear(&o, "*", "h");
    w.set(&shared, "r", 2).expect("a slot");
    assert_eq!(w.heard(), "h o.r 1->2 from shared.r");
    w.del(&o, "w").expect("it counts as set");
    assert_eq!(w.heard(), "h o.w shared->UNSET | h o.r 2->UNSET");
    // An instance that was not told: reading makes the link.
    w.hear(&raw, "*", "h");
    assert_eq!(w.read(&raw, "r"), "2");
    w.set(&shared, "r", 3).expect("a slot");
    assert_eq!(w.heard(), "h raw.r 2->3 from shared.r");
    check(&w, &[&o, &raw, &shared]);
}
