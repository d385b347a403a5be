//! Observable slots, independent of what hosts them.
//!
//! A slot is a storage place that an instance of a class has beside what the type system lays out;
//! all slot storage of an instance is one piece, behind everything else. This crate decides which
//! slots a class has and in which order they lie ([`plan`]), and says what it needs of the world
//! around it ([`Host`]). It knows no other crate of the workspace, no C and no CPython: the runtime
//! and stock CPython host the same code.
//!
//! Writes, observers, holds and delegation follow the same trait; they are not here yet.

#![forbid(unsafe_code)]

pub mod host;
pub mod plan;

pub use host::Host;
pub use plan::{Place, Plan, PlanError, plan};
