//! Classes made through the public API: creation, slots, life and death.

use mortice_types::builtin;
use mortice_types::native::figures;
use mortice_types::{
    Args, Borrowed, Context, Object, Result, SlotId, Type, index, native_type, text,
};

fn make_class(cx: &Context, name: &str, bases: &[Object], body: &[(&str, Object)]) -> Type {
    let name = cx.string(name).unwrap();
    let bases = builtin::tuple::from_slice(cx, bases).unwrap();
    let namespace = builtin::dict::new_dict(cx).unwrap();
    for (key, value) in body {
        let key = cx.intern(key).unwrap();
        mortice_types::dict_view(&namespace)
            .unwrap()
            .set(cx, &key, value.clone())
            .unwrap();
    }
    let values: [Borrowed<'_>; 3] = [name.borrow(), bases.borrow(), namespace.borrow()];
    let class = cx
        .call(cx.builtin(&builtin::TYPE).object(), &values)
        .unwrap();
    Type::of(&class).unwrap()
}

#[test]
fn a_context_starts_and_ends_with_an_empty_heap() {
    let cx = Context::new().unwrap();
    assert_eq!(text(&cx.builtin(&builtin::DICT).name(&cx)), Some("dict"));
}

#[test]
fn slots_are_written_read_and_deleted() {
    let cx = Context::new().unwrap();
    let names = ["x", "y"].map(|name| cx.intern(name).unwrap());
    let slots = builtin::tuple::from_slice(&cx, &names).unwrap();
    let class = make_class(&cx, "P", &[], &[("__slots__", slots)]);
    let basicsize = cx
        .get_attribute_text(class.object(), "__basicsize__")
        .unwrap();
    assert_eq!(basicsize.as_small(), Some(32));
    let instance = cx.call(class.object(), &[]).unwrap();
    let unset = cx.get_attribute(&instance, &names[0]).unwrap_err();
    assert!(unset.is(&cx, &builtin::ATTRIBUTE_ERROR));
    let value = cx.string("value").unwrap();
    cx.set_attribute(&instance, &names[1], &value).unwrap();
    assert!(cx.get_attribute(&instance, &names[1]).unwrap().is(&value));
    assert_eq!(value.refcount(), 2);
    cx.delete_attribute(&instance, &names[1]).unwrap();
    assert_eq!(value.refcount(), 1);
    let other = cx.intern("z").unwrap();
    assert!(cx.set_attribute(&instance, &other, &value).is_err());
}

#[test]
fn a_cycle_through_a_dict_and_a_class_is_collected() {
    let cx = Context::new().unwrap();
    let class = make_class(&cx, "C", &[], &[]);
    let instance = cx.call(class.object(), &[]).unwrap();
    let name = cx.intern("me").unwrap();
    cx.set_attribute(&instance, &name, &instance).unwrap();
    let kind = cx.intern("kind").unwrap();
    cx.set_attribute(&instance, &kind, class.object()).unwrap();
    let reference = builtin::weakref::new_reference(&cx, &instance).unwrap();
    drop((instance, class));
    let found = cx.heap().collect(mortice_gc::Generation::Full).unwrap();
    assert!(found.collected >= 3, "{found:?}");
    let target = cx.call(&reference, &[]).unwrap();
    assert!(cx.is_none(&target));
}

#[test]
fn a_chain_of_a_million_tuples_ends_in_constant_stack() {
    let cx = Context::new().unwrap();
    let mut chain = cx.none();
    for _ in 0..1_000_000 {
        chain = builtin::tuple::from_slice(&cx, &[chain]).unwrap();
    }
    drop(chain);
    assert!(cx.heap().memory().check().is_ok());
}

#[test]
fn calling_what_is_not_callable_raises() {
    let cx = Context::new().unwrap();
    let raised = cx.call_args(&cx.none(), Args::NONE).unwrap_err();
    assert!(raised.is(&cx, &builtin::TYPE_ERROR));
    let message = builtin::exception::arguments(raised.exception()).unwrap();
    let message = mortice_types::tuple_items(&message).unwrap()[0].clone();
    assert_eq!(text(&message), Some("'NoneType' object is not callable"));
}

fn told(cx: &Context, _: Args<'_>) -> Result<Object> {
    cx.string("told")
}

native_type! {
    /// Attributes for a class that is made otherwise.
    static TELLING: "Telling" {
        index: index::EVAL,
        base: &builtin::OBJECT,
        layout: figures("Telling", 16, 0),
        flags: 0,
        slots { Repr => told, Str => told, },
        methods {},
        getsets {},
    }
}

#[test]
fn what_was_looked_up_before_hides_no_adopted_slot() {
    let cx = Context::new().unwrap();
    let class = make_class(&cx, "C", &[], &[]);
    let object = cx.builtin(&builtin::OBJECT);
    // The names of the slots are cached, as those of `object`.
    for slot in [SlotId::Repr, SlotId::Str] {
        let found = cx.get_attribute_text(class.object(), slot.name()).unwrap();
        let bases = cx.get_attribute_text(object.object(), slot.name()).unwrap();
        assert!(found.is(&bases), "{}", slot.name());
    }
    class.adopt_native(&cx, &TELLING).unwrap();
    let instance = cx.call(class.object(), &[]).unwrap();
    assert_eq!(text(&cx.repr(&instance).unwrap()), Some("told"));
    assert_eq!(text(&cx.str(&instance).unwrap()), Some("told"));
}
