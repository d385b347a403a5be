//! CPython's type system.
//!
//! What a class is, where everything in an instance lies, how attributes are found and what the
//! operators mean; and the built-in types themselves. This crate does not know observers, source
//! code or C.
//!
//! The way through it: [`Context`] is one runtime's state; [`NativeType`] constants describe the
//! built-in types (one file each under `builtin`); [`raw`] makes type objects and instances of
//! them; [`attribute`], [`operate`], [`call`] and [`class`] are the rules; [`layout`] and [`mro`]
//! are pure functions that they ask.
//!
//! ```
//! use mortice_types::{Context, SlotId, builtin, dict_view, text};
//!
//! let cx = Context::new()?;
//!
//! // The built-in types, and what the language does with them.
//! let words = builtin::list::from_slice(&cx, &[cx.string("a")?, cx.string("b")?])?;
//! let twice = cx.binary(&words, &cx.int(2)?, SlotId::Mul)?;
//! assert_eq!(text(&cx.repr(&twice)?), Some("['a', 'b', 'a', 'b']"));
//!
//! // A class: type("Point", (), {"__slots__": ("x", "y")}).
//! let slots = builtin::tuple::from_slice(&cx, &[cx.intern("x")?, cx.intern("y")?])?;
//! let namespace = builtin::dict::new_dict(&cx)?;
//! let entries = dict_view(&namespace).expect("a new dict is a dict");
//! entries.set(&cx, &cx.intern("__slots__")?, slots)?;
//! let (name, bases) = (cx.string("Point")?, builtin::tuple::from_slice(&cx, &[])?);
//! let arguments = [name.borrow(), bases.borrow(), namespace.borrow()];
//! let point = cx.call(cx.builtin_ref(&builtin::TYPE).object(), &arguments)?;
//!
//! let at = cx.call(&point, &[])?;
//! let x = cx.intern("x")?;
//! cx.set_attribute(&at, &x, &cx.int(3)?)?;
//! assert_eq!(cx.get_attribute(&at, &x)?.as_small(), Some(3));
//! let basicsize = cx.get_attribute_text(&point, "__basicsize__")?;
//! assert_eq!(basicsize.as_small(), Some(32));
//!
//! // What a program would see as an exception is a value.
//! let raised = cx.set_attribute(&at, &cx.intern("z")?, &x).unwrap_err();
//! assert_eq!(
//!     text(&cx.str(raised.exception())?),
//!     Some("'Point' object has no attribute 'z' and no __dict__ for setting new attributes")
//! );
//! # Ok::<(), mortice_types::StartError>(())
//! ```
//!
//! # Safety
//!
//! Unsafe code lies in `raw` only, and in one macro. Beside the invariants of `mortice-gc`
//! (*live-header*, *owned-reference*, *one-thread*, *heap-outlives-objects*, *exact-traverse*,
//! *zeroed-body*, *prefix-words*, *weak-linked*) it relies on:
//!
//! - *type-object*: every [`Kind`](mortice_gc::Kind) in a context's heap is the start of a
//!   [`TypeBody`](raw::TypeBody), and an object whose type carries the flag `TYPE` has one as its
//!   first section.
//! - *section-in-place*: an instance holds one started section for every native type in its chain
//!   of bases, at the offset where that type's base ends, and its cells of `__slots__` where the
//!   type's layout says.
//! - *token-parted*: a token's owner lives, or waits to end; taking it down begins with parting from
//!   its token.
//! - *filled-tuple*: a tuple's length counts items that are set, and they stay until it ends.
//! - *frozen-storage*: static storage is written once, before it is shared.
//! - *checked-text*: the bytes of a text were found to be UTF-8 when they were set, and stay.
//! - *context-owns-heap*: a heap's client word is the address of the context that owns it, or null.

#![deny(unsafe_code)]

extern crate self as mortice_types;

pub mod args;
pub mod attribute;
pub mod builtin;
pub mod cache;
pub mod call;
pub mod class;
pub mod context;
pub mod descriptor;
pub mod dispatch;
pub mod error;
pub mod finalize;
pub mod format;
pub mod index;
pub mod layout;
pub mod mro;
pub mod names;
pub mod native;
pub mod operate;
#[allow(unsafe_code, reason = "the unsafe kernel; its invariants stand above")]
pub mod raw;
pub mod repr_guard;
pub mod slot_id;
pub mod start;

pub use args::Args;
pub use builtin::dict::view as dict_view;
pub use builtin::string::text;
pub use context::{Context, DEFAULT_STORAGE, DEFAULT_TABLES, Frames, StartError, Tables};
pub use error::{Raised, Result};
pub use mortice_gc as gc;
pub use mortice_gc::{Borrowed, Buffer, Items, Object, OutOfMemory, Slot};
pub use native::NativeType;
pub use raw::{OwnedContext, Type, TypeStorage, body, context_of, tuple_items};
pub use slot_id::{SLOT_COUNT, SlotFn, SlotId};

/// The README's example, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
