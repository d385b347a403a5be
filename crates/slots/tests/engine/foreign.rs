//! Foreign code that runs where it hurts: in comparisons, rules, factories, and at the end of
//! objects.

use crate::host::{Object, Raised, Spec, Toy, World, check, world};
use mortice_slots::{Compare, Host};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

fn set_up<const COUNT: usize>() -> (Rc<World>, Object, [Object; COUNT]) {
    let w = world();
    let always = Spec::new().compare(Compare::Always);
    let class = w.class("A", &[]).slot("x").slot("y").spec("z", always);
    let class = class.build();
    let objects = std::array::from_fn(|number| w.instance(&class, &format!("o{number}")));
    (w, class, objects)
}

/// A value that does something when it goes.
fn ending(w: &World, end: impl FnOnce(&World) + 'static) -> Object {
    let value = w.text("ending");
    value.at_end(end);
    value
}

#[test]
fn the_end_of_the_old_value_writes_the_slot_again() {
    let (w, _, [o]) = set_up();
    w.hear(&o, "x", "h");
    let own = o.clone();
    let value = ending(&w, move |w| w.set(&own, "x", 3).expect("a slot"));
    w.put(&o, "x", &value).expect("a slot");
    drop(value);
    w.log();
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "h o0.x ending->2 | h o0.x 2->3");
    assert_eq!(w.read(&o, "x"), "3");
    check(&w, &[&o]);
}

#[test]
fn the_end_of_the_old_value_raises_nothing_of_the_writers() {
    let (w, _, [o, p]) = set_up();
    let raising = |text: &'static str| w.function(move |_, _| Err(Raised::User(text.to_string())));
    w.observe(&o, "x", &raising("of the writer"))
        .expect("memory");
    w.observe(&p, "x", &raising("of the end")).expect("memory");
    let other = p.clone();
    let value = ending(&w, move |w| {
        let raised = w.set(&other, "x", 1).expect_err("its observer raises");
        w.note(raised.to_string());
    });
    w.put(&o, "x", &value).expect_err("its observer raises");
    drop(value);
    let raised = w.set(&o, "x", 2).expect_err("its observer raises");
    assert_eq!(raised.to_string(), "of the writer");
    assert_eq!(w.heard(), "of the end");
    check(&w, &[&o, &p]);
}

#[test]
fn the_end_of_a_silent_old_value_sees_the_new_one() {
    let (w, _, [o]) = set_up();
    let own = o.clone();
    let value = ending(&w, move |w| {
        w.note(w.read(&own, "x"));
        w.del(&own, "x").expect("it is set");
    });
    w.put(&o, "x", &value).expect("a slot");
    drop(value);
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "2");
    assert!(w.get(&o, "x").is_err());
}

#[test]
fn the_end_of_the_old_target_delegates_again() {
    let (w, class, [o, p]) = set_up();
    w.set(&p, "x", 2).expect("a slot");
    w.hear(&o, "x", "h");
    let short = w.instance(&class, "short");
    w.set(&short, "x", 1).expect("a slot");
    w.delegate(&o, "x", &short, "x").expect("no cycle");
    let (own, other) = (o.clone(), p.clone());
    short.at_end(move |w| {
        w.note("short ends");
        w.undelegate(&own, "x").expect("a delegation");
        w.delegate(&own, "y", &other, "x").expect("no cycle");
    });
    drop(short);
    w.log();
    w.delegate(&o, "x", &p, "x").expect("no cycle");
    assert_eq!(
        w.heard(),
        "h o0.x 1->2 from o1.x | short ends | h o0.x 2->UNSET"
    );
    check(&w, &[&o, &p]);
}

#[test]
fn the_end_of_the_object_in_a_carrier_writes_the_carrier() {
    let (w, class, [p, q]) = set_up();
    let car = w
        .class("Car", &[])
        .slot("w")
        .delegated("x", "w", "x")
        .build();
    let o = w.instance(&car, "car");
    w.hear(&o, "*", "h");
    w.set(&p, "x", 2).expect("a slot");
    w.set(&q, "x", 3).expect("a slot");
    let short = w.instance(&class, "short");
    w.put(&o, "w", &short).expect("a slot");
    let (own, last) = (o.clone(), q.clone());
    short.at_end(move |w| w.put(&own, "w", &last).expect("a slot"));
    drop(short);
    w.log();
    w.put(&o, "w", &p).expect("a slot");
    assert_eq!(
        w.log(),
        [
            "h car.w short->o0",
            "h car.x UNSET->2 from o0.x",
            "h car.w o0->o1",
            "h car.x 2->3 from o1.x"
        ]
    );
    w.set(&p, "x", 9).expect("a slot");
    assert_eq!(w.heard(), "");
    check(&w, &[&o, &p, &q]);
}

#[test]
fn what_ends_while_a_watch_is_swept_subscribes_to_it() {
    let (w, class, [o]) = set_up();
    for round in 0..200 {
        let receiver = w.instance(&class, "receiver");
        w.hear(&receiver, "y", "so that it has a companion");
        let method = w.method(&receiver, |_, _, _| Ok(()));
        let (own, label) = (o.clone(), format!("after {round}"));
        method.at_end(move |w| {
            let serial = w.hear(&own, "x", &label);
            if label.len() % 2 == 0 {
                w.cancel(&own, serial);
            }
        });
        w.observe(&o, "x", &method).expect("memory");
        drop((receiver, method));
        check(&w, &[&o]);
    }
    w.set(&o, "x", 1).expect("a slot");
    let heard = w.log();
    assert!(heard.len() > 50, "{} of them hear", heard.len());
    let is_sorted = heard.is_sorted_by_key(|line| {
        let number = line.split(' ').nth(1).expect("a number");
        number.parse::<usize>().expect("a number")
    });
    assert!(is_sorted, "{heard:?}");
    check(&w, &[&o]);
}

#[test]
fn what_ends_with_a_cancelled_observer_cancels_the_others() {
    let (w, _, [o]) = set_up();
    let serials: Rc<RefCell<Vec<u64>>> = Rc::default();
    for _ in 0..100 {
        let observer = w.noting("h");
        let (own, all) = (o.clone(), serials.clone());
        observer.at_end(move |w| {
            let next = all.borrow_mut().pop();
            if let Some(serial) = next {
                w.cancel(&own, serial);
            }
        });
        let serial = w.observe(&o, "x", &observer).expect("memory");
        serials.borrow_mut().push(serial);
    }
    w.hear(&o, "x", "stays");
    let first = serials.borrow_mut().pop().expect("there are some");
    w.cancel(&o, first);
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "stays o0.x UNSET->1");
    check(&w, &[&o]);
}

#[test]
fn a_comparison_writes_the_slot_that_is_compared() {
    let (w, _, [o]) = set_up();
    w.hear(&o, "x", "h");
    let (own, done) = (o.clone(), Cell::new(false));
    let value = w.compared(move |w| {
        if !done.replace(true) {
            w.set(&own, "x", 5)?;
            w.note("written");
        }
        Ok(false)
    });
    w.put(&o, "x", &value).expect("a slot");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "h o0.x UNSET-><compared> | written | h o0.x <compared>->1 | h o0.x 1->5"
    );
    check(&w, &[&o]);
}

#[test]
fn a_comparison_cancels_subscribes_and_ends_a_hold() {
    let (w, _, [o, p]) = set_up();
    let gone = w.hear(&o, "x", "gone");
    w.hear(&p, "x", "p");
    let (own, other, done) = (o.clone(), p.clone(), Cell::new(false));
    let value = w.compared(move |w| {
        if !done.replace(true) {
            w.cancel(&own, gone);
            w.hear(&own, "x", "new");
            w.begin_hold(&[])?;
            w.set(&other, "x", 1)?;
            w.set(&own, "x", 7)?;
            w.end_hold(&[])?;
        }
        Ok(false)
    });
    w.put(&o, "x", &value).expect("a slot");
    w.log();
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "p o1.x UNSET->1 | new o0.x 2->7");
    check(&w, &[&o, &p]);
}

#[test]
fn rules_write_delete_and_delegate_the_slot() {
    let w = world();
    let target: Rc<Cell<Option<Object>>> = Rc::default();
    let given = target.clone();
    let spec = Spec::new().rule(move |w, object, value| {
        match value.to_string().as_str() {
            "1" => w.set(object, "x", 10)?,
            "2" => w.del(object, "x")?,
            "3" => {
                let target = given.take().expect("one call");
                w.delegate(object, "x", &target, "y")?;
            }
            _ => {}
        }
        Ok(value.clone())
    });
    let class = w.class("A", &[]).spec("x", spec).slot("y").build();
    let (o, p) = (w.instance(&class, "o"), w.instance(&class, "p"));
    w.set(&p, "y", 5).expect("a slot");
    target.set(Some(p.clone()));
    w.hear(&o, "x", "h");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "h o.x UNSET->10 | h o.x 10->1");
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "h o.x 1->UNSET | h o.x UNSET->2");
    // The place was found before the rules were asked.
    w.set(&o, "x", 3).expect("a slot");
    assert_eq!(w.heard(), "h o.x 2->5 from p.y");
    assert_eq!((w.read(&o, "x"), w.read(&p, "y")), ("5".into(), "5".into()));
    w.undelegate(&o, "x").expect("a delegation");
    assert_eq!(
        (w.read(&o, "x"), w.heard()),
        ("3".into(), "h o.x 5->3".into())
    );
    check(&w, &[&o, &p]);
}

#[test]
fn an_old_value_that_ends_while_a_hold_runs_out_of_memory() {
    for number in 0..12 {
        let (w, _, [o, p]) = set_up();
        w.hear(&o, "*", "o");
        w.hear(&p, "*", "p");
        let other = p.clone();
        let value = ending(&w, move |w| {
            w.begin_hold(&[]).expect("no memory is needed");
            // Memory may be out.
            let _ = w.set(&other, "x", 1);
            let _ = w.end_hold(&[]);
            w.note("ended");
        });
        w.put(&o, "x", &value).expect("a slot");
        drop(value);
        w.begin_hold(&[]).expect("no memory is needed");
        w.set(&o, "x", 2).expect("a slot");
        w.set(&o, "y", 2).expect("a slot");
        w.set(&p, "y", 2).expect("a slot");
        w.log();
        w.failures.at(number, true);
        let ended = w.end_hold(&[]);
        assert_eq!(w.failures.end(), ended.is_err(), "allocation {number}");
        check(&w, &[&o, &p]);
        w.set(&o, "z", 1).expect("memory is back");
        check(&w, &[&o, &p]);
        let heard = w.heard();
        assert!(heard.contains("ended"), "allocation {number}: {heard}");
        assert!(
            heard.contains("o o0.z UNSET->1"),
            "allocation {number}: {heard}"
        );
    }
}

#[test]
fn an_observer_lets_go_of_everything_that_is_being_told() {
    let (w, class, [o]) = set_up();
    let kept: Rc<RefCell<Vec<Object>>> = Rc::default();
    let target = w.instance(&class, "target");
    kept.borrow_mut().push(target.clone());
    w.delegate(&o, "x", &target, "x").expect("no cycle");
    let all = kept.clone();
    let (own, serial) = (o.clone(), Rc::new(Cell::new(0)));
    let own_serial = serial.clone();
    let observer = w.function(move |w, _| {
        all.borrow_mut().clear();
        w.undelegate(&own, "x")?;
        w.cancel(&own, own_serial.get());
        w.note("let go");
        Ok(())
    });
    serial.set(w.observe(&o, "x", &observer).expect("memory"));
    drop(observer);
    w.hear(&o, "x", "h");
    target.at_end(|w| w.note("target ends"));
    let weak = target.downgrade();
    drop(target);
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.log(),
        [
            "let go",
            "h o0.x UNSET->1 from target.x",
            "h o0.x 1->UNSET",
            "target ends"
        ]
    );
    assert!(weak.upgrade().is_none());
    check(&w, &[&o]);
}

#[test]
fn an_object_that_ends_lets_its_companion_go() {
    let (w, class, [t]) = set_up();
    let short = w.instance(&class, "short");
    let own = t.clone();
    let observer = w.noting("never");
    observer.at_end(move |w| w.set(&own, "x", 5).expect("a slot"));
    w.observe(&short, "x", &observer).expect("memory");
    drop(observer);
    w.delegate(&short, "x", &t, "x").expect("no cycle");
    w.hear(&t, "x", "h");
    let token = Toy::ensure_token(&w, &short).expect("memory");
    drop(short);
    // What its observer wrote at its end is told to the target, and not to what was there before.
    assert_eq!(w.heard(), "h o0.x UNSET->5");
    assert!(Toy::owner(&token).is_none());
    w.set(&t, "x", 6).expect("a slot");
    assert_eq!(w.heard(), "h o0.x 5->6");
    check(&w, &[&t]);
}

#[test]
fn a_queue_is_empty_whatever_was_raised() {
    let (w, _, [o]) = set_up();
    let own = o.clone();
    let observer = w.function(move |w, change| {
        let change = change.to_string();
        if change.contains(".x ") && change.ends_with("->1") {
            w.set(&own, "y", 1)?;
            w.set(&own, "z", 1)?;
        }
        Err(Raised::Fatal("always".to_string()))
    });
    w.observe(&o, "*", &observer).expect("memory");
    for value in [1, 2, 1] {
        let raised = w.set(&o, "x", value).expect_err("every one raises");
        let count = raised.to_string().matches("always").count();
        assert!(count >= 1, "{raised}");
        check(&w, &[&o]);
    }
}
