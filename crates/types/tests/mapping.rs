//! Dicts, sets and what stands on them; the values are what CPython 3.15 shows.

use mortice_types::builtin;
use mortice_types::{Args, Borrowed, Context, Object, Result, SlotId, dict_view, text};

fn small(value: i32) -> Object {
    Object::small32(value)
}

fn ints(cx: &Context, values: impl IntoIterator<Item = i32>) -> Object {
    let values: Vec<Object> = values.into_iter().map(small).collect();
    builtin::tuple::from_slice(cx, &values).unwrap()
}

fn dict(cx: &Context, pairs: &[(i32, i32)]) -> Object {
    let pairs: Vec<(Object, Object)> = pairs.iter().map(|&(k, v)| (small(k), small(v))).collect();
    cx.dict_of(&pairs).unwrap()
}

fn call(cx: &Context, object: &Object, method: &str, arguments: &[&Object]) -> Result<Object> {
    let name = cx.intern(method).unwrap();
    let arguments: Vec<Borrowed<'_>> = arguments.iter().map(|object| object.borrow()).collect();
    cx.call_method(object, &name, &arguments)
}

fn message(cx: &Context, result: Result<Object>) -> String {
    let raised = result.unwrap_err();
    let name = cx.type_name(raised.exception());
    let shown = cx.str(raised.exception()).unwrap();
    format!("{name}: {}", text(&shown).unwrap())
}

/// The integers that iterating gives.
fn order(cx: &Context, iterable: &Object) -> Vec<i64> {
    let items = cx.collect(iterable).unwrap();
    items.iter().map(|item| item.as_small().unwrap()).collect()
}

fn size(cx: &Context, object: &Object) -> i64 {
    call(cx, object, "__sizeof__", &[])
        .unwrap()
        .as_small()
        .unwrap()
}

#[test]
fn an_unhashable_key_is_named_with_its_use() {
    let cx = Context::new().unwrap();
    let list = builtin::list::from_slice(&cx, &[]).unwrap();
    let mapping = dict(&cx, &[(1, 2)]);
    assert_eq!(
        message(&cx, cx.get_item(&mapping, &list)),
        "TypeError: cannot use 'list' as a dict key (unhashable type: 'list')"
    );
    let set = builtin::set::new_set(&cx).unwrap();
    assert_eq!(
        message(&cx, call(&cx, &set, "add", &[&list])),
        "TypeError: cannot use 'list' as a set element (unhashable type: 'list')"
    );
    assert_eq!(
        message(&cx, cx.get_item(&mapping, &small(7))),
        "KeyError: 7"
    );
}

#[test]
fn dict_methods_count_their_arguments_in_the_words_of_cpython() {
    let cx = Context::new().unwrap();
    let mapping = dict(&cx, &[(1, 2)]);
    let one = small(1);
    let words =
        |method: &str, arguments: &[&Object]| message(&cx, call(&cx, &mapping, method, arguments));
    assert_eq!(
        words("get", &[]),
        "TypeError: get expected at least 1 argument, got 0"
    );
    assert_eq!(
        words("pop", &[&one, &one, &one]),
        "TypeError: pop expected at most 2 arguments, got 3"
    );
    assert_eq!(
        words("copy", &[&one]),
        "TypeError: dict.copy() takes no arguments (1 given)"
    );
    assert_eq!(
        words("update", &[&one, &one]),
        "TypeError: update expected at most 1 argument, got 2"
    );
    assert_eq!(
        words("update", &[&one]),
        "TypeError: 'int' object is not iterable"
    );
}

#[test]
fn an_iterator_notices_that_keys_come_and_go() {
    let cx = Context::new().unwrap();
    let mapping = dict(&cx, &[(1, 1), (2, 2)]);
    let iterator = cx.iterate(&mapping).unwrap();
    assert_eq!(cx.next(&iterator).unwrap().unwrap().as_small(), Some(1));
    let view = dict_view(&mapping).unwrap();
    view.set(&cx, &small(11), small(0)).unwrap();
    let grown = cx.next(&iterator).map(|_| cx.none());
    assert_eq!(
        message(&cx, grown),
        "RuntimeError: dictionary changed size during iteration"
    );

    let mapping = dict(&cx, &[(1, 1), (2, 2)]);
    let view = dict_view(&mapping).unwrap();
    let iterator = cx.iterate(&mapping).unwrap();
    for key in [1, 2] {
        assert_eq!(cx.next(&iterator).unwrap().unwrap().as_small(), Some(key));
        view.remove(&cx, &small(key as i32)).unwrap();
        view.set(&cx, &small(key as i32 + 10), small(0)).unwrap();
    }
    let changed = cx.next(&iterator).map(|_| cx.none());
    assert_eq!(
        message(&cx, changed),
        "RuntimeError: dictionary keys changed during iteration"
    );
}

#[test]
fn sizes_of_dicts_are_those_of_cpython() {
    let cx = Context::new().unwrap();
    for (count, mixed, texts) in [
        (0, 48, 48),
        (5, 208, 168),
        (6, 336, 256),
        (11, 616, 448),
        (43, 2248, 1568),
        (171, 9288, 6560),
        (1000, 36936, 26016),
    ] {
        let numbers = builtin::dict::new_dict(&cx).unwrap();
        let names = builtin::dict::new_dict(&cx).unwrap();
        for key in 0..count {
            let name = cx.string(&key.to_string()).unwrap();
            dict_view(&numbers)
                .unwrap()
                .set(&cx, &small(key), cx.none())
                .unwrap();
            dict_view(&names)
                .unwrap()
                .set(&cx, &name, cx.none())
                .unwrap();
        }
        assert_eq!((size(&cx, &numbers), size(&cx, &names)), (mixed, texts));
        let copy = call(&cx, &numbers, "copy", &[]).unwrap();
        assert_eq!(size(&cx, &copy), mixed);
    }
}

#[test]
fn sets_of_the_same_history_iterate_as_those_of_cpython() {
    let cx = Context::new().unwrap();
    let set = builtin::set::set_from(&cx, &ints(&cx, [30, 1, 17, 9, 100, 33, 8])).unwrap();
    assert_eq!(order(&cx, &set), SEVEN);
    for key in [17, 9, 100] {
        call(&cx, &set, "remove", &[&small(key)]).unwrap();
    }
    for key in [41, 9, 73, 1 << 20] {
        call(&cx, &set, "add", &[&small(key)]).unwrap();
    }
    assert_eq!(order(&cx, &set), CHANGED);
    let other = builtin::set::set_from(&cx, &ints(&cx, (0..40).map(|k| k * k))).unwrap();
    let union = cx.binary(&set, &other, SlotId::Or).unwrap();
    assert_eq!(order(&cx, &union), UNION);
    let left = cx.binary(&other, &set, SlotId::Sub).unwrap();
    assert_eq!(order(&cx, &left), LEFT);
    let popped = call(&cx, &union, "pop", &[]).unwrap().as_small();
    assert_eq!(popped, Some(POPPED));
    assert_eq!((size(&cx, &set), size(&cx, &union)), SIZES);
}

#[test]
fn a_frozenset_hashes_as_on_cpython() {
    let cx = Context::new().unwrap();
    for (keys, hash) in [
        (0..0, 133_146_708_735_736),
        (1..4, -272_375_401_224_217_160),
        (0..100, 4_411_996_150_312_757_951),
    ] {
        let set = builtin::set::frozen_set_from(&cx, &ints(&cx, keys)).unwrap();
        assert_eq!(cx.hash(&set).unwrap(), hash);
    }
}

#[test]
fn a_set_is_found_in_a_set_as_a_frozenset() {
    let cx = Context::new().unwrap();
    let frozen = builtin::set::frozen_set_from(&cx, &ints(&cx, [1])).unwrap();
    let outer = builtin::tuple::from_slice(&cx, &[frozen, small(2)]).unwrap();
    let outer = builtin::set::set_from(&cx, &outer).unwrap();
    let one = builtin::set::set_from(&cx, &ints(&cx, [1])).unwrap();
    assert!(cx.contains(&outer, &one).unwrap());
    call(&cx, &outer, "remove", &[&one]).unwrap();
    assert_eq!(order(&cx, &outer), [2]);
    assert_eq!(
        message(&cx, call(&cx, &outer, "remove", &[&one])),
        "KeyError: {1}"
    );
}

#[test]
fn views_compute_as_sets() {
    let cx = Context::new().unwrap();
    let mapping = dict(&cx, &[(1, 2), (3, 4)]);
    let keys = call(&cx, &mapping, "keys", &[]).unwrap();
    let both = ints(&cx, [1, 9]);
    for (slot, forward, backward) in [
        (SlotId::And, vec![1], vec![1]),
        (SlotId::Sub, vec![3], vec![9]),
        (SlotId::Or, vec![1, 3, 9], vec![1, 3, 9]),
        (SlotId::Xor, vec![3, 9], vec![3, 9]),
    ] {
        let mut found = order(&cx, &cx.binary(&keys, &both, slot).unwrap());
        found.sort_unstable();
        assert_eq!(found, forward);
        let mut found = order(&cx, &cx.binary(&both, &keys, slot).unwrap());
        found.sort_unstable();
        assert_eq!(found, backward);
    }
    let set = builtin::set::set_from(&cx, &ints(&cx, [1, 3])).unwrap();
    assert!(cx.equal(&keys, &set).unwrap());
    let values = call(&cx, &mapping, "values", &[]).unwrap();
    assert_eq!(
        message(&cx, cx.binary(&values, &both, SlotId::And)),
        "TypeError: unsupported operand type(s) for &: 'dict_values' and 'tuple'"
    );
}

#[test]
fn a_proxy_reads_and_never_writes() {
    let cx = Context::new().unwrap();
    let mapping = dict(&cx, &[(1, 2)]);
    let proxy = builtin::mapping_proxy::new_proxy(&cx, &mapping).unwrap();
    assert_eq!(cx.get_item(&proxy, &small(1)).unwrap().as_small(), Some(2));
    assert!(cx.equal(&proxy, &mapping).unwrap());
    assert_eq!(
        message(
            &cx,
            cx.set_item(&proxy, &small(1), &small(1))
                .map(|()| cx.none())
        ),
        "TypeError: 'mappingproxy' object does not support item assignment"
    );
    let of = cx.builtin(&builtin::MAPPINGPROXY);
    assert_eq!(
        message(&cx, cx.call(of.object(), &[small(1).borrow()])),
        "TypeError: mappingproxy() argument must be a mapping, not int"
    );
}

#[test]
fn a_property_without_functions_says_whose_attribute_it_is() {
    let cx = Context::new().unwrap();
    let of = cx.builtin(&builtin::PROPERTY);
    let property = cx.call_args(of.object(), Args::NONE).unwrap();
    let owner = cx.builtin(&builtin::TYPE);
    let instance = builtin::dict::new_dict(&cx).unwrap();
    let get = |cx: &Context| call(cx, &property, "__get__", &[&instance, owner.object()]);
    assert_eq!(
        message(&cx, get(&cx)),
        "AttributeError: property of 'dict' object has no getter"
    );
    let name = cx.intern("x").unwrap();
    call(&cx, &property, "__set_name__", &[owner.object(), &name]).unwrap();
    assert_eq!(
        message(&cx, get(&cx)),
        "AttributeError: property 'x' of 'dict' object has no getter"
    );
}

const SEVEN: [i64; 7] = [1, 33, 100, 8, 9, 17, 30];
const CHANGED: [i64; 8] = [1048576, 1, 33, 8, 41, 9, 73, 30];
const UNION: [i64; 46] = [
    1048576, 1, 0, 256, 1024, 4, 900, 1156, 8, 9, 16, 144, 400, 529, 784, 1296, 25, 30, 33, 289,
    36, 676, 1444, 41, 169, 49, 441, 64, 576, 961, 1089, 196, 324, 73, 841, 1225, 81, 729, 1369,
    225, 100, 484, 361, 625, 1521, 121,
];
const LEFT: [i64; 38] = [
    0, 256, 1024, 4, 900, 1156, 16, 144, 400, 529, 784, 1296, 25, 289, 36, 676, 1444, 169, 49, 441,
    64, 576, 961, 1089, 196, 324, 841, 1225, 81, 729, 1369, 225, 100, 484, 361, 625, 1521, 121,
];
const POPPED: i64 = 1048576;
const SIZES: (i64, i64) = (712, 2248);
