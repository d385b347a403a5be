//! The eval layer.
