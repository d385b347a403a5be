//! Copies and reductions, compared with what CPython 3.15 shows.

use mortice_types::builtin::{self, copying, dict, list, tuple};
use mortice_types::{Borrowed, Context, Object, Type, text, tuple_items};

fn make_class(cx: &Context, name: &str, body: &[(&str, Object)]) -> Type {
    let name = cx.string(name).unwrap();
    let bases = tuple::from_slice(cx, &[]).unwrap();
    let namespace = dict::new_dict(cx).unwrap();
    for (key, value) in body {
        let key = cx.intern(key).unwrap();
        dict::view(&namespace)
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

fn deep(cx: &Context, object: &Object) -> Object {
    copying::deep(cx, object, &dict::new_dict(cx).unwrap()).unwrap()
}

fn call(cx: &Context, object: &Object, name: &str, arguments: &[Object]) -> Object {
    let name = cx.intern(name).unwrap();
    cx.call_method(object, &name, Object::borrow_all(arguments))
        .unwrap()
}

fn item(list: &Object, index: usize) -> Object {
    list::view(list).unwrap().items.get(index).unwrap()
}

#[test]
fn a_deep_copy_keeps_sharing_and_cycles() {
    let cx = Context::new().unwrap();
    let inner = list::from_slice(&cx, &[cx.int(1).unwrap()]).unwrap();
    let outer = list::from_slice(&cx, &[inner.clone(), inner.clone()]).unwrap();
    list::append(&cx, list::view(&outer).unwrap(), outer.clone()).unwrap();
    let shallow = copying::shallow(&cx, &outer).unwrap();
    assert!(item(&shallow, 0).is(&inner) && !shallow.is(&outer));
    let copied = deep(&cx, &outer);
    assert!(item(&copied, 2).is(&copied));
    assert!(item(&copied, 0).is(&item(&copied, 1)));
    assert!(!item(&copied, 0).is(&inner));
}

#[test]
fn a_tuple_is_copied_only_where_its_items_are() {
    let cx = Context::new().unwrap();
    let plain = tuple::from_slice(&cx, &[cx.int(1).unwrap(), cx.none()]).unwrap();
    assert!(deep(&cx, &plain).is(&plain));
    let list = list::from_slice(&cx, &[]).unwrap();
    let around = tuple::from_pair(&cx, plain, list.clone()).unwrap();
    list::append(&cx, list::view(&list).unwrap(), around.clone()).unwrap();
    let copied = deep(&cx, &around);
    assert!(!copied.is(&around));
    assert!(item(&tuple_items(&copied).unwrap()[1], 0).is(&copied));
    drop(list::view(&list).unwrap().items.take());
}

#[test]
fn instances_are_copied_through_their_dict_and_slots() {
    let cx = Context::new().unwrap();
    let names = ["x", "y", "__dict__"].map(|name| cx.intern(name).unwrap());
    let slots = tuple::from_slice(&cx, &names).unwrap();
    let class = make_class(&cx, "P", &[("__slots__", slots)]);
    let object = cx.call(class.object(), &[]).unwrap();
    let part = list::from_slice(&cx, &[]).unwrap();
    cx.set_attribute(&object, &names[0], &part).unwrap();
    let free = cx.intern("free").unwrap();
    cx.set_attribute(&object, &free, &part).unwrap();
    let state = call(&cx, &object, "__getstate__", &[]);
    let stored = dict::view(&tuple_items(&state).unwrap()[1]).unwrap();
    assert_eq!(stored.len(), 1);
    assert!(stored.get_text("x").unwrap().is(&part));
    let shallow = copying::shallow(&cx, &object).unwrap();
    assert!(cx.get_attribute(&shallow, &names[0]).unwrap().is(&part));
    assert!(cx.find_attribute(&shallow, &names[1]).unwrap().is_none());
    let copied = deep(&cx, &object);
    let copied_part = cx.get_attribute(&copied, &names[0]).unwrap();
    assert!(!copied_part.is(&part));
    assert!(cx.get_attribute(&copied, &free).unwrap().is(&copied_part));
}

#[test]
fn reductions_name_what_makes_the_object() {
    let cx = Context::new().unwrap();
    let four = cx.int(4).unwrap();
    let reduced = call(
        &cx,
        &list::from_slice(&cx, &[]).unwrap(),
        "__reduce_ex__",
        std::slice::from_ref(&four),
    );
    let parts = tuple_items(&reduced).unwrap();
    assert_eq!(parts.len(), 5);
    let name = cx.get_attribute_text(&parts[0], "__name__").unwrap();
    assert_eq!(text(&name), Some("__newobj__"));
    assert!(cx.is_none(&parts[2]) && !cx.is_none(&parts[3]) && cx.is_none(&parts[4]));
    let cell = builtin::cell::new_cell(&cx, None).unwrap();
    let reduce = cx.intern("__reduce_ex__").unwrap();
    let raised = cx
        .call_method(&cell, &reduce, &[four.borrow()])
        .unwrap_err();
    let words = cx.str(raised.exception()).unwrap();
    assert_eq!(text(&words), Some("cannot pickle 'cell' object"));
    for object in [cx.none(), four, cx.builtin(&builtin::INT).into_object()] {
        assert!(deep(&cx, &object).is(&object));
        assert!(copying::shallow(&cx, &object).unwrap().is(&object));
    }
}

#[test]
fn dir_lists_the_instance_before_its_classes() {
    let cx = Context::new().unwrap();
    let class = make_class(&cx, "C", &[("in_class", cx.none())]);
    let object = cx.call(class.object(), &[]).unwrap();
    let own = cx.intern("own").unwrap();
    cx.set_attribute(&object, &own, &cx.none()).unwrap();
    let names = call(&cx, &object, "__dir__", &[]);
    assert_eq!(text(&item(&names, 0)), Some("own"));
    assert_eq!(text(&item(&names, 1)), Some("in_class"));
    assert!(
        cx.contains(&names, &cx.intern("__reduce_ex__").unwrap())
            .unwrap()
    );
}
