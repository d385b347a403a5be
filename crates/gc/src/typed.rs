//! A typed front for Rust programs: [`Gc`], [`Weak`], [`GcSlot`].
//!
//! A value of any [`Managed`] type lives in an object's body; [`Gc<T>`](Gc) is a
//! counted handle that leads to it. Handles on the stack need no registration:
//! a count that the collector cannot explain by references from other objects is
//! one from outside.
//!
//! ```
//! use mortice_gc::{Gc, GcSlot, Generation, Heap, Managed, traced};
//!
//! struct Node {
//!     name: String,
//!     next: GcSlot<Node>,
//! }
//! traced!(Node { name, next });
//! impl Managed for Node {}
//!
//! let heap = Heap::new()?;
//! let node = |name: &str| {
//!     let name = name.to_owned();
//!     Gc::new(&heap, Node { name, next: GcSlot::new() }).expect("memory for a node")
//! };
//! let (first, second) = (node("first"), node("second"));
//! first.next.set(Some(second.clone()));
//! second.next.set(Some(first.clone()));
//! assert_eq!(first.next.get().expect("just set").name, "second");
//!
//! drop((first, second)); // a cycle that nobody holds
//! let found = heap.collect(Generation::Full).expect("no other collection runs");
//! assert_eq!(found.collected, 2);
//! # Ok::<(), mortice_gc::mem::MemoryError>(())
//! ```
//!
//! What refers to other objects is changed through shared references: a
//! [`GcSlot`], or a [`RefCell`](std::cell::RefCell) around a collection of
//! handles. The collector empties these in garbage, so that no cycle is left; it
//! frees nothing that a handle still leads to. So a destructor or a finalizer may
//! look at whatever it holds: at most it finds a slot empty.
//!
//! A handle stays on its thread. It may outlive its heap, and lead from a value of
//! one heap to one of another: that counts as held from outside there, so that a
//! cycle across heaps is never collected.
//!
//!
//! ```compile_fail,E0277
//! # use mortice_gc::{Gc, Heap};
//! let heap = Heap::new().unwrap();
//! let number = Gc::new(&heap, 7_i64).unwrap();
//! std::thread::spawn(move || println!("{}", *number));
//! ```
//!
//! Nor can a value borrow what may end before it, or be changed in place.
//!
//! ```compile_fail,E0597
//! # use mortice_gc::{Gc, Heap, Plain};
//! let heap = Heap::new().unwrap();
//! let held = {
//!     let text = String::from("short-lived");
//!     Gc::new(&heap, Plain(text.as_str())).unwrap()
//! };
//! ```
//!
//! ```compile_fail,E0594
//! # use mortice_gc::{Gc, Heap};
//! let heap = Heap::new().unwrap();
//! let mut number = Gc::new(&heap, 7_i64).unwrap();
//! *number = 8;
//! ```

mod kind;
mod slot;
mod std_types;
mod traced;
mod weak;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::{Heap, Object, OutOfMemory, Trace};

pub use slot::GcSlot;
pub use weak::Weak;
pub(crate) use weak::call_back;

/// Types whose values live on a heap of their own accord.
///
/// ```
/// use std::cell::Cell;
/// use mortice_gc::{Gc, Heap, Managed, traced};
///
/// struct Session { ended: Cell<bool> }
/// traced!(Session { ended });
/// impl Managed for Session {
///     const FINALIZES: bool = true;
///     const WEAK: bool = true;
///     fn finalize(this: &Gc<Session>) {
///         this.ended.set(true);
///     }
/// }
///
/// let heap = Heap::new()?;
/// let session = Gc::new(&heap, Session { ended: Cell::new(false) }).expect("memory");
/// let weak = session.downgrade().expect("memory");
/// assert!(!weak.upgrade().expect("alive").ended.get());
/// drop(session);
/// assert!(weak.upgrade().is_none());
/// # Ok::<(), mortice_gc::mem::MemoryError>(())
/// ```
pub trait Managed: Trace + Sized + 'static {
    /// Whether [`Managed::finalize`] is called.
    const FINALIZES: bool = false;
    /// Whether weak references can be made, for 16 bytes more an object.
    const WEAK: bool = false;

    /// Runs once, before the value ends, whatever ends it. It may make the object
    /// reachable again; then the value stays, and a later end is its destructor's
    /// alone. A panic goes no further than the message of the panic hook.
    ///
    /// What it drops ends at once, however deep: a chain whose finalizers each let
    /// the next one go needs native stack for its length, unless
    /// [`Heap::set_stack_limit`] says where that ends.
    ///
    /// # CPython
    ///
    /// `tp_finalize`, PEP 442.
    fn finalize(_this: &Gc<Self>) {}
}

/// A counted handle of a value on a heap.
///
/// Dropping the last one ends the value at once. A handle may outlive its heap:
/// what it leads to stays then, and never ends.
pub struct Gc<T: Managed> {
    object: Object,
    value: PhantomData<*const T>,
}

impl<T: Managed> Gc<T> {
    /// Moves a value to the heap. Where a collection is due, it runs: finalizers
    /// and destructors may be called, as on every drop of a handle.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the value is dropped.
    pub fn new(heap: &Heap, value: T) -> Result<Gc<T>, OutOfMemory> {
        if heap.collection_due() {
            let _ = heap.collect_if_due(|_, _| ());
        }
        // SAFETY: live-header, zeroed-body: the kind is static and made for `T`;
        // its body is written before anybody sees it.
        let object = unsafe {
            let object = heap.allocate(kind::of::<T>(), 0)?;
            object.word().cast::<T>().write(value);
            object
        };
        heap.track(&object);
        // SAFETY: typed-handle: just made for `T`.
        Ok(unsafe { Gc::from_object(object) })
    }

    /// The handle of an object that holds a `T`.
    ///
    /// # Safety
    ///
    /// - *typed-handle*: the object was made by [`Gc::new`] for this `T`.
    unsafe fn from_object(object: Object) -> Gc<T> {
        Gc {
            object,
            value: PhantomData,
        }
    }

    /// The handle as the layers see it that know no types.
    pub fn as_object(&self) -> &Object {
        &self.object
    }

    /// Whether both lead to the same value.
    pub fn is(&self, other: &Gc<T>) -> bool {
        self.object.is(&other.object)
    }

    /// The handles and slots that lead to the value.
    pub fn reference_count(&self) -> u32 {
        self.object.refcount()
    }
}

impl<T: Managed> Deref for Gc<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: typed-handle, owned-reference: the handle keeps the value alive,
        // which nothing but its own cells changes.
        unsafe { self.object.word().cast::<T>().as_ref() }
    }
}

impl<T: Managed> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Gc<T> {
        Gc {
            object: self.object.clone(),
            value: PhantomData,
        }
    }
}

/// Says where the value lies: values may refer to each other in circles.
impl<T: Managed> fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<T>();
        write!(f, "Gc<{name}>(at {:#x})", self.object.address())
    }
}
