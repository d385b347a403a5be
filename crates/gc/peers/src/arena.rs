//! The crate gc-arena, whose handles live no longer than a call and are not counted.

use gc_arena::barrier::field;
use gc_arena::lock::Lock;
use gc_arena::{Arena, Collect, Gc, Mutation, Rootable};

use crate::graph::{self, EDGES, Graph, Nodes};
use crate::subject::{Reach, Subject, count_end, counted_ends};

#[derive(Collect)]
#[collect(unsafe_drop)]
struct Node<'gc> {
    edges: Lock<[Option<Handle<'gc>>; EDGES]>,
}

type Handle<'gc> = Gc<'gc, Node<'gc>>;

impl Drop for Node<'_> {
    fn drop(&mut self) {
        count_end();
    }
}

struct Making<'gc>(&'gc Mutation<'gc>);

impl<'gc> Nodes for Making<'gc> {
    type Handle = Handle<'gc>;

    #[inline(always)]
    fn make(&self) -> Handle<'gc> {
        let edges = Lock::new([None; EDGES]);
        Gc::new(self.0, Node { edges })
    }

    #[inline(always)]
    fn link(&self, from: &Handle<'gc>, edge: usize, to: &Handle<'gc>) {
        let mut edges = from.edges.get();
        edges[edge] = Some(*to);
        field!(Gc::write(self.0, *from), Node, edges)
            .unlock()
            .set(edges);
    }
}

#[derive(Collect)]
#[collect(no_drop)]
struct Roots<'gc>(Vec<Handle<'gc>>);

pub struct GcArena {
    arena: Arena<Rootable![Roots<'_>]>,
    ended_before: usize,
}

impl GcArena {
    pub fn new() -> GcArena {
        GcArena {
            arena: Arena::new(|_| Roots(Vec::new())),
            ended_before: counted_ends(),
        }
    }
}

impl Subject for GcArena {
    fn build(&mut self, graph: &Graph) {
        self.arena.mutate_root(|mutation, roots| {
            roots.0.push(graph::build(&Making(mutation), graph));
        });
    }

    fn release(&mut self) {
        self.arena.mutate_root(|_, roots| {
            roots.0.pop();
        });
    }

    fn collect(&mut self, _: Reach) {
        self.arena.finish_cycle();
    }

    fn ended(&self) -> usize {
        counted_ends() - self.ended_before
    }
}
