//! Which slots a class has, and in which order they lie.

use crate::host::{Kind, Object, Raised, Spec, World, picture, world};
use mortice_slots::plan::SLOT_LIMIT;
use mortice_slots::{ProblemKind, Rows, SlotFlags};

#[test]
fn first_base_then_further_bases_then_own() {
    let w = world();
    let a = w.class_of("A", &["x", "y"]);
    let b = w.class_of("B", &["y", "z"]);
    let c = w.class("C", &[&a, &b]).slot("w").build();
    assert_eq!(picture(&w, &a), "x y");
    assert_eq!(picture(&w, &b), "y z");
    assert_eq!(picture(&w, &c), "x y z w");
}

#[test]
fn a_further_base_brings_its_whole_order_in_one_go() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    let b = w.class("B", &[&a]).slot("y").build();
    let d = w.class_of("D", &["z", "y", "x"]);
    let c = w.class("C", &[&b, &a, &d]).build();
    assert_eq!(picture(&w, &c), "x y z");
    let other = w.class("Other", &[&d, &b, &a]).build();
    assert_eq!(picture(&w, &other), "z y x");
}

#[test]
fn a_diamond_is_stored_once() {
    let w = world();
    let top = w.class_of("Top", &["t"]);
    let left = w.class("Left", &[&top]).slot("l").build();
    let right = w.class("Right", &[&top]).slot("r").build();
    let bottom = w.class("Bottom", &[&left, &right, &top]).slot("b").build();
    assert_eq!(picture(&w, &bottom), "t l r b");
    let o = w.instance(&bottom, "o");
    for (value, name) in ["t", "l", "r", "b"].into_iter().enumerate() {
        w.set(&o, name, value as i64).expect("a slot");
    }
    let read: Vec<String> = ["t", "l", "r", "b"].map(|name| w.read(&o, name)).into();
    assert_eq!(read, ["0", "1", "2", "3"]);
}

#[test]
fn a_subclass_without_slots_of_its_own_has_those_of_its_base() {
    let w = world();
    let a = w.class_of("A", &["x", "y"]);
    let b = w.class("B", &[&a]).build();
    assert_eq!(picture(&w, &b), "x y");
}

#[test]
fn a_redefinition_keeps_its_place() {
    let w = world();
    let a = w.class_of("A", &["x", "y", "z"]);
    let spec = Spec::new().default(w.int(7));
    let b = w.class("B", &[&a]).slot("own").spec("y", spec).build();
    assert_eq!(picture(&w, &b), "x y z own");
    assert_eq!(w.read(&w.instance(&b, "b"), "y"), "7");
    let unset = "Attribute: 'A' object has no attribute 'y'";
    assert_eq!(w.read(&w.instance(&a, "a"), "y"), unset);
}

#[test]
fn a_hidden_slot_keeps_its_place_and_its_rules() {
    let w = world();
    let spec = Spec::new().default(w.int(7));
    let a = w.class("A", &[]).spec("x", spec).slot("y").build();
    let b = w.class("B", &[&a]).plain("x").build();
    assert_eq!(picture(&w, &b), "(x) y");
    let o = w.instance(&b, "o");
    // By the descriptor of the base.
    assert_eq!(w.read(&o, "x"), "7");
    w.set(&o, "x", 8).expect("a place");
    assert_eq!(w.read(&o, "x"), "8");
    let again = w.class("C", &[&b, &a]).slot("x").build();
    assert_eq!(picture(&w, &again), "x y");
}

#[test]
fn a_delegated_name_has_no_place() {
    let w = world();
    let a = w
        .class("A", &[])
        .delegated("r", "wheel", "radius")
        .slot("wheel")
        .slot("z")
        .build();
    assert_eq!(picture(&w, &a), "wheel z -> r");
}

#[test]
fn a_delegated_name_over_a_slot_keeps_the_place_below() {
    let w = world();
    let a = w.class_of("A", &["x", "wheel"]);
    let b = w
        .class("B", &[&a])
        .delegated("s", "wheel", "x")
        .delegated("x", "wheel", "x")
        .build();
    // In the order of the classes that delegate, not in that of the places below.
    assert_eq!(picture(&w, &b), "(x) wheel -> s x");
    let c = w.class("C", &[&b, &a]).slot("x").build();
    assert_eq!(picture(&w, &c), "x wheel -> s");
    let d = w
        .class("D", &[&c, &b, &a])
        .delegated("x", "wheel", "x")
        .build();
    assert_eq!(picture(&w, &d), "(x) wheel -> s x");
}

#[test]
fn a_name_that_becomes_a_slot_lies_behind_those_from_before() {
    let w = world();
    let a = w.class("A", &[]).delegated("d", "w", "v").slot("w").build();
    let b = w.class("B", &[&a]).slot("y").slot("d").build();
    assert_eq!(picture(&w, &b), "w y d");
    // The first base's order is kept, whatever the order in which its rows came about.
    let c = w.class("C", &[&b, &a]).slot("own").build();
    assert_eq!(picture(&w, &c), "w y d own");
    let other = w.class_of("Other", &["q"]);
    let last = w.class("Last", &[&other, &b, &a]).build();
    assert_eq!(picture(&w, &last), "q w y d");
}

#[test]
fn one_base_delegates_what_another_stores() {
    let w = world();
    let a = w.class("A", &[]).slot("w").delegated("x", "w", "x").build();
    let b = w.class_of("B", &["x", "y"]);
    let delegates = w.class("C", &[&a, &b]).build();
    assert_eq!(picture(&w, &delegates), "w (x) y -> x");
    let stores = w.class("D", &[&b, &a]).build();
    assert_eq!(picture(&w, &stores), "x y w");
}

#[test]
fn a_hidden_delegated_name_leads_nowhere() {
    let w = world();
    let wheel = w.class_of("Wheel", &["r"]);
    let a = w.class("A", &[]).slot("w").delegated("r", "w", "r").build();
    let b = w.class("B", &[&a]).plain("r").build();
    let (o, held) = (w.instance(&b, "o"), w.instance(&wheel, "wheel"));
    w.set(&held, "r", 5).expect("a slot");
    w.put(&o, "w", &held).expect("a slot");
    // There is no place below it, and nothing to follow.
    let unset = "Attribute: 'B' object has no attribute 'r'";
    assert_eq!(w.read(&o, "r"), unset);
    assert_eq!(w.set(&o, "r", 6).expect_err("no place").to_string(), unset);
    let error = w.del(&o, "r").expect_err("no place");
    assert_eq!(error.to_string(), "Attribute: r");
    assert_eq!(w.read(&held, "r"), "5");
}

/// Defines a slot in a class that exists, as a host does before the class is sealed.
fn define(world: &World, class: &Object, name: &str) -> Result<usize, Raised> {
    let Kind::Class(body) = class.kind() else {
        panic!("a class is needed");
    };
    let facts = mortice_slots::Facts::default();
    let definition = world.text("a definition");
    body.parts()
        .define(world, world.name(name), facts, definition)
}

#[test]
fn a_late_definition_goes_behind_the_others() {
    let w = world();
    let a = w.class_of("A", &["x"]);
    assert_eq!(define(&w, &a, "late"), Ok(1));
    assert_eq!(define(&w, &a, "x"), Ok(0));
    assert_eq!(picture(&w, &a), "x late");
    let o = w.instance(&a, "o");
    w.set(&o, "late", 3).expect("a slot");
    assert_eq!(w.read(&o, "late"), "3");
}

#[test]
fn too_many_slots_are_an_error_value() {
    let w = world();
    let a = w.class_of("A", &["first"]);
    let Kind::Class(body) = a.kind() else {
        panic!("a class is needed");
    };
    body.state.places.set((SLOT_LIMIT - 1) as u16);
    assert_eq!(define(&w, &a, "last"), Ok(1));
    let refused = define(&w, &a, "one too many").expect_err("65,535 places");
    let words = "a class can have at most 65535 slots".to_string();
    assert_eq!(refused, Raised::Problem(ProblemKind::Type, words));
    // A known name needs no place.
    assert_eq!(define(&w, &a, "first"), Ok(0));
    let sum = w.class("B", &[&a]).slot("x").try_build();
    assert!(sum.is_ok(), "the base has two rows only");
}

#[test]
fn the_facts_of_a_row_are_those_of_the_class_itself() {
    let w = world();
    let a = w
        .class("A", &[])
        .slot("w")
        .spec("x", Spec::new().default(w.int(1)))
        .delegated("r", "w", "r")
        .build();
    let flags = |class: &Object, name: &str| {
        let Kind::Class(body) = class.kind() else {
            panic!("a class is needed");
        };
        let parts = body.parts();
        let found = parts.find_any(w.name(name), usize::MAX);
        found.map_or(SlotFlags::default(), |(_, row)| row.flags)
    };
    assert_eq!(flags(&a, "w"), SlotFlags::CARRIER);
    assert_eq!(flags(&a, "x"), SlotFlags::DEFAULT);
    assert_eq!(flags(&a, "r"), SlotFlags::DELEGATED);
    let b = w.class("B", &[&a]).plain("r").slot("x").build();
    assert_eq!(flags(&b, "w"), SlotFlags::default());
    assert_eq!(flags(&b, "x"), SlotFlags::default());
    assert!(flags(&b, "r").has(SlotFlags::HIDDEN));
}

#[test]
fn a_plan_that_memory_runs_out_for_is_an_error_value() {
    let w = world();
    let a = w.class("A", &[]).slot("x").slot("w").build();
    let b = w.class("B", &[]).slot("y").delegated("d", "w", "x").build();
    for number in 0.. {
        w.failures.at(number, false);
        let made = w.class("C", &[&a, &b]).slot("z").try_build();
        if !w.failures.end() {
            assert_eq!(picture(&w, &made.expect("a class")), "x w y z -> d");
            assert!(number > 8, "the failures were met");
            break;
        }
        assert_eq!(made.err(), Some(Raised::Memory), "allocation {number}");
        let Kind::Class(body) = a.kind() else {
            panic!("a class is needed");
        };
        assert_eq!((body.rows.len(), picture(&w, &a)), (2, "x w".to_string()));
    }
}
