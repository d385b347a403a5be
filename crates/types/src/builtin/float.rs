//! `float`.
//!
//! Operations with an integer as the other operand are answered here: comparisons exactly, the
//! others with the integer's nearest float.

mod arithmetic;
mod compare;
mod construct;
mod hex;
mod integer;
mod methods;
mod power;
mod round;
mod text;

use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use std::cell::Cell;

pub use compare::hash;
pub(crate) use compare::order_with_int;
pub use construct::{from_text, number, real};
pub(crate) use integer::parts;
pub use integer::to_integer;
pub(crate) use power::no_modulus;
pub use power::{power, scaled};
pub use text::{parse, repr};

crate::body! {
    /// The body of a float.
    pub struct FloatBody {
        /// The value.
        pub value: Cell<f64>,
    }
}

/// The value of a `float` or an instance of a subclass.
pub fn value(object: &Object) -> Option<f64> {
    body::<FloatBody>(object).map(|body| body.value.get())
}

/// Makes a `float`.
///
/// # Errors
///
/// MemoryError.
pub fn new_float(cx: &Context, value: f64) -> Result<Object> {
    new_instance(cx, cx.builtin_ref(&FLOAT), value)
}

/// Makes an instance of `float` or a subclass.
///
/// # Errors
///
/// MemoryError.
pub fn new_instance(cx: &Context, of: &Type, value: f64) -> Result<Object> {
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<FloatBody>(&object) {
        body.value.set(value);
    }
    Ok(object)
}

native_type! {
    /// The built-in `float`.
    pub static FLOAT: "float" {
        index: index::FLOAT,
        base: &builtin::OBJECT,
        layout: figures("float", 24, size_of::<FloatBody>()),
        body: FloatBody,
        flags: flags::BASE | flags::MATCH_SELF,
        doc: "Floating point numbers of 64 bits. float(x) converts a number or reads text.",
        slots {
            New => construct::new,
            Repr => text::slot,
            Hash => compare::float_hash,
            Bool => compare::bool,
            Int => methods::trunc,
            Float => methods::to_float,
            Lt => compare::lt,
            Le => compare::le,
            Eq => compare::eq,
            Ne => compare::ne,
            Gt => compare::gt,
            Ge => compare::ge,
            Neg => arithmetic::neg,
            Pos => methods::to_float,
            Abs => arithmetic::abs,
            Add => arithmetic::add,
            RAdd => arithmetic::radd,
            Sub => arithmetic::sub,
            RSub => arithmetic::rsub,
            Mul => arithmetic::mul,
            RMul => arithmetic::rmul,
            TrueDiv => arithmetic::true_div,
            RTrueDiv => arithmetic::rtrue_div,
            FloorDiv => arithmetic::floor_div,
            RFloorDiv => arithmetic::rfloor_div,
            Mod => arithmetic::modulo,
            RMod => arithmetic::rmodulo,
            DivMod => arithmetic::div_mod,
            RDivMod => arithmetic::rdiv_mod,
            Pow => arithmetic::pow,
            RPow => arithmetic::rpow,
        },
        methods {
            class "from_number" => construct::from_number,
            class "fromhex" => hex::fromhex,
            "hex" => hex::hex,
            "__format__" => methods::format,
            "conjugate" => methods::conjugate,
            "is_integer" => methods::is_integer,
            "as_integer_ratio" => integer::as_integer_ratio,
            "__trunc__" => methods::trunc_method,
            "__floor__" => methods::floor,
            "__ceil__" => methods::ceil,
            "__round__" => round::round,
            "__getnewargs__" => methods::getnewargs,
        },
        getsets {
            "real" => methods::get_exact;
            "imag" => methods::get_zero;
        },
    }
}

/// The receiver's value. Slots of this type are called with floats only.
#[inline]
fn receiver(args: Args<'_>) -> f64 {
    value(&args.receiver()).unwrap_or_default()
}

/// The same value as an exact `float`: the object itself where it is one.
///
/// # Errors
///
/// MemoryError.
pub fn exact(cx: &Context, object: &Object) -> Result<Object> {
    if cx.is_exactly(object, &FLOAT) {
        return Ok(object.clone());
    }
    new_float(cx, value(object).unwrap_or_default())
}

/// An operand of an arithmetic operation; `None` where it is neither float nor integer.
///
/// # Errors
///
/// OverflowError for an integer beyond the largest float.
#[inline]
pub(crate) fn operand(cx: &Context, object: &Object) -> Result<Option<f64>> {
    if let Some(small) = object.as_small() {
        return Ok(Some(small as f64));
    }
    if let Some(value) = value(object) {
        return Ok(Some(value));
    }
    match builtin::int::value(cx, object) {
        Some(value) => builtin::int::to_f64(cx, &value).map(Some),
        None => Ok(None),
    }
}
