//! Lists and tuples, compared with what CPython 3.15 shows.

use mortice_types::builtin::{self, list, tuple};
use mortice_types::{Context, Object, Raised, SlotId, text};

fn message(cx: &Context, raised: &Raised) -> String {
    let shown = cx.str(raised.exception()).unwrap();
    let kind = cx.type_name(raised.exception());
    format!("{kind}: {}", text(&shown).unwrap())
}

fn ints(cx: &Context, values: &[i64]) -> Object {
    let items: Vec<Object> = values.iter().map(|value| cx.int(*value).unwrap()).collect();
    list::from_slice(cx, &items).unwrap()
}

fn tuple_of(cx: &Context, values: &[i64]) -> Object {
    tuple::from_iterable(cx, &ints(cx, values)).unwrap()
}

fn call(cx: &Context, object: &Object, name: &str, arguments: &[Object]) -> Object {
    try_call(cx, object, name, arguments).unwrap()
}

fn try_call(
    cx: &Context,
    object: &Object,
    name: &str,
    arguments: &[Object],
) -> Result<Object, Raised> {
    let name = cx.intern(name)?;
    cx.call_method(object, &name, Object::borrow_all(arguments))
}

fn room(cx: &Context, list: &Object) -> i64 {
    (call(cx, list, "__sizeof__", &[]).as_small().unwrap() - 40) / 8
}

#[test]
fn there_is_one_empty_tuple() {
    let cx = Context::new().unwrap();
    let empty = tuple::from_slice(&cx, &[]).unwrap();
    let zero = cx.int(0).unwrap();
    let pair = tuple_of(&cx, &[1, 2]);
    assert!(
        tuple::from_iterable(&cx, &ints(&cx, &[]))
            .unwrap()
            .is(&empty)
    );
    assert!(cx.binary(&pair, &zero, SlotId::Mul).unwrap().is(&empty));
    assert!(cx.binary(&pair, &empty, SlotId::Add).unwrap().is(&pair));
    assert!(cx.binary(&empty, &pair, SlotId::Add).unwrap().is(&pair));
    assert!(tuple::from_iterable(&cx, &pair).unwrap().is(&pair));
}

#[test]
fn lists_that_contain_themselves_end_comparing_with_an_error() {
    let cx = Context::new().unwrap();
    let (one, other) = (ints(&cx, &[]), ints(&cx, &[]));
    call(&cx, &one, "append", std::slice::from_ref(&one));
    call(&cx, &other, "append", std::slice::from_ref(&other));
    let raised = cx.equal(&one, &other).unwrap_err();
    assert!(raised.is(&cx, &builtin::RECURSION_ERROR));
    assert!(cx.equal(&one, &one).unwrap());
}

#[test]
fn room_follows_the_growth_of_cpython() {
    let cx = Context::new().unwrap();
    let list = ints(&cx, &[]);
    let mut seen = Vec::new();
    for value in 0..34 {
        if seen.last() != Some(&room(&cx, &list)) {
            seen.push(room(&cx, &list));
        }
        call(&cx, &list, "append", &[cx.int(value).unwrap()]);
    }
    assert_eq!(seen, [0, 4, 8, 16, 24, 32, 40]);
    assert_eq!(room(&cx, &list), 40);
    let three = list::from_iterable(&cx, &tuple_of(&cx, &[1, 2, 3])).unwrap();
    assert_eq!(room(&cx, &three), 4);
    let many = cx.binary(&ints(&cx, &[0]), &cx.int(100).unwrap(), SlotId::Mul);
    let many = many.unwrap();
    let mut shrinks = Vec::new();
    for left in (0..100).rev() {
        let before = room(&cx, &many);
        call(&cx, &many, "pop", &[]);
        if room(&cx, &many) != before {
            shrinks.push((left, room(&cx, &many)));
        }
    }
    assert_eq!(shrinks, [(49, 60), (29, 36), (17, 24), (0, 0)]);
}

#[test]
fn errors_have_the_words_of_cpython() {
    let cx = Context::new().unwrap();
    let one = ints(&cx, &[1]);
    let int = |value: i64| cx.int(value).unwrap();
    let check = |result: Result<Object, Raised>, expected: &str| {
        assert_eq!(message(&cx, &result.unwrap_err()), expected);
    };
    check(
        cx.get_item(&one, &int(5)),
        "IndexError: list index out of range",
    );
    check(
        cx.get_item(&one, &cx.string("a").unwrap()),
        "TypeError: list indices must be integers or slices, not str",
    );
    check(
        try_call(&cx, &one, "pop", &[int(4)]),
        "IndexError: pop index out of range",
    );
    check(
        try_call(&cx, &one, "append", &[]),
        "TypeError: list.append() takes exactly one argument (0 given)",
    );
    check(
        try_call(&cx, &one, "index", &[int(1), cx.none()]),
        "TypeError: slice indices must be integers or have an __index__ method",
    );
    check(
        cx.binary(&one, &tuple_of(&cx, &[1]), SlotId::Add),
        "TypeError: can only concatenate list (not \"tuple\") to list",
    );
    check(
        cx.binary(&one, &cx.string("a").unwrap(), SlotId::Mul),
        "TypeError: can't multiply sequence by non-int of type 'str'",
    );
    check(
        cx.compare(&one, &tuple_of(&cx, &[1]), SlotId::Lt),
        "TypeError: '<' not supported between instances of 'list' and 'tuple'",
    );
    check(cx.hash(&one).map(int), "TypeError: unhashable type: 'list'");
}
