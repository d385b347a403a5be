//! Reads the sources of C extensions, and finds what keeps them from a stable ABI.
#![forbid(unsafe_code)]

pub mod api;
pub mod declared;
pub mod finding;
pub mod prepare;
pub mod source;
pub mod target;
pub mod tree;
pub mod unit;
