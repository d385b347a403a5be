//! The command as its users run it: deep programs, bad input, the worker's protocol.

mod bad_input;
mod deep;
mod profile;
mod support;
mod worker;
