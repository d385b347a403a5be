//! Observable slots, independent of what hosts them.
//!
//! A slot is a storage place that an instance of a class has beside what the type system lays out;
//! all slot storage of an instance is one piece, behind everything else. Whoever wants to hear of a
//! slot's changes subscribes; a slot can stand for another object's.
//!
//! This crate is the engine: which slots a class has and in which order they lie ([`plan`]), what a
//! read or a write does ([`access`]), how an event reaches its observers ([`event`]), how events are
//! held back ([`hold`]) and how delegations are followed ([`delegate`]). It says what it needs of
//! the world around it in one trait, [`Host`]. It knows no other crate of the workspace, no C and no
//! CPython: the runtime and stock CPython host the same code.
//!
//! What the engine keeps of an instance is its [`Watch`]: a list of entries in an object beside the
//! instance, its *companion*. Who must not keep an instance alive keeps its *token*. Numbers and
//! references are kept apart, in the host's own containers, so that the host's collector sees every
//! reference and nothing here can hide one.

#![forbid(unsafe_code)]

pub mod access;
mod affected;
mod check;
pub mod class;
pub mod delegate;
pub mod engine;
pub mod event;
pub mod hold;
pub mod host;
pub mod observe;
pub mod plan;
pub mod problem;
pub mod watch;

pub use check::Fault;
pub use class::{Class, ClassState, Compare, MethodRow, Row, SlotFlags};
pub use engine::Engine;
pub use host::{Cells, Change, EndOfMro, Host, Name, Rows};
pub use plan::Facts;
pub use problem::{Problem, ProblemKind, suggest};
pub use watch::{Entry, Role, Summary, Watch};
