//! The values of test cases, and how results are shown.

use mortice_types::builtin::{self, bytes, float, list, tuple};
use mortice_types::{Context, Object, Raised, Result, text, tuple_items};

/// A value of a test case.
#[derive(Clone, Copy)]
pub enum V<'a> {
    S(&'a str),
    B(&'a [u8]),
    I(i64),
    F(f64),
    T(&'a [V<'a>]),
    L(&'a [V<'a>]),
    D(&'a [(&'a str, V<'a>)]),
    None,
}
pub use V::{B, D, F, I, L, S, T};

pub fn make(cx: &Context, value: V<'_>) -> Object {
    let all = |items: &[V<'_>]| items.iter().map(|item| make(cx, *item)).collect::<Vec<_>>();
    match value {
        S(value) => cx.string(value).unwrap(),
        B(value) => bytes::from_slice(cx, value).unwrap(),
        I(value) => cx.int(value).unwrap(),
        F(value) => float::new_float(cx, value).unwrap(),
        T(items) => tuple::from_slice(cx, &all(items)).unwrap(),
        L(items) => list::from_slice(cx, &all(items)).unwrap(),
        D(items) => {
            let dict = builtin::dict::new_dict(cx).unwrap();
            for (key, value) in items {
                let key = cx.string(key).unwrap();
                let value = make(cx, *value);
                mortice_types::dict_view(&dict)
                    .unwrap()
                    .set(cx, &key, value)
                    .unwrap();
            }
            dict
        }
        V::None => cx.none(),
    }
}

pub fn show_object(cx: &Context, object: &Object) -> String {
    let items = |items: &[Object]| {
        let shown: Vec<_> = items.iter().map(|item| show_object(cx, item)).collect();
        shown.join(", ")
    };
    if let Some(value) = object.as_small() {
        value.to_string()
    } else if cx.is_none(object) {
        "None".to_owned()
    } else if cx.is_true_object(object) || cx.is_false_object(object) {
        if cx.is_true_object(object) {
            "True"
        } else {
            "False"
        }
        .to_owned()
    } else if let Some(parts) = tuple_items(object) {
        format!("({})", items(parts))
    } else if list::view(object).is_some() {
        format!("[{}]", items(&list::sequence_snapshot(cx, object).unwrap()))
    } else {
        text(&cx.repr(object).unwrap()).unwrap().to_owned()
    }
}

pub fn show_error(cx: &Context, raised: &Raised) -> String {
    let exception = raised.exception();
    let name = cx.type_name(exception);
    let shown = cx.str(exception).unwrap();
    format!("{name}: {}", text(&shown).unwrap())
}

pub fn show(cx: &Context, result: Result<Object>) -> String {
    match result {
        Ok(object) => show_object(cx, &object),
        Err(raised) => show_error(cx, &raised),
    }
}
