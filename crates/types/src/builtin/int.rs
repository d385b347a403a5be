//! `int` and `bool`.
//!
//! Integers of 63 bits are words; larger ones, and instances of subclasses, hold a `BigInt`.

use crate::layout::Native;
use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::trace::Plain;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::cell::OnceCell;

crate::body! {
    /// The body of an integer that is no word.
    pub struct IntBody {
        // std: bigints are a library's
        value: Plain<OnceCell<Box<BigInt>>>,
    }
}

/// An integer's value, borrowed where it is large.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// It fits 63 bits, or is a bool.
    Small(i64),
    /// Any other.
    Big(&'a BigInt),
}

impl Value<'_> {
    /// The value as a BigInt.
    pub fn to_big(&self) -> BigInt {
        match self {
            Value::Small(value) => BigInt::from(*value),
            Value::Big(value) => (*value).clone(),
        }
    }

    /// The value, where it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Value::Small(value) => Some(*value),
            Value::Big(value) => value.to_i64(),
        }
    }

    /// Tells whether it is below zero.
    pub fn is_negative(&self) -> bool {
        match self {
            Value::Small(value) => *value < 0,
            Value::Big(value) => value.is_negative(),
        }
    }

    /// Tells whether it is zero.
    pub fn is_zero(&self) -> bool {
        match self {
            Value::Small(value) => *value == 0,
            Value::Big(value) => value.is_zero(),
        }
    }
}

/// The value of an `int`, a `bool` or an instance of a subclass.
#[inline]
pub fn value<'a>(cx: &Context, object: &'a Object) -> Option<Value<'a>> {
    if let Some(small) = object.as_small() {
        return Some(Value::Small(small));
    }
    if cx.is_true_object(object) {
        return Some(Value::Small(1));
    }
    if cx.is_false_object(object) {
        return Some(Value::Small(0));
    }
    let body = body::<IntBody>(object)?;
    Some(match body.value.0.get() {
        Some(value) => match value.to_i64() {
            Some(small) => Value::Small(small),
            None => Value::Big(value),
        },
        None => Value::Small(0),
    })
}

/// Makes an `int`.
///
/// # Errors
///
/// MemoryError.
pub fn from_big(cx: &Context, value: BigInt) -> Result<Object> {
    if let Some(small) = value.to_i64().and_then(Object::small) {
        return Ok(small);
    }
    new_instance(cx, cx.builtin_ref(&INT), value)
}

/// Makes an instance of `int` or a subclass that holds its value in memory.
///
/// # Errors
///
/// MemoryError.
pub fn new_instance(cx: &Context, of: &Type, value: BigInt) -> Result<Object> {
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<IntBody>(&object) {
        let _ = body.value.0.set(Box::new(value));
    }
    Ok(object)
}

/// The hash of an integer: its value modulo 2⁶¹ − 1, never −1.
pub fn hash_big(value: &BigInt) -> i64 {
    let modulus = (1i64 << 61) - 1;
    let rest = (value.magnitude() % (modulus as u64)).to_i64().unwrap_or(0);
    let signed = if value.is_negative() { -rest } else { rest };
    if signed == -1 { -2 } else { signed }
}

/// The hash of a small integer.
pub fn hash_small(value: i64) -> i64 {
    let modulus = (1i64 << 61) - 1;
    let hash = value % modulus;
    if hash == -1 { -2 } else { hash }
}

/// The hash value that a hash slot answered, folded to 64 bits; never −1.
pub(crate) fn hash_value(cx: &Context, result: &Object) -> i64 {
    match value(cx, result) {
        Some(Value::Small(-1)) => -2,
        Some(Value::Small(value)) => value,
        Some(Value::Big(big)) => hash_big(big),
        None => 0,
    }
}

/// What `__hash__` of a class written in Python returned, checked and folded.
pub(crate) fn hash_result(cx: &Context, receiver: &Object, result: &Object) -> Result<Object> {
    match value(cx, result) {
        Some(_) => cx.int(hash_value(cx, result)),
        None => Err(cx.type_error(format_args!(
            "{}.__hash__() must return an int, not {}",
            cx.type_name(receiver),
            cx.type_name(result)
        ))),
    }
}

/// What `__len__` returned, checked.
pub(crate) fn length_result(cx: &Context, result: &Object) -> Result<Object> {
    let index = cx.index(result)?;
    match value(cx, &index) {
        Some(value) if value.is_negative() => {
            Err(cx.value_error(format_args!("__len__() should return >= 0")))
        }
        Some(value) => match value.to_i64() {
            Some(length) => cx.int(length),
            None => {
                Err(cx.overflow_error(format_args!("cannot fit 'int' into an index-sized integer")))
            }
        },
        None => Err(cx.type_error(format_args!("an integer is required"))),
    }
}

const LAYOUT: Native = Native {
    name: "int",
    basicsize: 24,
    itemsize: 4,
    dictoffset: 0,
    weaklistoffset: 0,
    body_bytes: size_of::<IntBody>(),
    dict: crate::layout::Storage::None,
    weakref: crate::layout::Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The built-in `int`.
    pub static INT: "int" {
        index: index::INT,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: IntBody,
        flags: flags::BASE | flags::INT | flags::MATCH_SELF,
        slots {},
        methods {},
        getsets {},
    }
}

native_type! {
    /// The built-in `bool`.
    pub static BOOL: "bool" {
        index: index::BOOL,
        base: &INT,
        layout: Native { itemsize: 4, ..figures("bool", 24, 0) },
        flags: 0,
        slots {},
        methods {},
        getsets {},
    }
}
