//! Reads the sources of C extensions, and finds what keeps them from a stable ABI.
#![forbid(unsafe_code)]

pub mod api;
pub mod check;
pub mod declared;
pub mod files;
pub mod finding;
pub mod prepare;
pub mod report;
pub mod source;
pub mod summary;
pub mod target;
pub mod tree;
pub mod unit;
