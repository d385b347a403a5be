//! Which objects the collector sees, and in which order they were shown to it.
//!
//! What is tracked has a side byte that is not zero (`side.rs`).
//!
//! The unit byte of a pool says which of the two younger generations its objects may belong to, so
//! that a collection of those passes over pools that hold old objects only:
//!
//! ```text
//! bit n  an object of generation n may be here (n = 0, 1); set when one comes to be, taken back
//!        by the last walk of a collection of that generation
//! bit 2  an object may be here whose kind answers `settled`; stays
//! ```

use crate::collect::MAY_SETTLE;
use crate::header::{FLAG_GARBAGE, FLAG_PREFIX, Header, SERIAL_MAX};
use crate::heap::block_of;
use crate::kind::KindFlags;
use crate::object::{Object, Pointer};
use crate::side::{self, PERMANENT, side_of};
use crate::{Buffer, Heap, OutOfMemory};
use mortice_mem::Memory;
use std::cell::Cell;

/// Notes that the object at `pointer` is of this generation, which is not the oldest.
///
/// # Safety
///
/// - `pointer` is the address of an object on a heap.
#[inline(always)]
pub(crate) unsafe fn note_generation(pointer: Pointer, generation: u32) {
    // SAFETY: live-header, by the caller.
    unsafe { note(pointer, 1 << generation) }
}

/// Sets bits of the unit byte of the object at `pointer`.
///
/// # Safety
///
/// - `pointer` is the address of an object on a heap.
#[inline(always)]
unsafe fn note(pointer: Pointer, bits: u8) {
    // SAFETY: live-header: the block's start and space follow from the header.
    unsafe {
        let block = block_of(pointer);
        let byte = Memory::unit_byte(block.start, block.space);
        byte.set(byte.get() | bits);
    }
}

impl Heap {
    /// Shows an object to the collector; nothing happens where its kind cannot be part of a
    /// cycle, where it is tracked already, or where it is static.
    #[inline]
    pub fn track(&self, object: &Object) {
        let (Some(pointer), Some(kind)) = (object.pointer(), object.kind()) else {
            return;
        };
        if object.is_static() {
            return;
        }
        // SAFETY: live-header, owned-reference: the handle keeps object and type alive.
        unsafe {
            if !(*kind).has(KindFlags::COLLECTED) {
                return;
            }
            let header = Header::of(pointer);
            let side = side_of(pointer);
            if side.get() != 0 {
                return;
            }
            side.set(side::fresh(header.has(FLAG_PREFIX)));
            let noted = if (*kind).settled.get().is_some() {
                1 | MAY_SETTLE
            } else {
                1
            };
            note(pointer, noted);
            if (*kind).has(KindFlags::NOTICED) {
                header.set_serial(self.take_serial());
            }
        }
    }

    /// Hides an object from the collector; nothing happens where it is not tracked.
    #[inline]
    pub fn untrack(&self, object: &Object) {
        if let Some(pointer) = object.pointer()
            && !object.is_static()
        {
            // SAFETY: owned-reference: the handle keeps the object alive.
            unsafe { self.untrack_pointer(pointer) }
        }
    }

    /// Hides the object at `pointer`.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of an object on this heap.
    #[inline]
    pub(crate) unsafe fn untrack_pointer(&self, pointer: Pointer) {
        // SAFETY: live-header, by the caller.
        unsafe {
            let side = side_of(pointer);
            if side.get() != 0 {
                if side::generation(side.get()) == PERMANENT {
                    self.frozen.set(self.frozen.get().saturating_sub(1));
                }
                side.set(0);
            }
        }
    }

    /// Tells whether the collector sees the object (`gc.is_tracked`).
    pub fn is_tracked(&self, object: &Object) -> bool {
        match object.pointer() {
            // SAFETY: owned-reference: the handle keeps the object alive.
            Some(pointer) if !object.is_static() => unsafe { side_of(pointer).get() != 0 },
            _ => false,
        }
    }

    fn take_serial(&self) -> u32 {
        let serial = self.next_serial.get();
        if serial < SERIAL_MAX {
            self.next_serial.set(serial + 1);
            return serial;
        }
        self.renumber()
    }

    /// The serials are used up: numbers the tracked objects anew, in their order, and returns the
    /// next serial. Where memory is short, or half of the range is in use, newer objects share the
    /// last serial and are ordered among themselves by address; it is tried again when another
    /// sixteenth of the range was asked for, so that the walk stays cheap for each object.
    #[cold]
    fn renumber(&self) -> u32 {
        if let Some(left) = self.renumber_after.get().checked_sub(1) {
            self.renumber_after.set(left);
            return SERIAL_MAX;
        }
        // Those without a serial stay so: they need no order.
        if let Ok(objects) = self.tracked_by_serial(|header, _| header.serial() != 0)
            && objects.len() < SERIAL_MAX as usize / 2
        {
            let mut next = 1;
            for object in objects.iter() {
                if let Some(header) = object.header() {
                    header.set_serial(next);
                    next += 1;
                }
            }
            self.next_serial.set(next + 1);
            return next;
        }
        self.renumber_after.set(SERIAL_MAX / 16);
        SERIAL_MAX
    }

    /// References to all tracked objects whose generation `wanted` accepts (3 is the permanent
    /// one), in the order in which they were tracked as far as serials tell it.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn tracked(&self, wanted: impl Fn(u32) -> bool) -> Result<Buffer<Object>, OutOfMemory> {
        // Asked before the walk, which must not run foreign code.
        #[cfg(feature = "zeal")]
        let wanted = |generation| wanted(self.known_generation(generation));
        let wanted = [0, 1, 2, PERMANENT].map(wanted);
        self.tracked_by_serial(|_, generation| wanted[generation as usize])
    }

    fn tracked_by_serial(
        &self,
        wanted: impl Fn(&Header, u32) -> bool,
    ) -> Result<Buffer<Object>, OutOfMemory> {
        let mut count = 0;
        self.each_tracked(&mut |_, _| count += 1);
        let mut objects = Buffer::with_capacity(self, count)?;
        self.each_tracked(&mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live; there is room for every one.
            unsafe {
                let generation = side::generation(side.get());
                if wanted(Header::of(pointer), generation) && objects.len() < count {
                    let object = Object::from_borrowed(pointer);
                    let pushed = objects.push(self, object);
                    debug_assert!(
                        pushed.is_ok(),
                        "the buffer has room for every tracked object"
                    );
                }
            }
        });
        objects.sort_unstable_by_key(|object| {
            (object.header().map_or(0, Header::serial), object.address())
        });
        Ok(objects)
    }

    /// Visits every tracked object with its side byte.
    ///
    /// `visit` releases no object and runs no foreign code.
    pub(crate) fn each_tracked(&self, visit: &mut dyn FnMut(Pointer, &Cell<u8>)) {
        // SAFETY: phase-exclusive, prefix-words: only tracked blocks have a side byte that is not
        // zero, and no visitor of this crate releases an object.
        unsafe {
            self.memory()
                .walk_marked(|block, side| visit(side::object_at(block.start, side.get()), side));
        }
    }

    /// Moves all tracked objects to the permanent generation (`gc.freeze`), apart from those that
    /// a running collection found to be garbage.
    pub fn freeze(&self) {
        #[cfg(feature = "zeal")]
        self.zeal.hidden.set(false);
        let mut frozen = 0;
        self.each_tracked(&mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            let header = unsafe { Header::of(pointer) };
            if header.has(FLAG_GARBAGE) {
                return;
            }
            side.set(side::rest(side.get(), PERMANENT));
            frozen += 1;
        });
        self.frozen.set(frozen);
        for count in &self.counts {
            count.set(0);
        }
    }

    /// Moves the permanent generation into the oldest one (`gc.unfreeze`).
    pub fn unfreeze(&self) {
        #[cfg(feature = "zeal")]
        self.zeal.hidden.set(false);
        self.each_tracked(&mut |_, side| {
            if side::generation(side.get()) == PERMANENT {
                side.set(side::rest(side.get(), 2));
            }
        });
        self.frozen.set(0);
    }

    /// Number of objects in the permanent generation.
    pub fn frozen_count(&self) -> usize {
        #[cfg(feature = "zeal")]
        if self.zeal.hidden.get() {
            return 0;
        }
        self.frozen.get()
    }
}
