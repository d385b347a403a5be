//! A collector in the comparison.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::graph::Graph;

/// How far a collection looks; who has no generations looks at everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Young,
    Full,
}

/// A heap with a collector.
pub trait Subject {
    /// Builds a graph and holds its first node.
    fn build(&mut self, graph: &Graph);
    /// Lets go of the graph that was built last.
    fn release(&mut self);
    /// Collects.
    fn collect(&mut self, reach: Reach);
    /// The number of nodes that ended so far.
    fn ended(&self) -> usize;
}

/// Nodes that ended, of subjects that have no counter of their own. One thread at a time counts.
static ENDED: AtomicUsize = AtomicUsize::new(0);

/// Counts the end of a node.
#[inline(always)]
pub fn count_end() {
    ENDED.store(counted_ends() + 1, Ordering::Relaxed);
}

/// The number of nodes whose end was counted.
pub fn counted_ends() -> usize {
    ENDED.load(Ordering::Relaxed)
}

/// What makes subjects of one kind.
pub struct Contender {
    pub name: String,
    /// It recurses as deeply as the graph, and needs a stack for that.
    pub is_deep: bool,
    /// It passes over old objects.
    pub has_generations: bool,
    pub make: Box<dyn Fn() -> Box<dyn Subject> + Sync>,
}

impl Contender {
    /// Runs something on a new subject.
    pub fn with<R: Send>(&self, run: impl FnOnce(&mut dyn Subject) -> R + Send) -> R {
        /// Bytes of native stack, of which only those that are used take memory.
        const DEEP_STACK_BYTES: usize = 16 << 30;
        if !self.is_deep {
            return run(&mut *(self.make)());
        }
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .stack_size(DEEP_STACK_BYTES)
                .spawn_scoped(scope, || run(&mut *(self.make)()));
            let result = thread.expect("address space for a deep stack").join();
            result.expect("a load that completes")
        })
    }
}
