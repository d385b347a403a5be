//! What the heap knows of a type.

use crate::{Heap, Object, Pointer, Visitor};
use std::cell::Cell;

/// Properties of a type that the heap acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindFlags(pub u32);

impl KindFlags {
    /// Instances can be part of cycles: they are tracked.
    pub const COLLECTED: KindFlags = KindFlags(1 << 0);
    /// Instances own a reference to their type, which lies on the heap itself.
    pub const HEAP_TYPE: KindFlags = KindFlags(1 << 1);
    /// Instances have the weak-list and dict words.
    pub const PREFIX: KindFlags = KindFlags(1 << 2);
    /// A program can notice when an instance ends (a finalizer, weak references, a body in
    /// Python): instances carry a serial, so that a collection treats them in tracking order.
    pub const NOTICED: KindFlags = KindFlags(1 << 3);
    /// Instances begin with a [`WeakBody`](crate::WeakBody).
    pub const WEAK_REFERENCE: KindFlags = KindFlags(1 << 4);

    /// Tearing an instance down drops the references that it owns and does nothing else that anybody can notice: it does
    /// not look into what it refers to. Garbage of such kinds only, without finalizers and weak references, is torn
    /// down in bulk.
    pub const PLAIN: KindFlags = KindFlags(1 << 5);

    /// Tells whether all bits of `other` are set.
    #[inline(always)]
    pub const fn has(self, other: KindFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// The union of two sets.
    pub const fn with(self, other: KindFlags) -> KindFlags {
        KindFlags(self.0 | other.0)
    }
}

/// The functions of a type that the heap calls; every type object's body begins with one.
#[repr(C)]
pub struct Kind {
    /// The properties.
    pub flags: Cell<KindFlags>,
    /// Bytes of an instance's body without items.
    pub body_bytes: Cell<u32>,
    /// Where all references of an instance lie, if they lie in one run of slots; the collector then reads them itself.
    pub run: Cell<Run>,
    /// Reports every owned reference of the instance, its type aside (*exact-traverse*).
    pub traverse: Cell<unsafe fn(Pointer, &mut Visitor<'_>)>,
    /// Drops references that may form cycles and leaves the instance valid.
    pub clear: Cell<unsafe fn(&Heap, Pointer)>,
    /// Drops all that the instance owns; its memory is released afterwards.
    pub teardown: Cell<unsafe fn(&Heap, Pointer)>,
    /// Tells that an instance that survived a collection needs no tracking any more.
    pub settled: Cell<Option<Settled>>,
    /// Calls the finalizer (PEP 442), which may resurrect the instance.
    pub finalize: Cell<Option<Finalize>>,
}

/// A run of slots in a body.
///
/// A kind whose `count` is not zero promises that its instances own the references in those slots and no others: what its
/// traverse function reports is the same (*exact-traverse*). A heap type, whose instances own their type too, has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Where the first slot lies, in bytes from the body's start.
    pub offset: u32,
    /// The number of slots; 0 where the traverse function is to be asked.
    pub count: u32,
}

/// Answers [`Kind::settled`] for the instance at an address; runs no foreign code.
pub type Settled = unsafe fn(Pointer) -> bool;
/// Calls an instance's finalizer.
pub type Finalize = fn(&Heap, &Object);

unsafe fn traverse_nothing(_: Pointer, _: &mut Visitor<'_>) {}
unsafe fn nothing(_: &Heap, _: Pointer) {}

impl Kind {
    /// A kind whose instances own nothing.
    pub const fn atomic(body_bytes: u32) -> Kind {
        Kind {
            flags: Cell::new(KindFlags(0)),
            body_bytes: Cell::new(body_bytes),
            run: Cell::new(Run {
                offset: 0,
                count: 0,
            }),
            traverse: Cell::new(traverse_nothing),
            clear: Cell::new(nothing),
            teardown: Cell::new(nothing),
            settled: Cell::new(None),
            finalize: Cell::new(None),
        }
    }

    /// Tells whether the flag is set.
    #[inline(always)]
    pub fn has(&self, flag: KindFlags) -> bool {
        self.flags.get().has(flag)
    }
}
