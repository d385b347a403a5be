//! When a write is a change.

use crate::host::{Object, Raised, Spec, World, world};
use mortice_slots::Compare;
use std::rc::Rc;

fn instance(w: &Rc<World>, compare: Compare) -> Object {
    let class = w.class("A", &[]).spec("x", Spec::new().compare(compare));
    w.instance(&class.build(), "o")
}

#[test]
fn equal_values_are_stored_and_not_told() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    w.hear(&o, "x", "h");
    let (one, same) = (w.int(1), w.int(1));
    w.put(&o, "x", &one).expect("a slot");
    w.put(&o, "x", &same).expect("a slot");
    assert_eq!(w.heard(), "h o.x UNSET->1");
    assert_eq!((one.references(), same.references()), (1, 2));
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "h o.x 1->2");
}

#[test]
fn identity_tells_equal_values_that_are_others() {
    let w = world();
    let o = instance(&w, Compare::Identity);
    w.hear(&o, "x", "h");
    let one = w.int(1);
    w.put(&o, "x", &one).expect("a slot");
    w.put(&o, "x", &one).expect("a slot");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(w.heard(), "h o.x UNSET->1 | h o.x 1->1");
    assert_eq!(w.comparisons.get(), 0);
}

#[test]
fn always_tells_every_write_of_a_value() {
    let w = world();
    let o = instance(&w, Compare::Always);
    w.hear(&o, "x", "h");
    let one = w.int(1);
    w.put(&o, "x", &one).expect("a slot");
    w.put(&o, "x", &one).expect("a slot");
    w.del(&o, "x").expect("it is set");
    assert_eq!(w.heard(), "h o.x UNSET->1 | h o.x 1->1 | h o.x 1->UNSET");
    assert_eq!(w.comparisons.get(), 0);
}

#[test]
fn unset_differs_from_every_value_without_being_asked() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    w.hear(&o, "x", "h");
    let value = w.compared(|_| Err(Raised::User("never asked".to_string())));
    w.put(&o, "x", &value).expect("a slot");
    w.del(&o, "x").expect("it is set");
    assert_eq!(
        w.heard(),
        "h o.x UNSET-><compared> | h o.x <compared>->UNSET"
    );
    assert_eq!(w.comparisons.get(), 0);
}

#[test]
fn a_comparison_that_raises_counts_as_a_change() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    w.hear(&o, "x", "h");
    let value = w.compared(|_| Err(Raised::User("no ==".to_string())));
    w.put(&o, "x", &value).expect("a slot");
    w.log();
    assert_eq!(w.set(&o, "x", 1), Ok(()), "the exception is passed over");
    assert_eq!(w.heard(), "h o.x <compared>->1");
}

#[test]
fn an_exception_that_must_not_be_passed_over_is_raised_with_those_of_observers() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    let value = w.compared(|_| Err(Raised::Fatal("interrupt".to_string())));
    w.put(&o, "x", &value).expect("a slot");
    w.hear(&o, "x", "h");
    let raised = w.set(&o, "x", 1).expect_err("the interrupt");
    assert_eq!(
        (raised.to_string(), w.heard()),
        ("interrupt".into(), "h o.x <compared>->1".into())
    );
    w.put(&o, "x", &value).expect_err("the interrupt");
    let raising = w.function(|_, _| Err(Raised::User("observer".to_string())));
    w.observe(&o, "x", &raising).expect("memory");
    let raised = w.set(&o, "x", 2).expect_err("both");
    assert_eq!(raised.to_string(), "group(interrupt, observer)");
    assert_eq!(w.read(&o, "x"), "2");
    w.engine.check().expect("a sound engine");
}

#[test]
fn nobody_is_asked_where_nobody_hears() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    w.set(&o, "x", 1).expect("a slot");
    w.set(&o, "x", 2).expect("a slot");
    // A hold covers the slot, and still nobody hears.
    w.begin_hold(&[]).expect("memory");
    w.set(&o, "x", 3).expect("a slot");
    w.end_hold(&[]).expect("nothing is told");
    assert_eq!(w.comparisons.get(), 0);
}

#[test]
fn an_observer_that_ended_before_its_turn_does_not_let_values_be_compared() {
    let w = world();
    let a = w.class_of("A", &["x", "y"]);
    let (o, other) = (w.instance(&a, "o"), w.instance(&a, "other"));
    w.set(&other, "y", 1).expect("a slot");
    let serial = w.hear(&other, "y", "gone");
    let (target, observed) = (other.clone(), other.clone());
    let cancels = w.function(move |w, _| {
        w.set(&target, "y", 2)?;
        w.cancel(&observed, serial);
        Ok(())
    });
    w.observe(&o, "x", &cancels).expect("memory");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!((w.comparisons.get(), w.heard()), (0, String::new()));
}

#[test]
fn the_comparison_of_the_place_that_gives_the_value_counts() {
    let w = world();
    let always = w.class("Always", &[]);
    let always = always
        .spec("v", Spec::new().compare(Compare::Always))
        .build();
    let equal = w.class_of("Equal", &["v"]);
    let (target, o) = (w.instance(&always, "t"), w.instance(&equal, "o"));
    w.set(&target, "v", 1).expect("a slot");
    w.delegate(&o, "v", &target, "v").expect("no cycle");
    w.hear(&o, "v", "h");
    w.set(&target, "v", 1).expect("a slot");
    assert_eq!(w.heard(), "h o.v 1->1 from t.v");
    w.set(&o, "v", 1).expect("a slot");
    assert_eq!(w.heard(), "h o.v 1->1 from t.v");
}

#[test]
fn both_unset_is_never_a_change() {
    let w = world();
    let o = instance(&w, Compare::Always);
    let target = instance(&w, Compare::Always);
    w.hear(&o, "x", "h");
    w.delegate(&o, "x", &target, "x").expect("no cycle");
    w.undelegate(&o, "x").expect("a delegation");
    assert_eq!(w.heard(), "");
}

#[test]
fn a_comparison_may_subscribe_beside_the_only_observer() {
    let w = world();
    let o = instance(&w, Compare::Equal);
    w.hear(&o, "x", "first");
    let of = o.clone();
    let value = w.compared(move |w| {
        w.hear(&of, "x", "late");
        Ok(false)
    });
    w.put(&o, "x", &value).expect("a slot");
    assert_eq!(w.heard(), "first o.x UNSET-><compared>");
    w.set(&o, "x", 1).expect("a slot");
    assert_eq!(
        w.heard(),
        "first o.x <compared>->1",
        "the late one comes later"
    );
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "first o.x 1->2 | late o.x 1->2");
}
