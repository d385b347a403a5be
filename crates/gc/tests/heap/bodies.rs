//! Bodies: storage first and the value afterwards, and extra bytes behind the value.

use mortice_gc::mem::{Choice, Config};
use mortice_gc::{
    Generation, Heap, Kind, KindFlags, Object, OwnedHeap, Pointer, Slot, Trace, Visitor,
};
use std::cell::Cell;

/// A node whose slots are extra bytes behind it.
#[repr(C)]
struct Row {
    len: Cell<usize>,
}

fn row(object: &Object) -> &Row {
    let pointer = object.pointer().expect("a row is no small integer");
    // SAFETY: zeroed-body: only rows are made here, and a length of zero is a valid one.
    unsafe { pointer.cast::<Row>().as_ref() }
}

impl Row {
    fn slots(&self) -> &[Slot] {
        // SAFETY: zeroed-body: a row was allocated with room for as many slots behind it.
        unsafe {
            let first = std::ptr::from_ref(self).add(1).cast::<Slot>();
            std::slice::from_raw_parts(first, self.len.get())
        }
    }
}

unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: exact-traverse: a row owns what its slots hold.
    Slot::traverse_all(unsafe { pointer.cast::<Row>().as_ref() }.slots(), visitor);
}

unsafe fn clear(_: &Heap, pointer: Pointer) {
    // SAFETY: live-header: the collector keeps the row alive.
    for slot in unsafe { pointer.cast::<Row>().as_ref() }.slots() {
        slot.clear();
    }
}

unsafe fn teardown(_: &Heap, pointer: Pointer) {
    // SAFETY: owned-reference: nobody uses the row any more, and an empty slot owns nothing.
    for slot in unsafe { pointer.cast::<Row>().as_ref() }.slots() {
        drop(slot.take());
    }
}

fn kind(flags: KindFlags) -> Kind {
    let kind = Kind::atomic(size_of::<Row>() as u32);
    kind.flags.set(flags.with(KindFlags::COLLECTED));
    kind.traverse.set(traverse);
    kind.clear.set(clear);
    kind.teardown.set(teardown);
    kind
}

/// Storage for a row of so many slots; not yet tracked.
fn storage(heap: &Heap, kind: &Kind, len: usize) -> Object {
    // SAFETY: live-header: each test's kinds outlive its heap's objects.
    unsafe { heap.allocate(kind, len * size_of::<Slot>()) }.expect("memory for a row")
}

fn make(heap: &Heap, kind: &Kind, len: usize) -> Object {
    let made = storage(heap, kind, len);
    row(&made).len.set(len);
    heap.track(&made);
    made
}

fn heaps() -> [OwnedHeap; 3] {
    [Choice::Pool, Choice::PoolDebug, Choice::Malloc].map(|allocator| {
        let config = Config {
            allocator,
            ..Config::default()
        };
        Heap::with_config(config).expect("address space for a region")
    })
}

fn in_use(heap: &Heap) -> usize {
    heap.memory().statistics().object.blocks_in_use()
}

/// Slots of rows in pools, in spans, and in foreign blocks.
const LENGTHS: [usize; 6] = [0, 1, 7, 60, 5_000, 400_000];

#[test]
fn extra_bytes_are_zero_also_where_something_lay_before() {
    for heap in heaps() {
        for flags in [KindFlags(0), KindFlags::PREFIX] {
            let kind = kind(flags);
            for len in LENGTHS {
                for _ in 0..3 {
                    let made = storage(&heap, &kind, len);
                    row(&made).len.set(len);
                    let is_empty = row(&made).slots().iter().all(|slot| slot.get().is_none());
                    assert!(is_empty, "{len} slots");
                    // The next one that lies here would find these.
                    for slot in row(&made).slots() {
                        slot.set(Object::small32(-1));
                    }
                    assert!(row(&made).slots().iter().all(|slot| slot.get().is_some()));
                }
            }
            assert_eq!(in_use(&heap), 0, "freed with their objects");
        }
    }
}

#[test]
fn references_in_extra_bytes_are_followed_and_freed() {
    for heap in heaps() {
        for flags in [KindFlags(0), KindFlags::PLAIN] {
            let kind = kind(flags);
            for len in LENGTHS {
                let ring: Vec<Object> = (0..3).map(|_| make(&heap, &kind, len.max(1))).collect();
                for (place, from) in ring.iter().enumerate() {
                    // The last slot of each leads to the next one, the first to a leaf.
                    let to = ring[(place + 1) % ring.len()].clone();
                    row(from).slots()[0].set(make(&heap, &kind, 0));
                    row(from).slots()[len.max(1) - 1].set(to);
                }
                let held = ring[0].clone();
                drop(ring);
                let full = || heap.collect(Generation::Full).expect("no other one runs");
                assert_eq!(full().collected, 0, "{len} slots: held from outside");
                assert_eq!(heap.referents(&held).unwrap().len(), len.clamp(1, 2));
                drop(held);
                // With a single slot, the leaf made room for the next one.
                assert_eq!(full().collected, if len > 1 { 6 } else { 3 });
                assert_eq!(in_use(&heap), 0);
                heap.check().unwrap();
            }
        }
    }
}

#[test]
fn storage_is_nobodys_candidate_before_it_is_tracked() {
    for heap in heaps() {
        let kind = kind(KindFlags::PREFIX);
        let half = storage(&heap, &kind, 2);
        assert!(!heap.is_tracked(&half));
        assert!(heap.tracked(|_| true).unwrap().is_empty());
        let full = || heap.collect(Generation::Full).expect("no other one runs");
        // A cycle through what is not tracked lives, whatever its counts say.
        let other = make(&heap, &kind, 1);
        row(&half).len.set(2);
        row(&half).slots()[0].set(other.clone());
        row(&other).slots()[0].set(half.clone());
        let (address, other) = (half.pointer().unwrap(), {
            drop(half);
            drop(other);
            full()
        });
        assert_eq!((other.collected, other.candidates), (0, 1));
        // SAFETY: live-header: the other row refers to it.
        let half = unsafe { Object::from_borrowed(address) };
        heap.track(&half);
        drop(half);
        let found = full();
        assert_eq!((found.collected, found.candidates), (2, 2));
        assert_eq!(in_use(&heap), 0);
    }
}

#[test]
fn storage_that_is_dropped_before_its_value_exists_is_freed() {
    for heap in heaps() {
        let kind = kind(KindFlags::PREFIX);
        for len in LENGTHS {
            drop(storage(&heap, &kind, len));
            assert_eq!(in_use(&heap), 0);
        }
        // SAFETY: live-header: the request is refused.
        let refused = unsafe { heap.allocate(&raw const kind, usize::MAX - 8) };
        assert!(refused.is_err());
        heap.memory().fail_after(Some(1));
        // SAFETY: live-header: the request is refused.
        assert!(unsafe { heap.allocate(&raw const kind, 8) }.is_err());
        assert_eq!(in_use(&heap), 0);
    }
}
