//! Random graphs of nodes of every kind and place, against a naive model of what is reachable.
//!
//! The kinds differ in what the collector does about them: whether their references are read or reported, whether they
//! have a prefix, whether their garbage may end in bulk, and how large they are, so that nodes lie in pools, in spans and
//! in foreign blocks.

use mortice_gc::mem::Config;
use mortice_gc::{
    Generation, Heap, Kind, KindFlags, Object, OwnedHeap, Pointer, Run, Slot, Trace, Visitor,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::mem::offset_of;

const EDGES: usize = 3;

#[repr(C)]
struct Node {
    id: u32,
    edges: [Slot; EDGES],
}

type Ended = RefCell<BTreeSet<usize>>;

fn node(object: &Object) -> &Node {
    let pointer = object.pointer().expect("a node is no small integer");
    // SAFETY: zeroed-body: only nodes are made here.
    unsafe { pointer.cast::<Node>().as_ref() }
}

unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: a node owns its edges.
    unsafe { pointer.cast::<Node>().as_ref() }
        .edges
        .traverse(visitor);
}

unsafe fn clear(_: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the collector keeps the node alive.
    unsafe { pointer.cast::<Node>().as_ref() }.edges.clear();
}

unsafe fn teardown(heap: &Heap, pointer: Pointer) {
    // SAFETY: heap-outlives-objects: the client is the test's set. owned-reference: nobody uses the node any more.
    unsafe {
        let ended = &*heap.client().cast::<Ended>();
        let id = pointer.cast::<Node>().as_ref().id as usize;
        assert!(ended.borrow_mut().insert(id), "node {id} ended twice");
        pointer.cast::<Node>().drop_in_place();
    }
}

/// Bytes of the bodies: pools of two sizes, a span, and too large for one.
const SIZES: [u32; 4] = [size_of::<Node>() as u32, 200, 40_000, 3_000_000];

/// Kinds with each property, one after the other.
fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for choice in 0..8 {
        for size in SIZES {
            let kind = Kind::atomic(size);
            let mut flags = KindFlags::COLLECTED;
            if choice & 1 != 0 {
                flags = flags.with(KindFlags::PREFIX);
            }
            if choice & 2 != 0 {
                flags = flags.with(KindFlags::PLAIN);
            }
            if choice & 4 != 0 {
                let offset = offset_of!(Node, edges) as u32;
                let count = EDGES as u32;
                kind.run.set(Run { offset, count });
            }
            kind.flags.set(flags);
            kind.traverse.set(traverse);
            kind.clear.set(clear);
            kind.teardown.set(teardown);
            kinds.push(kind);
        }
    }
    kinds
}

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// What the model knows of a node.
struct Known {
    is_alive: bool,
    handle: Option<Object>,
    /// An address that owns nothing, to tell nodes apart while they live.
    edges: [Option<usize>; EDGES],
    generation: usize,
}

struct Graph {
    /// Dropped before the heap.
    nodes: Vec<Known>,
    heap: OwnedHeap,
    kinds: Vec<Kind>,
    ended: Box<Ended>,
}

impl Graph {
    fn new(config: Config) -> Graph {
        let heap = Heap::with_config(config).expect("address space for a region");
        let ended = Box::<Ended>::default();
        // SAFETY: heap-outlives-objects: the set lives as long as the heap.
        unsafe { heap.set_client((&raw const *ended).cast()) };
        Graph {
            nodes: Vec::new(),
            heap,
            kinds: kinds(),
            ended,
        }
    }

    fn make(&mut self, kind: usize) {
        // SAFETY: live-header: the kinds outlive the heap's objects.
        let made = unsafe { self.heap.allocate(&raw const self.kinds[kind], 0) }.expect("memory");
        let pointer = made.pointer().expect("a node is no small integer");
        // SAFETY: zeroed-body: nobody else refers to the node yet.
        unsafe { pointer.cast::<Node>().as_mut() }.id = self.nodes.len() as u32;
        self.heap.track(&made);
        self.nodes.push(Known {
            is_alive: true,
            handle: Some(made),
            edges: [None; EDGES],
            generation: 0,
        });
    }

    /// The nodes that a handle or a living node outside `inside` reaches, through nodes of `inside`.
    fn reachable(&self, inside: &dyn Fn(usize) -> bool) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<usize> = (0..self.nodes.len())
            .filter(|index| inside(*index) && self.nodes[*index].handle.is_some())
            .collect();
        for (index, known) in self.nodes.iter().enumerate() {
            if known.is_alive && !inside(index) {
                waiting.extend(known.edges.iter().flatten().filter(|edge| inside(**edge)));
            }
        }
        while let Some(next) = waiting.pop() {
            if reached.insert(next) {
                let edges = self.nodes[next].edges.iter().flatten();
                waiting.extend(edges.filter(|edge| inside(**edge)));
            }
        }
        reached
    }

    /// Ends in the model what nothing refers to any more.
    fn release(&mut self) {
        loop {
            let mut counts = vec![0; self.nodes.len()];
            for known in self.nodes.iter().filter(|known| known.is_alive) {
                for edge in known.edges.iter().flatten() {
                    counts[*edge] += 1;
                }
            }
            let mut changed = false;
            for (known, count) in self.nodes.iter_mut().zip(counts) {
                if known.is_alive && known.handle.is_none() && count == 0 {
                    known.is_alive = false;
                    known.edges = [None; EDGES];
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn collect(&mut self, generation: Generation) {
        let limit = generation as usize;
        let inside = |index: usize| {
            let known = &self.nodes[index];
            known.is_alive && known.generation <= limit
        };
        let reached = self.reachable(&inside);
        let dead: Vec<usize> = (0..self.nodes.len())
            .filter(|index| inside(*index) && !reached.contains(index))
            .collect();
        let found = self.heap.collect(generation).expect("no other one runs");
        assert_eq!(found.collected, dead.len(), "{generation:?}");
        for index in dead {
            self.nodes[index].is_alive = false;
            self.nodes[index].edges = [None; EDGES];
        }
        for index in reached {
            self.nodes[index].generation = (limit + 1).min(2);
        }
        // What the garbage held of other generations ends by counts.
        self.release();
    }

    fn compare(&self) {
        let expected: BTreeSet<usize> = (0..self.nodes.len())
            .filter(|index| !self.nodes[*index].is_alive)
            .collect();
        assert_eq!(*self.ended.borrow(), expected);
        self.heap.check().expect("the heap agrees with itself");
    }

    fn step(&mut self, numbers: &mut Numbers) {
        let held: Vec<usize> = (0..self.nodes.len())
            .filter(|index| self.nodes[*index].handle.is_some())
            .collect();
        match numbers.below(20) {
            _ if held.is_empty() => self.make(numbers.below(self.kinds.len())),
            0..6 => {
                // Small ones mostly: each size four times as often as the next one.
                let size = (0..3).find(|_| numbers.below(4) != 0).unwrap_or(3);
                let kind = numbers.below(8) * SIZES.len() + size;
                self.make(kind);
            }
            6..14 => {
                let from = held[numbers.below(held.len())];
                let to = held[numbers.below(held.len())];
                let edge = numbers.below(EDGES);
                let target = self.nodes[to].handle.clone();
                if let (Some(from), Some(target)) = (&self.nodes[from].handle, target) {
                    node(from).edges[edge].set(target);
                }
                self.nodes[from].edges[edge] = Some(to);
                self.release();
            }
            14..18 => {
                let dropped = held[numbers.below(held.len())];
                drop(self.nodes[dropped].handle.take());
                self.release();
            }
            18 => self.collect(Generation::Young),
            _ => match numbers.below(4) {
                0 => self.collect(Generation::Full),
                1 => {
                    self.heap.freeze();
                    for known in self.nodes.iter_mut().filter(|known| known.is_alive) {
                        known.generation = 3;
                    }
                }
                2 => {
                    self.heap.unfreeze();
                    for known in self.nodes.iter_mut().filter(|k| k.generation == 3) {
                        known.generation = 2;
                    }
                }
                _ => self.collect(Generation::Middle),
            },
        }
        self.compare();
    }
}

/// Runs random operations, and then lets everything go.
fn run(config: Config, seed: u64) {
    let mut numbers = Numbers(seed);
    let mut graph = Graph::new(config);
    for _ in 0..400 {
        graph.step(&mut numbers);
    }
    for known in &mut graph.nodes {
        drop(known.handle.take());
    }
    graph.heap.unfreeze();
    for known in &mut graph.nodes {
        known.generation = 0;
    }
    graph.release();
    graph.collect(Generation::Full);
    graph.compare();
    assert_eq!(graph.ended.borrow().len(), graph.nodes.len());
}

#[test]
fn random_graphs_agree_with_a_naive_model() {
    for seed in 1..40 {
        run(Config::default(), seed * 0x9E37_79B9);
    }
}

fn random_graphs_in(config: Config) {
    for seed in 1..12 {
        run(config, seed * 0x9E37_79B9);
    }
}

#[test]
fn random_graphs_of_foreign_blocks_agree_with_a_naive_model() {
    random_graphs_in(Config {
        allocator: mortice_gc::mem::Choice::Malloc,
        ..Config::default()
    });
}

#[test]
fn random_graphs_behind_the_debug_hooks_agree_with_a_naive_model() {
    random_graphs_in(Config {
        allocator: mortice_gc::mem::Choice::PoolDebug,
        ..Config::default()
    });
}

/// Only one region's side bytes are found from addresses alone.
#[test]
fn random_graphs_across_small_regions_agree_with_a_naive_model() {
    random_graphs_in(Config {
        region_bytes: 1 << 20,
        ..Config::default()
    });
}
