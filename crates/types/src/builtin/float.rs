//! `float`.

mod power;
mod text;

use crate::native::{figures, flags};
use crate::raw::Type;
use crate::{Context, Object, Result, body, builtin, index, native_type};
use std::cell::Cell;

pub use power::{power, scaled};
pub use text::{decimal, is_space, parse, repr, write_repr};

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
        slots {},
        methods {},
        getsets {},
    }
}
