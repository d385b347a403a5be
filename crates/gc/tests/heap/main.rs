//! The heap through its public interface, with types of the tests' own.

mod bodies;
mod collect;
mod dealloc;
mod exhaustion;
mod generations;
mod immortal;
mod random;
mod spaces;
mod support;
mod weak;
