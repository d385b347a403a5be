//! Words, owned and borrowed.
//!
//! A word with the low bit set is a small integer of 63 bits and needs no memory. Any other word
//! is the address of an object. Having an [`Object`] tells you that one count is yours; having a
//! [`Borrowed`] tells you that somebody holds one for as long as its lifetime lasts.

use crate::dealloc;
use crate::header::{FLAG_FINALIZED, FLAG_PREFIX, HEADER_BYTES, Header};
use crate::kind::Kind;
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::NonNull;

/// The address of an object's body.
pub type Pointer = NonNull<u8>;

/// The smallest integer that fits a word.
pub const SMALL_MIN: i64 = i64::MIN >> 1;
/// The largest integer that fits a word.
pub const SMALL_MAX: i64 = i64::MAX >> 1;

/// An owned reference to an object, or a small integer.
///
/// It stays on its thread:
///
/// ```compile_fail,E0277
/// let number = mortice_gc::Object::small32(7);
/// std::thread::spawn(move || drop(number));
/// ```
#[repr(transparent)]
pub struct Object {
    word: NonNull<u8>,
}

/// A borrowed reference: a copy of a word whose owner outlives it.
///
/// It cannot be kept beyond that, and the owner not be dropped before:
///
/// ```compile_fail,E0505
/// let number = mortice_gc::Object::small32(7);
/// let borrowed = number.borrow();
/// drop(number);
/// assert_eq!(borrowed.as_small(), Some(7));
/// ```
///
/// ```compile_fail,E0597
/// let kept;
/// {
///     let number = mortice_gc::Object::small32(7);
///     kept = number.borrow();
/// }
/// assert_eq!(kept.as_small(), Some(7));
/// ```
///
/// ```
/// let number = mortice_gc::Object::small32(7);
/// let borrowed = number.borrow();
/// assert_eq!(borrowed.as_small(), Some(7));
/// drop(number);
/// ```
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Borrowed<'a> {
    word: NonNull<u8>,
    owner: PhantomData<&'a Object>,
}

impl Object {
    /// Makes a small integer; `None` where the value needs more than 63 bits.
    #[inline(always)]
    pub fn small(value: i64) -> Option<Object> {
        if (SMALL_MIN..=SMALL_MAX).contains(&value) {
            Some(Object {
                word: NonNull::new(((value << 1) | 1) as *mut u8)?,
            })
        } else {
            None
        }
    }

    /// Makes a small integer of a value that always fits.
    #[inline(always)]
    pub fn small32(value: i32) -> Object {
        let word = ((i64::from(value) << 1) | 1) as *mut u8;
        // SAFETY: live-header: the low bit is set, so the word is not null and no address.
        let word = unsafe { NonNull::new_unchecked(word) };
        Object { word }
    }

    /// The value, where the word is a small integer.
    #[inline(always)]
    pub fn as_small(&self) -> Option<i64> {
        let word = self.word.as_ptr() as i64;
        (word & 1 == 1).then_some(word >> 1)
    }

    /// Tells whether the word is a small integer.
    #[inline(always)]
    pub fn is_small(&self) -> bool {
        self.word.as_ptr() as usize & 1 == 1
    }

    /// Tells whether both are the same object.
    #[inline(always)]
    pub fn is(&self, other: &Object) -> bool {
        self.word == other.word
    }

    #[inline(always)]
    pub(crate) fn word(&self) -> NonNull<u8> {
        self.word
    }

    /// The word as a number, which identifies the object while it lives (`id()`).
    #[inline(always)]
    pub fn address(&self) -> usize {
        self.word.as_ptr() as usize
    }

    /// The address, where the word is no small integer.
    #[inline(always)]
    pub fn pointer(&self) -> Option<Pointer> {
        if self.is_small() {
            None
        } else {
            Some(self.word)
        }
    }

    /// A borrowed copy.
    #[inline(always)]
    pub fn borrow(&self) -> Borrowed<'_> {
        Borrowed {
            word: self.word,
            owner: PhantomData,
        }
    }

    /// Views owned handles as borrowed ones.
    #[inline(always)]
    pub fn borrow_all(objects: &[Object]) -> &[Borrowed<'_>] {
        // SAFETY: owned-reference: both types are a transparent word, and the slice's life bounds
        // the copies' life.
        unsafe { &*(std::ptr::from_ref(objects) as *const [Borrowed<'_>]) }
    }

    /// Takes over a counted reference.
    ///
    /// # Safety
    ///
    /// - `pointer` is an object's address and one count of it becomes the handle's.
    #[inline(always)]
    pub unsafe fn from_owned(pointer: Pointer) -> Object {
        Object { word: pointer }
    }

    /// Makes a new reference to the object at `pointer`.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object, or a small integer's word.
    #[inline(always)]
    pub unsafe fn from_borrowed(pointer: Pointer) -> Object {
        let borrowed = ManuallyDrop::new(Object { word: pointer });
        Object::clone(&borrowed)
    }

    /// Gives up the handle without releasing its count.
    #[inline(always)]
    pub fn into_word(self) -> NonNull<u8> {
        ManuallyDrop::new(self).word
    }

    #[inline(always)]
    pub(crate) fn header(&self) -> Option<&Header> {
        // SAFETY: live-header: the handle owns a count.
        self.pointer().map(|pointer| unsafe { Header::of(pointer) })
    }

    /// Where the type object begins, unless the word is a small integer.
    #[inline(always)]
    pub fn kind(&self) -> Option<*const Kind> {
        self.header().map(|header| header.kind.get())
    }

    /// Replaces the type and returns the old one.
    ///
    /// # Safety
    ///
    /// - `kind` begins a type object whose instances have the same layout as this object.
    /// - The caller moves the counts that a heap type's instances own on their type.
    pub unsafe fn set_kind(&self, kind: *const Kind) -> Option<*const Kind> {
        self.header().map(|header| header.kind.replace(kind))
    }

    /// The number of references, this one included; small integers and immortal objects report
    /// the figure of an immortal object.
    pub fn refcount(&self) -> u32 {
        self.header()
            .map_or(crate::header::IMMORTAL_INITIAL, |header| {
                header.refcount.get()
            })
    }

    /// Tells whether the count never changes.
    pub fn is_immortal(&self) -> bool {
        self.header().is_none_or(Header::is_immortal)
    }

    /// Makes the object live as long as its heap.
    pub fn make_immortal(&self) {
        if let Some(header) = self.header()
            && !header.is_immortal()
        {
            header.refcount.set(crate::header::IMMORTAL_INITIAL);
        }
    }

    /// Tells whether the object lies in static storage.
    pub fn is_static(&self) -> bool {
        self.header().is_none_or(Header::is_static)
    }

    /// Tells whether the object has weak-list and dict words.
    pub fn has_prefix(&self) -> bool {
        self.header().is_some_and(|header| header.has(FLAG_PREFIX))
    }

    /// Tells whether the finalizer ran (`gc.is_finalized`).
    pub fn is_finalized(&self) -> bool {
        self.header()
            .is_some_and(|header| header.has(FLAG_FINALIZED))
    }

    /// The dict word of an object with a prefix.
    pub fn dict_slot(&self) -> Option<&crate::Slot> {
        let pointer = self.pointer()?;
        // SAFETY: live-header, prefix-words: the dict word lies directly before the header.
        unsafe {
            Header::of(pointer)
                .has(FLAG_PREFIX)
                .then(|| &*pointer.as_ptr().sub(HEADER_BYTES + 8).cast::<crate::Slot>())
        }
    }
}

impl Clone for Object {
    #[inline(always)]
    fn clone(&self) -> Object {
        if let Some(header) = self.header() {
            let count = header.refcount.get();
            if count < crate::header::IMMORTAL {
                header.refcount.set(count + 1);
            }
        }
        Object { word: self.word }
    }
}

impl Drop for Object {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(header) = self.header() {
            let count = header.refcount.get();
            if count < crate::header::IMMORTAL {
                header.refcount.set(count - 1);
                if count == 1 {
                    // SAFETY: owned-reference: the count that was dropped was the last one.
                    unsafe { dealloc::last_reference_gone(self.word) }
                }
            }
        }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_small() {
            Some(value) => write!(formatter, "Object({value})"),
            None => write!(formatter, "Object(at {:#x})", self.address()),
        }
    }
}

impl Deref for Borrowed<'_> {
    type Target = Object;

    #[inline(always)]
    fn deref(&self) -> &Object {
        // SAFETY: owned-reference: both are a transparent word, and the view cannot be dropped.
        unsafe { &*std::ptr::from_ref(self).cast::<Object>() }
    }
}

impl<'a> From<&'a Object> for Borrowed<'a> {
    #[inline(always)]
    fn from(object: &'a Object) -> Borrowed<'a> {
        object.borrow()
    }
}

impl fmt::Debug for Borrowed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

/// The weak-list word of an object with a prefix.
///
/// # Safety
///
/// - `pointer` is a live object's address.
#[inline(always)]
pub(crate) unsafe fn weak_word<'a>(pointer: Pointer) -> Option<&'a std::cell::Cell<*mut u8>> {
    // SAFETY: live-header, prefix-words.
    unsafe {
        Header::of(pointer).has(FLAG_PREFIX).then(|| {
            &*pointer
                .as_ptr()
                .sub(HEADER_BYTES + 16)
                .cast::<std::cell::Cell<*mut u8>>()
        })
    }
}
