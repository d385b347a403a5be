//! Allocation profiles: what a program asks of its allocator, and which allocator would serve it best.
//!
//! A program's requests are recorded once and looked at later, as often as one likes:
//!
//! ```text
//! program ──► Recorder ──► file ──► Trace ──► replay on any allocator
//! ```
//!
//! Recording costs a word or two in a buffer for each event. What the addresses mean is found out at the end,
//! when the journal is turned into a [`trace::Trace`]: a list of events on numbered slots, which can be replayed
//! on any allocator.

#![forbid(unsafe_code)]

pub mod recorder;
pub mod replay;
pub mod rounds;
pub mod trace;

pub use recorder::{RecordError, Recorder, Recording};
pub use trace::{Event, Trace, TraceError};
