//! The state of all slots of one world: what waits, and what is held back.

use crate::class::Compare;
use crate::host::{Host, Name};
use crate::watch::Entry;
use core::cell::Cell;

/// The engine: one for each interpreter or runtime, used by one thread at a time.
#[derive(Debug)]
pub struct Engine<H: Host> {
    serial: Cell<u64>,
    /// An event is on its way to its observers.
    pub(crate) is_running: Cell<bool>,
    /// Bits of the names that some class is observed for; never taken back.
    pub(crate) class_names: Cell<u64>,
    pub(crate) queue: Queue<H>,
    pub(crate) holds: Holds<H>,
}

/// Changes that wait, in the order of their writes; an event is a run of them.
#[derive(Debug)]
pub(crate) struct Queue<H: Host> {
    pub(crate) rows: H::Rows<Waiting>,
    /// [`Waiting::CELLS`] for each row: object, old, new, source.
    pub(crate) cells: H::Cells,
    /// The next one to be delivered.
    pub(crate) next: Cell<usize>,
}

/// One waiting change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waiting {
    pub(crate) name: Name,
    pub(crate) source_name: Name,
    pub(crate) compare: Compare,
    pub(crate) state: State,
    /// Observers that began later do not hear the change.
    pub(crate) before: u64,
    /// An earlier row of the queue, whose place this one shows over any number of links, as long
    /// as these stay; [`Waiting::NONE`] where none is known.
    pub(crate) shows: usize,
}

impl Waiting {
    pub(crate) const NONE: usize = usize::MAX;
    pub(crate) const CELLS: usize = 4;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The write is under way; its place in the order is kept.
    Reserved,
    /// The write was undone.
    Nothing,
    /// To be compared and told.
    Ready,
}

/// What is held back.
#[derive(Debug)]
pub(crate) struct Holds<H: Host> {
    /// Open holds of everything.
    pub(crate) all: Cell<u32>,
    /// The objects of open holds, one for each mention.
    pub(crate) objects: H::Cells,
    /// First changes: their slots.
    pub(crate) rows: H::Rows<Name>,
    /// Two for each row: object, old.
    pub(crate) cells: H::Cells,
}

impl<H: Host> Default for Engine<H> {
    fn default() -> Self {
        Engine {
            serial: Cell::new(0),
            is_running: Cell::new(false),
            class_names: Cell::new(0),
            queue: Queue {
                rows: Default::default(),
                cells: Default::default(),
                next: Cell::new(0),
            },
            holds: Holds {
                all: Cell::new(0),
                objects: Default::default(),
                rows: Default::default(),
                cells: Default::default(),
            },
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

    /// The references that the engine keeps of its own: of what waits and what is held.
    pub fn cells(&self) -> [&H::Cells; 3] {
        [&self.queue.cells, &self.holds.objects, &self.holds.cells]
    }
}
