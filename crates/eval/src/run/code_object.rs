//! Code objects: the compiler's output with its constants and names as objects.

use super::index;
use crate::code::{Code, Constant, Name};
use mortice::types::builtin;
use mortice::types::gc::trace::Plain;
use mortice::types::layout::{Native, Storage};
use mortice::types::native::flags;
use mortice::types::{Args, Buffer, Context, Items, Object, Result, body, native_type};
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

mortice::types::body_outside! {
    /// The body of a code object.
    pub struct CodeBody {
        code: Plain<OnceCell<Arc<Code>>>,
        /// The constants, made when the code first runs.
        pub constants: Items<Object>,
        /// The names, interned when the code first runs.
        pub names: Items<Object>,
        /// The names of the local slots, interned when the code first runs.
        pub slot_names: Items<Object>,
        ready: Cell<bool>,
    }
}

/// Makes a code object.
///
/// # Errors
///
/// MemoryError.
pub fn new_code(cx: &Context, code: Arc<Code>) -> Result<Object> {
    let object = cx.instance(cx.builtin_ref(&CODE), 0)?;
    if let Some(body) = view(&object) {
        let _ = body.code.0.set(code);
    }
    Ok(object)
}

/// The body of a code object.
#[inline]
pub fn view(object: &Object) -> Option<&CodeBody> {
    body::<CodeBody>(object)
}

impl CodeBody {
    /// The compiler's output.
    pub fn code(&self) -> Option<&Arc<Code>> {
        self.code.0.get()
    }

    /// Makes constants and names into objects, once.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn prepare(&self, cx: &Context) -> Result<()> {
        if self.ready.get() {
            return Ok(());
        }
        let Some(code) = self.code() else {
            return Ok(());
        };
        let mut constants = cx.fallible(Buffer::with_capacity(cx.heap(), code.constants.len()))?;
        for constant in &code.constants {
            let object = make_constant(cx, constant)?;
            cx.fallible(constants.push(cx.heap(), object))?;
        }
        let names = intern_all(cx, code.names.iter())?;
        let slots = (0..code.slot_count() as u32).filter_map(|slot| code.slot_name(slot));
        let slot_names = intern_all(cx, slots)?;
        drop(self.constants.replace(constants));
        drop(self.names.replace(names));
        drop(self.slot_names.replace(slot_names));
        self.ready.set(true);
        Ok(())
    }
}

fn intern_all<'a>(cx: &Context, names: impl Iterator<Item = &'a Name>) -> Result<Buffer<Object>> {
    let mut interned = Buffer::new();
    for name in names {
        let name = cx.intern(name)?;
        cx.fallible(interned.push(cx.heap(), name))?;
    }
    Ok(interned)
}

fn make_constant(cx: &Context, constant: &Constant) -> Result<Object> {
    match constant {
        Constant::None => Ok(cx.none()),
        Constant::Ellipsis => Ok(cx.ellipsis()),
        Constant::Bool(value) => Ok(cx.bool(*value)),
        Constant::Int(value) => cx.int(*value),
        Constant::BigInt(value) => builtin::int::from_big(cx, (**value).clone()),
        Constant::Float(value) => builtin::float::new_float(cx, *value),
        Constant::Complex(real, imaginary) => builtin::complex::new_complex(cx, *real, *imaginary),
        Constant::Str(text) => cx.intern(text),
        Constant::Bytes(bytes) => super::hooks::make_bytes(cx, bytes),
        Constant::Tuple(items) => {
            let items = make_constants(cx, items)?;
            builtin::tuple::from_slice(cx, &items)
        }
        Constant::FrozenSet(items) => {
            let items = make_constants(cx, items)?;
            super::hooks::make_frozen_set(cx, &items)
        }
        Constant::Code(code) => new_code(cx, code.clone()),
    }
}

fn make_constants(cx: &Context, constants: &[Constant]) -> Result<Buffer<Object>> {
    let mut made = cx.fallible(Buffer::with_capacity(cx.heap(), constants.len()))?;
    for constant in constants {
        let object = make_constant(cx, constant)?;
        cx.fallible(made.push(cx.heap(), object))?;
    }
    Ok(made)
}

fn with_code(
    cx: &Context,
    object: &Object,
    read: impl Fn(&Code) -> Result<Object>,
) -> Result<Object> {
    match view(object).and_then(CodeBody::code) {
        Some(code) => read(code),
        None => Err(cx.system_error(format_args!("an empty code object"))),
    }
}

fn names_tuple<'a>(cx: &Context, names: impl Iterator<Item = &'a Name>) -> Result<Object> {
    let names = intern_all(cx, names)?;
    builtin::tuple::from_slice(cx, &names)
}

fn get_name(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.intern(&code.name))
}

fn get_qualname(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.intern(&code.qualname))
}

fn get_filename(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.intern(&code.filename))
}

fn get_first_line(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.int(i64::from(code.first_line)))
}

fn get_flags(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.int(i64::from(code.flags.0)))
}

fn get_argument_count(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.int(i64::from(code.argument_count)))
}

fn get_positional_only_count(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| {
        cx.int(i64::from(code.positional_only_count))
    })
}

fn get_keyword_only_count(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| {
        cx.int(i64::from(code.keyword_only_count))
    })
}

fn get_variable_count(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| cx.int(code.variables.len() as i64))
}

fn get_variables(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| names_tuple(cx, code.variables.iter()))
}

fn get_names(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| names_tuple(cx, code.names.iter()))
}

fn get_cells(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| names_tuple(cx, code.cells.iter()))
}

fn get_frees(cx: &Context, object: &Object) -> Result<Object> {
    with_code(cx, object, |code| names_tuple(cx, code.frees.iter()))
}

fn get_constants(cx: &Context, object: &Object) -> Result<Object> {
    let Some(body) = view(object) else {
        return Ok(cx.none());
    };
    body.prepare(cx)?;
    let constants = cx.fallible(body.constants.snapshot(cx.heap()))?;
    builtin::tuple::from_slice(cx, &constants)
}

fn code_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    with_code(cx, &this, |code| {
        cx.format(format_args!(
            "<code object {} at {:#x}, file \"{}\", line {}>",
            code.name,
            this.address(),
            code.filename,
            code.first_line
        ))
    })
}

const LAYOUT: Native = Native {
    name: "code",
    basicsize: 208,
    itemsize: 2,
    dictoffset: 0,
    weaklistoffset: 144,
    body_bytes: size_of::<CodeBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of code objects.
    pub static CODE: "code" {
        index: index::CODE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: CodeBody,
        flags: flags::COLLECTED,
        slots { Repr => code_repr, },
        methods {},
        getsets {
            member "co_name" => get_name;
            member "co_qualname" => get_qualname;
            member "co_filename" => get_filename;
            member "co_firstlineno" => get_first_line;
            member "co_flags" => get_flags;
            member "co_argcount" => get_argument_count;
            member "co_posonlyargcount" => get_positional_only_count;
            member "co_kwonlyargcount" => get_keyword_only_count;
            "co_nlocals" => get_variable_count;
            "co_varnames" => get_variables;
            "co_names" => get_names;
            "co_cellvars" => get_cells;
            "co_freevars" => get_frees;
            member "co_consts" => get_constants;
        },
    }
}
