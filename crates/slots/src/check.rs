//! What is always true of the engine's state while no call of it is under way.
//!
//! - Nothing waits in the queue of any thread, and the open holds of all threads are counted.
//! - What is held back has two references for each record, and an entry for each in the watch of
//!   its object.
//! - A watch is sorted by serial, has a cell for each row, counts its dead, and its summary covers
//!   its live entries; dead entries hold nothing.
//! - No entry is parked.
//! - A slot has at most one delegation, and the entries at its ends name each other by serial, slot
//!   and object.

use crate::delivery::Delivery;
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::{Entry, Role};

/// What is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An event is said to be on its way.
    #[error("an event is on its way")]
    Running,
    /// The queue has rows or references.
    #[error("changes are left in the queue")]
    Queue,
    /// Records of holds have no references, or references no record.
    #[error("{0} records of holds have {1} references")]
    Records(usize, usize),
    /// The open holds of all threads are counted wrong.
    #[error("{0} holds are open and {1} counted")]
    Holds(u32, u32),
    /// Something is recorded that no hold covers.
    #[error("a record is left of a hold that ended")]
    Unheld,
    /// An entry tells of a record that is not there, or the other way round.
    #[error("the records and entries of slot {0:?} do not fit")]
    Record(Name),
    /// A watch has more rows than cells, or the other way round.
    #[error("a watch has {0} rows and {1} cells")]
    Cells(usize, usize),
    /// A row of a watch is not behind the one before.
    #[error("the entry of serial {0} is out of order")]
    Order(u64),
    /// A change is over, and an entry still waits for its end.
    #[error("the entry of serial {0} is left parked")]
    Parked(u64),
    /// A summary does not cover this entry, or the entry is dead and holds something.
    #[error("the summary of a watch does not cover the entry of serial {0}")]
    Summary(u64),
    /// A summary counts wrong.
    #[error("the summary of a watch counts wrong")]
    Counts,
    /// A slot has two delegations.
    #[error("the slot of the delegation of serial {0} has another one")]
    TwoTargets(u64),
    /// The ends of a delegation do not name each other.
    #[error("the entry of serial {0} has no partner")]
    Partner(u64),
}

impl<H: Host> Engine<H> {
    /// Checks the engine's own state.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check(&self) -> Result<(), Fault> {
        let mut open = 0;
        for delivery in self.deliveries() {
            let (queue, holds) = (&delivery.queue, &delivery.holds);
            if delivery.is_running.get() {
                return Err(Fault::Running);
            }
            if !queue.rows.is_empty() || !queue.cells.is_empty() || queue.next.get() != 0 {
                return Err(Fault::Queue);
            }
            if holds.cells.len() != 2 * holds.rows.len() {
                return Err(Fault::Records(holds.rows.len(), holds.cells.len()));
            }
            for place in 0..holds.rows.len() {
                match holds.cells.get(2 * place) {
                    Some(object) if holds.cover(&object) => {}
                    _ => return Err(Fault::Unheld),
                }
            }
            open += holds.open.get();
        }
        if open != self.open_holds.get() {
            return Err(Fault::Holds(open, self.open_holds.get()));
        }
        Ok(())
    }

    /// Checks who watches an instance.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check_instance(&self, object: &H::Object) -> Result<(), Fault> {
        self.check_records(object)?;
        let Some(companion) = H::companion(object) else {
            return Ok(());
        };
        let Some(watch) = H::watch(&companion) else {
            return Ok(());
        };
        watch.check()?;
        for (entry, content) in watch.live() {
            let is_fit = match entry.role {
                Role::Target | Role::DelegatedTarget => {
                    let is_other = |(other, _): (Entry, _)| {
                        other.is_target()
                            && other.name == entry.name
                            && other.serial != entry.serial
                    };
                    if watch.live().any(is_other) {
                        return Err(Fault::TwoTargets(entry.serial));
                    }
                    content.is_some_and(|target| is_partner::<H>(&target, &entry, object))
                }
                Role::Delegator => content.is_some_and(|token| match H::owner(&token) {
                    Some(delegator) => is_partner::<H>(&delegator, &entry, object),
                    None => true,
                }),
                Role::Observer | Role::Spent | Role::Held => true,
            };
            if !is_fit {
                return Err(Fault::Partner(entry.serial));
            }
        }
        Ok(())
    }

    /// Compares what is recorded of an object with the entries that say so.
    fn check_records(&self, object: &H::Object) -> Result<(), Fault> {
        let companion = H::companion(object);
        let watch = companion.as_ref().and_then(H::watch);
        let is_it = |held: H::Object| H::same(&held, object);
        let has_record = |delivery: &Delivery<H>, name| {
            let holds = &delivery.holds;
            (0..holds.rows.len()).any(|place| {
                holds.rows.get(place) == Some(name) && holds.cells.get(2 * place).is_some_and(is_it)
            })
        };
        for delivery in self.deliveries() {
            let holds = &delivery.holds;
            let has_entry =
                |name| watch.is_some_and(|watch| watch.held(name, delivery.thread()).is_some());
            for place in 0..holds.rows.len() {
                if let Some(name) = holds.rows.get(place)
                    && holds.cells.get(2 * place).is_some_and(is_it)
                    && !has_entry(name)
                {
                    return Err(Fault::Record(name));
                }
            }
        }
        let Some(watch) = watch else {
            return Ok(());
        };
        let is_known = |entry: &Entry| {
            let mut all = self.deliveries();
            all.any(|own| own.thread() == entry.partner && has_record(own, entry.name))
        };
        let mut held = watch.live().filter(|(entry, _)| entry.role == Role::Held);
        match held.find(|(entry, _)| !is_known(entry)) {
            Some((entry, _)) => Err(Fault::Record(entry.name)),
            None => Ok(()),
        }
    }
}

/// Tells whether the object at the other end of a delegation has an entry that names this end.
fn is_partner<H: Host>(other: &H::Object, entry: &Entry, object: &H::Object) -> bool {
    let companion = H::companion(other);
    let Some(watch) = companion.as_ref().and_then(H::watch) else {
        return false;
    };
    let mut live = watch.live();
    let Some((partner, content)) = live.find(|(known, _)| known.serial == entry.partner) else {
        return false;
    };
    let back = match partner.role {
        Role::Delegator => content.and_then(|token| H::owner(&token)),
        _ => content,
    };
    partner.partner == entry.serial
        && partner.name == entry.other
        && partner.other == entry.name
        && partner.is_target() != entry.is_target()
        && back.is_some_and(|back| H::same(&back, object))
}
