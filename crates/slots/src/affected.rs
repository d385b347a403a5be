//! What a change to one slot changes beside it.
//!
//! The value that a slot shows can hang on another slot in two ways: the slot is delegated to it, or
//! the slot's class delegates it to the object that the other one holds. Before a change, all
//! places that hang on the written one are found: the place itself, then for each place those that
//! delegate to it, in the order in which they were pointed at it, then the delegated names of the
//! same object that follow it, each with all that hangs on it before the next. Those that somebody
//! hears get their place in the queue, with what they show now. Then the change is made, the
//! delegated names are pointed anew, and the queue learns what the places show now.
//!
//! A chain of delegations is looked at once: what a place shows is what the place shows that it is
//! delegated to, so neither the old value nor the new one is searched for at the end each time.

mod search;

use crate::access::Shown;
use crate::class::SlotFlags;
use crate::delegate::settled;
use crate::delivery::{Delivery, State, Waiting};
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::Role;
use search::{Reached, Search};

/// The places that hang on a slot which is about to change.
pub(crate) struct Affected<'e, H: Host> {
    delivery: &'e Delivery<H>,
    /// Delegated names that must be pointed anew, and their objects.
    carried: H::Rows<Name>,
    carried_objects: H::Cells,
    /// The rows of the queue that were taken: the first one and their number.
    first: usize,
    count: usize,
    /// The first record of a hold that was made.
    first_record: usize,
    /// The serial of the change: observers that began later do not hear it.
    since: u64,
}

impl<'e, H: Host> Affected<'e, H> {
    /// Finds what hangs on a slot, and takes places in the queue where `is_told`.
    pub(crate) fn gather(
        engine: &'e Engine<H>,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        is_told: bool,
    ) -> Result<Affected<'e, H>, H::Error> {
        let delivery = engine.delivery(cx)?;
        let mut affected = Affected {
            delivery,
            carried: Default::default(),
            carried_objects: Default::default(),
            first: delivery.queue.rows.len(),
            count: 0,
            first_record: delivery.holds.rows.len(),
            since: engine.next_serial(),
        };
        match affected.search(engine, cx, object, name, is_told) {
            Ok(()) => Ok(affected),
            Err(error) => {
                affected.abandon(engine, cx);
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
        let mut search: Search<H> = Search::new(self.since);
        // The first of those to be looked at stays out of the stack, so a chain needs none.
        let mut next = Some(Reached::unknown(object, name));
        let (first, first_name, mut is_first) = (object, name, true);
        while let Some(reached) = next.take().or_else(|| search.pop()) {
            let (object, name, mut shows) = (reached.object, reached.name, reached.shows);
            let Some(spot) = engine.spot(cx, &object, name, usize::MAX) else {
                continue;
            };
            // A stored slot shows one other at most, so it is reached once; but names that follow
            // can lead around to where the search began.
            let is_first = core::mem::take(&mut is_first);
            if !is_first && name == first_name && H::same(&object, first) {
                continue;
            }
            if spot.row.flags.has(SlotFlags::DELEGATED) {
                if !search.meet(cx, &object, name)? {
                    continue;
                }
                // A delegation of the object's own goes before that of its class.
                if !spot.is_hidden() && engine.delegation(&object, name).is_none() {
                    self.carried_objects.push(cx, Some(object.clone()))?;
                    self.carried.push(cx, name)?;
                }
            }
            let is_heard = is_told && engine.is_heard(cx, &spot);
            let before = match reached.before {
                None if is_heard || (is_told && is_first) => Some(engine.peek(cx, &object, name)),
                known => known,
            };
            if is_heard {
                let old = before.clone().flatten();
                let delivery = self.delivery;
                if delivery.holds.cover(&object) {
                    engine.record(cx, delivery, &object, name, old)?;
                } else {
                    delivery.push_waiting(cx, &object, name, self.since, old, shows)?;
                    shows = self.first + self.count;
                    self.count += 1;
                }
            }
            // The stack gives the last one first, so what comes later is put there first.
            let bottom = search.len();
            if let Some(companion) = H::companion(&object)
                && let Some(watch) = H::watch(&companion).filter(|watch| watch.may_have(name))
            {
                let mut serial = 0;
                while let Some((entry, delegator)) = watch.next_after(serial, |entry| {
                    entry.role == Role::Delegator && entry.name == name
                }) {
                    serial = entry.serial;
                    if let Some(delegator) = delegator.and_then(|token| H::owner(&token)) {
                        let before = match spot.is_hidden() {
                            true => Some(None),
                            false => before.clone(),
                        };
                        let reached = Reached {
                            object: delegator,
                            name: entry.other,
                            before,
                            shows,
                        };
                        search.add(cx, &mut next, reached)?;
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
                    let follows = is_carried && engine.delegation(&object, row.name).is_none();
                    if follows && !row.flags.has(SlotFlags::HIDDEN) {
                        search.add(cx, &mut next, Reached::unknown(&object, row.name))?;
                    }
                }
            }
            search.reverse_from(bottom);
        }
        if !search.met_carrier {
            // The names show others by entries that stay.
            while self.carried.pop().is_some() {}
        }
        Ok(())
    }

    /// The serial of the change.
    pub(crate) fn since(&self) -> u64 {
        self.since
    }

    /// After the change: points the delegated names anew, and tells the queue what the places show
    /// now. Where a name cannot be pointed, everything is as before, once `undo` has undone the
    /// change; that takes no memory.
    ///
    /// What was let go of is kept until this is dropped, since its end can run code of the program.
    pub(crate) fn settle(
        &self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        undo: impl FnOnce(),
    ) -> Result<(), H::Error> {
        if let Err(error) = self.relink(engine, cx) {
            undo();
            for (object, name) in self.carried() {
                engine.revert(&object, name, self.since);
            }
            self.abandon(engine, cx);
            return Err(error);
        }
        for (place, (object, name)) in self.carried().enumerate() {
            if let Some(before) = engine.commit(&object, name) {
                drop(self.carried_objects.put(place, Some(before)));
            }
        }
        for place in self.first..self.first + self.count {
            engine.fill_waiting(cx, self.delivery, place);
        }
        Ok(())
    }

    /// The delegated names that must be pointed anew.
    fn carried(&self) -> impl Iterator<Item = (H::Object, Name)> + '_ {
        (0..self.carried.len()).filter_map(|place| {
            let object = self.carried_objects.get(place)?;
            Some((object, self.carried.get(place)?))
        })
    }

    fn relink(&self, engine: &Engine<H>, cx: H::Cx<'_>) -> Result<(), H::Error> {
        settled(self.carried.len(), || {
            let mut moved = false;
            for (object, name) in self.carried() {
                moved |= engine.relink(cx, &object, name)?;
            }
            Ok(moved)
        })
    }

    /// Gives up what was taken: the change is not made.
    pub(crate) fn abandon(&self, engine: &Engine<H>, cx: H::Cx<'_>) {
        for place in self.first..self.first + self.count {
            self.delivery.drop_waiting(place);
        }
        engine.forget_records(self.delivery, self.first_record);
        // Nothing waits but what was dropped, which lets go of its objects.
        let _ = engine.run_queue(cx);
    }
}

impl<H: Host> Delivery<H> {
    /// Takes a place in the queue for a change that is about to be made.
    pub(crate) fn push_waiting(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        before: u64,
        old: Option<H::Object>,
        shows: usize,
    ) -> Result<(), H::Error> {
        let queue = &self.queue;
        let place = queue.rows.len();
        let waiting = Waiting {
            name,
            source_name: Name::NONE,
            compare: Default::default(),
            state: State::Reserved,
            before,
            shows,
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

    /// What is known already of a waiting change that is complete.
    fn filled(&self, place: usize) -> Option<Shown<H>> {
        let waiting = self.queue.rows.get(place)?;
        if waiting.state != State::Ready {
            return None;
        }
        let first = Waiting::CELLS * place;
        Some(Shown {
            object: self.queue.cells.get(first)?,
            name: waiting.name,
            value: self.queue.cells.get(first + 2),
            compare: waiting.compare,
        })
    }

    /// Drops a waiting change whose write was undone.
    pub(crate) fn drop_waiting(&self, place: usize) {
        if let Some(mut waiting) = self.queue.rows.get(place) {
            waiting.state = State::Nothing;
            self.queue.rows.set(place, waiting);
        }
    }
}

impl<H: Host> Engine<H> {
    /// Completes a waiting change with what its place shows now.
    pub(crate) fn fill_waiting(&self, cx: H::Cx<'_>, delivery: &Delivery<H>, place: usize) {
        let queue = &delivery.queue;
        let first = Waiting::CELLS * place;
        let (Some(mut waiting), Some(object)) = (queue.rows.get(place), queue.cells.get(first))
        else {
            return;
        };
        let known = delivery.filled(waiting.shows);
        let (new, compare) = self.peek_until(cx, &object, waiting.name, known.as_ref());
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
}
