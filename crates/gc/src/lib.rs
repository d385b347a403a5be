//! Reference-counted objects whose cycles are collected.
//!
//! An object is a *word*: either a small integer or the address of a body. The header lies before
//! that address, so that nothing above this crate can depend on its shape:
//!
//! ```text
//! weak list │ dict │ refcount u32 · flags u32 │ type │ body …
//!  prefix, or none │        header, 16 bytes         ▲ the address
//! ```
//!
//! There is no collector header in the object. Whether an object is tracked, and what the
//! collector counts while it runs, lies in the block's *side byte*, which `mortice-mem` keeps in a
//! region of its own.
//!
//! The path of one object: [`Heap::allocate`] takes a block and writes the header; [`Object`]
//! handles count references; [`Heap::track`] lets the collector see it; the last handle's drop
//! goes to [`mod@dealloc`], which runs the finalizer, clears the weak references, tears the body
//! down and returns the block. What only a cycle keeps alive is found by [`Heap::collect`].
//!
//! This crate does not know names, attributes or inheritance: of a type it knows the [`Kind`] at
//! the start of the type object's body.
//!
//! ```
//! use mortice_gc::{Generation, Heap, Kind, KindFlags, Object, Pointer, Slot, Trace, Visitor};
//!
//! /// A link of a chain: one reference.
//! struct Link {
//!     next: Slot,
//! }
//!
//! fn link(object: &Object) -> &Link {
//!     let pointer = object.pointer().expect("a link is no small integer");
//!     // SAFETY: zeroed-body: only links are made here, and an empty slot is all zeros.
//!     unsafe { pointer.cast::<Link>().as_ref() }
//! }
//!
//! unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
//!     // SAFETY: exact-traverse: a link owns one reference.
//!     unsafe { pointer.cast::<Link>().as_ref() }.next.traverse(visitor);
//! }
//!
//! unsafe fn clear(_: &Heap, pointer: Pointer) {
//!     // SAFETY: live-header: the collector keeps the link alive.
//!     unsafe { pointer.cast::<Link>().as_ref() }.next.clear();
//! }
//!
//! unsafe fn teardown(_: &Heap, pointer: Pointer) {
//!     // SAFETY: owned-reference: nobody uses the link any more.
//!     unsafe { pointer.cast::<Link>().drop_in_place() }
//! }
//!
//! let kind = Kind::atomic(size_of::<Link>() as u32);
//! kind.flags.set(KindFlags::COLLECTED);
//! kind.traverse.set(traverse);
//! kind.clear.set(clear);
//! kind.teardown.set(teardown);
//!
//! let heap = Heap::new()?;
//! let make = || {
//!     // SAFETY: live-header: the kind outlives the heap.
//!     let made = unsafe { heap.allocate(&raw const kind, 0) }.expect("memory for a link");
//!     heap.track(&made);
//!     made
//! };
//! let (first, second) = (make(), make());
//! link(&first).next.set(second.clone());
//! assert_eq!(second.refcount(), 2);
//!
//! // A cycle that nothing refers to from outside any more.
//! link(&second).next.set(first.clone());
//! drop((first, second));
//! let found = heap.collect(Generation::Full).expect("no other collection runs");
//! assert_eq!(found.collected, 2);
//! # Ok::<(), mortice_gc::mem::MemoryError>(())
//! ```
//!
//! # Safety
//!
//! The invariants that the unsafe code here relies on, cited by name:
//!
//! - *live-header*: a word that is not a small integer points 16 bytes past a valid [`Header`],
//!   whose type points at a valid [`Kind`], for as long as a counted reference exists.
//! - *owned-reference*: an [`Object`] or a filled [`Slot`] owns one count of what it refers to; a
//!   [`Borrowed`] lives within the life of one that does.
//! - *one-thread*: a heap and everything in it is used by one thread at a time; no type here is
//!   `Sync`, and handles are not `Send`. Only immortal objects are shared, and they are never written.
//! - *heap-outlives-objects*: a heap's memory stays mapped while a block of it is in use: a heap
//!   that ends with live objects leaks its mapping.
//! - *exact-traverse*: a traverse function reports each owned reference of a body exactly once.
//! - *zeroed-body*: a body is all zero bytes until its type initialises it, and zero is a valid
//!   empty state for every reference place in it.
//! - *prefix-words*: an object with the prefix flag has two words before its header: the weak
//!   list first, then the dict.
//! - *phase-exclusive*: while the collector runs a phase, no object is allocated, released or
//!   mutated but by that phase; the same holds for any walk over the tracked objects.
//! - *dead-untracked*: an object whose count is zero is not tracked, so that neither a collection nor
//!   a list of tracked objects makes a handle of it.
//! - *listed-garbage*: an object with the garbage flag is in the list of the collection that runs. The
//!   list owns no reference, but the object's header and memory stay until it is taken out.
//! - *buffer-owned*: a buffer's place is a block of its capacity whose first `length` elements are
//!   initialised, and nobody else refers to it.
//! - *typed-handle*: the object of a [`Gc<T>`](Gc) holds a `T`, as that of a [`Weak`] holds a
//!   [`WeakBody`]: only the module `typed` makes them, and each kind there is for one type.
//! - *callback-closure*: behind a callback of a typed weak reference lies its closure, of the type
//!   that its functions are for, for as long as it waits.
//! - *domain-functions*: what `mortice-mem` asks of the functions that serve a domain.
//! - *weak-linked*: a weak reference whose target is set is linked in that target's list exactly
//!   once, and its neighbours link back.

pub mod buffer;
pub mod check;
pub mod collect;
pub mod dealloc;
pub mod header;
pub mod heap;
pub mod kind;
pub mod object;
pub mod pressure;
mod side;
pub mod slot;
pub mod trace;
pub mod track;
pub mod typed;
pub mod weak;
#[cfg(feature = "zeal")]
pub mod zeal;

pub use buffer::{Buffer, Frozen, Items};
pub use check::HeapError;
pub use collect::{CollectError, Collected, Generation};
pub use header::Header;
pub use heap::{Heap, Hooks, OwnedHeap};
pub use kind::{Kind, KindFlags, Run};
pub use mortice_mem as mem;
pub use object::{Borrowed, Object, Pointer};
pub use pressure::External;
pub use slot::Slot;
pub use trace::{Plain, Trace, Visitor};
pub use typed::{Gc, GcSlot, Managed, Weak};
pub use weak::WeakBody;

/// Memory ran out; nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of memory")]
pub struct OutOfMemory;

impl From<allocator_api2::collections::TryReserveError> for OutOfMemory {
    fn from(_: allocator_api2::collections::TryReserveError) -> OutOfMemory {
        OutOfMemory
    }
}

impl From<hashbrown::TryReserveError> for OutOfMemory {
    fn from(_: hashbrown::TryReserveError) -> OutOfMemory {
        OutOfMemory
    }
}

/// The README's example, compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
