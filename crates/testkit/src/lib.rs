//! The testkit layer.

pub mod classes;
pub mod mem_model;
pub mod oracle;
pub mod trace;
