//! The heap through its public interface, with types of the tests' own.

mod collect;
mod dealloc;
mod exhaustion;
mod generations;
mod random;
mod spaces;
mod support;
mod weak;
