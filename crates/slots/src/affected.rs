//! What a change to one slot changes beside it.
//!
//! The value that a slot shows can hang on another slot in two ways: the slot is delegated to it, or
//! the slot's class delegates it to the object that the other one holds. Before a change, all
//! places that hang on the written one are found: the place itself, then for each place those that
//! delegate to it, in the order in which they were pointed at it, then the delegated names of the
//! same object that follow it, each with all that hangs on it before the next. Those that somebody
//! hears get their place in the queue, with what they show now. Then the change is made, the
//! delegated names are pointed anew, and the queue learns what the places show now.

use crate::class::SlotFlags;
use crate::engine::{Engine, State, Waiting};
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::Role;

/// The places that hang on a slot which is about to change.
pub(crate) struct Affected<H: Host> {
    /// Delegated names that must be pointed anew, and their objects.
    carried: H::Rows<Name>,
    carried_objects: H::Cells,
    /// The rows of the queue that were taken: the first one and their number.
    first: usize,
    count: usize,
}

/// The places found, and those still to be looked at.
struct Search<H: Host> {
    stack: H::Rows<Name>,
    stack_objects: H::Cells,
    /// Delegated names met so far: they alone can be reached twice.
    met: H::Rows<Name>,
    met_objects: H::Cells,
    /// A slot was met that carries delegated names.
    met_carrier: bool,
}

impl<H: Host> Affected<H> {
    /// Finds what hangs on a slot, and takes places in the queue where `is_told`.
    pub(crate) fn gather(
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        is_told: bool,
    ) -> Result<Affected<H>, H::Error> {
        let mut affected = Affected {
            carried: Default::default(),
            carried_objects: Default::default(),
            first: engine.queue.rows.len(),
            count: 0,
        };
        match affected.search(engine, cx, object, name, is_told) {
            Ok(()) => Ok(affected),
            Err(error) => {
                affected.abandon(engine);
                Err(error)
            }
        }
    }

    fn search(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        is_told: bool,
    ) -> Result<(), H::Error> {
        let before = engine.next_serial();
        let mut search: Search<H> = Search {
            stack: Default::default(),
            stack_objects: Default::default(),
            met: Default::default(),
            met_objects: Default::default(),
            met_carrier: false,
        };
        search.push(cx, object, name)?;
        while let (Some(name), Some(object)) = (search.stack.pop(), search.stack_objects.pop()) {
            let Some(spot) = engine.spot(cx, &object, name, usize::MAX) else {
                continue;
            };
            if spot.row.flags.has(SlotFlags::DELEGATED) && !search.meet(cx, &object, name)? {
                continue;
            }
            if is_told && engine.is_heard(cx, &spot) {
                let old = engine.peek(cx, &object, name);
                if engine.is_held(&object) {
                    engine.record(cx, &object, name, old)?;
                } else {
                    engine.push_waiting(cx, &object, name, before, old)?;
                    self.count += 1;
                }
            }
            // The stack gives the last one first, so what comes later is put there first.
            let bottom = search.stack.len();
            if let Some(companion) = H::companion(&object)
                && let Some(watch) = H::watch(&companion).filter(|watch| watch.may_have(name))
            {
                let mut serial = 0;
                while let Some((entry, delegator)) = watch.next_after(serial, |entry| {
                    entry.role == Role::Delegator && entry.name == name
                }) {
                    serial = entry.serial;
                    if let Some(delegator) = delegator.and_then(|token| H::owner(&token)) {
                        search.push(cx, &delegator, entry.other)?;
                    }
                }
            }
            if spot.row.flags.has(SlotFlags::CARRIER) {
                search.met_carrier = true;
                let mut place = 0;
                while let Some((_, row)) =
                    H::class(&spot.class).and_then(|class| class.delegated_at(place))
                {
                    place += 1;
                    let is_carried = row.flags.has(SlotFlags::DELEGATED) && row.carrier == name;
                    // A delegation of the object's own goes before that of its class.
                    let follows = is_carried && engine.delegation(&object, row.name).is_none();
                    if follows && !row.flags.has(SlotFlags::HIDDEN) {
                        self.carried_objects.push(cx, Some(object.clone()))?;
                        self.carried.push(cx, row.name)?;
                        search.push(cx, &object, row.name)?;
                    }
                }
            }
            search.reverse_from(bottom);
        }
        Ok(())
    }

    /// After the change: points the delegated names anew, and tells the queue what the places show
    /// now. Where a name cannot be pointed, `undo` makes the change undone.
    pub(crate) fn settle(
        self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        undo: impl FnOnce(),
    ) -> Result<(), H::Error> {
        if let Err(error) = self.relink(engine, cx) {
            undo();
            let _ = self.relink(engine, cx);
            self.abandon(engine);
            return Err(error);
        }
        for place in self.first..self.first + self.count {
            engine.fill_waiting(cx, place);
        }
        Ok(())
    }

    fn relink(&self, engine: &Engine<H>, cx: H::Cx<'_>) -> Result<(), H::Error> {
        let mut place = 0;
        while let (Some(name), Some(object)) =
            (self.carried.get(place), self.carried_objects.get(place))
        {
            engine.relink(cx, &object, name)?;
            place += 1;
        }
        Ok(())
    }

    /// Gives the places in the queue up.
    pub(crate) fn abandon(&self, engine: &Engine<H>) {
        for place in self.first..self.first + self.count {
            engine.drop_waiting(place);
        }
    }
}

impl<H: Host> Search<H> {
    fn push(&self, cx: H::Cx<'_>, object: &H::Object, name: Name) -> Result<(), H::Error> {
        self.stack_objects.push(cx, Some(object.clone()))?;
        if let Err(error) = self.stack.push(cx, name) {
            drop(self.stack_objects.pop());
            return Err(error);
        }
        Ok(())
    }

    /// Remembers a delegated name; false where it was met before.
    fn meet(&self, cx: H::Cx<'_>, object: &H::Object, name: Name) -> Result<bool, H::Error> {
        // Without a carrier among them, places form a tree.
        if self.met_carrier {
            for place in 0..self.met.len() {
                let is_it = |met: H::Object| H::same(&met, object);
                if self.met.get(place) == Some(name)
                    && self.met_objects.get(place).is_some_and(is_it)
                {
                    return Ok(false);
                }
            }
        }
        self.met_objects.push(cx, Some(object.clone()))?;
        self.met.push(cx, name)?;
        Ok(true)
    }

    /// Turns the order of what was put on the stack last.
    fn reverse_from(&self, bottom: usize) {
        let (mut low, mut high) = (bottom, self.stack.len());
        while low + 1 < high {
            high -= 1;
            if let (Some(one), Some(other)) = (self.stack.get(low), self.stack.get(high)) {
                self.stack.set(low, other);
                self.stack.set(high, one);
            }
            let one = self.stack_objects.put(low, None);
            let other = self.stack_objects.put(high, one);
            drop(self.stack_objects.put(low, other));
            low += 1;
        }
    }
}

impl<H: Host> Engine<H> {
    /// Takes a place in the queue for a change that is about to be made.
    pub(crate) fn push_waiting(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        before: u64,
        old: Option<H::Object>,
    ) -> Result<(), H::Error> {
        let queue = &self.queue;
        let place = queue.rows.len();
        let waiting = Waiting {
            name,
            source_name: Name::NONE,
            compare: Default::default(),
            state: State::Reserved,
            before,
        };
        let mut pushed = Ok(());
        for content in [Some(object.clone()), old, None, None] {
            pushed = pushed.and_then(|()| queue.cells.push(cx, content));
        }
        pushed = pushed.and_then(|()| queue.rows.push(cx, waiting));
        if pushed.is_err() {
            while queue.cells.len() > Waiting::CELLS * place {
                drop(queue.cells.pop());
            }
        }
        pushed
    }

    /// Completes a waiting change with what its place shows now.
    pub(crate) fn fill_waiting(&self, cx: H::Cx<'_>, place: usize) {
        let queue = &self.queue;
        let first = Waiting::CELLS * place;
        let (Some(mut waiting), Some(object)) = (queue.rows.get(place), queue.cells.get(first))
        else {
            return;
        };
        let (new, compare) = self.peek_with_compare(cx, &object, waiting.name);
        let source = H::companion(&object).and_then(|companion| {
            let watch = H::watch(&companion)?;
            watch.target(waiting.name)
        });
        waiting.compare = compare;
        waiting.state = State::Ready;
        drop(queue.cells.put(first + 2, new));
        if let Some((target, entry)) = source {
            waiting.source_name = entry.other;
            drop(queue.cells.put(first + 3, Some(target)));
        }
        queue.rows.set(place, waiting);
    }

    /// Drops a waiting change whose write was undone.
    pub(crate) fn drop_waiting(&self, place: usize) {
        if let Some(mut waiting) = self.queue.rows.get(place) {
            waiting.state = State::Nothing;
            self.queue.rows.set(place, waiting);
        }
    }
}
