//! The types layer.
