//! Writes inside observers: stored at once, told in the order in which they were made.

use crate::host::{Object, Raised, World, world};
use std::cell::Cell;
use std::rc::Rc;

fn set_up() -> (Rc<World>, Object) {
    let w = world();
    let o = w.instance(&w.class_of("A", &["x", "y", "z"]), "o");
    (w, o)
}

/// An observer that writes a slot once.
fn writes(w: &World, object: &Object, name: &'static str, value: i64) -> Object {
    let (object, done) = (object.clone(), Cell::new(false));
    w.function(move |w, _| {
        if !done.replace(true) {
            w.set(&object, name, value)?;
            w.note(format!("{name} is {}", w.read(&object, name)));
        }
        Ok(())
    })
}

#[test]
fn every_observer_sees_the_changes_in_order_and_the_last_value_last() {
    let (w, o) = set_up();
    w.hear(&o, "x", "first");
    w.observe(&o, "x", &writes(&w, &o, "x", 2)).expect("memory");
    w.hear(&o, "x", "last");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.log(),
        [
            "first o.x UNSET->1",
            "x is 2",
            "last o.x UNSET->1",
            "first o.x 1->2",
            "last o.x 1->2"
        ]
    );
}

#[test]
fn a_cascade_over_slots_runs_breadth_first() {
    let (w, o) = set_up();
    w.observe(&o, "x", &writes(&w, &o, "y", 1)).expect("memory");
    w.observe(&o, "x", &writes(&w, &o, "z", 1)).expect("memory");
    w.observe(&o, "y", &writes(&w, &o, "z", 2)).expect("memory");
    w.hear(&o, "*", "h");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.log(),
        [
            "y is 1",
            "z is 1",
            "h o.x UNSET->1",
            "z is 2",
            "h o.y UNSET->1",
            "h o.z UNSET->1",
            "h o.z 1->2"
        ]
    );
}

#[test]
fn errors_of_delayed_events_go_to_the_outermost_writer() {
    let (w, o) = set_up();
    let target = o.clone();
    let outer = w.function(move |w, _| {
        w.set(&target, "y", 1)?;
        w.note("the inner write raises nothing");
        Err(Raised::User("outer".to_string()))
    });
    w.observe(&o, "x", &outer).expect("memory");
    let inner = w.function(|_, _| Err(Raised::User("inner".to_string())));
    w.observe(&o, "y", &inner).expect("memory");
    w.hear(&o, "y", "h");
    let raised = w.set(&o, "x", 1).expect_err("both");
    assert_eq!(raised.to_string(), "group(outer, inner)");
    assert_eq!(w.heard(), "the inner write raises nothing | h o.y UNSET->1");
    w.engine.check().expect("a sound engine");
    // Nothing is left over for the next writer.
    w.set(&o, "z", 1).expect("a slot");
    assert_eq!(w.heard(), "");
}

#[test]
fn an_observer_from_before_the_delayed_write_is_told_of_it() {
    let (w, o) = set_up();
    let target = o.clone();
    let observer = w.function(move |w, _| {
        w.hear(&target, "y", "before");
        w.set(&target, "y", 1)?;
        w.hear(&target, "y", "after");
        Ok(())
    });
    let serial = w.observe(&o, "x", &observer).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "before o.y UNSET->1");
    w.cancel(&o, serial);
}

#[test]
fn a_long_cascade_needs_no_stack() {
    let (w, o) = set_up();
    let target = o.clone();
    let counts = w.function(move |w, _| {
        let value: i64 = w.read(&target, "x").parse().expect("a number");
        match value < 50_000 {
            true => w.set(&target, "x", value + 1),
            false => Ok(()),
        }
    });
    w.observe(&o, "x", &counts).expect("memory");
    let run = || {
        w.set(&o, "x", 0).expect("a slot");
        w.read(&o, "x")
    };
    assert_eq!(run(), "50000");
    w.engine.check().expect("a sound engine");
}

#[test]
fn an_event_keeps_its_objects_alive_until_it_has_run() {
    let (w, o) = set_up();
    let class = w.class_of("B", &["v"]);
    let ended = Rc::new(Cell::new(false));
    let (flag, own) = (ended.clone(), o.clone());
    w.hear_class(&class, "v", "h");
    let observer = w.function(move |w, _| {
        let short = w.instance(&class, "short");
        let flag = flag.clone();
        short.at_end(move |_| flag.set(true));
        w.set(&short, "v", 1)?;
        w.set(&own, "y", 1)
    });
    w.observe(&o, "x", &observer).expect("memory");
    let seen = ended.clone();
    let later = w.function(move |w, _| {
        w.note(format!("ended: {}", seen.get()));
        Ok(())
    });
    w.observe(&o, "y", &later).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "h short.v UNSET->1 | ended: true");
    assert!(ended.get());
}

#[test]
fn deletions_and_delegations_wait_their_turn_too() {
    let (w, o) = set_up();
    let other = w.instance(&w.class_of("B", &["v"]), "other");
    w.set(&other, "v", 5).expect("a slot");
    w.set(&o, "z", 9).expect("a slot");
    let (own, target) = (o.clone(), other.clone());
    let observer = w.function(move |w, _| {
        w.delegate(&own, "y", &target, "v")?;
        w.del(&own, "z")?;
        w.undelegate(&own, "y")?;
        w.note("done");
        Ok(())
    });
    w.observe(&o, "x", &observer).expect("memory");
    w.hear(&o, "*", "h");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.log(),
        [
            "done",
            "h o.x UNSET->1",
            "h o.y UNSET->5 from other.v",
            "h o.z 9->UNSET",
            "h o.y 5->UNSET"
        ]
    );
}
