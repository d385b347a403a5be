//! The runtime layer.
