//! Who hears of a change, and in which order.

use crate::host::{Object, Raised, Toy, World, world};
use mortice_slots::Host;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

fn set_up() -> (Rc<World>, Object, Object) {
    let w = world();
    let a = w.class_of("A", &["x", "y"]);
    let o = w.instance(&a, "o");
    (w, a, o)
}

#[test]
fn the_instance_first_then_its_classes_along_the_mro() {
    let w = world();
    let top = w.class_of("Top", &["x"]);
    let left = w.class("Left", &[&top]).build();
    let right = w.class("Right", &[&top]).build();
    let bottom = w.class("Bottom", &[&left, &right, &top]).build();
    let (o, other) = (w.instance(&bottom, "o"), w.instance(&left, "other"));
    for (class, label) in [
        (&top, "top"),
        (&right, "right"),
        (&bottom, "bottom"),
        (&left, "left"),
    ] {
        w.hear_class(class, "x", label);
    }
    w.hear(&o, "x", "own");
    w.set(&o, "x", 1).expect("a slot");
    let heard: Vec<String> = w.log();
    let labels: Vec<&str> = heard
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(labels, ["own", "bottom", "left", "right", "top"]);
    w.set(&other, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "left other.x UNSET->1 | top other.x UNSET->1");
}

#[test]
fn one_name_and_every_name_stand_in_the_order_of_subscription() {
    let (w, _, o) = set_up();
    w.hear(&o, "x", "1");
    w.hear(&o, "*", "2");
    w.hear(&o, "x", "3");
    w.hear(&o, "y", "4");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "1 o.x UNSET->1 | 2 o.x UNSET->1 | 3 o.x UNSET->1"
    );
    w.set(&o, "y", 1).expect("a slot");
    assert_eq!(w.heard(), "2 o.y UNSET->1 | 4 o.y UNSET->1");
}

#[test]
fn all_observers_of_a_place_are_given_the_same_change() {
    let (w, a, o) = set_up();
    let seen: Rc<RefCell<Vec<Object>>> = Rc::default();
    let keep = |seen: &Rc<RefCell<Vec<Object>>>| {
        let seen = seen.clone();
        w.function(move |_, change| {
            seen.borrow_mut().push(change.clone());
            Ok(())
        })
    };
    w.observe(&o, "x", &keep(&seen)).expect("memory");
    w.observe(&o, "*", &keep(&seen)).expect("memory");
    w.observe_class(&a, "x", &keep(&seen)).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    let seen = seen.take();
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|change| Toy::same(change, &seen[0])));
}

#[test]
fn cancelling_twice_does_nothing() {
    let (w, _, o) = set_up();
    let (one, other) = (w.hear(&o, "x", "1"), w.hear(&o, "x", "2"));
    assert!(w.is_active(&o, one) && w.is_active(&o, other));
    w.cancel(&o, one);
    w.cancel(&o, one);
    assert!(!w.is_active(&o, one) && w.is_active(&o, other));
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "2 o.x UNSET->1");
}

/// Subscribes and cancels many in an order that `order` says.
fn many(order: impl Fn(usize, usize) -> usize) {
    const COUNT: usize = 5_000;
    let (w, _, o) = set_up();
    let heard: Rc<RefCell<Vec<usize>>> = Rc::default();
    let serials: Vec<u64> = (0..COUNT)
        .map(|number| {
            let heard = heard.clone();
            let observer = w.function(move |_, _| {
                heard.borrow_mut().push(number);
                Ok(())
            });
            w.observe(&o, "x", &observer).expect("memory")
        })
        .collect();
    w.set(&o, "x", 0).expect("a slot");
    assert_eq!(heard.take(), (0..COUNT).collect::<Vec<_>>());
    let mut left: Vec<bool> = vec![true; COUNT];
    for step in 0..COUNT {
        let number = order(step, COUNT);
        w.cancel(&o, serials[number]);
        left[number] = false;
        assert!(!w.is_active(&o, serials[number]));
        if step % 500 == 499 {
            w.set(&o, "x", step as i64).expect("a slot");
            let wanted: Vec<usize> = (0..COUNT).filter(|number| left[*number]).collect();
            assert_eq!(heard.take(), wanted, "after {step}");
            w.engine.check_instance(&o).expect("a sound watch");
        }
    }
    let companion = Toy::companion(&o).expect("it was watched");
    let watch = Toy::watch(&companion).expect("a watch");
    assert!(watch.len() < 32, "{} rows are left", watch.len());
}

#[test]
fn five_thousand_cancelled_from_the_first() {
    many(|step, _| step);
}

#[test]
fn five_thousand_cancelled_from_the_last() {
    many(|step, count| count - 1 - step);
}

#[test]
fn five_thousand_cancelled_in_any_order() {
    many(|step, count| step * 1_777 % count);
}

#[test]
fn what_subscribes_and_cancels_again_leaves_nothing() {
    let (w, _, o) = set_up();
    w.hear(&o, "y", "stays");
    for _ in 0..1_000 {
        let serial = w.hear(&o, "x", "goes");
        w.cancel(&o, serial);
    }
    let companion = Toy::companion(&o).expect("it was watched");
    let watch = Toy::watch(&companion).expect("a watch");
    assert!(watch.len() < 32, "{} rows are left", watch.len());
    w.set(&o, "y", 1).expect("a slot");
    assert_eq!(w.heard(), "stays o.y UNSET->1");
}

#[test]
fn an_observer_cancelled_during_the_event_is_not_called() {
    let (w, _, o) = set_up();
    let (later, own) = (Rc::new(Cell::new(0)), o.clone());
    let serial = later.clone();
    let cancels = w.function(move |w, _| {
        w.cancel(&own, serial.get());
        w.note("cancels");
        Ok(())
    });
    w.observe(&o, "x", &cancels).expect("memory");
    later.set(w.hear(&o, "x", "cancelled"));
    w.hear(&o, "x", "stays");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "cancels | stays o.x UNSET->1");
}

#[test]
fn an_observer_may_cancel_all_that_are_there() {
    let (w, _, o) = set_up();
    let (serials, own): (Rc<RefCell<Vec<u64>>>, _) = (Rc::default(), o.clone());
    let all = serials.clone();
    let cancels = w.function(move |w, _| {
        for serial in all.take() {
            w.cancel(&own, serial);
        }
        w.note("cancels");
        Ok(())
    });
    let early: Vec<u64> = (0..50).map(|_| w.hear(&o, "x", "early")).collect();
    let own_serial = w.observe(&o, "x", &cancels).expect("memory");
    let late: Vec<u64> = (0..50).map(|_| w.hear(&o, "x", "late")).collect();
    serials
        .borrow_mut()
        .extend(early.into_iter().chain([own_serial]).chain(late));
    w.hear(&o, "x", "last");
    w.set(&o, "x", 1).expect("a slot");
    let heard = w.log();
    assert_eq!(heard.len(), 52);
    assert_eq!(heard[50..], ["cancels", "last o.x UNSET->1"]);
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "last o.x 1->2");
}

#[test]
fn an_observer_subscribed_during_the_event_starts_with_the_next() {
    let (w, a, o) = set_up();
    let (own, class) = (o.clone(), a.clone());
    let subscribes = w.function(move |w, _| {
        w.hear(&own, "x", "new");
        w.hear_class(&class, "x", "new of class");
        Ok(())
    });
    let serial = w.observe(&o, "x", &subscribes).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "");
    w.cancel(&o, serial);
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "new o.x 1->2 | new of class o.x 1->2");
}

#[test]
fn a_receiver_that_is_gone_is_not_called_and_swept() {
    let (w, a, o) = set_up();
    let stays = w.instance(&a, "stays");
    w.hear(&stays, "y", "so that it has a companion");
    let method = |receiver: &Object| {
        w.method(receiver, |w, receiver, change| {
            w.note(format!("{receiver} hears {change}"));
            Ok(())
        })
    };
    let kept = w.observe(&o, "x", &method(&stays)).expect("memory");
    let mut serials = Vec::new();
    for number in 0..1_000 {
        let goes = w.instance(&a, &format!("goes {number}"));
        w.hear(&goes, "y", "so that it has a companion");
        serials.push(w.observe(&o, "x", &method(&goes)).expect("memory"));
        assert!(w.is_active(&o, serials[number]));
    }
    assert!(serials.iter().all(|serial| !w.is_active(&o, *serial)));
    assert!(w.is_active(&o, kept));
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "stays hears o.x UNSET->1");
    let companion = Toy::companion(&o).expect("it is watched");
    let watch = Toy::watch(&companion).expect("a watch");
    assert!(watch.len() < 32, "{} rows are left", watch.len());
    w.engine.check_instance(&o).expect("a sound watch");
}

#[test]
fn a_receiver_of_another_kind_is_held_weakly_too() {
    let (w, _, o) = set_up();
    let receiver = w.text("receiver");
    let method = w.method(&receiver, |w, receiver, _| {
        w.note(receiver.to_string());
        Ok(())
    });
    let serial = w.observe(&o, "x", &method).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    drop(receiver);
    assert!(!w.is_active(&o, serial));
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "receiver");
}

#[test]
fn methods_of_a_base_come_after_the_observers_of_a_class() {
    let w = world();
    let noting = |w: &World, _: &Object, change: &Object| {
        w.note(format!("method {change}"));
        Ok(())
    };
    let a = w.class("A", &[]).slot("x").method("on_x", &["x"], noting);
    let a = a.build();
    let b = w.class("B", &[&a]).build();
    let o = w.instance(&b, "o");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "method o.x UNSET->1");
    w.hear_class(&a, "x", "a");
    w.hear_class(&b, "x", "b");
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "b o.x 1->2 | method o.x 1->2 | a o.x 1->2");
}

#[test]
fn methods_stand_first_at_the_first_class_that_says_so() {
    let w = world();
    let noting = |label: &'static str| {
        move |w: &World, _: &Object, change: &Object| {
            w.note(format!("{label} {change}"));
            Ok(())
        }
    };
    let a = w.class("A", &[]).slot("x").slot("y");
    let a = a.method("on_x", &["x"], noting("A.on_x")).build();
    let b = w.class("B", &[&a]).method("on_x", &[], noting("B.on_x"));
    let b = b.build();
    let c = w.class("C", &[&b, &a]).no_method("on_x").build();
    let d = w.class("D", &[&a]).method("on_x", &["y"], noting("D.on_x"));
    let d = d.build();
    w.hear_class(&a, "x", "subscribed");
    w.set(&w.instance(&a, "a"), "x", 1).expect("a slot");
    assert_eq!(w.heard(), "A.on_x a.x UNSET->1 | subscribed a.x UNSET->1");
    w.set(&w.instance(&b, "b"), "x", 1).expect("a slot");
    assert_eq!(w.heard(), "B.on_x b.x UNSET->1 | subscribed b.x UNSET->1");
    w.set(&w.instance(&c, "c"), "x", 1).expect("a slot");
    assert_eq!(w.heard(), "subscribed c.x UNSET->1");
    let o = w.instance(&d, "d");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "subscribed d.x UNSET->1");
    w.set(&o, "y", 1).expect("a slot");
    assert_eq!(w.heard(), "D.on_x d.y UNSET->1");
}

#[test]
fn a_class_that_an_observer_replaces_is_still_told() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    let b = w.class_of("B", &["x"]);
    let o = w.instance(&a, "o");
    let (own, class) = (o.clone(), b.clone());
    let replaces = w.function(move |w, _| {
        w.change_class(&own, &class);
        Ok(())
    });
    w.observe(&o, "x", &replaces).expect("memory");
    w.hear_class(&a, "x", "A");
    w.hear_class(&b, "x", "B");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "A o.x UNSET->1");
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "B o.x 1->2");
}

#[test]
fn an_observer_that_raises_stops_nobody() {
    let (w, _, o) = set_up();
    let raising = |text: &'static str| w.function(move |_, _| Err(Raised::User(text.to_string())));
    w.observe(&o, "x", &raising("one")).expect("memory");
    w.hear(&o, "x", "between");
    assert_eq!(w.set(&o, "x", 1), Err(Raised::User("one".to_string())));
    assert_eq!(
        (w.heard(), w.read(&o, "x")),
        ("between o.x UNSET->1".into(), "1".into())
    );
    w.observe(&o, "x", &raising("two")).expect("memory");
    w.hear(&o, "x", "behind");
    let raised = w.set(&o, "x", 2).expect_err("both");
    assert_eq!(raised.to_string(), "group(one, two)");
    assert_eq!(w.heard(), "between o.x 1->2 | behind o.x 1->2");
    w.engine.check().expect("a sound engine");
}
