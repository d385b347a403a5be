//! Holding events back: at the end each slot tells of one change at most.
//!
//! While a hold is open, the first change of each place that it covers is recorded with the value
//! before it; an entry in the object's watch tells that there is a record. When the last open hold
//! that covers a place ends, its record becomes a change, in the order of the first writes; what the
//! place shows then is the new value. All changes told by one end are one event.

use crate::delivery::{Delivery, Waiting};
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::Role;

impl<H: Host> Engine<H> {
    /// Begins to hold back the events of these objects, or of all where none is given.
    ///
    /// # Errors
    ///
    /// Memory ran out; nothing is held then.
    pub fn begin_hold(&self, cx: H::Cx<'_>, objects: &[H::Object]) -> Result<(), H::Error> {
        let holds = &self.delivery(cx)?.holds;
        let before = holds.objects.len();
        for object in objects {
            if let Err(error) = holds.objects.push(cx, Some(object.clone())) {
                while holds.objects.len() > before {
                    drop(holds.objects.pop());
                }
                return Err(error);
            }
        }
        if objects.is_empty() {
            holds.all.set(holds.all.get() + 1);
        }
        holds.open.set(holds.open.get() + 1);
        self.open_holds.set(self.open_holds.get() + 1);
        Ok(())
    }

    /// Ends a hold that began with the same objects, and tells what no other hold covers.
    ///
    /// # Errors
    ///
    /// What observers raise.
    pub fn end_hold(&self, cx: H::Cx<'_>, objects: &[H::Object]) -> Result<(), H::Error> {
        let Some(delivery) = self.current(cx) else {
            return Ok(());
        };
        let holds = &delivery.holds;
        let mut was_open = objects.is_empty() && holds.all.get() > 0;
        if was_open {
            holds.all.set(holds.all.get() - 1);
        }
        for object in objects {
            let count = holds.objects.len();
            let is_it = |place: &usize| {
                let held = holds.objects.get(*place);
                held.is_some_and(|held| H::same(&held, object))
            };
            if let Some(place) = (0..count).rev().find(is_it) {
                let last = holds.objects.pop();
                let held = match place + 1 == count {
                    true => last,
                    false => holds.objects.put(place, last),
                };
                drop(held);
                was_open = true;
            }
        }
        if was_open {
            holds.open.set(holds.open.get() - 1);
            self.open_holds.set(self.open_holds.get() - 1);
        }
        let released = self.release(cx, delivery);
        released.and(self.run_queue(cx))
    }

    /// Tells whether some thread holds events back now.
    #[inline]
    pub fn is_holding(&self) -> bool {
        self.open_holds.get() > 0
    }

    /// Tells whether this thread holds the events of an object back now.
    pub(crate) fn is_held(&self, cx: H::Cx<'_>, object: &H::Object) -> bool {
        self.is_holding() && self.current(cx).is_some_and(|own| own.holds.cover(object))
    }

    /// Records the first change of a place.
    pub(crate) fn record(
        &self,
        cx: H::Cx<'_>,
        delivery: &Delivery<H>,
        object: &H::Object,
        name: Name,
        old: Option<H::Object>,
    ) -> Result<(), H::Error> {
        let companion = H::ensure_companion(cx, object)?;
        let Some(watch) = H::roomy_watch(cx, object, &companion)? else {
            return Ok(());
        };
        if watch.held(name, delivery.thread()).is_some() {
            return Ok(());
        }
        let holds = &delivery.holds;
        let mut entry = self.entry(name, Role::Held);
        entry.partner = delivery.thread();
        watch.add(cx, entry, None)?;
        let mut pushed = holds.cells.push(cx, Some(object.clone()));
        pushed = pushed.and_then(|()| holds.cells.push(cx, old));
        pushed = pushed.and_then(|()| holds.rows.push(cx, name));
        if pushed.is_err() {
            while holds.cells.len() > 2 * holds.rows.len() {
                drop(holds.cells.pop());
            }
            drop(watch.remove_serial(entry.serial));
        }
        pushed
    }

    /// Takes records back, the last ones from a place on.
    pub(crate) fn forget_records(&self, delivery: &Delivery<H>, from: usize) {
        while delivery.holds.rows.len() > from {
            drop(self.take_record(delivery));
        }
    }

    /// Takes the last record back, and returns what it held.
    pub(crate) fn take_record(&self, delivery: &Delivery<H>) -> [Option<H::Object>; 2] {
        let holds = &delivery.holds;
        let (old, object, name) = (holds.cells.pop(), holds.cells.pop(), holds.rows.pop());
        if let (Some(object), Some(name)) = (&object, name) {
            self.unmark_held(delivery, object, name);
        }
        [old, object]
    }

    /// Lets the watch of an object know that a slot has no record any more.
    fn unmark_held(&self, delivery: &Delivery<H>, object: &H::Object, name: Name) {
        if let Some(companion) = H::companion(object)
            && let Some(watch) = H::watch(&companion)
            && let Some(entry) = watch.held(name, delivery.thread())
        {
            drop(watch.remove_serial(entry.serial));
        }
    }

    /// Turns the records that no hold covers any more into an event.
    fn release(&self, cx: H::Cx<'_>, delivery: &Delivery<H>) -> Result<(), H::Error> {
        let holds = &delivery.holds;
        let before = self.next_serial();
        let mut result = Ok(());
        let mut kept = 0;
        let mut shows = Waiting::NONE;
        for place in 0..holds.rows.len() {
            let (Some(name), Some(object)) = (holds.rows.get(place), holds.cells.get(2 * place))
            else {
                continue;
            };
            if holds.cover(&object) {
                if kept != place {
                    holds.rows.set(kept, name);
                    for part in 0..2 {
                        let content = holds.cells.put(2 * place + part, None);
                        drop(holds.cells.put(2 * kept + part, content));
                    }
                }
                kept += 1;
                continue;
            }
            drop(holds.cells.put(2 * place, None));
            let old = holds.cells.put(2 * place + 1, None);
            self.unmark_held(delivery, &object, name);
            let waiting = delivery.queue.rows.len();
            match delivery.push_waiting(cx, &object, name, before, old, (shows, false)) {
                Ok(()) => {
                    let known = delivery.filled(shows);
                    self.fill_waiting(cx, delivery, waiting, known.as_ref());
                    // A chain was recorded in its order, so the next one may show this one.
                    shows = waiting;
                }
                Err(error) => result = result.and(Err(error)),
            }
        }
        while holds.rows.len() > kept {
            holds.rows.pop();
            drop(holds.cells.pop());
            drop(holds.cells.pop());
        }
        result
    }
}
