//! Heaps that end before their values, and several of them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use mortice_gc::{Gc, GcSlot, Generation, Heap, Managed, OwnedHeap, Plain, traced};

use crate::{Log, Target, full, link, node, taken};

/// Where a heap's owner waits to be dropped.
type Owner = Rc<Cell<Option<OwnedHeap>>>;

/// A value whose finalizer may end the heap.
struct Closing {
    next: GcSlot<Closing>,
    owner: Plain<Option<Owner>>,
    text: String,
}
traced!(Closing { next, owner, text });
impl Managed for Closing {
    const FINALIZES: bool = true;
    const WEAK: bool = true;
    fn finalize(this: &Gc<Closing>) {
        if let Some(owner) = &this.owner.0 {
            drop(owner.take());
            // Ends the other member of the cycle.
            drop(this.next.take());
        }
    }
}

fn closing(heap: &Heap, owner: Option<Owner>) -> Gc<Closing> {
    let value = Closing {
        next: GcSlot::new(),
        owner: Plain(owner),
        text: "still there".into(),
    };
    Gc::new(heap, value).expect("memory")
}

#[test]
fn what_ends_after_its_heap_stays_as_it_is() {
    let owner = Heap::new().unwrap();
    let keep = Gc::new(&owner, 1_i64).unwrap();
    let (lone, reference) = (
        closing(&owner, None),
        Gc::new(&owner, Target(Plain(Rc::new(())))),
    );
    let weak = lone.downgrade().unwrap();
    let reference = reference.unwrap().downgrade().unwrap();
    drop(owner);
    drop((lone, reference));
    let heap = Heap::of_object(keep.as_object()).unwrap();
    assert_eq!(heap.collect(Generation::Full), Ok(Default::default()));
    heap.check().unwrap();
    let more: Vec<_> = (0..500).map(|_| closing(heap, None)).collect();
    assert!(weak.upgrade().is_none());
    drop(more);
    heap.check().unwrap();
}

#[test]
fn a_finalizer_may_end_its_heap() {
    let owner = Heap::new().unwrap();
    let keep = Gc::new(&owner, 1_i64).unwrap();
    let place = Owner::default();
    let (first, second) = (closing(&owner, Some(place.clone())), closing(&owner, None));
    first.next.set(Some(second.clone()));
    second.next.set(Some(first.clone()));
    let weak = second.downgrade().unwrap();
    drop((first, second));
    place.set(Some(owner));
    let heap = Heap::of_object(keep.as_object()).unwrap();
    heap.collect(Generation::Full).unwrap();
    let more: Vec<_> = (0..500).map(|_| closing(heap, None)).collect();
    assert!(
        weak.upgrade()
            .is_none_or(|second| second.text == "still there")
    );
    assert!(more.iter().all(|more| more.text == "still there"));
    heap.check().unwrap();
}

#[test]
fn a_heap_over_functions_of_others_waits_for_its_handles() {
    use mortice_gc::mem::{Domain, DomainAllocator};
    static SYSTEM: std::alloc::System = std::alloc::System;
    let heap = Heap::new().unwrap();
    // SAFETY: *domain-functions*: no block of the domain is in use.
    unsafe {
        let functions = DomainAllocator::global(&SYSTEM);
        heap.memory().set_allocator(Domain::Object, functions);
    }
    let text = Gc::new(&heap, String::from("outlives")).unwrap();
    assert!(!heap.memory().is_unused());
    drop(heap);
    // What was released would be handed out to these.
    let others: Vec<_> = (8..400).map(|bytes| vec![0x41_u8; bytes]).collect();
    assert_eq!(*text, "outlives");
    drop(others);
}

#[test]
fn references_across_heaps_hold_as_those_from_outside_do() {
    let (here, there) = (Heap::new().unwrap(), Heap::new().unwrap());
    let log = Log::default();
    let holder = node(&here, &log, 1);
    let (middle, last) = (node(&there, &log, 2), node(&there, &log, 3));
    let note = log.clone();
    let weak = last.downgrade_with(move || note.borrow_mut().push("called".into()));
    link(&holder, &middle);
    assert_eq!(full(&here), 0);
    there.check().unwrap();
    link(&middle, &last);
    drop((middle, last));
    assert_eq!((full(&there), full(&here)), (0, 0));
    assert_eq!(taken(&log), Vec::<String>::new());
    drop(holder);
    assert!(weak.unwrap().upgrade().is_none());
    // Foreign blocks and the other heap's map are told apart as well.
    let large = Gc::new(&there, Plain([0_u8; 1 << 20])).unwrap();
    struct Holds(Gc<Plain<[u8; 1 << 20]>>);
    traced!(Holds(large));
    impl Managed for Holds {}
    let holds = Gc::new(&here, Holds(large.clone())).unwrap();
    assert_eq!((full(&here), full(&there)), (0, 0));
    assert_eq!(holds.0.0[7], large.0[7]);
}

#[test]
fn a_collection_within_another_heaps_counts_nothing_of_it() {
    /// What a finalizer reaches.
    struct World {
        other: OwnedHeap,
        saved: RefCell<Vec<Gc<Crossed>>>,
    }
    struct Crossed {
        next: GcSlot<Crossed>,
        world: Plain<Option<Rc<World>>>,
    }
    traced!(Crossed { next, world });
    impl Managed for Crossed {
        const FINALIZES: bool = true;
        fn finalize(this: &Gc<Crossed>) {
            let (Some(world), Some(next)) = (&this.world.0, this.next.get()) else {
                return;
            };
            let made = Crossed {
                next: next.clone().into(),
                world: Plain(None),
            };
            let holder = Holder {
                me: GcSlot::new(),
                to: Gc::new(&world.other, made).unwrap().into(),
            };
            let holder = Gc::new(&world.other, holder).unwrap();
            holder.me.set(Some(holder.clone()));
            drop(holder);
            let found = world.other.collect(Generation::Full).unwrap();
            assert_eq!(found.collected, 2);
            world.saved.borrow_mut().extend([next.clone(), next]);
        }
    }
    struct Holder {
        me: GcSlot<Holder>,
        to: GcSlot<Crossed>,
    }
    traced!(Holder { me, to });
    impl Managed for Holder {}

    let heap = Heap::new().unwrap();
    let world = Rc::new(World {
        other: Heap::new().unwrap(),
        saved: RefCell::default(),
    });
    let crossed = |world| {
        let (next, world) = (GcSlot::new(), Plain(world));
        Gc::new(&heap, Crossed { next, world }).unwrap()
    };
    let (first, second) = (crossed(Some(world.clone())), crossed(None));
    first.next.set(Some(second.clone()));
    second.next.set(Some(first.clone()));
    drop((first, second));
    assert_eq!(full(&heap), 0);
    let saved = world.saved.take();
    assert!(
        saved[0].next.get().is_some(),
        "what was brought back is whole"
    );
}
