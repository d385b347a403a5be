//! How a native type is described: a table of data that one macro writes.
//!
//! A [`NativeType`] is a constant. From the constants of all crates a context builds the type
//! objects, each in the place that its index gives it; nothing of the constant is ever written.

use crate::layout::Native;
use crate::raw::BodyTable;
use crate::slot_id::{SlotFn, SlotId};
use crate::{Args, Context, Object, Result};
use mortice_gc::Borrowed;

/// Bits of CPython's `tp_flags`, with CPython's values.
pub mod flags {
    /// The type object is one of the interpreter's own static ones; set when it is read.
    pub const STATIC_BUILTIN: u64 = 1 << 1;
    /// Instances behave as sequences in patterns.
    pub const SEQUENCE: u64 = 1 << 5;
    /// Instances behave as mappings in patterns.
    pub const MAPPING: u64 = 1 << 6;
    /// Calling the type is refused.
    pub const DISALLOW_INSTANTIATION: u64 = 1 << 7;
    /// Attributes of the type cannot be set.
    pub const IMMUTABLE: u64 = 1 << 8;
    /// The type object lies on the heap.
    pub const HEAP: u64 = 1 << 9;
    /// The type can be subclassed.
    pub const BASE: u64 = 1 << 10;
    /// Instances can be called without `tp_call`.
    pub const VECTORCALL: u64 = 1 << 11;
    /// The type object is complete.
    pub const READY: u64 = 1 << 12;
    /// Instances are tracked by the collector.
    pub const COLLECTED: u64 = 1 << 14;
    /// Instances are unbound methods.
    pub const METHOD_DESCRIPTOR: u64 = 1 << 17;
    /// Abstract methods are left.
    pub const ABSTRACT: u64 = 1 << 20;
    /// A class pattern with one position matches the instance itself.
    pub const MATCH_SELF: u64 = 1 << 22;
    /// Items lie at the end of the instance.
    pub const ITEMS_AT_END: u64 = 1 << 23;
    /// Subclasses of `int`.
    pub const INT: u64 = 1 << 24;
    /// Subclasses of `list`.
    pub const LIST: u64 = 1 << 25;
    /// Subclasses of `tuple`.
    pub const TUPLE: u64 = 1 << 26;
    /// Subclasses of `bytes`.
    pub const BYTES: u64 = 1 << 27;
    /// Subclasses of `str`.
    pub const STR: u64 = 1 << 28;
    /// Subclasses of `dict`.
    pub const DICT: u64 = 1 << 29;
    /// Subclasses of `BaseException`.
    pub const EXCEPTION: u64 = 1 << 30;
    /// Subclasses of `type`.
    pub const TYPE: u64 = 1 << 31;
    /// Weak references of instances lie before the header.
    pub const MANAGED_WEAKREF: u64 = 1 << 3;
    /// The dict of instances lies before the header.
    pub const MANAGED_DICT: u64 = 1 << 4;
    /// Ours, never reported: instances may have a dict.
    pub const HAS_DICT: u64 = 1 << 40;
    /// Ours, never reported: instances can be referred to weakly.
    pub const HAS_WEAKREF: u64 = 1 << 41;
    /// Flags that say which built-in type a type derives from; always inherited.
    pub const KINSHIP: u64 = INT | LIST | TUPLE | BYTES | STR | DICT | EXCEPTION | TYPE;
}

/// How a method gets its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// An instance.
    Instance,
    /// The class (`METH_CLASS`).
    Class,
    /// None (`METH_STATIC`); the function sees only the arguments.
    Static,
}

/// A native method; `function` gets the receiver as its first argument, static methods aside.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The attribute's name.
    pub name: &'static str,
    /// The function.
    pub function: SlotFn,
    /// How the receiver is found.
    pub binding: Binding,
    /// The docstring.
    pub doc: &'static str,
}

/// Reads a computed attribute.
pub type Getter = fn(&Context, &Object) -> Result<Object>;
/// Sets a computed attribute, or deletes it where no value is given.
pub type Setter = for<'a> fn(&Context, &Object, Option<Borrowed<'a>>) -> Result<()>;

/// A computed attribute (`getset_descriptor`).
#[derive(Clone, Copy, Debug)]
pub struct GetSet {
    /// The attribute's name.
    pub name: &'static str,
    /// Reads it.
    pub get: Getter,
    /// Sets or deletes it; read-only without.
    pub set: Option<Setter>,
    /// Shows as `member_descriptor`, as a field of a C structure does.
    pub member: bool,
    /// The docstring.
    pub doc: &'static str,
}

/// The description of a native type.
#[derive(Debug)]
pub struct NativeType {
    /// The type's place in the storage.
    pub index: usize,
    /// `__name__`.
    pub name: &'static str,
    /// `__module__`.
    pub module: &'static str,
    /// `__doc__`.
    pub doc: Option<&'static str>,
    /// `__base__`; only `object` has none.
    pub base: Option<&'static NativeType>,
    /// A second base, which adds nothing to the layout and no slot.
    pub also: Option<&'static NativeType>,
    /// Sizes and offsets: CPython's and ours.
    pub layout: Native,
    /// Our section of an instance.
    pub body: Option<BodyTable>,
    /// Bits of `tp_flags`, without those that are derived.
    pub flags: u64,
    /// Type slots.
    pub slots: &'static [(SlotId, SlotFn)],
    /// Methods.
    pub methods: &'static [Method],
    /// Computed attributes.
    pub getsets: &'static [GetSet],
}

impl NativeType {
    /// Tells whether the type is `other` or derives from it.
    pub fn derives_from(&'static self, other: &'static NativeType) -> bool {
        let mut at = Some(self);
        while let Some(native) = at {
            if native.index == other.index {
                return true;
            }
            at = native.base;
        }
        false
    }
}

/// The layout figures of a native type with the most common answers filled in.
///
/// `managed` puts dict and weak references before the header where CPython has them in the body;
/// the offsets reported stay CPython's.
pub const fn figures(name: &'static str, basicsize: usize, body_bytes: usize) -> Native {
    let mut native = Native::plain(name);
    native.basicsize = basicsize;
    native.body_bytes = body_bytes;
    native
}

/// A slot function that ignores its arguments and refuses; for tables.
pub fn refuse(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    Err(cx.type_error(format_args!(
        "'{}' object does not support this",
        cx.type_name(&receiver)
    )))
}

/// Defines a native type as a constant.
///
/// ```ignore
/// native_type! {
///     /// The built-in `list`.
///     pub static LIST: "list" {
///         index: index::LIST,
///         base: &OBJECT,
///         layout: figures("list", 40, size_of::<ListBody>()),   // compile-time check included
///         body: ListBody,
///         flags: flags::BASE | flags::COLLECTED | flags::SEQUENCE | flags::LIST,
///         doc: "…",
///         slots { New => list_new, Repr => list_repr, },
///         methods { "append" => append, class "fromkeys" => fromkeys, static "maketrans" => maketrans, },
///         getsets { "real" => real, "name" => name, set_name; member "start" => start; },
///     }
/// }
/// ```
/// In `getsets` each entry ends with `;` and may name a setter after a comma.
#[macro_export]
macro_rules! native_type {
    (
        $(#[$attribute:meta])*
        $visibility:vis static $name:ident: $text:literal {
            index: $index:expr,
            $(base: $base:expr,)?
            $(also: $also:expr,)?
            layout: $layout:expr,
            $(body: $body:ty,)?
            flags: $flags:expr,
            $(module: $module:expr,)?
            $(doc: $doc:expr,)?
            slots { $($slot:ident => $function:expr,)* },
            methods { $($methods:tt)* },
            getsets { $($getsets:tt)* },
        }
    ) => {
        $(#[$attribute])*
        $visibility static $name: $crate::native::NativeType = $crate::native::NativeType {
            index: $index,
            name: $text,
            module: $crate::native_type!(@module $($module)?),
            doc: $crate::native_type!(@doc $($doc)?),
            base: $crate::native_type!(@base $($base)?),
            also: $crate::native_type!(@base $($also)?),
            layout: $layout,
            body: $crate::native_type!(@body $($body)?),
            flags: $flags,
            slots: &[$(($crate::SlotId::$slot, $function as $crate::SlotFn),)*],
            methods: $crate::native_type!(@methods [] $($methods)*),
            getsets: $crate::native_type!(@getsets [] $($getsets)*),
        };
        $(
            const _: () = assert!(
                $name.layout.fits(match $name.base { Some(base) => base.layout.basicsize, None => 16 })
                    && $name.layout.body_bytes == size_of::<$body>(),
                "the body does not fit into CPython's basicsize"
            );
        )?
    };
    (@module) => { "builtins" };
    (@module $module:expr) => { $module };
    (@doc) => { None };
    (@doc $doc:expr) => { Some($doc) };
    (@base) => { None };
    (@base $base:expr) => { Some($base) };
    (@body) => { None };
    (@body $body:ty) => { Some($crate::raw::BodyTable::of::<$body>()) };
    (@methods [$($done:tt)*]) => { &[$($done)*] };
    (@methods [$($done:tt)*] $name:literal => $function:expr, $($rest:tt)*) => {
        $crate::native_type!(@methods [$($done)* $crate::native::Method {
            name: $name, function: $function, binding: $crate::native::Binding::Instance, doc: "",
        },] $($rest)*)
    };
    (@methods [$($done:tt)*] class $name:literal => $function:expr, $($rest:tt)*) => {
        $crate::native_type!(@methods [$($done)* $crate::native::Method {
            name: $name, function: $function, binding: $crate::native::Binding::Class, doc: "",
        },] $($rest)*)
    };
    (@methods [$($done:tt)*] static $name:literal => $function:expr, $($rest:tt)*) => {
        $crate::native_type!(@methods [$($done)* $crate::native::Method {
            name: $name, function: $function, binding: $crate::native::Binding::Static, doc: "",
        },] $($rest)*)
    };
    (@getsets [$($done:tt)*]) => { &[$($done)*] };
    (@getsets [$($done:tt)*] member $name:literal => $get:expr; $($rest:tt)*) => {
        $crate::native_type!(@getsets [$($done)* $crate::native::GetSet {
            name: $name, get: $get, set: None, member: true, doc: "",
        },] $($rest)*)
    };
    (@getsets [$($done:tt)*] member $name:literal => $get:expr, $set:expr; $($rest:tt)*) => {
        $crate::native_type!(@getsets [$($done)* $crate::native::GetSet {
            name: $name, get: $get, set: Some($set), member: true, doc: "",
        },] $($rest)*)
    };
    (@getsets [$($done:tt)*] $name:literal => $get:expr; $($rest:tt)*) => {
        $crate::native_type!(@getsets [$($done)* $crate::native::GetSet {
            name: $name, get: $get, set: None, member: false, doc: "",
        },] $($rest)*)
    };
    (@getsets [$($done:tt)*] $name:literal => $get:expr, $set:expr; $($rest:tt)*) => {
        $crate::native_type!(@getsets [$($done)* $crate::native::GetSet {
            name: $name, get: $get, set: Some($set), member: false, doc: "",
        },] $($rest)*)
    };
}
