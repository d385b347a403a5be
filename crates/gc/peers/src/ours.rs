//! This project's heap.

use mortice_gc::{
    Generation, Heap, Kind, KindFlags, Object, OwnedHeap, Pointer, Run, Slot, Trace, Visitor,
};

use crate::graph::{self, EDGES, Graph, Nodes};
use crate::subject::{Reach, Subject, count_end, counted_ends};

#[repr(transparent)]
struct Node {
    edges: [Slot; EDGES],
}

/// # Safety
///
/// - `pointer` is the address of a live node.
unsafe fn node<'a>(pointer: Pointer) -> &'a Node {
    // SAFETY: zeroed-body: an empty slot is all zeros, so every node is a valid value.
    unsafe { pointer.cast::<Node>().as_ref() }
}

unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: a node owns its edges.
    unsafe { node(pointer) }.edges.traverse(visitor);
}

unsafe fn clear(_: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the collector keeps the node alive.
    unsafe { node(pointer) }.edges.clear();
}

unsafe fn teardown(_: &Heap, pointer: Pointer) {
    // SAFETY: owned-reference: nobody uses the node any more.
    unsafe { pointer.cast::<Node>().drop_in_place() }
    count_end();
}

/// A heap and the graphs that are held.
pub struct Ours {
    /// Dropped before the heap.
    held: Vec<Object>,
    heap: OwnedHeap,
    kind: Box<Kind>,
    ended_before: usize,
}

impl Ours {
    /// A heap of nodes whose kind tells where the references lie, or leaves that to its traverse function.
    pub fn new(tells: bool) -> Ours {
        let kind = Kind::atomic(size_of::<Node>() as u32);
        kind.flags.set(KindFlags::COLLECTED.with(KindFlags::PLAIN));
        kind.traverse.set(traverse);
        kind.clear.set(clear);
        kind.teardown.set(teardown);
        if tells {
            kind.run.set(Run {
                offset: 0,
                count: EDGES as u32,
            });
        }
        Ours {
            held: Vec::new(),
            heap: Heap::new().expect("address space for a region"),
            kind: Box::new(kind),
            ended_before: counted_ends(),
        }
    }
}

impl Nodes for Ours {
    type Handle = Object;

    #[inline(always)]
    fn make(&self) -> Object {
        // SAFETY: live-header: the kind outlives the heap's objects.
        let made =
            unsafe { self.heap.allocate(&raw const *self.kind, 0) }.expect("memory for a node");
        self.heap.track(&made);
        made
    }

    #[inline(always)]
    fn link(&self, from: &Object, edge: usize, to: &Object) {
        if let Some(pointer) = from.pointer() {
            // SAFETY: owned-reference: the handle keeps the node alive.
            unsafe { node(pointer) }.edges[edge].set(to.clone());
        }
    }
}

impl Subject for Ours {
    fn build(&mut self, graph: &Graph) {
        let first = graph::build(self, graph);
        self.held.push(first);
    }

    fn release(&mut self) {
        self.held.pop();
    }

    fn collect(&mut self, reach: Reach) {
        let generation = match reach {
            Reach::Young => Generation::Young,
            Reach::Full => Generation::Full,
        };
        (self.heap.collect(generation)).expect("no other collection runs");
    }

    fn ended(&self) -> usize {
        counted_ends() - self.ended_before
    }
}
