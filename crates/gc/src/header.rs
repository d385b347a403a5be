//! The 16 bytes before every object.
//!
//! ```text
//! refcount (u32)  ≥ IMMORTAL: never written, never freed
//!                 while queued for deallocation: low half of the queue link
//! flags    (u32)  bits 0–5 flags; bits 8–31 the tracking serial
//!                 while queued: bits 8–31 are the high part of the link
//! type     (u64)  the address of the type object's body, which begins with its Kind
//! ```

use crate::Kind;
use crate::object::Pointer;
use std::cell::Cell;

/// Bytes of a header.
pub const HEADER_BYTES: usize = 16;
/// Bytes of the weak-list and dict words, where an object has them.
pub const PREFIX_BYTES: usize = 16;
/// Reference counts from here on never change: the object is never freed.
pub const IMMORTAL: u32 = 1 << 31;
/// The count that an immortal object is given, as CPython 3.15 gives it.
pub const IMMORTAL_INITIAL: u32 = 3 << 30;

/// Bits 0 and 1: where the object lies; 0 is a pool's block.
pub const PLACE_MASK: u32 = 3;
/// The block is foreign: its side byte lies in its own prefix.
pub const PLACE_FOREIGN: u32 = 1;
/// The block is a span.
pub const PLACE_SPAN: u32 = 2;
/// The object lies in static storage and belongs to no heap.
pub const PLACE_STATIC: u32 = 3;
/// The object has the weak-list and dict words before its header.
pub const FLAG_PREFIX: u32 = 1 << 2;
/// The finalizer ran.
pub const FLAG_FINALIZED: u32 = 1 << 3;
/// The object is dead and waits in the deallocation queue.
pub const FLAG_QUEUED: u32 = 1 << 4;
/// The object is in the list of garbage that the collector works on, which keeps its memory.
pub const FLAG_GARBAGE: u32 = 1 << 5;
/// Bits 8–31: the tracking serial.
pub const SERIAL_SHIFT: u32 = 8;
/// The largest serial.
pub const SERIAL_MAX: u32 = (1 << 24) - 1;

/// What lies before every object's address.
#[repr(C, align(16))]
#[derive(Debug)]
pub struct Header {
    /// See the module's table.
    pub(crate) refcount: Cell<u32>,
    /// See the module's table.
    pub(crate) flags: Cell<u32>,
    /// The type object's body.
    pub(crate) kind: Cell<*const Kind>,
}

const _: () = assert!(size_of::<Header>() == HEADER_BYTES);

impl Header {
    /// Makes the header of an immortal object in static storage.
    pub const fn immortal(kind: *const Kind) -> Header {
        Header {
            refcount: Cell::new(IMMORTAL_INITIAL),
            flags: Cell::new(PLACE_STATIC),
            kind: Cell::new(kind),
        }
    }

    /// Sets the type of an object in static storage that nobody else refers to yet.
    pub fn set_kind(&self, kind: *const Kind) {
        self.kind.set(kind);
    }

    /// The header of the object at `pointer`.
    ///
    /// # Safety
    ///
    /// - `pointer` is an object's address (*live-header*).
    #[inline(always)]
    pub unsafe fn of<'a>(pointer: Pointer) -> &'a Header {
        // SAFETY: live-header: the header lies 16 bytes before the address.
        unsafe { &*pointer.as_ptr().sub(HEADER_BYTES).cast::<Header>() }
    }

    #[inline(always)]
    pub(crate) fn has(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    #[inline(always)]
    pub(crate) fn set(&self, flag: u32) {
        self.flags.set(self.flags.get() | flag);
    }

    #[inline(always)]
    pub(crate) fn unset(&self, flag: u32) {
        self.flags.set(self.flags.get() & !flag);
    }

    #[inline(always)]
    pub(crate) fn is_immortal(&self) -> bool {
        self.refcount.get() >= IMMORTAL
    }

    /// Lets an object count as immortal for a while, or ends that; the count stays.
    #[inline(always)]
    pub(crate) fn set_unending(&self, unending: bool) {
        let count = self.refcount.get() & !IMMORTAL;
        self.refcount
            .set(if unending { count | IMMORTAL } else { count });
    }

    #[inline(always)]
    pub(crate) fn is_static(&self) -> bool {
        self.flags.get() & PLACE_MASK == PLACE_STATIC
    }

    /// Tells whether the last reference is gone: the object ends, or waits for it.
    #[inline(always)]
    pub fn is_dead(&self) -> bool {
        self.refcount.get() == 0 || self.has(FLAG_QUEUED)
    }

    pub(crate) fn serial(&self) -> u32 {
        self.flags.get() >> SERIAL_SHIFT
    }

    pub(crate) fn set_serial(&self, serial: u32) {
        let flags = self.flags.get() & ((1 << SERIAL_SHIFT) - 1);
        self.flags.set(flags | (serial << SERIAL_SHIFT));
    }

    /// Links a dead object in the deallocation queue: the address of the next one, shifted by its
    /// four zero bits, takes the count's place and the serial's.
    pub(crate) fn set_link(&self, next: Option<Pointer>) {
        let link = next.map_or(0, |next| next.as_ptr() as u64 >> 4);
        self.refcount.set(link as u32);
        self.set_serial((link >> 32) as u32);
    }

    pub(crate) fn link(&self) -> Option<Pointer> {
        let link = u64::from(self.refcount.get()) | (u64::from(self.serial()) << 32);
        Pointer::new((link << 4) as *mut u8)
    }
}

impl Header {
    /// Where the type object begins.
    #[inline(always)]
    pub fn kind(&self) -> *const Kind {
        self.kind.get()
    }

    /// Tells whether the weak-list and dict words lie before the header.
    #[inline(always)]
    pub fn has_prefix(&self) -> bool {
        self.has(FLAG_PREFIX)
    }
}
