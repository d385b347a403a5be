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
pub mod runtime;
pub mod state;

pub use evaluator::{Evaluator, FrameHooks, Mode};
pub use mortice_types as types;
pub use mortice_types::builtin::traceback::{TraceEntry, push_traceback};
pub use mortice_types::{Args, Borrowed, Context, NativeType, Object, Raised, Result, Type};
pub use runtime::{Builder, Runtime};
pub use state::State;
