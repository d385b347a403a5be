//! The command as its users run it: deep programs, bad input, recordings, the worker's protocol.

mod bad_input;
mod deep;
mod profile;
mod record;
mod support;
mod worker;
