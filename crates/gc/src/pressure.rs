//! Pressure: collections that bytes ask for.
//!
//! By default a collection is due after a number of objects, as in CPython. Few
//! objects may hold much: large ones, and those that keep memory outside the heap
//! (a picture's pixels, a mapped file), which the heap knows nothing of. So an
//! object may report what it holds, and a threshold in bytes makes a collection
//! due as well.
//!
//! ```text
//! grown    = bytes of objects of collected kinds and external ones, allocated - released
//!            since the last collection, not below 0; counted while there is a threshold
//! external = what is reported now
//! ```
//!
//! A collection that bytes ask for is a young one, unless the external bytes have
//! grown by a quarter, and by the threshold, since the last full one.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use crate::{Heap, Trace, Visitor};

/// The bytes that a heap counts.
#[derive(Default)]
pub(crate) struct Pressure {
    /// What `grown` may be; 0 where bytes ask for nothing.
    threshold: Cell<usize>,
    grown: Cell<usize>,
    external: Cell<usize>,
    /// `external` after the last full collection.
    settled: Cell<usize>,
}

impl Pressure {
    /// Whether bytes are counted.
    #[inline(always)]
    pub(crate) fn is_on(&self) -> bool {
        self.threshold.get() != 0
    }

    /// Counts bytes that were allocated.
    pub(crate) fn rise(&self, bytes: usize) {
        self.grown.set(self.grown.get().saturating_add(bytes));
    }

    /// Counts bytes that were released.
    pub(crate) fn fall(&self, bytes: usize) {
        self.grown.set(self.grown.get().saturating_sub(bytes));
    }

    /// Whether a collection is due.
    pub(crate) fn is_high(&self) -> bool {
        self.is_on() && self.grown.get() > self.threshold.get()
    }

    /// Whether that collection is to be a full one.
    pub(crate) fn wants_full(&self) -> bool {
        let settled = self.settled.get();
        let allowed = settled.saturating_add((settled / 4).max(self.threshold.get()));
        self.is_high() && self.external.get() > allowed
    }

    /// Begins anew after a collection.
    pub(crate) fn settle(&self, full: bool) {
        self.grown.set(0);
        if full {
            self.settled.set(self.external.get());
        }
    }
}

/// # Pressure by bytes
impl Heap {
    /// Makes a collection due when objects and what they report have grown by this
    /// many bytes since the last one; `None`, as at first, counts objects alone.
    ///
    /// ```
    /// use mortice_gc::{External, Gc, GcSlot, Heap, Managed, traced};
    ///
    /// struct Picture { shown_by: GcSlot<Picture>, pixels: Vec<u8>, held: External }
    /// traced!(Picture { shown_by, pixels, held });
    /// impl Managed for Picture {}
    ///
    /// let heap = Heap::new()?;
    /// heap.set_byte_threshold(Some(10 << 20));
    /// for _ in 0..100 {
    ///     let pixels = vec![0; 1 << 20];
    ///     let held = heap.report_external(pixels.len());
    ///     let picture = Picture { shown_by: GcSlot::new(), pixels, held };
    ///     let picture = Gc::new(&heap, picture).expect("memory");
    ///     picture.shown_by.set(Some(picture.clone())); // only a collection ends it
    /// }
    /// assert!(heap.external_bytes() < 20 << 20);
    /// # Ok::<(), mortice_gc::mem::MemoryError>(())
    /// ```
    pub fn set_byte_threshold(&self, bytes: Option<usize>) {
        self.pressure
            .threshold
            .set(bytes.map_or(0, |bytes| bytes.max(1)));
        self.pressure.grown.set(0);
    }

    /// Reports that so many bytes are held outside the heap, until the result is
    /// dropped. It belongs into the object that holds them.
    pub fn report_external(&self, bytes: usize) -> External {
        let mut external = External {
            pressure: self.pressure.clone(),
            bytes: 0,
        };
        external.set(bytes);
        self.note_pressure();
        external
    }

    /// The bytes that are reported now.
    pub fn external_bytes(&self) -> usize {
        self.pressure.external.get()
    }

    /// Requests a collection where the pressure is high.
    pub(crate) fn note_pressure(&self) {
        if self.pressure.is_high() && self.enabled.get() && !self.collecting.get() {
            self.requested.set(true);
        }
    }
}

/// Bytes held outside the heap, reported for as long as this lives.
pub struct External {
    pressure: Rc<Pressure>,
    bytes: usize,
}

impl External {
    /// The bytes reported.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reports another number of bytes from now on. A collection that this makes
    /// due is noticed by the next allocation.
    pub fn set(&mut self, bytes: usize) {
        let pressure = &self.pressure;
        let others = pressure.external.get() - self.bytes;
        if pressure.is_on() {
            pressure.rise(bytes);
            pressure.fall(self.bytes);
        }
        // What cannot be added up is not reported.
        self.bytes = bytes.min(usize::MAX - others);
        pressure.external.set(others + self.bytes);
    }
}

impl Drop for External {
    fn drop(&mut self) {
        self.set(0);
    }
}

impl fmt::Debug for External {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "External({} bytes)", self.bytes)
    }
}

// SAFETY: exact-traverse: no object is owned.
unsafe impl Trace for External {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}
