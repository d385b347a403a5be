//! Collectors of other crates whose handles count references, or stand for roots.

use crate::graph::{self, EDGES, Graph, Nodes};
use crate::subject::{Reach, Subject, counted_ends};

/// What such a crate has to say of itself.
pub trait Collector: Nodes {
    fn start() -> Self;
    fn collect();
}

/// A crate's collector with the graphs that are held.
pub struct Crate<C: Collector> {
    held: Vec<C::Handle>,
    nodes: C,
    ended_before: usize,
}

impl<C: Collector> Crate<C> {
    pub fn new() -> Crate<C> {
        Crate {
            held: Vec::new(),
            nodes: C::start(),
            ended_before: counted_ends(),
        }
    }
}

impl<C: Collector> Subject for Crate<C> {
    fn build(&mut self, graph: &Graph) {
        self.held.push(graph::build(&self.nodes, graph));
    }

    fn release(&mut self) {
        self.held.pop();
    }

    fn collect(&mut self, _: Reach) {
        C::collect();
    }

    fn ended(&self) -> usize {
        counted_ends() - self.ended_before
    }
}

pub mod dumpster {
    use std::cell::RefCell;

    use dumpster::Trace;
    use dumpster::unsync::{Gc, collect, set_collect_condition};

    use super::{Collector, EDGES, Nodes};
    use crate::subject::count_end;

    #[derive(Default, Trace)]
    pub struct Node {
        edges: RefCell<[Option<Gc<Node>>; EDGES]>,
    }

    impl Drop for Node {
        fn drop(&mut self) {
            count_end();
        }
    }

    pub struct Dumpster;

    impl Nodes for Dumpster {
        type Handle = Gc<Node>;

        #[inline(always)]
        fn make(&self) -> Gc<Node> {
            Gc::new(Node::default())
        }

        #[inline(always)]
        fn link(&self, from: &Gc<Node>, edge: usize, to: &Gc<Node>) {
            from.edges.borrow_mut()[edge] = Some(to.clone());
        }
    }

    impl Collector for Dumpster {
        fn start() -> Dumpster {
            set_collect_condition(|_| false);
            Dumpster
        }

        fn collect() {
            collect();
        }
    }
}

#[expect(non_local_definitions, reason = "the derive of gc 0.5 makes them")]
pub mod gc {
    use gc::{Finalize, Gc, GcCell, Trace, configure, force_collect};

    use super::{Collector, EDGES, Nodes};
    use crate::subject::count_end;

    #[derive(Default, Trace)]
    pub struct Node {
        edges: GcCell<[Option<Gc<Node>>; EDGES]>,
    }

    impl Finalize for Node {
        fn finalize(&self) {
            count_end();
        }
    }

    pub struct Roots;

    impl Nodes for Roots {
        type Handle = Gc<Node>;

        #[inline(always)]
        fn make(&self) -> Gc<Node> {
            Gc::new(Node::default())
        }

        #[inline(always)]
        fn link(&self, from: &Gc<Node>, edge: usize, to: &Gc<Node>) {
            from.edges.borrow_mut()[edge] = Some(to.clone());
        }
    }

    impl Collector for Roots {
        fn start() -> Roots {
            configure(|configuration| configuration.threshold = usize::MAX);
            Roots
        }

        fn collect() {
            force_collect();
        }
    }
}

pub mod rust_cc {
    use std::cell::RefCell;

    use rust_cc::{Cc, Finalize, Trace, collect_cycles};

    use super::{Collector, EDGES, Nodes};
    use crate::subject::count_end;

    #[derive(Default, Trace, Finalize)]
    #[rust_cc(unsafe_no_drop)]
    pub struct Node {
        edges: RefCell<[Option<Cc<Node>>; EDGES]>,
    }

    impl Drop for Node {
        fn drop(&mut self) {
            count_end();
        }
    }

    pub struct RustCc;

    impl Nodes for RustCc {
        type Handle = Cc<Node>;

        #[inline(always)]
        fn make(&self) -> Cc<Node> {
            Cc::new(Node::default())
        }

        #[inline(always)]
        fn link(&self, from: &Cc<Node>, edge: usize, to: &Cc<Node>) {
            from.edges.borrow_mut()[edge] = Some(to.clone());
        }
    }

    impl Collector for RustCc {
        fn start() -> RustCc {
            RustCc
        }

        fn collect() {
            collect_cycles();
        }
    }
}

pub mod bacon {
    use std::cell::RefCell;

    use bacon_rajan_cc::{Cc, Trace, Tracer, collect_cycles};

    use super::{Collector, EDGES, Nodes};
    use crate::subject::count_end;

    #[derive(Default)]
    pub struct Node {
        edges: RefCell<[Option<Cc<Node>>; EDGES]>,
    }

    impl Trace for Node {
        fn trace(&self, tracer: &mut Tracer) {
            for edge in self.edges.borrow().iter().flatten() {
                edge.trace(tracer);
            }
        }
    }

    impl Drop for Node {
        fn drop(&mut self) {
            count_end();
        }
    }

    pub struct BaconRajan;

    impl Nodes for BaconRajan {
        type Handle = Cc<Node>;

        #[inline(always)]
        fn make(&self) -> Cc<Node> {
            Cc::new(Node::default())
        }

        #[inline(always)]
        fn link(&self, from: &Cc<Node>, edge: usize, to: &Cc<Node>) {
            from.edges.borrow_mut()[edge] = Some(to.clone());
        }
    }

    impl Collector for BaconRajan {
        fn start() -> BaconRajan {
            BaconRajan
        }

        fn collect() {
            collect_cycles();
        }
    }
}
