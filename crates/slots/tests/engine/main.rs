//! The engine on a small world of its own.

#![forbid(unsafe_code)]

mod carriers;
mod chains;
mod compare;
mod delegation;
mod failures;
mod foreign;
mod holds;
mod host;
mod naive;
mod observers;
mod plan;
mod queue;
mod random;
mod threads;
mod values;
