//! `complex`.
//!
//! An operation with a real number treats it as one: it has no imaginary part that could turn an
//! infinity into NaN or lose the sign of a zero.

mod arithmetic;
mod construct;
mod format;
mod text;

use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type};
use builtin::float;
use std::cell::Cell;

pub use arithmetic::power;

crate::body! {
    /// The body of a complex number.
    pub struct ComplexBody {
        real: Cell<f64>,
        imaginary: Cell<f64>,
    }
}

/// A complex number's value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imaginary: f64,
}

/// The value of a `complex` or an instance of a subclass.
pub fn value(object: &Object) -> Option<Complex> {
    let body = body::<ComplexBody>(object)?;
    Some(Complex {
        real: body.real.get(),
        imaginary: body.imaginary.get(),
    })
}

/// Makes a `complex`.
///
/// # Errors
///
/// MemoryError.
pub fn new_complex(cx: &Context, real: f64, imaginary: f64) -> Result<Object> {
    new_instance(cx, cx.builtin_ref(&COMPLEX), Complex { real, imaginary })
}

/// Makes an instance of `complex` or a subclass.
///
/// # Errors
///
/// MemoryError.
pub fn new_instance(cx: &Context, of: &Type, value: Complex) -> Result<Object> {
    let object = cx.instance(of, 0)?;
    if let Some(body) = body::<ComplexBody>(&object) {
        body.real.set(value.real);
        body.imaginary.set(value.imaginary);
    }
    Ok(object)
}

/// The receiver's value. Slots of this type are called with complex numbers only.
fn receiver(args: Args<'_>) -> Complex {
    value(&args.receiver()).unwrap_or_default()
}

fn equal(cx: &Context, args: Args<'_>) -> Option<bool> {
    let (left, right) = (receiver(args), args.get(1)?);
    if let Some(right) = value(&right) {
        return Some(left == right);
    }
    let real = if let Some(right) = float::value(&right) {
        left.real == right
    } else {
        let right = builtin::int::value(cx, &right)?;
        float::order_with_int(left.real, &right).is_some_and(std::cmp::Ordering::is_eq)
    };
    Some(real && left.imaginary == 0.0)
}

fn eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    Ok(match equal(cx, args) {
        Some(equal) => cx.bool(equal),
        None => cx.not_implemented(),
    })
}

fn ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    Ok(match equal(cx, args) {
        Some(equal) => cx.bool(!equal),
        None => cx.not_implemented(),
    })
}

fn hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    const FACTOR: i64 = 1_000_003;
    let this = args.receiver();
    let value = receiver(args);
    let part = |part: f64| float::hash(part).unwrap_or((this.address() >> 4) as i64);
    let (real, imaginary) = (part(value.real), part(value.imaginary));
    let hash = real.wrapping_add(imaginary.wrapping_mul(FACTOR));
    cx.int(if hash == -1 { -2 } else { hash })
}

fn bool(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(args);
    Ok(cx.bool(value.real != 0.0 || value.imaginary != 0.0))
}

fn pos(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    if cx.is_exactly(&this, &COMPLEX) {
        return Ok((*this).clone());
    }
    let value = receiver(args);
    new_complex(cx, value.real, value.imaginary)
}

fn neg(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(args);
    new_complex(cx, -value.real, -value.imaginary)
}

fn abs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let value = receiver(args);
    let length = value.real.hypot(value.imaginary);
    if length.is_infinite() && value.real.is_finite() && value.imaginary.is_finite() {
        return Err(cx.overflow_error(format_args!("absolute value too large")));
    }
    float::new_float(cx, length)
}

fn conjugate(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "complex.conjugate")?;
    let value = receiver(args);
    new_complex(cx, value.real, -value.imaginary)
}

fn to_complex(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "complex.__complex__")?;
    pos(cx, args)
}

fn getnewargs(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [] = args.rest().exactly::<0>(cx, "complex.__getnewargs__")?;
    let value = receiver(args);
    let parts = [
        float::new_float(cx, value.real)?,
        float::new_float(cx, value.imaginary)?,
    ];
    builtin::tuple::from_slice(cx, &parts)
}

fn real(cx: &Context, object: &Object) -> Result<Object> {
    float::new_float(cx, value(object).unwrap_or_default().real)
}

fn imaginary(cx: &Context, object: &Object) -> Result<Object> {
    float::new_float(cx, value(object).unwrap_or_default().imaginary)
}

native_type! {
    /// The built-in `complex`.
    pub static COMPLEX: "complex" {
        index: index::COMPLEX,
        base: &builtin::OBJECT,
        layout: figures("complex", 32, size_of::<ComplexBody>()),
        body: ComplexBody,
        flags: flags::BASE,
        doc: "Complex numbers of two floats. complex(real, imag) joins them, complex(text) reads text.",
        slots {
            New => construct::new,
            Repr => text::repr,
            Hash => hash,
            Bool => bool,
            Eq => eq,
            Ne => ne,
            Neg => neg,
            Pos => pos,
            Abs => abs,
            Add => arithmetic::add,
            RAdd => arithmetic::radd,
            Sub => arithmetic::sub,
            RSub => arithmetic::rsub,
            Mul => arithmetic::mul,
            RMul => arithmetic::rmul,
            TrueDiv => arithmetic::true_div,
            RTrueDiv => arithmetic::rtrue_div,
            Pow => arithmetic::pow,
            RPow => arithmetic::rpow,
        },
        methods {
            class "from_number" => construct::from_number,
            "__format__" => format::format,
            "conjugate" => conjugate,
            "__complex__" => to_complex,
            "__getnewargs__" => getnewargs,
        },
        getsets {
            member "real" => real;
            member "imag" => imaginary;
        },
    }
}
