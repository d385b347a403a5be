//! Whether a heap agrees with itself.
//!
//! ```text
//! side byte    PREFIX = the header's · count bits 1
//! unit byte    bit g of the pool's is set for an object of generation g = 0, 1
//! header       refcount > 0, not queued · GARBAGE only while a collection runs
//! serial       0, or SERIAL_MAX, or below next_serial
//! frozen       = tracked objects of the permanent generation
//! weak list    next.previous = self, previous.next = self (or the list's word), target = the owner
//! ```
//!
//! The check may run whenever foreign code may: between operations, and from finalizers and
//! callbacks. It changes nothing.

use crate::header::{
    FLAG_GARBAGE, FLAG_PREFIX, FLAG_QUEUED, HEADER_BYTES, Header, PREFIX_BYTES, SERIAL_MAX,
};
use crate::heap::block_of;
use crate::kind::KindFlags;
use crate::object::Pointer;
use crate::side::{self, COUNT_MASK, PERMANENT, PREFIX, REST};
use crate::{Heap, weak};
use mortice_mem::Memory;

/// What is wrong with a heap.
#[derive(Debug, thiserror::Error)]
pub enum HeapError {
    /// The memory below contradicts itself.
    #[error(transparent)]
    Memory(#[from] mortice_mem::CheckError),
    /// An object's header, side byte and weak list contradict each other.
    #[error("object at {address:#x}: {what} (side byte {side:#04x}, flags {flags:#010x})")]
    Object {
        /// The object's address.
        address: usize,
        /// What does not hold.
        what: &'static str,
        /// Its side byte.
        side: u8,
        /// The flags of its header.
        flags: u32,
    },
    /// A counter is not what was counted.
    #[error("{counted} frozen objects are tracked, {expected} are on the books")]
    Frozen {
        /// Objects found.
        counted: usize,
        /// The heap's counter.
        expected: usize,
    },
}

impl Heap {
    /// Walks all tracked objects and compares what is known about each; returns their number.
    ///
    /// # Errors
    ///
    /// [`HeapError`], about the first object that fails.
    pub fn check(&self) -> Result<usize, HeapError> {
        self.memory().check()?;
        let mut count = 0;
        let mut frozen = 0;
        let mut result = Ok(());
        self.each_tracked(&mut |pointer, side| {
            count += 1;
            // SAFETY: dead-untracked, live-header: a tracked object is live; that is what is checked,
            // as far as it can be told.
            let header = unsafe { Header::of(pointer) };
            frozen += usize::from(side::generation(side.get()) == PERMANENT);
            if result.is_ok() {
                // SAFETY: live-header: as above.
                let checked = unsafe { self.check_object(pointer, header, side.get()) };
                result = checked.map_err(|what| HeapError::Object {
                    address: pointer.as_ptr() as usize,
                    what,
                    side: side.get(),
                    flags: header.flags.get(),
                });
            }
        });
        result?;
        if frozen == self.frozen.get() {
            Ok(count)
        } else {
            Err(HeapError::Frozen {
                counted: frozen,
                expected: self.frozen.get(),
            })
        }
    }

    /// # Safety
    ///
    /// - `pointer` is the address of an object with that header and side byte.
    unsafe fn check_object(
        &self,
        pointer: Pointer,
        header: &Header,
        side: u8,
    ) -> Result<(), &'static str> {
        let require = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
        require(side & COUNT_MASK == REST, "the count bits are not at rest")?;
        require(
            (side & PREFIX != 0) == header.has(FLAG_PREFIX),
            "header and side byte disagree about the prefix",
        )?;
        require(!header.has(FLAG_QUEUED), "a queued object is tracked")?;
        require(header.refcount.get() > 0, "a dead object is tracked")?;
        require(!header.is_static(), "a static object is tracked")?;
        require(
            !header.has(FLAG_GARBAGE) || self.collecting.get(),
            "garbage while no collection runs",
        )?;
        let serial = header.serial();
        require(
            serial < self.next_serial.get().max(1) || serial == SERIAL_MAX,
            "the serial was never given out",
        )?;
        // SAFETY: live-header, by the caller: the object keeps its type alive.
        let (kind, block) = unsafe { (&*header.kind.get(), block_of(pointer)) };
        require(kind.has(KindFlags::COLLECTED), "the type is not collected")?;
        // SAFETY: live-header: the object's block is in use.
        let unit_byte = unsafe { Memory::unit_byte(block.start, block.space) }.get();
        require(
            side::generation(side) > 1 || unit_byte & 1 << side::generation(side) != 0,
            "the unit byte knows nothing of the generation",
        )?;
        let prefix = usize::from(header.has(FLAG_PREFIX)) * PREFIX_BYTES;
        let least = prefix + HEADER_BYTES + kind.body_bytes.get() as usize;
        // SAFETY: live-header: the object's block is in use.
        let usable = unsafe { Memory::usable_bytes(block) };
        require(
            usable >= least,
            "the block is smaller than the type's instances",
        )?;
        require(weak::list_is_linked(pointer), "the weak list is broken")?;
        if kind.has(KindFlags::WEAK_REFERENCE) {
            // SAFETY: weak-linked: the type says that a weak body lies here.
            let linked = unsafe { weak::is_linked(pointer) };
            require(linked, "a weak reference is not in its target's list")?;
        }
        Ok(())
    }
}
