//! Memory domains.
