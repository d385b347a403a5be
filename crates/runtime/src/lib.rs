//! The facade: one runtime with its heap, types, exceptions and built-in modules.
//!
//! A [`Runtime`] owns everything that a Python program can see. This crate knows what a module, an
//! import and an uncaught exception are, and not how source is parsed or run: the [`Evaluator`] that
//! a runtime is built with does that.
//!
//! The way through it: [`runtime`] starts and ends; [`state`] is what a runtime keeps beside the
//! type system's context; [`modules`] has one file for each built-in module; [`traceback`] prints
//! exceptions.

#![forbid(unsafe_code)]

pub mod evaluator;
mod finish;
mod frozen;
pub mod import;
pub mod modules;
pub mod program;
pub mod runtime;
pub mod state;
mod streams;
mod structs;
pub mod traceback;
mod unraisable;

pub use evaluator::{Evaluator, FrameHooks, Mode};
pub use modules::gc::collect_if_due;
pub use mortice_types as types;
pub use mortice_types::builtin::traceback::{TraceEntry, push_traceback};
pub use mortice_types::{
    Args, Borrowed, Buffer, Context, NativeType, Object, Raised, Result, Type, TypeStorage,
};
pub use runtime::{Builder, Runtime};
pub use state::State;
pub use traceback::suggest;

/// The runtime's own types; they follow those of `mortice_types` in a runtime's tables.
pub static TYPES: &[&NativeType] = &[
    &streams::TEXT_STREAM,
    &structs::VERSION_INFO,
    &structs::FLAGS,
    &structs::HASH_INFO,
    &structs::UNRAISABLE_ARGS,
    &modules::mortice::UNSET_TYPE,
    &modules::mortice::WATCH,
    &modules::mortice::CHANGE,
    &modules::mortice::HOLD,
    &modules::mortice::SLOT,
    &modules::mortice::DELEGATED,
    &modules::mortice::BASE_META,
    &modules::mortice::WEAK_METHOD,
    &modules::mortice::SUBSCRIPTION,
    &modules::mortice::OBSERVE,
    &modules::mortice::MARK,
];
