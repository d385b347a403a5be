//! The mortice command.

fn main() {}
