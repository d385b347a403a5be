//! Events held back, and what is told at the end.

use crate::host::{Object, Raised, Spec, Toy, World, world};
use mortice_slots::{Compare, Host};
use std::rc::Rc;

fn set_up() -> (Rc<World>, Object, Object) {
    let w = world();
    let always = Spec::new().compare(Compare::Always);
    let class = w.class("A", &[]).slot("x").slot("y").spec("z", always);
    let class = class.build();
    let (o, p) = (w.instance(&class, "o"), w.instance(&class, "p"));
    w.hear_class(&class, "*", "h");
    (w, o, p)
}

#[test]
fn each_slot_tells_of_one_change_in_the_order_of_the_first_writes() {
    let (w, o, p) = set_up();
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "y", 1).expect("a slot");
    w.set(&p, "x", 1).expect("a slot");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&o, "y", 2).expect("a slot");
    w.set(&p, "x", 3).expect("a slot");
    assert_eq!((w.heard(), w.read(&o, "y")), (String::new(), "2".into()));
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(
        w.heard(),
        "h o.y UNSET->2 | h p.x UNSET->3 | h o.x UNSET->1"
    );
    w.engine.check().expect("a sound engine");
    w.set(&o, "y", 3).expect("a slot");
    assert_eq!(w.heard(), "h o.y 2->3");
}

#[test]
fn what_is_as_before_at_the_end_is_not_told() {
    let (w, o, _) = set_up();
    w.set(&o, "x", 1).expect("a slot");
    w.log();
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 2).expect("a slot");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&o, "y", 1).expect("a slot");
    w.del(&o, "y").expect("it is set");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "");
}

#[test]
fn what_is_always_told_is_told_once() {
    let (w, o, _) = set_up();
    w.set(&o, "z", 1).expect("a slot");
    w.log();
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "z", 1).expect("a slot");
    w.set(&o, "z", 1).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.z 1->1");
}

#[test]
fn holds_nest_and_the_outermost_delivers() {
    let (w, o, _) = set_up();
    w.begin_hold(&[]).expect("memory");
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "");
    w.set(&o, "x", 2).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->2");
}

#[test]
fn a_hold_of_some_objects_covers_those() {
    let (w, o, p) = set_up();
    w.begin_hold(&[&o]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&p, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "h p.x UNSET->1");
    w.end_hold(&[&o]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->1");
}

#[test]
fn holds_may_end_in_any_order() {
    let (w, o, p) = set_up();
    w.begin_hold(&[&o, &p, &o]).expect("memory");
    w.begin_hold(&[&o]).expect("memory");
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&p, "x", 1).expect("a slot");
    w.end_hold(&[&o, &p, &o]).expect("nothing raises");
    assert_eq!(w.heard(), "", "the hold of everything is open");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h p.x UNSET->1");
    w.set(&o, "x", 2).expect("a slot");
    w.end_hold(&[&o]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->2");
    w.engine.check().expect("a sound engine");
    for object in [&o, &p] {
        w.engine.check_instance(object).expect("a sound watch");
    }
}

#[test]
fn a_hold_that_is_ended_too_often_does_nothing() {
    let (w, o, _) = set_up();
    w.end_hold(&[]).expect("nothing raises");
    w.end_hold(&[&o]).expect("nothing raises");
    w.begin_hold(&[]).expect("memory");
    w.end_hold(&[&o]).expect("nothing raises");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "");
    w.engine.check().expect("a sound engine");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->1");
}

#[test]
fn observers_are_those_at_the_end() {
    let (w, o, _) = set_up();
    let early = w.hear(&o, "x", "early");
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.cancel(&o, early);
    w.hear(&o, "x", "late");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "late o.x UNSET->1 | h o.x UNSET->1");
}

#[test]
fn a_hold_that_ends_inside_an_observer_delivers_when_the_event_is_done() {
    let (w, o, p) = set_up();
    let (own, other) = (o.clone(), p.clone());
    let observer = w.function(move |w, _| {
        w.begin_hold(&[])?;
        w.set(&other, "x", 1)?;
        w.set(&other, "x", 2)?;
        w.end_hold(&[])?;
        w.set(&own, "y", 1)?;
        w.note("done");
        Ok(())
    });
    w.observe(&o, "x", &observer).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "done | h o.x UNSET->1 | h p.x UNSET->2 | h o.y UNSET->1"
    );
}

#[test]
fn a_hold_left_open_by_an_observer_holds_what_is_written_after() {
    let (w, o, p) = set_up();
    let other = p.clone();
    let observer = w.function(move |w, _| {
        w.set(&other, "y", 1)?;
        w.begin_hold(&[])?;
        w.set(&other, "x", 1)
    });
    let serial = w.observe(&o, "x", &observer).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "h o.x UNSET->1 | h p.y UNSET->1");
    w.cancel(&o, serial);
    w.set(&o, "x", 2).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h p.x UNSET->1 | h o.x 1->2");
}

#[test]
fn what_observers_raise_comes_from_the_end() {
    let (w, o, _) = set_up();
    let raising = w.function(|_, _| Err(Raised::User("observer".to_string())));
    w.observe(&o, "x", &raising).expect("memory");
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("nothing is told yet");
    assert_eq!(w.end_hold(&[]), Err(Raised::User("observer".to_string())));
    assert_eq!(w.heard(), "h o.x UNSET->1");
    w.engine.check().expect("a sound engine");
}

#[test]
fn a_write_that_is_refused_leaves_no_record() {
    let (w, o, p) = set_up();
    let carrier = w.class("C", &[]).slot("w").delegated("z", "w", "z").build();
    let c = w.instance(&carrier, "c");
    w.hear(&c, "*", "c");
    w.delegate(&o, "z", &c, "z").expect("no cycle");
    w.put(&c, "w", &p).expect("a slot");
    w.set(&p, "z", 1).expect("a slot");
    w.log();
    w.begin_hold(&[]).expect("memory");
    let refused = w.put(&c, "w", &o).expect_err("a cycle");
    assert!(refused.to_string().starts_with("Delegation"), "{refused}");
    // The slots are always told, once they are written.
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "");
    w.engine.check().expect("a sound engine");
}

#[test]
fn delegations_and_their_ends_are_held_too() {
    let (w, o, p) = set_up();
    w.set(&p, "x", 5).expect("a slot");
    w.log();
    w.begin_hold(&[]).expect("memory");
    w.delegate(&o, "x", &p, "x").expect("no cycle");
    w.set(&p, "x", 6).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->6 from p.x | h p.x 5->6");
    w.begin_hold(&[&o]).expect("memory");
    w.undelegate(&o, "x").expect("a delegation");
    w.set(&o, "x", 6).expect("a slot");
    w.end_hold(&[&o]).expect("nothing raises");
    assert_eq!(w.heard(), "", "it shows an equal value");
}

#[test]
fn a_record_keeps_its_object_alive() {
    let (w, o, _) = set_up();
    let class = Toy::class_of(&w, &o).expect("an instance");
    w.begin_hold(&[]).expect("memory");
    let short = w.instance(&class, "short");
    w.set(&short, "x", 1).expect("a slot");
    drop(short);
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h short.x UNSET->1");
}
