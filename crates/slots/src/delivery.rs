//! What waits in one thread, and what it holds back.
//!
//! A thread tells its own events in their order (S027), and holds back its own (S030). A delivery is a
//! thread's as long as something is under way in it; an idle one is anybody's. So one serves all threads
//! that do not write in the middle of each other's events and holds, and it lies in the engine. Another is
//! made where a thread finds none idle, and stays for whoever comes next.

use crate::class::Compare;
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use allocator_api2::boxed::Box;
use core::cell::{Cell, OnceCell};

/// The queue and the holds of a thread.
#[derive(Debug)]
pub(crate) struct Delivery<H: Host> {
    /// The thread, where something is under way.
    thread: Cell<u64>,
    /// An event is on its way to its observers.
    pub(crate) is_running: Cell<bool>,
    pub(crate) queue: Queue<H>,
    pub(crate) holds: Holds<H>,
    next: OnceCell<Further<H>>,
}

/// A place for what waits in a thread, where several have something under way.
#[derive(Debug)]
pub struct Further<H: Host>(Box<Delivery<H>>);

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
    /// as these stay; [`Waiting::FIRST`], or [`Waiting::NONE`] where none is known.
    pub(crate) shows: usize,
    /// That place is the one that this one is delegated to.
    pub(crate) is_direct: bool,
}

impl Waiting {
    pub(crate) const NONE: usize = usize::MAX;
    /// The place that is written, while its write is under way.
    pub(crate) const FIRST: usize = usize::MAX - 1;
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
    /// Open holds.
    pub(crate) open: Cell<u32>,
    /// Those of everything.
    pub(crate) all: Cell<u32>,
    /// The objects of the others, one for each mention.
    pub(crate) objects: H::Cells,
    /// First changes: their slots.
    pub(crate) rows: H::Rows<Name>,
    /// Two for each row: object, old.
    pub(crate) cells: H::Cells,
}

impl<H: Host> Default for Delivery<H> {
    fn default() -> Self {
        Delivery {
            thread: Cell::new(0),
            is_running: Cell::new(false),
            queue: Queue {
                rows: Default::default(),
                cells: Default::default(),
                next: Cell::new(0),
            },
            holds: Holds {
                open: Cell::new(0),
                all: Cell::new(0),
                objects: Default::default(),
                rows: Default::default(),
                cells: Default::default(),
            },
            next: OnceCell::new(),
        }
    }
}

impl<H: Host> Further<H> {
    /// A place in which nothing waits; nothing where memory ran out.
    pub fn new() -> Option<Further<H>> {
        Some(Further(Box::try_new(Delivery::default()).ok()?))
    }
}

impl<H: Host> Delivery<H> {
    /// The thread, where something is under way.
    pub(crate) fn thread(&self) -> u64 {
        self.thread.get()
    }

    /// Tells whether an event is on its way, or waits.
    #[inline]
    fn is_telling(&self) -> bool {
        self.is_running.get() || !self.queue.rows.is_empty()
    }

    /// Tells whether something is under way in the thread.
    fn is_busy(&self) -> bool {
        let holds = &self.holds;
        self.is_telling() || holds.is_open() || !holds.rows.is_empty()
    }

    /// The references that wait or are held.
    pub(crate) fn cells(&self) -> [&H::Cells; 3] {
        [&self.queue.cells, &self.holds.objects, &self.holds.cells]
    }
}

impl<H: Host> Holds<H> {
    fn is_open(&self) -> bool {
        self.all.get() > 0 || !self.objects.is_empty()
    }

    /// Tells whether the events of an object are held back.
    pub(crate) fn cover(&self, object: &H::Object) -> bool {
        self.all.get() > 0
            || (0..self.objects.len()).any(|place| {
                let held = self.objects.get(place);
                held.is_some_and(|held| H::same(&held, object))
            })
    }
}

impl<H: Host> Engine<H> {
    /// Those of all threads, and idle ones.
    pub(crate) fn deliveries(&self) -> impl Iterator<Item = &Delivery<H>> {
        core::iter::successors(Some(&self.first), |delivery| Some(&*delivery.next.get()?.0))
    }

    /// The delivery of this thread where nothing is under way in it and nobody holds anything; nothing
    /// where that cannot be told at once.
    #[inline]
    pub(crate) fn idle_delivery(&self, cx: H::Cx<'_>) -> Option<&Delivery<H>> {
        let first = &self.first;
        if first.is_telling() {
            return None;
        }
        let thread = H::thread(cx);
        if first.next.get().is_some() && self.busy_delivery(thread).is_some() {
            return None;
        }
        first.thread.set(thread);
        Some(first)
    }

    /// The delivery of a thread in which something is under way.
    fn busy_delivery(&self, thread: u64) -> Option<&Delivery<H>> {
        let is_its = |delivery: &&Delivery<H>| delivery.thread.get() == thread;
        self.deliveries().filter(is_its).find(|own| own.is_busy())
    }

    /// The delivery of this thread, where something is under way in it.
    #[inline]
    pub(crate) fn current(&self, cx: H::Cx<'_>) -> Option<&Delivery<H>> {
        self.busy_delivery(H::thread(cx))
    }

    /// The delivery of this thread. Where nothing is under way in it, the delivery is another's as soon
    /// as code of the program runs.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub(crate) fn delivery(&self, cx: H::Cx<'_>) -> Result<&Delivery<H>, H::Error> {
        let thread = H::thread(cx);
        if let Some(own) = self.busy_delivery(thread) {
            return Ok(own);
        }
        let mut at = &self.first;
        while at.is_busy() {
            at = match at.next.get() {
                Some(next) => &next.0,
                None => {
                    let made = H::further(cx)?;
                    &at.next.get_or_init(|| made).0
                }
            };
        }
        at.thread.set(thread);
        Ok(at)
    }

    /// Lets go of what a thread that ends has held back, and ends its holds: nobody hears of it.
    pub fn end_thread(&self, thread: u64) {
        let Some(delivery) = self.busy_delivery(thread) else {
            return;
        };
        let holds = &delivery.holds;
        let open = self.open_holds.get();
        self.open_holds.set(open - holds.open.replace(0));
        holds.all.set(0);
        // What goes may run code of the program; the delivery is another's once nothing is left.
        let is_its = || delivery.thread.get() == thread;
        while is_its() && !holds.objects.is_empty() {
            drop(holds.objects.pop());
        }
        while is_its() && !holds.rows.is_empty() {
            drop(self.take_record(delivery));
        }
    }

    /// The references that the engine keeps of its own: of what waits and what is held.
    pub fn cells(&self) -> impl Iterator<Item = &H::Cells> {
        self.deliveries().flat_map(Delivery::cells)
    }
}
