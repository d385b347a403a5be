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
use crate::class::{Compare, Row, SlotFlags};
use crate::delegate::settled;
use crate::delivery::{Delivery, State, Waiting};
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::{Entry, Role};
use search::{Reached, Search, Visited};

/// The places that hang on a slot which is about to change.
pub(crate) struct Affected<'e, H: Host> {
    delivery: &'e Delivery<H>,
    /// The slot.
    place: (H::Object, Name),
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
            place: (object.clone(), name),
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
        // Most searches meet no carrier, and remember no name. Where one is met on the way, the search
        // begins anew.
        for remembers in [false, true] {
            let mut search = Search::new(self.since, is_told, remembers);
            self.visit_all(engine, cx, &mut search, object, name)?;
            if !search.met_carrier || remembers {
                break;
            }
            // What holds have recorded is the same again.
            self.delivery.forget_waiting(self.first);
            self.count = 0;
        }
        Ok(())
    }

    /// Visits a slot and all that hangs on it, or as far as to a carrier where names are not
    /// remembered.
    fn visit_all(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        search: &mut Search<H>,
        object: &H::Object,
        name: Name,
    ) -> Result<(), H::Error> {
        let reached = Reached::unknown(object, name);
        let mut at = self.visit(engine, cx, search, reached, true)?;
        loop {
            if search.met_carrier && !search.remembers {
                return Ok(());
            }
            if let Some(visited) = at {
                at = self.visit_dependents(engine, cx, search, visited, (object, name))?;
                continue;
            }
            let Some(reached) = search.pop() else {
                return Ok(());
            };
            at = self.visit_further(engine, cx, search, reached, (object, name))?;
        }
    }

    /// Visits a place behind the first one.
    #[inline]
    fn visit_further(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        search: &mut Search<H>,
        reached: Reached<H>,
        (first, first_name): (&H::Object, Name),
    ) -> Result<Option<Visited<H>>, H::Error> {
        // A stored slot shows one other at most, so it is reached once; but names that follow can
        // lead around to where the search began.
        if reached.name == first_name && H::same(&reached.object, first) {
            return Ok(None);
        }
        self.visit(engine, cx, search, reached, false)
    }

    /// Takes a place in the queue where somebody hears; nothing where nothing hangs on the place.
    fn visit(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        search: &mut Search<H>,
        reached: Reached<H>,
        is_first: bool,
    ) -> Result<Option<Visited<H>>, H::Error> {
        let (object, name, mut shows) = (reached.object, reached.name, reached.shows);
        let Some(row) = H::row(cx, &object, name, usize::MAX) else {
            return Ok(None);
        };
        let is_hidden = row.flags.has(SlotFlags::HIDDEN);
        if is_hidden && row.place == Row::NO_PLACE {
            // A delegated name that something else hides: nothing is left of it.
            return Ok(None);
        }
        let companion = H::companion(&object);
        let watch = companion.as_ref().and_then(H::watch);
        if row.flags.has(SlotFlags::DELEGATED) {
            if !search.meet(cx, &object, watch, name)? {
                return Ok(None);
            }
            // A delegation of the object's own goes before that of its class.
            let has_own = || watch.is_some_and(|watch| watch.of_role(name, Role::Target).is_some());
            if search.remembers && !is_hidden && !has_own() {
                self.carried_objects.push(cx, Some(object.clone()))?;
                self.carried.push(cx, name)?;
            }
        }
        let is_heard = search.is_told
            && (watch.is_some_and(|watch| watch.is_observed(name))
                || search.is_class_observed(engine, cx, &object, name)
                || (engine.is_holding() && self.delivery.holds.cover(&object)));
        let before = match reached.before {
            None if is_heard || (search.is_told && is_first) => {
                Some(engine.peek(cx, &object, name))
            }
            known => known,
        };
        let mut is_shown = is_first;
        if is_first {
            shows = Waiting::FIRST;
        }
        if is_heard {
            let old = before.clone().flatten();
            let delivery = self.delivery;
            if engine.is_holding() && delivery.holds.cover(&object) {
                engine.record(cx, delivery, &object, name, old)?;
            } else {
                let known = (reached.shows, reached.is_direct);
                delivery.push_waiting(cx, &object, name, self.since, old, known)?;
                shows = self.first + self.count;
                self.count += 1;
                is_shown = true;
            }
        }
        let is_carrier = row.flags.has(SlotFlags::CARRIER);
        search.met_carrier |= is_carrier;
        let is_target = watch.is_some_and(|watch| watch.has_delegators() && watch.may_have(name));
        if !is_target && !is_carrier {
            return Ok(None);
        }
        drop(companion);
        Ok(Some(Visited {
            object,
            name,
            before: match is_hidden {
                true => Some(None),
                false => before,
            },
            shows,
            is_shown: is_shown && !is_hidden,
            is_target,
            is_carrier,
        }))
    }

    /// Visits those who hang on a place, until others hang on one of them in turn, who come before
    /// the rest: the rest is put on top of what is to be visited.
    fn visit_dependents(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        search: &mut Search<H>,
        visited: Visited<H>,
        first: (&H::Object, Name),
    ) -> Result<Option<Visited<H>>, H::Error> {
        let (object, name) = (&visited.object, visited.name);
        let mut next = None;
        // The top is taken first, so what comes later is put there first.
        let bottom = search.len();
        if visited.is_target
            && let Some(companion) = H::companion(object)
            && let Some(watch) = H::watch(&companion)
        {
            let points = |entry: &Entry| entry.role == Role::Delegator && entry.name == name;
            let mut at = (usize::MAX, 0);
            while let Some((place, entry, token)) = watch.next_behind(at.0, at.1, points) {
                at = (place, entry.serial);
                let Some(delegator) = token.and_then(|token| H::owner(&token)) else {
                    continue;
                };
                let reached = Reached {
                    object: delegator,
                    name: entry.other,
                    before: visited.before.clone(),
                    shows: visited.shows,
                    is_direct: visited.is_shown,
                };
                match next {
                    None => next = self.visit_further(engine, cx, search, reached, first)?,
                    Some(_) => search.push(cx, reached)?,
                }
            }
        }
        if visited.is_carrier
            && let Some(class) = H::class_of(cx, object)
        {
            let mut place = 0;
            while let Some((_, row)) = H::class(&class).and_then(|class| class.delegated_at(place))
            {
                place += 1;
                let is_carried = row.flags.has(SlotFlags::DELEGATED) && row.carrier == name;
                let follows = is_carried && engine.delegation(object, row.name).is_none();
                if !follows || row.flags.has(SlotFlags::HIDDEN) {
                    continue;
                }
                let reached = Reached::unknown(object, row.name);
                match next {
                    None => next = self.visit_further(engine, cx, search, reached, first)?,
                    Some(_) => search.push(cx, reached)?,
                }
            }
        }
        search.reverse_from(bottom);
        Ok(next)
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
        self.fill(engine, cx);
        Ok(())
    }

    /// Tells the queue what the places show now. Many show one and the same.
    fn fill(&self, engine: &Engine<H>, cx: H::Cx<'_>) {
        let are_links_kept = self.carried.is_empty();
        let (mut from, mut shown) = (Waiting::NONE, None);
        for place in self.first..self.first + self.count {
            let Some(waiting) = self.delivery.queue.rows.get(place) else {
                continue;
            };
            if waiting.shows != from {
                from = waiting.shows;
                shown = match from {
                    Waiting::FIRST => Some(self.shown(engine, cx)),
                    from => self.delivery.filled(from),
                };
            }
            match &shown {
                Some(shown) if are_links_kept && waiting.is_direct => {
                    let source = Some((shown.object.clone(), shown.name));
                    let value = (shown.value.clone(), shown.compare);
                    self.delivery.complete(place, waiting, value, source);
                }
                shown => engine.fill_waiting(cx, self.delivery, place, shown.as_ref()),
            }
        }
    }

    /// What the slot shows now.
    fn shown(&self, engine: &Engine<H>, cx: H::Cx<'_>) -> Shown<H> {
        let (object, name) = &self.place;
        let (value, compare) = engine.peek_until(cx, object, *name, None);
        Shown {
            object: object.clone(),
            name: *name,
            value,
            compare,
        }
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
        (shows, is_direct): (usize, bool),
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
            is_direct,
        };
        let cells = [Some(object.clone()), old, None, None];
        let mut pushed = queue.cells.push_all::<{ Waiting::CELLS }>(cx, cells);
        pushed = pushed.and_then(|()| queue.rows.push(cx, waiting));
        if pushed.is_err() {
            while queue.cells.len() > Waiting::CELLS * place {
                drop(queue.cells.pop());
            }
        }
        pushed
    }

    /// What is known already of a waiting change that is complete.
    pub(crate) fn filled(&self, place: usize) -> Option<Shown<H>> {
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

    /// Completes a waiting change: what its place shows now, by which comparison, and from where.
    fn complete(
        &self,
        place: usize,
        mut waiting: Waiting,
        (new, compare): (Option<H::Object>, Compare),
        source: Option<(H::Object, Name)>,
    ) {
        let queue = &self.queue;
        let first = Waiting::CELLS * place;
        waiting.compare = compare;
        waiting.state = State::Ready;
        drop(queue.cells.put(first + 2, new));
        if let Some((target, name)) = source {
            waiting.source_name = name;
            drop(queue.cells.put(first + 3, Some(target)));
        }
        queue.rows.set(place, waiting);
    }

    /// Takes waiting changes back, the last ones from a place on: their writes are not made yet.
    fn forget_waiting(&self, from: usize) {
        let queue = &self.queue;
        while queue.rows.len() > from {
            queue.rows.pop();
        }
        while queue.cells.len() > Waiting::CELLS * from {
            drop(queue.cells.pop());
        }
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
    /// Completes a waiting change with what its place shows now. Of a place on the way, that may be
    /// `known` already.
    pub(crate) fn fill_waiting(
        &self,
        cx: H::Cx<'_>,
        delivery: &Delivery<H>,
        place: usize,
        known: Option<&Shown<H>>,
    ) {
        let queue = &delivery.queue;
        let first = Waiting::CELLS * place;
        let (Some(waiting), Some(object)) = (queue.rows.get(place), queue.cells.get(first)) else {
            return;
        };
        let value = self.peek_until(cx, &object, waiting.name, known);
        let source = H::companion(&object).and_then(|companion| {
            let (target, entry) = H::watch(&companion)?.target(waiting.name)?;
            Some((target, entry.other))
        });
        delivery.complete(place, waiting, value, source);
    }
}
