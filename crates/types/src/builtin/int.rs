//! `int` and `bool`.
//!
//! Integers of 63 bits are words; larger ones, and instances of subclasses, hold a `BigInt`.
//! Every operation has a short way for two words and a long one through `BigInt`. A result that is
//! large is asked of the heap first, so that memory's end is an exception.

mod arithmetic;
mod boolean;
mod bytes;
mod compare;
mod construct;
mod divide;
mod methods;
mod power;
mod round;
mod text;

use crate::layout::Native;
use crate::native::flags;
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use mortice_gc::Buffer;
use mortice_gc::trace::Plain;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};
use std::borrow::Cow;
use std::cell::OnceCell;

pub use boolean::BOOL;
pub use construct::number;
pub(crate) use divide::nearest_quotient;
pub use divide::to_f64;
pub use text::{ParseError, from_text, parse, to_base};
pub(crate) use text::{check_count, check_digits};

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

    /// The value as a BigInt, borrowed where it is one.
    pub fn big(&self) -> Cow<'_, BigInt> {
        match self {
            Value::Small(value) => Cow::Owned(BigInt::from(*value)),
            Value::Big(value) => Cow::Borrowed(value),
        }
    }

    /// Bits of the absolute value.
    pub fn bits(&self) -> u64 {
        match self {
            Value::Small(value) => u64::from(64 - value.unsigned_abs().leading_zeros()),
            Value::Big(value) => value.bits(),
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
        let _ = body.value.0.set(Box::new(value)); // std: bigints are a library's
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
pub(crate) fn hash_result(cx: &Context, result: &Object) -> Result<Object> {
    match value(cx, result) {
        Some(_) => cx.int(hash_value(cx, result)),
        None => Err(cx.type_error(format_args!("__hash__ method should return an integer"))),
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
        doc: "Integers of any size. int(x) converts a number; int(text, base=10) reads text.",
        slots {
            New => construct::new,
            Repr => text::repr,
            Hash => compare::hash,
            Bool => compare::bool,
            Int => methods::to_int,
            Float => methods::to_float,
            Index => methods::to_int,
            Lt => compare::lt,
            Le => compare::le,
            Eq => compare::eq,
            Ne => compare::ne,
            Gt => compare::gt,
            Ge => compare::ge,
            Neg => arithmetic::neg,
            Pos => methods::to_int,
            Abs => arithmetic::abs,
            Invert => arithmetic::invert,
            Add => arithmetic::add,
            RAdd => arithmetic::radd,
            Sub => arithmetic::sub,
            RSub => arithmetic::rsub,
            Mul => arithmetic::mul,
            RMul => arithmetic::rmul,
            TrueDiv => divide::true_div,
            RTrueDiv => divide::rtrue_div,
            FloorDiv => divide::floor_div,
            RFloorDiv => divide::rfloor_div,
            Mod => divide::modulo,
            RMod => divide::rmodulo,
            DivMod => divide::div_mod,
            RDivMod => divide::rdiv_mod,
            Pow => power::pow,
            RPow => power::rpow,
            LShift => arithmetic::lshift,
            RLShift => arithmetic::rlshift,
            RShift => arithmetic::rshift,
            RRShift => arithmetic::rrshift,
            And => arithmetic::and,
            RAnd => arithmetic::rand,
            Xor => arithmetic::xor,
            RXor => arithmetic::rxor,
            Or => arithmetic::or,
            ROr => arithmetic::ror,
        },
        methods {
            "conjugate" => methods::conjugate,
            "bit_length" => methods::bit_length,
            "bit_count" => methods::bit_count,
            class "from_bytes" => bytes::from_bytes,
            "to_bytes" => bytes::to_bytes,
            "__format__" => methods::format,
            "as_integer_ratio" => methods::as_integer_ratio,
            "is_integer" => methods::is_integer,
            "__trunc__" => methods::trunc,
            "__floor__" => methods::floor,
            "__ceil__" => methods::ceil,
            "__round__" => round::round,
            "__getnewargs__" => methods::getnewargs,
            "__sizeof__" => methods::size_of,
        },
        getsets {
            "real" => methods::get_exact;
            "imag" => methods::get_zero;
            "numerator" => methods::get_exact;
            "denominator" => methods::get_one;
        },
    }
}

/// The two operands of a binary operation, where both are integers.
#[inline(always)]
fn operands<'a>(cx: &Context, args: Args<'a>) -> Option<(Value<'a>, Value<'a>)> {
    match args.positional() {
        [left, right, ..] => Some((value(cx, left)?, value(cx, right)?)),
        _ => None,
    }
}

/// The receiver's value. Slots of this type are called with integers only.
#[inline]
fn receiver<'a>(cx: &Context, args: Args<'a>) -> Value<'a> {
    args.positional()
        .first()
        .and_then(|this| value(cx, this))
        .unwrap_or(Value::Small(0))
}

/// The same value as an exact `int`: the object itself where it is one.
///
/// # Errors
///
/// MemoryError.
pub fn exact(cx: &Context, object: &Object) -> Result<Object> {
    if cx.is_exactly(object, &INT) {
        return Ok(object.clone());
    }
    match value(cx, object) {
        Some(Value::Small(small)) => cx.int(small),
        Some(Value::Big(big)) => from_big(cx, big.clone()),
        None => Ok(Object::small32(0)),
    }
}

/// Asks the heap whether it has room for an integer of so many bits, before one is computed.
///
/// # Errors
///
/// MemoryError.
pub(crate) fn room_for_bits(cx: &Context, bits: u64) -> Result<()> {
    const UNASKED_BYTES: u64 = 1 << 16;
    let bytes = bits / 8 + 1;
    if bytes <= UNASKED_BYTES {
        return Ok(());
    }
    let bytes = usize::try_from(bytes).map_err(|_| cx.out_of_memory())?;
    let room = cx.fallible(Buffer::<u8>::with_capacity(cx.heap(), bytes))?;
    drop(room);
    Ok(())
}
