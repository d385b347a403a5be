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
fn empty_objects_are_shared_by_all_contexts_and_not_written() {
    let address = |_| {
        let cx = Context::new().unwrap();
        let empty = tuple::from_slice(&cx, &[]).unwrap();
        let (text, none) = (cx.string("").unwrap(), cx.intern("").unwrap());
        assert_eq!(cx.hash(&empty).unwrap(), 5_740_354_900_026_072_187);
        assert_eq!(cx.hash(&empty).unwrap(), 5_740_354_900_026_072_187);
        assert_eq!(cx.hash(&text).unwrap(), 0);
        assert!(text.is(&none) && cx.intern_object(&text).unwrap().is(&text));
        assert!(empty.is_immortal() && text.is_immortal());
        (empty.address(), text.address())
    };
    let other = std::thread::spawn(move || address(()));
    assert_eq!(address(()), other.join().unwrap());
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

fn values(cx: &Context, object: &Object) -> Vec<i64> {
    let items = cx.collect(object).unwrap();
    items.iter().map(|item| item.as_small().unwrap()).collect()
}

fn slice(cx: &Context, parts: [Option<i64>; 3]) -> Object {
    let [start, stop, step] = parts.map(|part| match part {
        Some(part) => cx.int(part).unwrap(),
        None => cx.none(),
    });
    builtin::slice::new_slice(cx, &start, &stop, &step).unwrap()
}

/// The places that a slice selects, found by walking.
fn walk(length: i64, [start, stop, step]: [Option<i64>; 3]) -> Vec<i64> {
    let step = step.unwrap_or(1);
    let (low, high) = if step > 0 {
        (0, length)
    } else {
        (-1, length - 1)
    };
    let clamp = |given: i64| {
        let from_start = if given < 0 { given + length } else { given };
        from_start.clamp(low, high)
    };
    let (first, last) = if step > 0 { (low, high) } else { (high, low) };
    let mut at = start.map_or(first, clamp);
    let end = stop.map_or(last, clamp);
    let mut places = Vec::new();
    while (step > 0 && at < end) || (step < 0 && at > end) {
        places.push(at);
        at += step;
    }
    places
}

#[test]
fn slices_agree_with_walking() {
    let cx = Context::new().unwrap();
    let bounds = [None, Some(-7), Some(-2), Some(0), Some(1), Some(3), Some(9)];
    let steps = [None, Some(1), Some(2), Some(3), Some(-1), Some(-2)];
    for length in [0, 1, 4, 5] {
        let all: Vec<i64> = (0..length).collect();
        for start in bounds {
            for stop in bounds {
                for step in steps {
                    let parts = [start, stop, step];
                    let places = walk(length, parts);
                    let key = slice(&cx, parts);
                    let list = ints(&cx, &all);
                    assert_eq!(values(&cx, &cx.get_item(&list, &key).unwrap()), places);
                    let tuple = tuple_of(&cx, &all);
                    assert_eq!(values(&cx, &cx.get_item(&tuple, &key).unwrap()), places);
                    cx.delete_item(&list, &key).unwrap();
                    let kept: Vec<i64> = all
                        .iter()
                        .copied()
                        .filter(|at| !places.contains(at))
                        .collect();
                    assert_eq!(values(&cx, &list), kept, "del {parts:?} of {length}");
                    let list = ints(&cx, &all);
                    let fresh: Vec<i64> = (100..100 + places.len() as i64).collect();
                    cx.set_item(&list, &key, &ints(&cx, &fresh)).unwrap();
                    let mut replaced = all.clone();
                    for (place, value) in places.iter().zip(&fresh) {
                        replaced[*place as usize] = *value;
                    }
                    assert_eq!(values(&cx, &list), replaced, "set {parts:?} of {length}");
                }
            }
        }
    }
}

#[test]
fn slices_take_any_number_of_items() {
    let cx = Context::new().unwrap();
    for count in 0..6 {
        let list = ints(&cx, &[0, 1, 2, 3, 4]);
        let fresh: Vec<i64> = (10..10 + count).collect();
        let key = slice(&cx, [Some(1), Some(3), None]);
        cx.set_item(&list, &key, &tuple_of(&cx, &fresh)).unwrap();
        let expected: Vec<i64> = [0].into_iter().chain(fresh).chain([3, 4]).collect();
        assert_eq!(values(&cx, &list), expected);
    }
    let list = ints(&cx, &[1, 2, 3]);
    let whole = slice(&cx, [None, None, None]);
    cx.set_item(&list, &whole, &list).unwrap();
    assert_eq!(values(&cx, &list), [1, 2, 3]);
    let second = slice(&cx, [None, None, Some(2)]);
    let raised = cx.set_item(&list, &second, &ints(&cx, &[1])).unwrap_err();
    assert_eq!(
        message(&cx, &raised),
        "ValueError: attempt to assign sequence of size 1 to extended slice of size 2"
    );
    let raised = cx.set_item(&list, &whole, &cx.none()).unwrap_err();
    assert_eq!(
        message(&cx, &raised),
        "TypeError: must assign iterable to extended slice"
    );
}

fn make(cx: &Context, of: &'static mortice_types::NativeType, arguments: &[Object]) -> Object {
    cx.construct(&cx.builtin(of), Object::borrow_all(arguments))
        .unwrap()
}

fn make_strict(
    cx: &Context,
    of: &'static mortice_types::NativeType,
    arguments: &[Object],
) -> Object {
    let mut all = arguments.to_vec();
    all.push(cx.bool(true));
    let names = [cx.intern("strict").unwrap()];
    let args = mortice_types::Args::with_names(Object::borrow_all(&all), &names);
    cx.call_args(cx.builtin(of).object(), args).unwrap()
}

#[test]
fn iterators_yield_what_those_of_cpython_yield() {
    let cx = Context::new().unwrap();
    let (short, long) = (ints(&cx, &[1, 2]), ints(&cx, &[3, 4, 5]));
    let start = cx.int(mortice_gc::object::SMALL_MAX - 1).unwrap();
    let pairs = make(&cx, &builtin::ENUMERATE, &[short.clone(), start.clone()]);
    let pairs = cx.collect(&pairs).unwrap();
    assert_eq!(values(&cx, &pairs[0]), [start.as_small().unwrap(), 1]);
    let zipped = make(&cx, &builtin::ZIP, &[short.clone(), long.clone()]);
    let zipped = cx.collect(&zipped).unwrap();
    assert_eq!(values(&cx, &zipped[1]), [2, 4]);
    assert_eq!(zipped.len(), 2);
    assert_eq!(cx.collect(&make(&cx, &builtin::ZIP, &[])).unwrap().len(), 0);
    for (arguments, expected) in [([&short, &long], "longer"), ([&long, &short], "shorter")] {
        let uneven = make_strict(&cx, &builtin::ZIP, &arguments.map(Object::clone));
        let raised = cx.collect(&uneven).unwrap_err();
        assert_eq!(
            message(&cx, &raised),
            format!("ValueError: zip() argument 2 is {expected} than argument 1")
        );
    }
    let tuple_type = cx.builtin(&builtin::TUPLE).into_object();
    let nested = list::from_slice(&cx, &[short.clone(), ints(&cx, &[]), long.clone()]).unwrap();
    let mapped = make(&cx, &builtin::MAP, &[tuple_type, nested.clone()]);
    let mapped = cx.collect(&mapped).unwrap();
    assert_eq!(values(&cx, &mapped[2]), [3, 4, 5]);
    let kept = make(&cx, &builtin::FILTER, &[cx.none(), nested]);
    assert_eq!(cx.collect(&kept).unwrap().len(), 2);
    let backwards = make(&cx, &builtin::REVERSED, &[tuple_of(&cx, &[1, 2, 3])]);
    let hint = call(&cx, &backwards, "__length_hint__", &[]);
    assert_eq!(hint.as_small(), Some(3));
    assert_eq!(values(&cx, &backwards), [3, 2, 1]);
    let backwards = make(&cx, &builtin::REVERSED, std::slice::from_ref(&long));
    assert_eq!(values(&cx, &backwards), [5, 4, 3]);
    let pop = cx.get_attribute_text(&long, "pop").unwrap();
    let popped = builtin::iterator::callable::callable_iterator(&cx, &pop, &cx.int(3).unwrap());
    assert_eq!(values(&cx, &popped.unwrap()), [5, 4]);
}

#[test]
fn a_list_iterator_sees_changes_and_stays_ended() {
    let cx = Context::new().unwrap();
    let list = ints(&cx, &[1, 2]);
    let iterator = cx.iterate(&list).unwrap();
    assert_eq!(cx.next(&iterator).unwrap().unwrap().as_small(), Some(1));
    call(&cx, &list, "append", &[cx.int(3).unwrap()]);
    assert_eq!(values(&cx, &iterator), [2, 3]);
    call(&cx, &list, "append", &[cx.int(4).unwrap()]);
    assert_eq!(values(&cx, &iterator), []);
}

#[test]
fn tuple_hashes_are_those_of_cpython() {
    let cx = Context::new().unwrap();
    let hash = |values: &[i64]| cx.hash(&tuple_of(&cx, values)).unwrap();
    assert_eq!(hash(&[]), 5_740_354_900_026_072_187);
    assert_eq!(hash(&[1]), -6_644_214_454_873_602_895);
    assert_eq!(hash(&[1, 2]), -3_550_055_125_485_641_917);
    assert_eq!(hash(&[0; 5]), -1_981_010_948_988_890_347);
    let nested = [cx.int(1).unwrap(), tuple_of(&cx, &[2, 3])];
    let nested = tuple::from_slice(&cx, &nested).unwrap();
    assert_eq!(cx.hash(&nested).unwrap(), 7_267_574_591_690_527_098);
}

#[test]
fn a_container_in_itself_shows_as_an_ellipsis() {
    let cx = Context::new().unwrap();
    let inner = ints(&cx, &[1, 2]);
    call(&cx, &inner, "append", std::slice::from_ref(&inner));
    let outer = tuple::from_slice(&cx, std::slice::from_ref(&inner)).unwrap();
    assert_eq!(text(&cx.repr(&inner).unwrap()), Some("[1, 2, [...]]"));
    assert_eq!(text(&cx.repr(&outer).unwrap()), Some("([1, 2, [...]],)"));
    call(&cx, &inner, "clear", &[]);
    assert_eq!(text(&cx.repr(&inner).unwrap()), Some("[]"));
}

#[test]
fn sorting_is_stable_in_both_directions() {
    let cx = Context::new().unwrap();
    let pairs: Vec<Object> = (0..200)
        .map(|value| tuple_of(&cx, &[value * 7 % 10, value]))
        .collect();
    let list = list::from_slice(&cx, &pairs).unwrap();
    call(&cx, &list, "sort", &[]);
    let sorted = cx.collect(&list).unwrap();
    let keys: Vec<Vec<i64>> = sorted.iter().map(|pair| values(&cx, pair)).collect();
    let mut expected: Vec<Vec<i64>> = (0..200).map(|v| vec![v * 7 % 10, v]).collect();
    expected.sort();
    assert_eq!(keys, expected);
    let mut numbers = ints(&cx, &[3, 1, 2, 1]);
    let order = list::sort::Order {
        key: None,
        reverse: true,
    };
    list::sort::sort(&cx, list::view(&numbers).unwrap(), &order).unwrap();
    assert_eq!(values(&cx, &numbers), [3, 2, 1, 1]);
    numbers = list::from_slice(&cx, &[cx.int(1).unwrap(), cx.string("a").unwrap()]).unwrap();
    let raised = try_call(&cx, &numbers, "sort", &[]).unwrap_err();
    assert_eq!(
        message(&cx, &raised),
        "TypeError: '<' not supported between instances of 'str' and 'int'"
    );
    assert_eq!(list::view(&numbers).unwrap().items.len(), 2);
}
