//! Types for tests: nodes with any number of edges, and weak references.
//!
//! A [`World`] owns a heap and its types, and writes down what ends, what is cleared and what is
//! finalized. What a finalizer or callback does, the test says.

use mortice_gc::{
    Borrowed, Heap, Hooks, Items, Kind, KindFlags, Object, OwnedHeap, Pointer, Slot, Trace,
    Visitor, WeakBody, mem, weak,
};
use std::cell::{Cell, RefCell};

type Action = Box<dyn Fn(&World, &Object)>;
/// Is told the id of a node in the middle of its clearing.
type Cleared = Box<dyn Fn(&World, u32)>;

/// What a test does from a finalizer or a callback.
#[derive(Default)]
pub struct Actions {
    pub finalize: RefCell<Option<Action>>,
    pub callback: RefCell<Option<Action>>,
    pub clear: RefCell<Option<Cleared>>,
}

/// A heap with types, and a log.
pub struct World {
    pub log: RefCell<Vec<String>>,
    pub actions: Actions,
    /// Objects that a test keeps; dropped before the heap.
    pub kept: RefCell<Vec<Object>>,
    /// Starving nodes let requests fail while they are traversed.
    pub starving: Cell<bool>,
    pub heap: OwnedHeap,
    starved: Box<Kind>,
    metaclass: Box<Kind>,
    atomic: Box<Kind>,
    node: Box<Kind>,
    plain: Box<Kind>,
    finalized: Box<Kind>,
    weak: Box<Kind>,
}

/// The body of a node.
#[derive(Default)]
pub struct Node {
    pub id: Cell<u32>,
    pub edge: Slot,
    pub edges: Items<Object>,
}

fn world(heap: &Heap) -> &World {
    // SAFETY: heap-outlives-objects: each heap of these tests belongs to a boxed world.
    unsafe { &*heap.client().cast::<World>() }
}

/// A node's body.
pub fn node(object: &Object) -> &Node {
    let pointer = object.pointer().expect("a node is no small integer");
    // SAFETY: zeroed-body: only nodes are passed here, and the handle keeps the node alive.
    unsafe { pointer.cast::<Node>().as_ref() }
}

/// A weak reference's body.
pub fn weak_body(object: &Object) -> &WeakBody {
    let pointer = object.pointer().expect("a reference is no small integer");
    // SAFETY: weak-linked: only weak references are passed here.
    unsafe { pointer.cast::<WeakBody>().as_ref() }
}

unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: a node owns its edges.
    let node = unsafe { pointer.cast::<Node>().as_ref() };
    node.edge.traverse(visitor);
    node.edges.traverse(visitor);
}

/// Reports a node's edges, and lets the next request fail before each.
unsafe fn starve(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: owned-reference: the copy is not dropped; exact-traverse: a node owns its edges.
    let (object, node) = unsafe {
        let object = std::mem::ManuallyDrop::new(Object::from_owned(pointer));
        (object, pointer.cast::<Node>().as_ref())
    };
    let world = world(Heap::of_object(&object).expect("a node lies on a heap"));
    node.edge.traverse(visitor);
    for index in 0..node.edges.len() {
        if world.starving.get() {
            world.heap.memory().fail_after(Some(1));
        }
        let edge = node.edges.get(index).expect("an edge");
        visitor.visit(&edge);
    }
}

unsafe fn clear(heap: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the collector keeps the node alive.
    let node = unsafe { pointer.cast::<Node>().as_ref() };
    world(heap).note("clear", node.id.get());
    node.edge.clear();
    node.edges.clear();
    if let Some(action) = &*world(heap).actions.clear.borrow() {
        action(world(heap), node.id.get());
        world(heap).note("cleared", node.id.get());
    }
}

unsafe fn teardown(heap: &Heap, pointer: Pointer) {
    // SAFETY: owned-reference: nobody uses the node any more.
    unsafe {
        world(heap).note("end", pointer.cast::<Node>().as_ref().id.get());
        pointer.cast::<Node>().drop_in_place();
    }
}

/// The body of a class: a type on the heap.
struct Class {
    kind: Kind,
    id: Cell<u32>,
}

unsafe fn class_teardown(heap: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the class's memory is still there; it owns nothing.
    let class = unsafe { pointer.cast::<Class>().as_ref() };
    world(heap).note("class ends", class.id.get());
}

fn finalize(heap: &Heap, object: &Object) {
    let world = world(heap);
    world.note("finalize", node(object).id.get());
    heap.check()
        .expect("the heap agrees with itself in a finalizer");
    if let Some(action) = &*world.actions.finalize.borrow() {
        action(world, object);
    }
}

unsafe fn weak_traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: the callback is all that is owned.
    unsafe { pointer.cast::<WeakBody>().as_ref() }.traverse(visitor);
}

unsafe fn weak_clear(_: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the collector keeps the reference alive.
    unsafe { pointer.cast::<WeakBody>().as_ref() }.clear();
}

unsafe fn weak_teardown(_: &Heap, pointer: Pointer) {
    // SAFETY: owned-reference: nobody uses the reference any more.
    unsafe { pointer.cast::<WeakBody>().drop_in_place() }
}

fn weak_callback(heap: &Heap, callback: &Object, reference: &Object) {
    let world = world(heap);
    world.note("callback", node(callback).id.get());
    assert!(weak_body(reference).target().is_none(), "cleared first");
    heap.check()
        .expect("the heap agrees with itself in a callback");
    if let Some(action) = &*world.actions.callback.borrow() {
        action(world, reference);
    }
}

fn garbage(heap: &Heap, object: Object) {
    world(heap).kept.borrow_mut().push(object);
}

fn kind_of<T>(flags: KindFlags) -> Box<Kind> {
    let kind = Kind::atomic(u32::try_from(size_of::<T>()).expect("a body is small"));
    kind.flags.set(flags);
    kind.traverse.set(traverse);
    kind.clear.set(clear);
    kind.teardown.set(teardown);
    Box::new(kind)
}

impl World {
    pub fn new() -> Box<World> {
        World::with(mem::Config::default())
    }

    pub fn with(config: mem::Config) -> Box<World> {
        let heap = Heap::with_config(config).expect("address space for a region");
        let noticed = KindFlags::COLLECTED
            .with(KindFlags::PREFIX)
            .with(KindFlags::NOTICED);
        let plain = KindFlags::COLLECTED
            .with(KindFlags::PREFIX)
            .with(KindFlags::PLAIN);
        let finalized = kind_of::<Node>(noticed);
        finalized.finalize.set(Some(finalize));
        let starved = kind_of::<Node>(noticed);
        starved.traverse.set(starve);
        let metaclass = kind_of::<Class>(KindFlags(0));
        metaclass.traverse.set(|_, _| {});
        metaclass.clear.set(|_, _| {});
        metaclass.teardown.set(class_teardown);
        let weak_kind = kind_of::<WeakBody>(
            KindFlags::COLLECTED
                .with(KindFlags::NOTICED)
                .with(KindFlags::WEAK_REFERENCE),
        );
        weak_kind.traverse.set(weak_traverse);
        weak_kind.clear.set(weak_clear);
        weak_kind.teardown.set(weak_teardown);
        let world = Box::new(World {
            log: RefCell::default(),
            actions: Actions::default(),
            kept: RefCell::default(),
            starving: Cell::new(false),
            heap,
            starved,
            metaclass,
            atomic: kind_of::<Node>(KindFlags(0)),
            node: kind_of::<Node>(noticed),
            plain: kind_of::<Node>(plain),
            finalized,
            weak: weak_kind,
        });
        // SAFETY: heap-outlives-objects: a boxed world stays where it is, and owns the heap.
        unsafe {
            world.heap.set_client(std::ptr::from_ref(&*world).cast());
        }
        world.heap.set_hooks(Hooks {
            weak_callback,
            garbage,
        });
        world
    }

    pub fn note(&self, what: &str, id: u32) {
        if id != 0 {
            self.log.borrow_mut().push(format!("{what} {id}"));
        }
    }

    /// What happened since the last question.
    pub fn events(&self) -> String {
        self.log.take().join(", ")
    }

    pub fn try_make(&self, kind: &Kind, id: u32, item_bytes: usize) -> Option<Object> {
        // SAFETY: live-header: the world's types outlive its heap; zeroed-body: written below.
        let object = unsafe { self.heap.allocate(kind, item_bytes) }.ok()?;
        let place = object.pointer()?.cast::<Node>();
        // SAFETY: zeroed-body: the instance has room for a node.
        unsafe { place.write(Node::default()) };
        node(&object).id.set(id);
        self.heap.track(&object);
        Some(object)
    }

    /// A node; events name it by `id`, 0 stays silent.
    pub fn node(&self, id: u32) -> Object {
        self.try_make(&self.node, id, 0).expect("memory for a node")
    }

    /// A node, unless memory is out.
    pub fn try_node(&self, id: u32) -> Option<Object> {
        self.try_make(&self.node, id, 0)
    }

    /// A node of a plain kind, whose garbage may end in bulk.
    pub fn plain(&self, id: u32) -> Object {
        self.try_make(&self.plain, id, 0)
            .expect("memory for a node")
    }

    /// A node with items, for large blocks.
    pub fn large(&self, id: u32, item_bytes: usize) -> Object {
        self.try_make(&self.node, id, item_bytes)
            .expect("memory for a large node")
    }

    /// A node that cannot be part of a cycle.
    pub fn atomic(&self, id: u32) -> Object {
        self.try_make(&self.atomic, id, 0)
            .expect("memory for a node")
    }

    /// A node whose traversal leaves the collector without memory while [`World::starving`].
    pub fn starved(&self, id: u32) -> Object {
        self.try_make(&self.starved, id, 0)
            .expect("memory for a node")
    }

    /// A class whose instances are nodes.
    pub fn class(&self, id: u32) -> Object {
        let kind = kind_of::<Node>(KindFlags::COLLECTED.with(KindFlags::HEAP_TYPE));
        // SAFETY: live-header, zeroed-body: the body is written before anybody sees the class.
        unsafe {
            let class = self.heap.allocate(&raw const *self.metaclass, 0);
            let class = class.expect("memory for a class");
            let place = class.pointer().expect("an address").cast::<Class>();
            let id = Cell::new(id);
            place.write(Class { kind: *kind, id });
            class
        }
    }

    /// An instance of a class.
    pub fn instance_of(&self, class: &Object, id: u32) -> Object {
        let pointer = class.pointer().expect("an address").cast::<Class>();
        // SAFETY: live-header: a class is passed, and its handle keeps it alive.
        let kind = unsafe { &pointer.as_ref().kind };
        self.try_make(kind, id, 0).expect("memory for an instance")
    }

    /// A node with a finalizer.
    pub fn finalized(&self, id: u32) -> Object {
        self.try_make(&self.finalized, id, 0)
            .expect("memory for a node")
    }

    /// A weak reference; a callback is a node, whose id the events show.
    pub fn weak(&self, target: &Object, callback: Option<&Object>) -> Object {
        // SAFETY: live-header, weak-linked: the body is a weak body at offset 0.
        unsafe {
            let object = self
                .heap
                .allocate(&raw const *self.weak, 0)
                .expect("memory");
            let place = object.pointer().expect("an address").cast::<WeakBody>();
            place.write(WeakBody::default());
            if let Some(callback) = callback {
                weak_body(&object).callback.set(callback.clone());
            }
            self.heap.track(&object);
            assert!(weak::link(&object, target), "targets have a weak list");
            object
        }
    }

    /// Adds an edge.
    pub fn join(&self, from: &Object, to: &Object) {
        node(from)
            .edges
            .push(&self.heap, to.clone())
            .expect("memory for an edge");
    }

    /// Nodes in a ring, the first one returned; the others live through it only.
    pub fn ring(&self, ids: std::ops::Range<u32>) -> Object {
        let first = self.node(ids.start);
        let mut last = first.clone();
        for id in ids.start + 1..ids.end {
            let next = self.node(id);
            self.join(&last, &next);
            last = next;
        }
        self.join(&last, &first);
        first
    }

    /// Collects everything and checks the heap around it.
    pub fn collect(&self) -> usize {
        self.check();
        let found = self.heap.collect(mortice_gc::Generation::Full);
        self.check();
        found.expect("no other collection runs").collected
    }

    pub fn check(&self) -> usize {
        self.heap.check().expect("the heap agrees with itself")
    }

    pub fn objects_in_use(&self) -> usize {
        self.heap.memory().statistics().object.blocks_in_use()
    }

    pub fn keep(&self, object: &Object) {
        self.kept.borrow_mut().push(object.clone());
    }
}

/// Gives an instance of one class to another, counts included.
pub fn assign_class(object: &Object, old: &Object, new: &Object) {
    let kind = new.pointer().expect("an address").cast::<Kind>();
    // SAFETY: live-header, owned-reference: both are classes of nodes, and the count that the
    // instance owns moves from one to the other.
    unsafe {
        object.set_kind(kind.as_ptr());
        let _ = new.clone().into_word();
        drop(Object::from_owned(old.pointer().expect("an address")));
    }
}

/// Whether a borrowed handle is that of an object; borrowed handles cost no count.
pub fn is(borrowed: Borrowed<'_>, object: &Object) -> bool {
    borrowed.is(object)
}
