//! The types layer.

pub mod layout;
pub mod mro;
