//! Reads the sources of C extensions, and finds what keeps them from CPython's stable ABI.
//!
//! ```text
//! file ──► Source ──► Prepared ──► Tree ──► Declared ──► check ──► Finding ──► report, summary
//!          bytes      same length, syntax   types of     rules                text, JSON, SARIF, HTML
//!                     no directives         names
//! ```
//!
//! Positions are those of the file everywhere: what is prepared for the parser has every token at its place.
//! [`unit::Reader`] opens a source with everything that is known about its names, [`check::check`] finds what is in
//! the way, and [`report`] writes it.

#![forbid(unsafe_code)]

pub mod api;
pub mod check;
pub mod declared;
pub mod diff;
pub mod edit;
pub mod files;
pub mod finding;
pub mod prepare;
pub mod report;
pub mod source;
pub mod summary;
pub mod target;
pub mod tree;
pub mod unit;
pub mod upgrade;

/// The README's example, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
