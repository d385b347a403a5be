//! Instruction counts of the heap: a full collection of live nodes, one of a few young ones among
//! them, reference counts, and the question of the second seed: what a header before the pointer costs against one inside.

#![allow(
    missing_docs,
    reason = "the bench macros make public items without docs"
)]

use std::cell::Cell;
use std::hint::black_box;

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use mortice_gc::{
    Generation, Heap, Kind, KindFlags, Object, OwnedHeap, Pointer, Slot, Trace, Visitor,
};

/// Live nodes of a collection.
const NODES: usize = 10_000;
/// Objects whose headers are read.
const HEADERS: usize = 6_400;

/// Three references, as in the measured collectors.
struct Node {
    edges: [Slot; 3],
}

/// # Safety
///
/// - `pointer` is the address of a live node.
unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: a node owns its three edges.
    unsafe { &*pointer.as_ptr().cast::<Node>() }
        .edges
        .traverse(visitor);
}

/// # Safety
///
/// - `pointer` is the address of a node that nobody uses any more.
unsafe fn teardown(_: &Heap, pointer: Pointer) {
    // SAFETY: zeroed-body: an empty slot is all zeros, so every node is a valid value.
    unsafe { pointer.as_ptr().cast::<Node>().drop_in_place() }
}

fn kind() -> Box<Kind> {
    let kind = Kind::atomic(size_of::<Node>() as u32);
    kind.flags.set(KindFlags::COLLECTED);
    kind.traverse.set(traverse);
    kind.teardown.set(teardown);
    Box::new(kind)
}

struct Graph {
    /// Dropped before the heap.
    nodes: Vec<Object>,
    heap: OwnedHeap,
    kind: Box<Kind>,
}

/// A tree: node `i` refers to `2i + 1` and `2i + 2`; the handles keep every node alive.
fn make_tree() -> Graph {
    let heap = Heap::new().expect("address space for a region");
    let kind = kind();
    let mut nodes = Vec::new();
    for _ in 0..NODES {
        // SAFETY: live-header: the kind outlives the heap in `Graph`.
        let node = unsafe { heap.allocate(&raw const *kind, 0) }.expect("memory for a node");
        heap.track(&node);
        nodes.push(node);
    }
    for (index, node) in nodes.iter().enumerate() {
        let edges = node.pointer().map(|pointer| {
            // SAFETY: live-header: the handle keeps the node alive.
            unsafe { &*pointer.as_ptr().cast::<Node>() }
        });
        for (edge, child) in [2 * index + 1, 2 * index + 2].into_iter().enumerate() {
            if let (Some(node), Some(child)) = (edges, nodes.get(child)) {
                node.edges[edge].set(child.clone());
            }
        }
    }
    Graph { nodes, heap, kind }
}

#[library_benchmark]
#[bench::tree(make_tree())]
fn collect_live(graph: Graph) -> Graph {
    let found = graph.heap.collect(Generation::Full);
    black_box(found.expect("no other collection runs"));
    black_box(&graph.kind);
    graph
}

/// A tree of old nodes, and 100 young ones of which nothing refers to another.
fn make_old_tree() -> Graph {
    let mut graph = make_tree();
    let found = graph.heap.collect(Generation::Full);
    black_box(found.expect("no other collection runs"));
    for _ in 0..100 {
        // SAFETY: live-header: the kind outlives the heap in `Graph`.
        let node = unsafe { graph.heap.allocate(&raw const *graph.kind, 0) };
        let node = node.expect("memory for a node");
        graph.heap.track(&node);
        graph.nodes.push(node);
    }
    graph
}

#[library_benchmark]
#[bench::old_tree(make_old_tree())]
fn collect_young(graph: Graph) -> Graph {
    let found = graph.heap.collect(Generation::Young);
    black_box(found.expect("no other collection runs"));
    graph
}

#[library_benchmark]
#[bench::tree(make_tree())]
fn count_references(graph: Graph) -> Graph {
    for node in &graph.nodes {
        drop(black_box(black_box(node).clone()));
    }
    graph
}

/// An object whose header is its first part.
#[repr(C)]
struct Inside {
    refcount: Cell<u32>,
    flags: Cell<u32>,
    kind: *const u8,
    body: Cell<u64>,
}

/// The body of an object whose header lies before it.
#[repr(C)]
struct Before {
    body: Cell<u64>,
}

#[repr(C)]
struct Header {
    refcount: Cell<u32>,
    flags: Cell<u32>,
    kind: *const u8,
}

#[repr(C)]
struct WithHeader {
    header: Header,
    body: Before,
}

fn inside() -> Vec<Inside> {
    (0..HEADERS)
        .map(|_| Inside {
            refcount: Cell::new(1),
            flags: Cell::new(0),
            kind: std::ptr::null(),
            body: Cell::new(1),
        })
        .collect()
}

fn before() -> Vec<WithHeader> {
    (0..HEADERS)
        .map(|_| WithHeader {
            header: Header {
                refcount: Cell::new(1),
                flags: Cell::new(0),
                kind: std::ptr::null(),
            },
            body: Before { body: Cell::new(1) },
        })
        .collect()
}

/// The header of a body: 16 bytes before it.
#[inline(always)]
fn header_of(body: *const Before) -> *const Header {
    // The pointer arithmetic is what is measured; nothing is read here.
    body.cast::<u8>().wrapping_sub(16).cast()
}

/// The same behind a call, as an extension with an opaque ABI reaches it.
#[inline(never)]
fn header_call(body: *const Before) -> *const Header {
    header_of(black_box(body))
}

macro_rules! use_header {
    ($header:expr, $body:expr) => {{
        let header = $header;
        let count = header.refcount.get();
        header.refcount.set(count + 1);
        black_box((header.flags.get(), header.kind, $body.get()));
        header.refcount.set(count);
    }};
}

#[library_benchmark]
#[bench::fields(inside())]
fn header_inside(objects: Vec<Inside>) -> Vec<Inside> {
    for object in &objects {
        use_header!(black_box(object), object.body);
    }
    objects
}

#[library_benchmark]
#[bench::inlined(before())]
fn header_before(objects: Vec<WithHeader>) -> Vec<WithHeader> {
    for object in &objects {
        let body = black_box(&raw const object.body);
        // SAFETY: live-header: the header lies before the body in `WithHeader`.
        use_header!(unsafe { &*header_of(body) }, object.body.body);
    }
    objects
}

#[library_benchmark]
#[bench::called(before())]
fn header_before_accessor(objects: Vec<WithHeader>) -> Vec<WithHeader> {
    for object in &objects {
        let body = black_box(&raw const object.body);
        // SAFETY: live-header: the header lies before the body in `WithHeader`.
        use_header!(unsafe { &*header_call(body) }, object.body.body);
    }
    objects
}

library_benchmark_group!(
    name = heap;
    benchmarks = collect_live, collect_young, count_references, header_inside, header_before,
        header_before_accessor
);

main!(library_benchmark_groups = heap);
