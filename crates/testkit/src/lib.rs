//! The testkit layer.

pub mod classes;
pub mod oracle;
