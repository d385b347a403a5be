//! Each thread tells its own events, and holds back its own.
//!
//! A thread that hands over to another one is a call of [`World::in_thread`].

use crate::host::{Object, Raised, Toy, World, check, world};
use mortice_slots::Host;
use std::rc::Rc;

/// A world with two objects of a class with slots `x` and `y`, whose changes are heard.
fn set_up() -> (Rc<World>, Object, Object) {
    let w = world();
    let class = w.class("A", &[]).slot("x").slot("y").build();
    let (o, p) = (w.instance(&class, "o"), w.instance(&class, "p"));
    w.hear_class(&class, "*", "h");
    (w, o, p)
}

#[test]
fn a_hold_delays_only_its_own_thread() {
    let (w, o, p) = set_up();
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.in_thread(2, || {
        w.set(&p, "x", 1).expect("a slot");
        assert_eq!(w.heard(), "h p.x UNSET->1");
        w.set(&o, "y", 1).expect("a slot");
        assert_eq!(w.heard(), "h o.y UNSET->1");
    });
    check(&w, &[&o, &p]);
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->2");
    check(&w, &[&o, &p]);
}

#[test]
fn a_hold_of_objects_delays_only_its_own_thread() {
    let (w, o, p) = set_up();
    w.begin_hold(&[&o]).expect("memory");
    w.in_thread(2, || {
        w.begin_hold(&[&p]).expect("memory");
        w.set(&o, "x", 1).expect("a slot");
        assert_eq!(w.heard(), "h o.x UNSET->1");
        w.set(&p, "x", 1).expect("a slot");
    });
    check(&w, &[&o, &p]);
    w.set(&p, "y", 1).expect("a slot");
    assert_eq!(w.heard(), "h p.y UNSET->1");
    w.set(&o, "x", 2).expect("a slot");
    w.end_hold(&[&o]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x 1->2");
    w.in_thread(2, || w.end_hold(&[&p]).expect("nothing raises"));
    assert_eq!(w.heard(), "h p.x UNSET->1");
    check(&w, &[&o, &p]);
}

#[test]
fn two_threads_record_one_place() {
    let (w, o, _) = set_up();
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    w.in_thread(2, || {
        w.begin_hold(&[&o]).expect("memory");
        w.set(&o, "x", 2).expect("a slot");
    });
    check(&w, &[&o]);
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->2");
    check(&w, &[&o]);
    w.in_thread(2, || w.end_hold(&[&o]).expect("nothing raises"));
    assert_eq!(w.heard(), "h o.x 1->2");
    check(&w, &[&o]);
}

#[test]
fn a_hold_is_not_ended_by_another_thread() {
    let (w, o, p) = set_up();
    w.begin_hold(&[]).expect("memory");
    w.begin_hold(&[&p]).expect("memory");
    w.in_thread(2, || {
        w.end_hold(&[]).expect("nothing raises");
        w.end_hold(&[&p]).expect("nothing raises");
    });
    w.set(&o, "x", 1).expect("a slot");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h o.x UNSET->1");
    w.set(&p, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "");
    w.end_hold(&[&p]).expect("nothing raises");
    assert_eq!(w.heard(), "h p.x UNSET->1");
}

/// An observer of `o.x` that notes when it begins and ends, and hands over to thread 2 meanwhile,
/// where `act` runs.
fn handing_over(w: &Rc<World>, o: &Object, act: impl Fn(&World) + 'static) {
    let observer = w.function(move |w, _| {
        w.note("begins");
        w.in_thread(2, || act(w));
        w.note("ends");
        Ok(())
    });
    w.observe(o, "x", &observer).expect("memory");
}

#[test]
fn a_thread_tells_its_events_while_another_is_inside_an_observer() {
    let (w, o, p) = set_up();
    let (own, other) = (o.clone(), p.clone());
    handing_over(&w, &o, move |w| {
        w.set(&other, "x", 1).expect("a slot");
        w.note("stored");
        w.set(&other, "y", 2).expect("a slot");
        w.set(&own, "y", 3).expect("a slot");
    });
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "begins | h p.x UNSET->1 | stored | h p.y UNSET->2 | h o.y UNSET->3 | ends | h o.x UNSET->1"
    );
    check(&w, &[&o, &p]);
}

#[test]
fn the_order_holds_within_each_thread() {
    let (w, o, p) = set_up();
    // Thread 1 writes p.y inside its event; thread 2 writes p.x, and o.y inside that event, while
    // thread 1 goes on and writes once more.
    let (own, other) = (o.clone(), p.clone());
    handing_over(&w, &o, move |w| {
        let own = own.clone();
        let inner = w.function(move |w, _| {
            w.note("inner begins");
            w.set(&own, "y", 2)?;
            let own = own.clone();
            w.in_thread(1, || w.set(&own, "y", 3))?;
            w.note("inner ends");
            Ok(())
        });
        let serial = w.observe(&other, "x", &inner).expect("memory");
        w.set(&other, "x", 1).expect("a slot");
        w.cancel(&other, serial);
    });
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "begins | inner begins | inner ends | h p.x UNSET->1 | h o.y UNSET->2 | ends \
         | h o.x UNSET->1 | h o.y 2->3"
    );
    check(&w, &[&o, &p]);
}

#[test]
fn what_observers_raise_reaches_the_writer_of_the_thread() {
    let (w, o, p) = set_up();
    let raising = w.function(|_, _| Err(Raised::User("other".to_string())));
    w.observe(&p, "x", &raising).expect("memory");
    let other = p.clone();
    handing_over(&w, &o, move |w| {
        let raised = w.set(&other, "x", 1).expect_err("the observer raises");
        assert_eq!(raised, Raised::User("other".to_string()));
    });
    w.set(&o, "x", 1).expect("nothing raises here");
    assert_eq!(w.heard(), "begins | h p.x UNSET->1 | ends | h o.x UNSET->1");
}

#[test]
fn an_idle_place_serves_the_next_thread() {
    let (w, o, p) = set_up();
    let other = p.clone();
    handing_over(&w, &o, move |w| {
        for thread in 2..50 {
            w.in_thread(thread, || {
                let number = i64::try_from(thread).expect("a small number");
                w.set(&other, "x", number).expect("a slot");
            });
        }
    });
    for thread in 100..110 {
        w.in_thread(thread, || w.set(&p, "y", 1).expect("a slot"));
    }
    assert_eq!(w.engine.cells().count(), 3, "one place is enough");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.engine.cells().count(), 6, "two places are enough");
    assert_eq!(w.log().len(), 1 + 3 + 48);
    check(&w, &[&o, &p]);
}

#[test]
fn a_thread_keeps_to_its_place_once_the_first_is_idle() {
    let (w, o, p) = set_up();
    w.begin_hold(&[]).expect("memory");
    let own = o.clone();
    let observer = w.function(move |w, _| {
        // The first place becomes idle in the middle of this event.
        w.in_thread(1, || w.end_hold(&[]))?;
        w.set(&own, "y", 1)?;
        w.note("waits");
        Ok(())
    });
    w.observe(&p, "x", &observer).expect("memory");
    w.in_thread(2, || w.set(&p, "x", 1).expect("a slot"));
    assert_eq!(w.heard(), "waits | h p.x UNSET->1 | h o.y UNSET->1");
    check(&w, &[&o, &p]);
}

#[test]
fn holds_end_with_their_thread() {
    let (w, o, p) = set_up();
    let class = Toy::class_of(&w, &o).expect("an instance");
    let gone = w.instance(&class, "gone");
    let watched = gone.downgrade();
    w.in_thread(2, || {
        w.begin_hold(&[]).expect("memory");
        w.begin_hold(&[&o]).expect("memory");
        w.set(&o, "x", 1).expect("a slot");
        w.set(&gone, "x", 1).expect("a slot");
    });
    drop(gone);
    assert!(watched.upgrade().is_some(), "the record keeps it");
    w.engine.end_thread(3);
    assert!(w.engine.is_holding());
    w.engine.end_thread(2);
    assert!(!w.engine.is_holding());
    assert!(watched.upgrade().is_none(), "the record is gone");
    check(&w, &[&o, &p]);
    w.set(&o, "x", 2).expect("a slot");
    w.in_thread(4, || w.set(&p, "x", 2).expect("a slot"));
    assert_eq!(w.heard(), "h o.x 1->2 | h p.x UNSET->2");
}

#[test]
fn what_a_thread_held_may_write_as_it_goes() {
    let (w, o, p) = set_up();
    let class = Toy::class_of(&w, &o).expect("an instance");
    let other = p.clone();
    let last = w.int(7);
    last.at_end(move |w| {
        w.in_thread(1, || w.begin_hold(&[])).expect("memory");
        w.in_thread(1, || w.set(&other, "y", 1)).expect("a slot");
    });
    let gone = w.instance(&class, "gone");
    w.put(&gone, "x", &last).expect("a slot");
    drop(last);
    w.log();
    w.in_thread(2, || {
        w.begin_hold(&[]).expect("memory");
        w.set(&gone, "y", 1).expect("a slot");
    });
    drop(gone);
    w.engine.end_thread(2);
    check(&w, &[&o, &p]);
    assert_eq!(w.heard(), "");
    w.end_hold(&[]).expect("nothing raises");
    assert_eq!(w.heard(), "h p.y UNSET->1");
}

#[test]
fn a_thread_without_memory_changes_nothing() {
    let (w, o, p) = set_up();
    w.set(&p, "x", 1).expect("a slot");
    w.begin_hold(&[]).expect("memory");
    w.log();
    w.in_thread(2, || {
        for number in 0.. {
            w.failures.at(number, false);
            let written = w.set(&p, "x", 2);
            if !w.failures.end() {
                written.expect("memory is there");
                break;
            }
            assert_eq!(written, Err(Raised::Memory));
            check(&w, &[&o, &p]);
            if w.read(&p, "x") == "2" {
                // It was stored, and no memory was left for the change that observers get.
                w.set(&p, "x", 1).expect("a slot");
            }
            w.log();
        }
        w.end_hold(&[]).expect("nothing raises");
    });
    assert_eq!(w.heard(), "h p.x 1->2");
    assert!(w.engine.is_holding());
    w.end_hold(&[]).expect("nothing raises");
    check(&w, &[&o, &p]);
}
