//! Generators, naive models and checkers, shared by tests, fuzz targets and benches.

#![forbid(unsafe_code)]

pub mod check_model;
pub mod checked_blocks;
pub mod classes;
pub mod classes_model;
pub mod graph_model;
pub mod mem_model;
pub mod oracle;
pub mod parse_model;
pub mod players;
pub mod shared;
pub mod slots_model;
pub mod timed;
pub mod trace_model;
