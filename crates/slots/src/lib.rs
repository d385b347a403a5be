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
//!
//! A host is written once, as `examples/small_host/host.rs` shows; from then on all is asked of the
//! [`Engine`]:
//!
//! ```
//! # mod small { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/small_host/host.rs")); }
//! use small::{Object, World};
//!
//! let world = World::default();
//! let engine = &world.engine;
//! let class = world.class(&["x", "y"]);
//! let (one, other) = (Object::instance(&class, "one"), Object::instance(&class, "other"));
//! let (x, y) = (world.name("x"), world.name("y"));
//!
//! // Storage order is the order of definition; y lies behind x.
//! engine.set(&world, &one, y, usize::MAX, Some(&Object::number(2)))?;
//! assert_eq!(engine.get(&world, &one, y, usize::MAX)?.to_string(), "2");
//! let unset = engine.get(&world, &one, x, usize::MAX).expect_err("x is unset");
//! assert_eq!(unset, "'Small' object has no attribute 'x'");
//!
//! // The other's x shows y of the first, and whoever observes it hears of both.
//! engine.observe_instance(&world, &other, x, Object::noting())?;
//! engine.delegate(&world, &other, x, &one, y)?;
//! engine.set(&world, &other, x, usize::MAX, Some(&Object::number(3)))?;
//! assert_eq!(engine.get(&world, &one, y, usize::MAX)?.to_string(), "3");
//! assert_eq!(world.log.take(), ["other.x: unset -> 2", "other.x: 2 -> 3"]);
//! # Ok::<(), String>(())
//! ```

#![forbid(unsafe_code)]

// The example is a part of the unit tests, and names the crate.
#[cfg(test)]
extern crate self as mortice_slots;

pub mod access;
mod affected;
mod check;
pub mod class;
pub mod delegate;
mod delivery;
pub mod engine;
pub mod event;
pub mod hold;
pub mod host;
pub mod observe;
pub mod plan;
pub mod problem;
mod quick;
pub mod watch;

pub use check::Fault;
pub use class::{Class, ClassState, Compare, MethodRow, Row, SlotFlags};
pub use delivery::Further;
pub use engine::Engine;
pub use host::{Cells, Change, EndOfMro, Host, Name, Rows};
pub use plan::Facts;
pub use problem::{Problem, ProblemKind, suggest};
pub use watch::{Entry, Life, Role, Solo, Summary, Watch};

/// The README's example, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
