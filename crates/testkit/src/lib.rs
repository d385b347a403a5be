//! The testkit layer.
