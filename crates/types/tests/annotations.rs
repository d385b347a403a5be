//! Generic aliases, unions, modules and namespaces; the values are what CPython 3.15 shows.

use mortice_types::builtin;
use mortice_types::{Args, Context, NativeType, Object, Result, SlotId, text};

fn class(cx: &Context, native: &'static NativeType) -> Object {
    cx.builtin(native).into_object()
}

fn shown(cx: &Context, object: &Object) -> String {
    text(&cx.repr(object).unwrap()).unwrap().to_string()
}

fn message(cx: &Context, result: Result<Object>) -> String {
    let raised = result.unwrap_err();
    let name = cx.type_name(raised.exception());
    let words = cx.str(raised.exception()).unwrap();
    format!("{name}: {}", text(&words).unwrap())
}

#[test]
fn an_alias_passes_on_what_is_not_its_own() {
    let cx = Context::new().unwrap();
    let (list, int) = (class(&cx, &builtin::LIST), class(&cx, &builtin::INT));
    let alias = cx.get_item(&list, &int).unwrap();
    assert_eq!(shown(&cx, &alias), "list[int]");
    let again = cx.get_item(&list, &int).unwrap();
    assert!(cx.equal(&alias, &again).unwrap());
    assert_eq!(cx.hash(&alias).unwrap(), cx.hash(&again).unwrap());
    let made = cx.call(&alias, &[]).unwrap();
    assert!(cx.is_exactly(&made, &builtin::LIST));
    let name = cx.get_attribute_text(&alias, "__name__").unwrap();
    assert_eq!(text(&name), Some("list"));
    let refused = cx.is_instance(&made, &alias).map(|_| cx.none());
    assert_eq!(
        message(&cx, refused),
        "TypeError: isinstance() argument 2 cannot be a parameterized generic"
    );
    assert_eq!(
        message(&cx, cx.get_item(&alias, &int)),
        "TypeError: list[int] is not a generic class"
    );
    let empty = builtin::tuple::from_slice(&cx, &[]).unwrap();
    let tuple = class(&cx, &builtin::TUPLE);
    let none = builtin::generic_alias::new_alias(&cx, &tuple, &empty).unwrap();
    assert_eq!(shown(&cx, &none), "tuple[()]");
}

#[test]
fn a_union_keeps_each_member_once() {
    let cx = Context::new().unwrap();
    let (int, string) = (class(&cx, &builtin::INT), class(&cx, &builtin::STR));
    let union = cx.binary(&int, &string, SlotId::Or).unwrap();
    assert_eq!(shown(&cx, &union), "int | str");
    let reverse = cx.binary(&string, &int, SlotId::Or).unwrap();
    assert!(cx.equal(&union, &reverse).unwrap());
    assert_eq!(cx.hash(&union).unwrap(), cx.hash(&reverse).unwrap());
    assert!(cx.binary(&int, &int, SlotId::Or).unwrap().is(&int));
    let optional = cx.binary(&cx.none(), &int, SlotId::Or).unwrap();
    assert_eq!(shown(&cx, &optional), "None | int");
    let more = cx.binary(&union, &optional, SlotId::Or).unwrap();
    assert_eq!(shown(&cx, &more), "int | str | None");
    assert!(cx.is_instance(&Object::small32(3), &union).unwrap());
    assert!(!cx.is_instance(&cx.none(), &union).unwrap());
    assert!(cx.is_instance(&cx.none(), &optional).unwrap());
    assert_eq!(
        message(&cx, cx.binary(&int, &Object::small32(1), SlotId::Or)),
        "TypeError: unsupported operand type(s) for |: 'type' and 'int'"
    );
    let of = class(&cx, &builtin::UNION_TYPE);
    assert_eq!(
        message(&cx, cx.call(&of, &[])),
        "TypeError: cannot create 'typing.Union' instances"
    );
}

#[test]
fn a_module_without_a_name_says_less() {
    let cx = Context::new().unwrap();
    let module = builtin::module::new_module(&cx, "m").unwrap();
    assert_eq!(
        message(&cx, cx.get_attribute_text(&module, "x")),
        "AttributeError: module 'm' has no attribute 'x'"
    );
    let name = cx.intern("__name__").unwrap();
    cx.delete_attribute(&module, &name).unwrap();
    assert_eq!(
        message(&cx, cx.get_attribute_text(&module, "x")),
        "AttributeError: module has no attribute 'x'"
    );
    assert_eq!(shown(&cx, &module), "<module '?'>");
    let of = class(&cx, &builtin::MODULE);
    assert_eq!(
        message(&cx, cx.call(&of, &[Object::small32(1).borrow()])),
        "TypeError: module() argument 'name' must be str, not int"
    );
}

#[test]
fn a_namespace_shows_its_attributes_and_itself_as_an_ellipsis() {
    let cx = Context::new().unwrap();
    let of = class(&cx, &builtin::NAMESPACE);
    let names = [cx.intern("a").unwrap()];
    let one = Object::small32(1);
    let made = cx
        .call_args(&of, Args::with_names(&[one.borrow()], &names))
        .unwrap();
    assert_eq!(shown(&cx, &made), "namespace(a=1)");
    let me = cx.intern("me").unwrap();
    cx.set_attribute(&made, &me, &made).unwrap();
    assert_eq!(shown(&cx, &made), "namespace(a=1, me=namespace(...))");
    assert_eq!(
        message(&cx, cx.hash(&made).and_then(|hash| cx.int(hash))),
        "TypeError: unhashable type: 'types.SimpleNamespace'"
    );
}
