//! Allocation profiles: what a program asks of its allocator, and which allocator would serve it best.
//!
//! A program's requests are recorded once and looked at later, as often as one likes:
//!
//! ```text
//! program ──► Recorder ──► file ──► Trace ──┬─► Summary ──► text, pictures
//!                                           └─► replay ───► Scores ─────► recommendation
//!                                               candidates, memory, malloc
//! ```
//!
//! Recording costs a word or two in a buffer for each event ([`recorder`]). What the addresses mean is found out
//! at the end, when they become a [`Trace`]: a list of events on numbered slots. It can be replayed on any
//! allocator ([`replay`]), above all on [`candidate::Candidate`]s, which differ by the parameters that one would
//! like to choose; [`score`] compares them.
//!
//! # Safety
//!
//! The one promise that this crate makes, cited by its name in `mortice-mem`:
//!
//! - *passive-observer*: a recorder uses nothing that lies in the memory that it watches.

#![deny(unsafe_code)]

pub mod candidate;
pub mod chart;
pub mod recorder;
pub mod replay;
pub mod report;
pub mod rounds;
pub mod score;
pub mod summary;
pub mod trace;

pub use mortice_mem::Domain;
pub use recorder::{RecordError, Recorder, Recording};
pub use trace::{Event, Trace, TraceError};

/// The README's example, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
