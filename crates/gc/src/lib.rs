//! The gc layer.
