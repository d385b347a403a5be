//! The state of all slots of one world.

use crate::delivery::Delivery;
use crate::host::Host;
use crate::watch::Entry;
use core::cell::Cell;

/// The engine: one for each interpreter or runtime, used by one thread at a time.
#[derive(Debug)]
pub struct Engine<H: Host> {
    serial: Cell<u64>,
    /// Bits of the names that some class is observed for, by its methods too; never taken back.
    pub(crate) class_names: Cell<u64>,
    /// As that, without methods.
    pub(crate) watched_names: Cell<u64>,
    /// Open holds, of all threads.
    pub(crate) open_holds: Cell<u32>,
    /// What waits, and what is held back: the first of a chain.
    pub(crate) first: Delivery<H>,
}

impl<H: Host> Default for Engine<H> {
    fn default() -> Self {
        Engine {
            serial: Cell::new(0),
            class_names: Cell::new(0),
            watched_names: Cell::new(0),
            open_holds: Cell::new(0),
            first: Delivery::default(),
        }
    }
}

impl<H: Host> Engine<H> {
    /// The next serial; entries and events share the count.
    pub(crate) fn next_serial(&self) -> u64 {
        let serial = self.serial.get() + 1;
        self.serial.set(serial);
        serial
    }

    /// Adds an entry to the watch of an instance.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub(crate) fn add_entry(
        cx: H::Cx<'_>,
        object: &H::Object,
        companion: &H::Object,
        entry: Entry,
        content: Option<H::Object>,
    ) -> Result<(), H::Error> {
        let watch = match H::watch(companion) {
            Some(watch) if watch.has_room(&entry) => Some(watch),
            _ => H::roomy_watch(cx, object, companion)?,
        };
        match watch {
            Some(watch) => watch.add(cx, entry, content),
            None => Ok(()),
        }
    }
}
