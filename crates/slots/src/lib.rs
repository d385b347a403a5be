//! The slots layer.
