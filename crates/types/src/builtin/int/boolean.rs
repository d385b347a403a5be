//! `bool`: the integers `False` and `True`.

use super::arithmetic::{self, bits_and, bits_or, bits_xor};
use super::{INT, operands};
use crate::layout::Native;
use crate::native::figures;
use crate::{Args, Context, Object, Result, index, native_type};

fn new(cx: &Context, args: Args<'_>) -> Result<Object> {
    match args.rest().between(cx, "bool", 0, 1)? {
        [object] => Ok(cx.bool(cx.truth(object)?)),
        _ => Ok(cx.bool(false)),
    }
}

fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.intern(if cx.is_true_object(&args.receiver()) {
        "True"
    } else {
        "False"
    })
}

/// The truth values of both operands, where both are bools.
fn truths(cx: &Context, args: Args<'_>) -> Option<(bool, bool)> {
    let truth = |object: &Object| {
        let known = cx.is_true_object(object);
        (known || cx.is_false_object(object)).then_some(known)
    };
    match args.positional() {
        [left, right, ..] => Some((truth(left)?, truth(right)?)),
        _ => None,
    }
}

macro_rules! bits {
    ($($name:ident $sign:tt $otherwise:ident,)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            if let Some((left, right)) = truths(cx, args) {
                return Ok(cx.bool(left $sign right));
            }
            match operands(cx, args) {
                Some((left, right)) => $otherwise(cx, &left, &right),
                None => Ok(cx.not_implemented()),
            }
        })*
    };
}

// These operations give the same whichever operand comes first.
bits! {
    and & bits_and,
    xor ^ bits_xor,
    or | bits_or,
}

native_type! {
    /// The built-in `bool`.
    pub static BOOL: "bool" {
        index: index::BOOL,
        base: &INT,
        layout: Native { itemsize: 4, ..figures("bool", 24, 0) },
        flags: 0,
        doc: "The truth values False and True.",
        slots {
            New => new,
            Repr => repr,
            Invert => arithmetic::invert,
            And => and,
            RAnd => and,
            Xor => xor,
            RXor => xor,
            Or => or,
            ROr => or,
        },
        methods {},
        getsets {},
    }
}
