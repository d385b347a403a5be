//! The kinds of typed objects.

use std::cell::Cell;
use std::mem::{MaybeUninit, transmute};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Gc, Managed};
use crate::header::HEADER_BYTES;
use crate::kind::Finalize;
use crate::{Heap, Kind, KindFlags, Object, Pointer, Trace, Visitor};

/// A kind that is never written. A `Kind` itself has cells, which no constant may
/// lead to.
pub(super) type Words = [MaybeUninit<*const ()>; size_of::<Kind>() / size_of::<*const ()>()];
const _: () = assert!(size_of::<Words>() == size_of::<Kind>());
const _: () = assert!(align_of::<Words>() == align_of::<Kind>());

/// The words of a kind at one address.
pub(super) struct StaticWords(pub(super) Words);

// SAFETY: one-thread: nobody writes them.
unsafe impl Sync for StaticWords {}

/// Carries the constants of one type.
struct KindOf<T>(T);

impl<T: Managed> KindOf<T> {
    const WORDS: &'static Words = &words(managed::<T>());
}

/// The words of a kind.
pub(super) const fn words(kind: Kind) -> Words {
    // SAFETY: live-header: the same bytes; some of them may be padding.
    unsafe { transmute::<Kind, Words>(kind) }
}

/// The kind that words make up, which is read only.
#[inline(always)]
pub(super) const fn of_words(words: &'static Words) -> *const Kind {
    std::ptr::from_ref(words).cast()
}

/// The kind of objects that hold a `T`.
#[inline(always)]
pub(super) fn of<T: Managed>() -> *const Kind {
    of_words(KindOf::<T>::WORDS)
}

const fn managed<T: Managed>() -> Kind {
    let mut flags = KindFlags::COLLECTED;
    if T::WEAK {
        flags = flags.with(KindFlags::PREFIX);
    }
    if T::WEAK || T::FINALIZES {
        flags = flags.with(KindFlags::NOTICED);
    }
    let finalize: Option<Finalize> = if T::FINALIZES {
        Some(finalize::<T>)
    } else {
        None
    };
    make::<T>(flags, finalize)
}

/// A kind of objects whose body is a `T`.
pub(super) const fn make<T: Trace>(flags: KindFlags, finalize: Option<Finalize>) -> Kind {
    assert!(
        align_of::<T>() <= HEADER_BYTES,
        "values are aligned to 16 bytes at most"
    );
    assert!(size_of::<T>() <= u32::MAX as usize, "a value is too large");
    let mut kind = Kind::atomic(size_of::<T>() as u32);
    kind.flags = Cell::new(flags);
    kind.traverse = Cell::new(traverse::<T>);
    kind.clear = Cell::new(clear::<T>);
    kind.teardown = Cell::new(teardown::<T>);
    kind.finalize = Cell::new(finalize);
    kind
}

unsafe fn traverse<T: Trace>(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: typed-handle, exact-traverse: only values of `T` have this kind, and
    // report what they own.
    unsafe { pointer.cast::<T>().as_ref() }.traverse(visitor);
}

unsafe fn clear<T: Trace>(_: &Heap, pointer: Pointer) {
    // SAFETY: typed-handle: as in `traverse`; the collector keeps the value alive.
    let value = unsafe { pointer.cast::<T>().as_ref() };
    contain(|| value.clear());
}

unsafe fn teardown<T: Trace>(_: &Heap, pointer: Pointer) {
    // SAFETY: typed-handle, owned-reference: nobody uses the value any more.
    contain(|| unsafe { pointer.cast::<T>().drop_in_place() });
}

fn finalize<T: Managed>(_: &Heap, object: &Object) {
    // SAFETY: typed-handle: only objects of `T` have this kind.
    let this = unsafe { Gc::<T>::from_object(object.clone()) };
    contain(|| T::finalize(&this));
}

/// Runs code of the program within the heap's. A panic ends here: the panic hook
/// has told of it, as Python tells of exceptions that have nowhere to go.
pub(super) fn contain(run: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(run)) {
        // Its own destructor may panic, too.
        std::mem::forget(payload);
    }
}
