//! The arithmetic of complex numbers.

use super::{Complex, new_complex, value};
use crate::builtin::float;
use crate::{Args, Context, Object, Result};

/// An operand.
#[derive(Clone, Copy)]
enum Operand {
    Real(f64),
    Complex(Complex),
}

impl Operand {
    /// The value with an imaginary part, zero for a real number.
    fn complex(self) -> Complex {
        match self {
            Operand::Real(real) => Complex {
                real,
                imaginary: 0.0,
            },
            Operand::Complex(value) => value,
        }
    }
}

fn operand(cx: &Context, object: &Object) -> Result<Option<Operand>> {
    if let Some(value) = value(object) {
        return Ok(Some(Operand::Complex(value)));
    }
    Ok(float::operand(cx, object)?.map(Operand::Real))
}

fn operands(cx: &Context, args: Args<'_>) -> Result<Option<(Operand, Operand)>> {
    match args.positional() {
        [left, right, ..] => Ok(match (operand(cx, left)?, operand(cx, right)?) {
            (Some(left), Some(right)) => Some((left, right)),
            _ => None,
        }),
        _ => Ok(None),
    }
}

macro_rules! binary {
    ($($forward:ident $reflected:ident $operation:ident,)*) => {
        $(
            pub(super) fn $forward(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args)? {
                    Some((left, right)) => $operation(cx, args, left, right),
                    None => Ok(cx.not_implemented()),
                }
            }

            pub(super) fn $reflected(cx: &Context, args: Args<'_>) -> Result<Object> {
                match operands(cx, args)? {
                    Some((right, left)) => $operation(cx, args, left, right),
                    None => Ok(cx.not_implemented()),
                }
            }
        )*
    };
}

binary! {
    add radd sum,
    sub rsub difference,
    mul rmul product,
    true_div rtrue_div quotient,
    pow rpow checked_power,
}

fn sum(cx: &Context, _: Args<'_>, left: Operand, right: Operand) -> Result<Object> {
    match (left, right) {
        (Operand::Complex(value), Operand::Real(real))
        | (Operand::Real(real), Operand::Complex(value)) => {
            new_complex(cx, value.real + real, value.imaginary)
        }
        _ => {
            let (left, right) = (left.complex(), right.complex());
            new_complex(cx, left.real + right.real, left.imaginary + right.imaginary)
        }
    }
}

fn difference(cx: &Context, _: Args<'_>, left: Operand, right: Operand) -> Result<Object> {
    match (left, right) {
        (Operand::Complex(value), Operand::Real(real)) => {
            new_complex(cx, value.real - real, value.imaginary)
        }
        (Operand::Real(real), Operand::Complex(value)) => {
            new_complex(cx, real - value.real, -value.imaginary)
        }
        _ => {
            let (left, right) = (left.complex(), right.complex());
            new_complex(cx, left.real - right.real, left.imaginary - right.imaginary)
        }
    }
}

fn times(left: Complex, right: Complex) -> Complex {
    Complex {
        real: left.real * right.real - left.imaginary * right.imaginary,
        imaginary: left.real * right.imaginary + left.imaginary * right.real,
    }
}

fn product(cx: &Context, _: Args<'_>, left: Operand, right: Operand) -> Result<Object> {
    match (left, right) {
        (Operand::Complex(value), Operand::Real(real))
        | (Operand::Real(real), Operand::Complex(value)) => {
            new_complex(cx, value.real * real, value.imaginary * real)
        }
        _ => {
            let product = times(left.complex(), right.complex());
            new_complex(cx, product.real, product.imaginary)
        }
    }
}

/// Smith's division: both parts are scaled by the larger part of the divisor, so that no square
/// overflows.
fn over(left: Complex, right: Complex) -> Complex {
    if right.real.abs() >= right.imaginary.abs() {
        let ratio = right.imaginary / right.real;
        let divisor = right.real + right.imaginary * ratio;
        Complex {
            real: (left.real + left.imaginary * ratio) / divisor,
            imaginary: (left.imaginary - left.real * ratio) / divisor,
        }
    } else {
        let ratio = right.real / right.imaginary;
        let divisor = right.real * ratio + right.imaginary;
        Complex {
            real: (left.real * ratio + left.imaginary) / divisor,
            imaginary: (left.imaginary * ratio - left.real) / divisor,
        }
    }
}

fn quotient(cx: &Context, _: Args<'_>, left: Operand, right: Operand) -> Result<Object> {
    let divisor = right.complex();
    if divisor.real == 0.0 && divisor.imaginary == 0.0 {
        return Err(cx.zero_division_error(format_args!("division by zero")));
    }
    let quotient = match (left, right) {
        (Operand::Complex(value), Operand::Real(real)) => Complex {
            real: value.real / real,
            imaginary: value.imaginary / real,
        },
        _ => over(left.complex(), divisor),
    };
    new_complex(cx, quotient.real, quotient.imaginary)
}

fn checked_power(cx: &Context, args: Args<'_>, left: Operand, right: Operand) -> Result<Object> {
    match args.get(2) {
        Some(modulus) if !cx.is_none(&modulus) => {
            Err(cx.value_error(format_args!("complex modulo")))
        }
        _ => power(cx, left.complex(), right.complex()),
    }
}

/// A power with a whole exponent, by squaring.
fn whole_power(base: Complex, exponent: u32) -> Complex {
    let (mut result, mut square, mut left) = (None, base, exponent);
    while left != 0 {
        if left & 1 != 0 {
            result = Some(result.map_or(square, |result| times(result, square)));
        }
        left >>= 1;
        if left != 0 {
            square = times(square, square);
        }
    }
    result.unwrap_or(Complex {
        real: 1.0,
        imaginary: 0.0,
    })
}

/// `base ** exponent` of complex numbers.
///
/// # Errors
///
/// ZeroDivisionError for zero to a negative or complex power; OverflowError.
pub fn power(cx: &Context, base: Complex, exponent: Complex) -> Result<Object> {
    const MOST_SQUARED: f64 = 100.0;
    let one = Complex {
        real: 1.0,
        imaginary: 0.0,
    };
    let is_zero = |value: Complex| value.real == 0.0 && value.imaginary == 0.0;
    let result = if is_zero(exponent) {
        one
    } else if is_zero(base) {
        if exponent.imaginary != 0.0 || exponent.real < 0.0 {
            return Err(cx.zero_division_error(format_args!("zero to a negative or complex power")));
        }
        Complex::default()
    } else if exponent.imaginary == 0.0
        && exponent.real.fract() == 0.0
        && exponent.real.abs() <= MOST_SQUARED
    {
        let power = whole_power(base, exponent.real.abs() as u32);
        if exponent.real < 0.0 {
            over(one, power)
        } else {
            power
        }
    } else {
        let size = base.real.hypot(base.imaginary);
        let angle = base.imaginary.atan2(base.real);
        let mut length = size.powf(exponent.real);
        let mut phase = angle * exponent.real;
        if exponent.imaginary != 0.0 {
            length *= (-angle * exponent.imaginary).exp();
            phase += exponent.imaginary * size.ln();
        }
        Complex {
            real: length * phase.cos(),
            imaginary: length * phase.sin(),
        }
    };
    let finite = |value: Complex| value.real.is_finite() && value.imaginary.is_finite();
    if finite(base) && finite(exponent) && !finite(result) {
        return Err(cx.overflow_error(format_args!("complex exponentiation")));
    }
    new_complex(cx, result.real, result.imaginary)
}
