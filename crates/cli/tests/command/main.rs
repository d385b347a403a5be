//! The command as its users run it: allocators, deep programs, bad input, recordings, upgrades, the worker's protocol.

mod allocators;
mod bad_input;
mod check;
mod deep;
mod profile;
mod record;
mod support;
mod upgrade;
mod worker;
