//! Reading, writing and deleting.

use crate::host::{Raised, Spec, world};
use mortice_slots::ProblemKind;
use std::cell::Cell;
use std::rc::Rc;

#[test]
fn an_unset_slot_names_the_class_and_the_attribute() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    let o = w.instance(&a, "o");
    let words = "'A' object has no attribute 'x'".to_string();
    let raised = w.get(&o, "x").expect_err("it is unset");
    assert_eq!(raised, Raised::Problem(ProblemKind::Attribute, words));
    let raised = w.del(&o, "x").expect_err("it is unset");
    let words = "x".to_string();
    assert_eq!(raised, Raised::Problem(ProblemKind::Attribute, words));
}

#[test]
fn a_written_value_is_read_and_deleted() {
    let w = world();
    let o = w.instance(&w.class_of("A", &["x", "y"]), "o");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&o, "y", 2).expect("a slot");
    assert_eq!((w.read(&o, "x"), w.read(&o, "y")), ("1".into(), "2".into()));
    w.del(&o, "x").expect("it is set");
    assert!(w.get(&o, "x").is_err());
    assert!(w.del(&o, "x").is_err());
    assert_eq!(w.read(&o, "y"), "2");
}

#[test]
fn a_slot_that_the_class_has_not_is_an_error() {
    let w = world();
    let o = w.instance(&w.class_of("A", &["radius"]), "o");
    let words = "Attribute: 'A' object has no attribute 'radios'";
    assert_eq!(w.read(&o, "radios"), words);
    let raised = w.set(&o, "radios", 1).expect_err("no slot");
    assert_eq!(raised.to_string(), words);
    let raised = w.del(&o, "radios").expect_err("no slot");
    assert_eq!(raised.to_string(), "Attribute: radios");
    let (near, value) = (w.name("radios"), w.int(1));
    let raised = w.engine.construct(&w, &o, near, &value);
    let words = "Attribute: 'A' object has no slot 'radios'. Did you mean 'radius'?";
    assert_eq!(raised.expect_err("no slot").to_string(), words);
    let far = w.undelegate(&o, "x").expect_err("no slot");
    assert_eq!(far.to_string(), "Attribute: 'A' object has no slot 'x'");
}

#[test]
fn the_old_value_is_let_go() {
    let w = world();
    let o = w.instance(&w.class_of("A", &["x"]), "o");
    let value = w.int(1);
    w.put(&o, "x", &value).expect("a slot");
    assert_eq!(value.references(), 2);
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(value.references(), 1);
}

#[test]
fn two_instances_share_the_default_and_nothing_else() {
    let w = world();
    let default = w.int(7);
    let a = w.class("A", &[]).spec("x", Spec::new().default(default));
    let a = a.build();
    let (one, other) = (w.instance(&a, "one"), w.instance(&a, "other"));
    w.set(&one, "x", 8).expect("a slot");
    assert_eq!(
        (w.read(&one, "x"), w.read(&other, "x")),
        ("8".into(), "7".into())
    );
}

#[test]
fn neither_default_nor_factory_returns_after_a_deletion() {
    let w = world();
    let a = w
        .class("A", &[])
        .spec("x", Spec::new().default(w.int(7)))
        .spec("y", Spec::new().factory(|w| Ok(w.int(8))))
        .build();
    let o = w.instance(&a, "o");
    for name in ["x", "y"] {
        w.del(&o, name).expect("it counts as set");
        assert!(w.get(&o, name).is_err(), "{name} is unset");
        let raised = w.del(&o, name).expect_err("it is unset");
        assert_eq!(raised.to_string(), format!("Attribute: {name}"));
        w.set(&o, name, 9).expect("a slot");
        assert_eq!(w.read(&o, name), "9");
        w.del(&o, name).expect("it is set");
        assert!(w.get(&o, name).is_err(), "{name} is unset again");
    }
    // Another instance has its own.
    assert_eq!(w.read(&w.instance(&a, "other"), "x"), "7");
}

#[test]
fn a_factory_runs_once_for_each_instance_at_the_first_read() {
    let w = world();
    let calls = Rc::new(Cell::new(0));
    let counted = calls.clone();
    let spec = Spec::new().factory(move |w| {
        counted.set(counted.get() + 1);
        Ok(w.int(counted.get()))
    });
    let a = w.class("A", &[]).spec("x", spec).build();
    let (one, other, third) = (
        w.instance(&a, "one"),
        w.instance(&a, "other"),
        w.instance(&a, "third"),
    );
    assert_eq!(calls.get(), 0);
    w.hear(&one, "x", "h");
    assert_eq!(
        (w.read(&one, "x"), w.read(&one, "x")),
        ("1".into(), "1".into())
    );
    assert_eq!(w.read(&other, "x"), "2");
    w.set(&third, "x", 5).expect("a slot");
    assert_eq!((w.read(&third, "x"), calls.get()), ("5".into(), 2));
    assert_eq!(w.heard(), "", "a first read emits nothing");
}

#[test]
fn a_factory_that_raises_stays_pending() {
    let w = world();
    let fails = Rc::new(Cell::new(true));
    let failing = fails.clone();
    let spec = Spec::new().factory(move |w| match failing.get() {
        true => Err(Raised::User("not yet".to_string())),
        false => Ok(w.int(3)),
    });
    let o = w.instance(&w.class("A", &[]).spec("x", spec).build(), "o");
    let name = w.name("x");
    assert_eq!(w.read(&o, "x"), "not yet");
    assert!(w.engine.is_pending(&w, &o, name));
    fails.set(false);
    assert_eq!(w.read(&o, "x"), "3");
    assert!(!w.engine.is_pending(&w, &o, name));
}

#[test]
fn what_a_factory_writes_itself_stands() {
    let w = world();
    let object = Rc::new(Cell::new(None));
    let own = object.clone();
    let spec = Spec::new().factory(move |w| {
        let o: crate::host::Object = own.take().expect("one call");
        w.set(&o, "x", 1)?;
        Ok(w.int(2))
    });
    let o = w.instance(&w.class("A", &[]).spec("x", spec).build(), "o");
    w.hear(&o, "x", "h");
    object.set(Some(o.clone()));
    assert_eq!(
        (w.read(&o, "x"), w.heard()),
        ("1".into(), "h o.x UNSET->1".into())
    );
}

#[test]
fn a_factory_that_deletes_its_slot_leaves_it_unset() {
    let w = world();
    let object = Rc::new(Cell::new(None));
    let own = object.clone();
    let spec = Spec::new().factory(move |w| {
        let o: crate::host::Object = own.take().expect("one call");
        w.del(&o, "x")?;
        Ok(w.int(2))
    });
    let o = w.instance(&w.class("A", &[]).spec("x", spec).build(), "o");
    object.set(Some(o.clone()));
    assert_eq!(
        w.read(&o, "x"),
        "Attribute: 'A' object has no attribute 'x'"
    );
    assert!(!w.engine.is_pending(&w, &o, w.name("x")));
}

#[test]
fn a_refused_write_changes_nothing_and_emits_nothing() {
    let w = world();
    let spec = Spec::new().rule(|w, _, value| match value.to_string().as_str() {
        "13" => Err(Raised::User("refused".to_string())),
        _ => Ok(w.text(&format!("<{value}>"))),
    });
    let o = w.instance(&w.class("A", &[]).spec("x", spec).build(), "o");
    w.hear(&o, "x", "h");
    w.set(&o, "x", 1).expect("it is allowed");
    assert_eq!(w.set(&o, "x", 13), Err(Raised::User("refused".to_string())));
    assert_eq!(
        (w.read(&o, "x"), w.heard()),
        ("<1>".into(), "h o.x UNSET-><1>".into())
    );
    w.del(&o, "x").expect("rules are for values");
}

#[test]
fn rules_hold_for_the_constructor_and_not_for_defaults_and_copies() {
    let w = world();
    let spec = Spec::new()
        .default(w.int(0))
        .rule(|w, _, value| Ok(w.text(&format!("<{value}>"))));
    let a = w.class("A", &[]).spec("x", spec).build();
    let (o, name) = (w.instance(&a, "o"), w.name("x"));
    w.hear(&o, "x", "h");
    assert_eq!(w.read(&o, "x"), "0");
    w.engine.construct(&w, &o, name, &w.int(1)).expect("a slot");
    assert_eq!(w.read(&o, "x"), "<1>");
    let value = w.int(2);
    w.engine
        .restore(&w, &o, name, Some(&value))
        .expect("a slot");
    assert_eq!(w.read(&o, "x"), "2");
    w.engine.restore(&w, &o, name, None).expect("a slot");
    assert!(w.get(&o, "x").is_err());
    assert_eq!(
        w.engine
            .own_value(&w, &o, name)
            .map(|value| value.to_string()),
        None
    );
    assert_eq!(w.heard(), "", "neither is heard");
}

#[test]
fn a_default_that_is_forgotten_does_not_return() {
    let w = world();
    let a = w.class("A", &[]).spec("x", Spec::new().default(w.int(7)));
    let o = w.instance(&a.build(), "o");
    let name = w.name("x");
    w.engine.forget_default(&w, &o, name).expect("memory");
    w.engine.forget_default(&w, &o, name).expect("memory");
    assert!(w.get(&o, "x").is_err());
    w.engine.check_instance(&o).expect("a sound watch");
}

#[test]
fn rules_that_put_another_class_under_the_object_count_no_longer() {
    let w = world();
    let cell: Rc<Cell<Option<crate::host::Object>>> = Rc::default();
    let other = cell.clone();
    let spec = Spec::new().rule(move |w, object, value| {
        if let Some(class) = other.take() {
            w.change_class(object, &class);
        }
        Ok(w.text(&format!("<{value}>")))
    });
    let a = w.class("A", &[]).spec("x", spec).build();
    let b = w.class("B", &[]).slot("x").build();
    cell.set(Some(b));
    let o = w.instance(&a, "o");
    w.hear(&o, "x", "h");
    w.set(&o, "x", 1).expect("a slot");
    w.set(&o, "x", 2).expect("a slot");
    assert_eq!(w.heard(), "h o.x UNSET-><1> | h o.x <1>->2");
}
