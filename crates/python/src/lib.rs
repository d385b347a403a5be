//! Observable, delegated slots for the classes of stock CPython: the native half of the package
//! `mortice`.
//!
//! The engine is that of `mortice-slots`; this crate is its host. Slots lie in memory that CPython
//! lays out, traverses and frees as it does for `__slots__` ([`raw`] says where), and are read and
//! written by CPython's own member descriptors until something must be told of it. Then the
//! descriptor is turned, in place, into one that asks the engine.
//!
//! What happens once for each class, or never in a running program, is written in Python
//! (`python/mortice`): the checks of `slot(…)`, the words of `layout()`, copying.
//!
//! # Safety
//!
//! Every unsafe block of the crate lies in [`raw`] and cites one of these:
//!
//! - *attached*: objects and rights ([`raw::Object`], [`raw::Cx`]) exist only in threads that are
//!   attached to the interpreter, for no longer than a call from it; they can be sent nowhere.
//! - *counted*: an [`raw::Object`] owns one reference. What the interpreter lends is counted first.
//! - *borrowed*: what the interpreter passes to a call lives as long as the call.
//! - *bodies*: an object of a native class carries the Rust value of that class, written when it was
//!   made and dropped when it ends.
//! - *states*: a class of the metaclass has a place for its state behind the bytes of `type`.
//! - *state*: the module's state is a place for the world, written when the module is executed.
//! - *words*: an instance of a class with slots is as large as the class says, and its words hold an
//!   object or null. They are members of the interpreter's.
//! - *sizes*: while the sizes of classes are hidden, no code of a program runs and nothing is
//!   allocated.
//! - *turned*: a turned descriptor has the fields of a member descriptor, and a definition in the
//!   place of its qualified name.
//! - *owners*: a companion forgets its owner before the owner's memory ends.
//! - *shared*: a counted value lives as long as there are references to it, which it counts.
//! - *items*: a function item has no bytes.
//! - *constant*: tables of methods are never written.
//! - *library*: a function of the C library or of the interpreter has the type that its documentation says.

#![deny(unsafe_code)]

mod base;
mod change;
mod class;
mod companion;
mod definition;
mod delegation;
mod hold;
mod host;
mod items;
mod memory;
mod module;
mod observe;
#[allow(unsafe_code, reason = "this module is the crate's unsafe part")]
mod raw;
mod world;

use raw::definition_of_module;
