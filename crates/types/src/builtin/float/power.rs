//! Powers of floats.

use super::new_float;
use crate::builtin::complex::{self, Complex};
use crate::{Context, Object, Result, builtin};

/// `mantissa * 2**exponent`, rounded once where the result is exact or beyond the range.
pub fn scaled(mantissa: f64, exponent: i64) -> f64 {
    // The factor of each step is a float; only the last step can leave the normal range.
    let mut value = mantissa;
    let mut exponent = exponent.clamp(-2200, 2200);
    while exponent > 1000 {
        value *= 2f64.powi(1000);
        exponent -= 1000;
    }
    while exponent < -1000 {
        // Steps that stop short of the subnormal range lose no bits.
        let step = if value.abs() >= 2f64.powi(60) {
            1000
        } else {
            900
        };
        value *= 2f64.powi(-step);
        exponent += i64::from(step);
    }
    value * 2f64.powi(exponent as i32)
}

/// OverflowError in the words of the C library.
#[cold]
pub(super) fn out_of_range(cx: &Context) -> crate::Raised {
    match cx.string("Numerical result out of range") {
        Ok(words) => cx.error_with(&builtin::OVERFLOW_ERROR, &[Object::small32(34), words]),
        Err(raised) => raised,
    }
}

/// `base ** exponent` by the rules of `float.__pow__`; a broken power of a negative number is
/// complex.
///
/// # Errors
///
/// ZeroDivisionError for zero to a negative power; OverflowError for a finite power beyond the
/// largest float.
pub fn power(cx: &Context, base: f64, exponent: f64) -> Result<Object> {
    if base == 0.0 && exponent < 0.0 {
        return Err(cx.zero_division_error(format_args!("zero to a negative power")));
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        let [base, exponent] = [base, exponent].map(|real| Complex {
            real,
            imaginary: 0.0,
        });
        return complex::power(cx, base, exponent);
    }
    let result = base.powf(exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(out_of_range(cx));
    }
    new_float(cx, result)
}

/// The refusal of a third argument of `pow`.
#[cold]
pub(crate) fn no_modulus(cx: &Context) -> crate::Raised {
    cx.type_error(format_args!(
        "pow() 3rd argument not allowed unless all arguments are integers"
    ))
}
