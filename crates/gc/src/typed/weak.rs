//! Weak references to typed values.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use super::kind::{self, StaticWords};
use super::{Gc, Managed};
use crate::{Heap, KindFlags, Object, OutOfMemory, Pointer, Trace, Visitor, WeakBody, weak};

/// A reference that does not keep its target alive.
///
/// It is an object itself: copies share it, and it may lie in other values.
pub struct Weak<T: Managed> {
    reference: Object,
    target: PhantomData<*const T>,
}

impl<T: Managed> Gc<T> {
    /// Makes a weak reference. [`Managed::WEAK`] has to say that there may be
    /// some, or it does not compile.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn downgrade(&self) -> Result<Weak<T>, OutOfMemory> {
        self.refer(None)
    }

    /// Makes a weak reference and calls `callback` when the target ends, if the
    /// reference is still there. Of several callbacks, the latest comes first.
    ///
    /// What the callback owns counts as held from outside: it keeps alive what it
    /// has handles of. A panic goes no further than the message of the panic hook.
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use mortice_gc::{Gc, Heap, Managed, traced};
    ///
    /// struct Page(String);
    /// traced!(Page(text));
    /// impl Managed for Page {
    ///     const WEAK: bool = true;
    /// }
    ///
    /// let heap = Heap::new()?;
    /// let page = Gc::new(&heap, Page("once".into())).expect("memory");
    /// let gone = Rc::new(Cell::new(false));
    /// let note = gone.clone();
    /// let weak = page.downgrade_with(move || note.set(true)).expect("memory");
    /// drop(page);
    /// assert!(gone.get() && weak.upgrade().is_none());
    /// # Ok::<(), mortice_gc::mem::MemoryError>(())
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # use mortice_gc::{Gc, Heap};
    /// let heap = Heap::new().unwrap();
    /// Gc::new(&heap, 7_i64).unwrap().downgrade().unwrap(); // integers have no weak references
    /// ```
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`]; the callback is dropped.
    pub fn downgrade_with(
        &self,
        callback: impl FnOnce() + 'static,
    ) -> Result<Weak<T>, OutOfMemory> {
        let callback = Callback::make(heap(&self.object)?, callback)?;
        self.refer(Some(callback))
    }

    fn refer(&self, callback: Option<Object>) -> Result<Weak<T>, OutOfMemory> {
        const {
            assert!(
                T::WEAK,
                "`Managed::WEAK` says that there are no weak references"
            );
        }
        let heap = heap(&self.object)?;
        // SAFETY: live-header, zeroed-body, weak-linked: a static kind for a
        // `WeakBody`, which is written before it is linked.
        let reference = unsafe {
            let object = heap.allocate(kind::of_words(&REFERENCE.0), 0)?;
            let body = WeakBody::default();
            drop(body.callback.replace(callback));
            object.word().cast::<WeakBody>().write(body);
            weak::link(&object, &self.object);
            object
        };
        heap.track(&reference);
        Ok(Weak {
            reference,
            target: PhantomData,
        })
    }
}

impl<T: Managed> Weak<T> {
    /// A handle of the target while it lives.
    pub fn upgrade(&self) -> Option<Gc<T>> {
        // SAFETY: typed-handle: the reference was linked to an object of `T`, and
        // its body is a `WeakBody`.
        unsafe {
            let body = self.reference.word().cast::<WeakBody>();
            let target = body.as_ref().target()?;
            Some(Gc::from_object(target))
        }
    }

    /// Forgets the target and the callback, also for every copy.
    pub fn detach(&self) {
        // SAFETY: typed-handle: as in `upgrade`.
        let body = unsafe { self.reference.word().cast::<WeakBody>().as_ref() };
        body.clear();
    }
}

impl<T: Managed> Clone for Weak<T> {
    fn clone(&self) -> Weak<T> {
        Weak {
            reference: self.reference.clone(),
            target: PhantomData,
        }
    }
}

impl<T: Managed> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Weak").field(&self.upgrade()).finish()
    }
}

// SAFETY: exact-traverse: a weak reference owns one reference to the object that
// refers weakly.
unsafe impl<T: Managed> Trace for Weak<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(&self.reference);
    }
}

/// The heap of a typed object, which is never static.
fn heap(object: &Object) -> Result<&Heap, OutOfMemory> {
    Heap::of_object(object).ok_or(OutOfMemory)
}

static REFERENCE: StaticWords = StaticWords(kind::words(kind::make::<WeakBody>(
    KindFlags::COLLECTED
        .with(KindFlags::WEAK_REFERENCE)
        .with(KindFlags::NOTICED),
    None,
)));

/// What is called when a target ends. The closure lies behind.
#[repr(C, align(16))]
struct Callback {
    /// Whether the closure is still there.
    waits: Cell<bool>,
    /// Calls the closure, and drops it with that.
    call: unsafe fn(Pointer),
    /// Drops the closure.
    end: unsafe fn(Pointer),
}

impl Callback {
    fn make<F: FnOnce() + 'static>(heap: &Heap, closure: F) -> Result<Object, OutOfMemory> {
        const {
            assert!(
                align_of::<F>() <= align_of::<Callback>(),
                "a callback is aligned to 16 bytes at most"
            );
        }
        let body = Callback {
            waits: Cell::new(true),
            call: |closure| {
                // SAFETY: callback-closure: of this type, and not used again.
                let closure = unsafe { closure.cast::<F>().read() };
                kind::contain(closure);
            },
            end: |closure| {
                // SAFETY: callback-closure: of this type, and not used again.
                kind::contain(|| unsafe { closure.cast::<F>().drop_in_place() });
            },
        };
        // SAFETY: live-header, zeroed-body, callback-closure: a static kind for a
        // `Callback`; both parts are written at once.
        unsafe {
            let object = heap.allocate(kind::of_words(&CALLBACK.0), size_of::<F>())?;
            object.word().cast::<Callback>().write(body);
            object
                .word()
                .cast::<Callback>()
                .add(1)
                .cast::<F>()
                .write(closure);
            Ok(object)
        }
    }

    /// The callback at an address, and where its closure lies.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object of the kind `CALLBACK`.
    unsafe fn at<'a>(pointer: Pointer) -> (&'a Callback, Pointer) {
        let body = pointer.cast::<Callback>();
        // SAFETY: callback-closure: by this function's contract.
        unsafe { (body.as_ref(), body.add(1).cast()) }
    }
}

// SAFETY: exact-traverse: what is not reported counts as an outside reference.
unsafe impl Trace for Callback {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

static CALLBACK: StaticWords = StaticWords(kind::words({
    let mut kind = kind::make::<Callback>(KindFlags(0), None);
    kind.teardown = Cell::new(end_callback);
    kind
}));

unsafe fn end_callback(_: &Heap, pointer: Pointer) {
    // SAFETY: callback-closure: only callbacks have this kind.
    unsafe {
        let (callback, closure) = Callback::at(pointer);
        if callback.waits.replace(false) {
            (callback.end)(closure);
        }
    }
}

/// Calls a callback that [`Gc::downgrade_with`] was given; others are ignored.
pub(crate) fn call_back(_: &Heap, callback: &Object, _: &Object) {
    if callback.kind() == Some(kind::of_words(&CALLBACK.0)) {
        // SAFETY: callback-closure: only callbacks have this kind, and the handle
        // keeps this one alive.
        unsafe {
            let (callback, closure) = Callback::at(callback.word());
            if callback.waits.replace(false) {
                (callback.call)(closure);
            }
        }
    }
}
