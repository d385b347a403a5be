//! Who watches an instance or a class: a list of entries in the order of their beginning.
//!
//! An entry is a row of numbers and a cell with at most one reference. Rows are appended and carry
//! a serial that grows, so the list is always sorted by it: an entry is found by its serial in
//! logarithmic time, whatever was removed before it. A removed entry stays as a dead row until the
//! dead outnumber the living, and then all the dead go at once; so both ends of a subscription cost
//! the same with five entries and with five thousand.
//!
//! Most instances that are watched at all are watched by one observer. A host may keep that one in a
//! [`Solo`], which takes the memory of a reference and two numbers; whatever comes second, or is no
//! observer, has the host make [`Lists`] of it.

use crate::check::Fault;
use crate::host::{Cells, Host, Name, Rows};
use core::cell::Cell;
pub use lists::Lists;
pub use solo::Solo;

mod lists;
mod solo;

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The cell holds what is called after a change of the slot.
    Observer,
    /// The slot delegates: the cell holds the target, `other` is the target's slot and `partner`
    /// the serial of the target's entry.
    Target,
    /// As [`Role::Target`], by the class's `delegated()`.
    DelegatedTarget,
    /// Somebody delegates to the slot: the cell holds the token of the delegator, `other` is
    /// its slot.
    Delegator,
    /// The slot was deleted: neither default nor factory returns.
    Spent,
    /// A hold has recorded a change of the slot, in the thread that is `partner`.
    Held,
}

/// Whether an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Live,
    /// It is one end of a delegation that a change under way has replaced, and counts again where
    /// the change is undone.
    Parked,
    /// It was removed; its cell is empty.
    Dead,
}

/// One row of a watch.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Grows with every entry of the engine.
    pub serial: u64,
    /// The serial of the entry at the other end of a delegation; the thread of a hold.
    pub partner: u64,
    /// The slot.
    pub name: Name,
    /// The slot at the other end of a delegation.
    pub other: Name,
    /// What the entry is for.
    pub role: Role,
    /// Whether the entry counts.
    pub life: Life,
}

impl Entry {
    /// Tells whether the entry counts.
    #[inline]
    pub fn is_live(&self) -> bool {
        self.life == Life::Live
    }

    /// Tells whether the slot delegates.
    #[inline]
    pub(crate) fn is_target(&self) -> bool {
        matches!(self.role, Role::Target | Role::DelegatedTarget)
    }
}

/// The words that say what a watch has, to be asked before its entries are.
#[derive(Debug)]
pub struct Summary {
    /// A bit for each name with entries; names share the 64 bits.
    names: Cell<u64>,
    /// Dead entries.
    dead: Cell<u32>,
    /// Live entries whose cell must be asked whether it still matters.
    weak: Cell<u32>,
    /// Some entry is a delegator's, or was since the gaps were closed last.
    has_delegators: Cell<bool>,
    /// As that, of an observer.
    has_observers: Cell<bool>,
    /// Entries at which the watch is searched for those next.
    sweep_at: Cell<u32>,
    /// The serials between which all entries of the owner's own roles lie; none where the first is
    /// greater. They are few among many listeners.
    own: Cell<(u64, u64)>,
    /// The search that came by last, in the upper half, and bits of the names that it met here.
    met: Cell<u64>,
}

impl Default for Summary {
    fn default() -> Summary {
        Summary {
            names: Cell::new(0),
            dead: Cell::new(0),
            weak: Cell::new(0),
            has_delegators: Cell::new(false),
            has_observers: Cell::new(false),
            sweep_at: Cell::new(0),
            own: Cell::new(NO_OWN),
            met: Cell::new(0),
        }
    }
}

/// A range of serials without any.
const NO_OWN: (u64, u64) = (u64::MAX, 0);

impl Role {
    /// Tells whether the entry is about somebody else who listens.
    const fn is_listener(self) -> bool {
        matches!(self, Role::Observer | Role::Delegator)
    }
}

fn bit(name: Name) -> u64 {
    match name {
        Name::ALL => u64::MAX,
        Name(number) => 1 << (number % 64),
    }
}

/// Before all entries of a watch: no place, and a serial that no entry has.
const START: (usize, u64) = (usize::MAX, 0);

/// Tells whether an entry is of an observer that hears a slot.
#[inline]
fn hears(entry: &Entry, name: Name) -> bool {
    entry.role == Role::Observer && (entry.name == name || entry.name == Name::ALL)
}

/// Who watches, wherever its host keeps that.
#[derive(Debug)]
pub enum Watch<'a, H: Host> {
    /// Any number of entries.
    Lists(Lists<'a, H>),
    /// At most one, an observer's.
    Solo(&'a Solo<H>),
}

impl<H: Host> Clone for Watch<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Host> Copy for Watch<'_, H> {}

impl<'a, H: Host> Watch<'a, H> {
    /// The watch of these lists.
    #[inline]
    pub fn new(rows: &'a H::Rows<Entry>, cells: &'a H::Cells, summary: &'a Summary) -> Self {
        Watch::Lists(Lists {
            rows,
            cells,
            summary,
        })
    }

    /// The lists, which an instance without entries of other kinds may not have.
    #[inline]
    fn lists(&self) -> Option<&Lists<'a, H>> {
        match self {
            Watch::Lists(lists) => Some(lists),
            Watch::Solo(_) => None,
        }
    }
}

impl<H: Host> Watch<'_, H> {
    /// Tells whether there can be an entry for a name.
    #[inline]
    pub fn may_have(&self, name: Name) -> bool {
        match self {
            Watch::Lists(lists) => lists.may_have(name),
            Watch::Solo(solo) => solo.may_have(name),
        }
    }

    /// Tells whether the slot can lead somewhere else.
    #[inline]
    pub(crate) fn may_delegate(&self, name: Name) -> bool {
        self.lists().is_some_and(|lists| lists.may_delegate(name))
    }

    /// The place of the cell with the target of a slot's delegation, and the target's slot.
    #[inline]
    pub fn link(&self, name: Name) -> Option<(usize, Name)> {
        self.lists()?.link(name)
    }

    /// Tells whether there may be observers or delegators.
    #[inline]
    pub(crate) fn has_listeners(&self) -> bool {
        match self {
            Watch::Lists(lists) => lists.has_listeners(),
            Watch::Solo(solo) => !solo.is_empty(),
        }
    }

    /// Tells whether somebody may delegate to one of the slots.
    #[inline]
    pub(crate) fn has_delegators(&self) -> bool {
        self.lists().is_some_and(Lists::has_delegators)
    }

    /// Tells whether somebody observes a slot, or every slot.
    pub(crate) fn is_observed(&self, name: Name) -> bool {
        match self {
            Watch::Lists(lists) => lists.has_observers() && lists.is_observed(name),
            Watch::Solo(solo) => solo.behind(0, |entry| hears(entry, name)).is_some(),
        }
    }

    /// The first observer of a slot that can still be called and began no later than `before`.
    #[inline]
    pub(crate) fn first_observer(
        &self,
        name: Name,
        before: u64,
    ) -> Option<((usize, u64), H::Object)> {
        let lists = match self {
            Watch::Lists(lists) => lists,
            Watch::Solo(solo) => {
                let found = solo.next_observer(0, name, before);
                return found.filter(|(_, observer)| H::is_alive(observer));
            }
        };
        if !lists.has_observers() || !lists.may_have(name) {
            return None;
        }
        let mut at = START;
        loop {
            let (place, observer) = lists.next_observer(at, name, before)?;
            if H::is_alive(&observer) {
                return Some((place, observer));
            }
            at = place;
        }
    }

    /// The first observer of a slot behind an entry, of those that began no later than `before`.
    /// It may be one that can no longer be called.
    #[inline]
    pub(crate) fn next_observer(
        &self,
        at: (usize, u64),
        name: Name,
        before: u64,
    ) -> Option<((usize, u64), H::Object)> {
        match self {
            Watch::Lists(lists) => lists.next_observer(at, name, before),
            Watch::Solo(solo) => solo.next_observer(at.1, name, before),
        }
    }

    /// Number of entries, with dead ones whose place is not closed yet.
    pub fn len(&self) -> usize {
        match self {
            Watch::Lists(lists) => lists.rows.len(),
            Watch::Solo(solo) => usize::from(!solo.is_empty()),
        }
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        match self {
            Watch::Lists(lists) => lists.is_empty(),
            Watch::Solo(solo) => solo.is_empty(),
        }
    }

    /// Tells whether an entry can be added.
    #[inline]
    pub(crate) fn has_room(&self, entry: &Entry) -> bool {
        match self {
            Watch::Lists(_) => true,
            Watch::Solo(solo) => solo.has_room(entry),
        }
    }

    /// The place of a live entry. `hint` is asked first.
    #[inline]
    pub fn find(&self, serial: u64, hint: usize) -> Option<usize> {
        match self {
            Watch::Lists(lists) => lists.find(serial, hint),
            Watch::Solo(solo) => solo.has(serial).then_some(0),
        }
    }

    /// What the cell of the live entry with a serial holds.
    pub fn content(&self, serial: u64) -> Option<H::Object> {
        match self {
            Watch::Lists(lists) => lists.cells.get(lists.find(serial, usize::MAX)?),
            Watch::Solo(solo) => solo.has(serial).then(|| solo.observer())?,
        }
    }

    /// The first live entry after a serial that `matches`, with what its cell holds.
    pub fn next_after(
        &self,
        serial: u64,
        matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(Entry, Option<H::Object>)> {
        let (_, entry, content) = self.next_behind(usize::MAX, serial, matches)?;
        Some((entry, content))
    }

    /// As [`Watch::next_after`] from the entry at `place`, if that one still has the serial; the place of
    /// the next one comes first.
    pub(crate) fn next_behind(
        &self,
        place: usize,
        serial: u64,
        matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(usize, Entry, Option<H::Object>)> {
        match self {
            Watch::Lists(lists) => lists.next_behind(place, serial, matches),
            Watch::Solo(solo) => {
                let (entry, content) = solo.behind(serial, matches)?;
                Some((0, entry, content))
            }
        }
    }

    /// The live entry of a role for a name.
    pub fn of_role(&self, name: Name, role: Role) -> Option<(Entry, Option<H::Object>)> {
        match self {
            Watch::Lists(lists) => lists.of_role(name, role),
            Watch::Solo(solo) => solo.behind(0, |entry| entry.name == name && entry.role == role),
        }
    }

    /// The live entry that says that a hold of a thread has recorded a change of a slot.
    pub(crate) fn held(&self, name: Name, thread: u64) -> Option<Entry> {
        self.lists()?.held(name, thread)
    }

    /// The first live entry behind a serial by which the owner itself delegates a slot.
    pub(crate) fn delegation_after(&self, serial: u64) -> Option<(Entry, Option<H::Object>)> {
        self.lists()?.delegation_after(serial)
    }

    /// The place where the slot `name` delegates to: the target, its slot, and the entry.
    #[inline]
    pub fn target(&self, name: Name) -> Option<(H::Object, Entry)> {
        self.target_of(Life::Live, name)
    }

    /// As [`Watch::target`], of an entry of this life.
    pub(crate) fn target_of(&self, life: Life, name: Name) -> Option<(H::Object, Entry)> {
        self.lists()?.target_of(life, name)
    }

    /// Appends an entry, whose serial is greater than all others. There is room for it, as
    /// [`Watch::has_room`] says.
    ///
    /// # Errors
    ///
    /// Memory ran out; the watch is as before.
    pub fn add(
        &self,
        cx: H::Cx<'_>,
        entry: Entry,
        content: Option<H::Object>,
    ) -> Result<(), H::Error> {
        match self {
            Watch::Lists(lists) => lists.add(cx, entry, content),
            Watch::Solo(solo) => {
                drop(solo.put(entry, content));
                Ok(())
            }
        }
    }

    /// Removes the entry at a place, and returns what its cell held.
    pub fn remove(&self, place: usize) -> Option<H::Object> {
        match self {
            Watch::Lists(lists) => lists.remove(place),
            Watch::Solo(solo) => solo.take(),
        }
    }

    /// Removes the live entry with a serial, where there is one.
    pub fn remove_serial(&self, serial: u64) -> Option<H::Object> {
        let place = self.find(serial, usize::MAX)?;
        self.remove(place)
    }

    /// Removes the entry with a serial, also a parked one.
    pub(crate) fn remove_any(&self, serial: u64) -> Option<H::Object> {
        match self {
            Watch::Lists(lists) => lists.remove_any(serial),
            Watch::Solo(_) => self.remove_serial(serial),
        }
    }

    /// Parks a live entry, or lets a parked one count again. Takes no memory.
    pub(crate) fn set_life(&self, serial: u64, life: Life) {
        if let Some(lists) = self.lists() {
            lists.set_life(serial, life);
        }
    }

    /// Removes delegators that are gone, and with `observers` also those whose receiver is gone,
    /// which may run code of the program. Searches when their number may have doubled since the
    /// last time.
    pub(crate) fn sweep(&self, observers: bool) {
        match self {
            Watch::Lists(lists) => lists.sweep(observers),
            Watch::Solo(solo) if observers => solo.sweep(),
            Watch::Solo(_) => {}
        }
    }

    /// Notes that a search meets a name, and tells whether it may have met it before. No link leads
    /// to who is watched by one observer alone, so a search meets it once.
    pub(crate) fn meet(&self, search: u64, name: Name) -> bool {
        self.lists().is_some_and(|lists| lists.meet(search, name))
    }

    /// The live entries, with what their cells hold.
    pub(crate) fn live(&self) -> impl Iterator<Item = (Entry, Option<H::Object>)> + '_ {
        let mut serial = 0;
        core::iter::from_fn(move || {
            let next = self.next_after(serial, |_| true)?;
            serial = next.0.serial;
            Some(next)
        })
    }

    /// Checks the watch of an instance that lives, or of a class.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            Watch::Lists(lists) => lists.check(),
            Watch::Solo(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
