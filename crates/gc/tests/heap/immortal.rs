//! Objects whose count is never written, and words that are no objects.

use crate::support::{World, node, weak_body};
use mortice_gc::{Generation, Header, Heap, Kind, KindFlags, Object, Slot, Trace};
use std::ptr::NonNull;

/// An immortal object in a page of its own, which can be made read-only.
struct Page {
    start: *mut u8,
}

const PAGE_BYTES: usize = 4096;

impl Page {
    fn new(kind: *const Kind) -> Page {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: live-header: a fresh page has room for a header and a body.
        unsafe {
            let start = libc::mmap(std::ptr::null_mut(), PAGE_BYTES, access, flags, -1, 0);
            assert_ne!(start, libc::MAP_FAILED);
            let start = start.cast::<u8>();
            start.cast::<Header>().write(Header::immortal(kind));
            assert_eq!(libc::mprotect(start.cast(), PAGE_BYTES, libc::PROT_READ), 0);
            Page { start }
        }
    }

    fn object(&self) -> Object {
        // SAFETY: live-header: an immortal object has a count for everybody.
        unsafe { Object::from_owned(NonNull::new_unchecked(self.start.add(16))) }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: live-header: each test drops its handles before.
        unsafe { libc::munmap(self.start.cast(), PAGE_BYTES) };
    }
}

#[test]
fn nothing_writes_to_a_page_of_immortal_objects() {
    let kind = Kind::atomic(64);
    kind.flags.set(KindFlags::COLLECTED);
    let page = Page::new(&raw const kind);
    let world = World::new();
    let shared = page.object();
    assert!(shared.is_immortal() && shared.is_static());
    // Counting, tracking, listing, and everything that a collection does.
    let copies: Vec<Object> = (0..100).map(|_| shared.clone()).collect();
    assert_eq!(shared.refcount(), copies[0].refcount());
    drop(copies);
    world.heap.track(&shared);
    assert!(!world.heap.is_tracked(&shared));
    world.heap.untrack(&shared);
    shared.make_immortal();
    let held = world.node(1);
    world.join(&held, &shared);
    let garbage = world.ring(2..6);
    for _ in 0..40 {
        world.join(&garbage, &shared);
    }
    node(&garbage).edge.set(shared.clone());
    world.join(&world.finalized(7), &shared);
    drop(garbage);
    for generation in [Generation::Young, Generation::Middle, Generation::Full] {
        world.heap.collect(generation).unwrap();
    }
    world.heap.freeze();
    world.heap.unfreeze();
    assert!(world.heap.refers_to(&held, std::slice::from_ref(&shared)));
    assert_eq!(world.heap.referents(&held).unwrap().len(), 1);
    assert!(Heap::of_object(&shared).is_none());
    let reference = world.weak(&held, None);
    // SAFETY: weak-linked: the body is a weak body at offset 0.
    unsafe {
        assert!(!mortice_gc::weak::link(&reference, &shared));
        assert!(!mortice_gc::weak::link_immortal(&reference, &shared));
        drop(held);
        assert!(mortice_gc::weak::link_immortal(&reference, &shared));
    }
    assert!(weak_body(&reference).target().unwrap().is(&shared));
    world.collect();
    drop(reference);
    drop(shared);
    world.collect();
    assert_eq!(world.objects_in_use(), 0);
}

#[test]
fn a_type_without_heap_is_never_written_either() {
    let metakind = Kind::atomic(size_of::<Kind>() as u32);
    let page = Page::new(&raw const metakind);
    // The body of a type on a page of its own, as one of a static table.
    let at = page.object().pointer().unwrap().cast::<Kind>();
    // SAFETY: live-header: the page has room for a kind, and is made read-only again.
    unsafe {
        let start = page.start.cast();
        libc::mprotect(start, PAGE_BYTES, libc::PROT_READ | libc::PROT_WRITE);
        at.write(Kind::atomic(16));
        libc::mprotect(start, PAGE_BYTES, libc::PROT_READ);
    }
    let heap = Heap::new().unwrap();
    for _ in 0..10 {
        // SAFETY: live-header: the page outlives the heap's objects.
        let object = unsafe { heap.allocate(at.as_ptr(), 8) }.unwrap();
        drop(object.clone());
    }
    assert_eq!(heap.memory().statistics().object.blocks_in_use(), 0);
}

#[test]
fn an_immortal_object_of_a_heap_keeps_its_count_and_what_it_reaches() {
    let world = World::new();
    let knot = world.node(1);
    world.join(&knot, &world.ring(2..5));
    world.join(&knot, &knot);
    for _ in 0..40 {
        world.join(&node(&knot).edges.get(0).unwrap(), &knot);
    }
    knot.make_immortal();
    let count = knot.refcount();
    let copies: Vec<Object> = (0..100).map(|_| knot.clone()).collect();
    for generation in [Generation::Young, Generation::Middle, Generation::Full] {
        assert_eq!(world.heap.collect(generation).unwrap().collected, 0);
        assert_eq!(knot.refcount(), count);
    }
    drop(copies);
    assert_eq!(knot.refcount(), count);
    // Its references still count: what it lets go of ends.
    drop(node(&knot).edges.take());
    assert_eq!(world.collect(), 3);
    assert_eq!(knot.refcount(), count);
}

#[test]
fn small_integers_are_counted_by_nobody() {
    let world = World::new();
    let ring = world.ring(1..4);
    let bystander = world.node(4);
    // Words that are the addresses of objects but for the low bit, and the extremes.
    let words = [ring.address(), bystander.address(), 0, 16, usize::MAX];
    let numbers: Vec<i64> = words
        .iter()
        .map(|word| (*word as i64) >> 1)
        .chain([mortice_gc::object::SMALL_MIN, mortice_gc::object::SMALL_MAX])
        .collect();
    for number in &numbers {
        let small = Object::small(*number).unwrap();
        let copies = [small.clone(), small.clone()];
        assert_eq!(small.refcount(), copies[0].refcount());
        assert!(small.is_immortal() && small.pointer().is_none() && small.kind().is_none());
        world.heap.track(&small);
        assert!(!world.heap.is_tracked(&small) && Heap::of_object(&small).is_none());
        for _ in 0..40 {
            world.join(&ring, &small);
            world.join(&bystander, &small);
        }
        node(&bystander).edge.set(small);
        assert_eq!(
            node(&bystander).edge.get().unwrap().as_small(),
            Some(*number)
        );
    }
    assert_eq!((ring.refcount(), bystander.refcount()), (2, 1));
    assert_eq!(world.collect(), 0);
    drop(ring);
    assert_eq!(
        world.collect(),
        3,
        "what looks like their addresses keeps nothing"
    );
    drop(bystander);
    assert_eq!(world.objects_in_use(), 0);
    // A run of words, some of them small integers, reports the others alone.
    let slots = [Slot::new(), Slot::new(), Slot::new()];
    slots[1].set(Object::small32(5));
    slots.clear();
    assert!(slots[1].get().is_none());
}
