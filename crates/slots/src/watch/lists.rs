//! The entries of a watch in lists.

use super::{Entry, Life, NO_OWN, Role, Summary, bit, hears};
use crate::check::Fault;
use crate::host::{Cells, Host, Name, Rows};

/// The lists of a watch, wherever its host keeps them.
#[derive(Debug)]
pub struct Lists<'a, H: Host> {
    /// One row for each entry.
    pub rows: &'a H::Rows<Entry>,
    /// One cell for each entry.
    pub cells: &'a H::Cells,
    /// What the rows have.
    pub summary: &'a Summary,
}

impl<H: Host> Clone for Lists<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Host> Copy for Lists<'_, H> {}

/// Entries that are searched one by one.
const FEW: usize = 8;
/// Dead entries that are left in peace.
const DEAD_MIN: u32 = 8;

impl<H: Host> Lists<'_, H> {
    /// Tells whether there can be an entry for a name.
    #[inline]
    pub fn may_have(&self, name: Name) -> bool {
        self.summary.names.get() & bit(name) != 0
    }

    /// Tells whether the slot can lead somewhere else.
    #[inline]
    pub(crate) fn may_delegate(&self, name: Name) -> bool {
        let (first, last) = self.summary.own.get();
        first <= last && self.may_have(name)
    }

    /// Tells whether there may be observers.
    #[inline]
    pub(crate) fn has_observers(&self) -> bool {
        self.summary.has_observers.get()
    }

    /// Tells whether there may be observers or delegators.
    #[inline]
    pub(crate) fn has_listeners(&self) -> bool {
        self.summary.weak.get() > 0
    }

    /// Tells whether somebody may delegate to one of the slots.
    #[inline]
    pub(crate) fn has_delegators(&self) -> bool {
        self.summary.has_delegators.get()
    }

    /// Tells whether somebody observes a slot, or every slot.
    pub(crate) fn is_observed(&self, name: Name) -> bool {
        self.may_have(name)
            && self
                .next_behind(usize::MAX, 0, |entry| hears(entry, name))
                .is_some()
    }

    /// The first observer of a slot behind an entry, of those that can still be called and began no
    /// later than `before`.
    #[inline]
    pub(crate) fn next_observer(
        &self,
        (place, serial): (usize, u64),
        name: Name,
        before: u64,
    ) -> Option<((usize, u64), H::Object)> {
        let hears = |entry: &Entry| hears(entry, name) || entry.serial > before;
        let (place, entry, observer) = self.next_behind(place, serial, hears)?;
        let is_late = entry.serial > before;
        Some(((place, entry.serial), observer.filter(|_| !is_late)?))
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The place of the first entry whose serial is at least `serial`.
    fn lower_bound(&self, serial: u64) -> usize {
        let (mut low, mut high) = (0, self.rows.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.rows.get(middle) {
                Some(entry) if entry.serial < serial => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// The place of a live entry. `hint` is asked first.
    #[inline]
    pub fn find(&self, serial: u64, hint: usize) -> Option<usize> {
        let (place, entry) = match self.rows.get(hint) {
            Some(entry) if entry.serial == serial => (hint, entry),
            _ => {
                let place = self.lower_bound(serial);
                (place, self.rows.get(place)?)
            }
        };
        (entry.serial == serial && entry.is_live() && place < self.cells.len()).then_some(place)
    }

    /// The first live entry behind the one at `place`, if that one still has the serial, and behind the
    /// serial, that `matches`: its place, itself, and what its cell holds.
    pub(crate) fn next_behind(
        &self,
        place: usize,
        serial: u64,
        mut matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(usize, Entry, Option<H::Object>)> {
        let place = match self.rows.get(place) {
            _ if serial == 0 => 0,
            Some(entry) if entry.serial == serial => place + 1,
            _ => self.lower_bound(serial.saturating_add(1)),
        };
        let (place, entry) = self
            .rows
            .find_from(place, |entry| entry.is_live() && matches(entry))?;
        Some((place, entry, self.cells.get(place)))
    }

    /// The live entry of a role for a name.
    pub fn of_role(&self, name: Name, role: Role) -> Option<(Entry, Option<H::Object>)> {
        let is_absent = role == Role::Delegator && !self.has_delegators();
        if is_absent || !self.may_have(name) {
            return None;
        }
        let matches = |entry: &Entry| entry.name == name && entry.role == role;
        match role.is_listener() {
            true => {
                let (_, entry, content) = self.next_behind(usize::MAX, 0, matches)?;
                Some((entry, content))
            }
            false => self.own_entry(Life::Live, matches),
        }
    }

    /// The first entry of the owner's own roles, of this life, that `matches`.
    fn own_entry(
        &self,
        life: Life,
        matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(Entry, Option<H::Object>)> {
        self.own_entry_after(0, life, matches)
    }

    /// As [`Lists::own_entry`], behind a serial.
    fn own_entry_after(
        &self,
        serial: u64,
        life: Life,
        mut matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(Entry, Option<H::Object>)> {
        let (first, last) = self.summary.own.get();
        if first > last {
            return None;
        }
        let from = first.max(serial.saturating_add(1));
        let start = match self.rows.len() <= FEW {
            true => 0,
            false => self.lower_bound(from),
        };
        let (place, entry) = self.rows.find_from(start, |entry| {
            entry.serial > last || (entry.serial >= from && entry.life == life && matches(entry))
        })?;
        (entry.serial <= last).then(|| (entry, self.cells.get(place)))
    }

    /// The live entry that says that a hold of a thread has recorded a change of a slot.
    pub(crate) fn held(&self, name: Name, thread: u64) -> Option<Entry> {
        let is_it = |entry: &Entry| {
            entry.role == Role::Held && entry.name == name && entry.partner == thread
        };
        Some(self.own_entry(Life::Live, is_it)?.0)
    }

    /// The first live entry behind a serial by which the owner itself delegates a slot.
    pub(crate) fn delegation_after(&self, serial: u64) -> Option<(Entry, Option<H::Object>)> {
        self.own_entry_after(serial, Life::Live, |entry| entry.role == Role::Target)
    }

    /// The place where the slot `name` delegates to, by an entry of this life: the target, and the
    /// entry.
    pub(crate) fn target_of(&self, life: Life, name: Name) -> Option<(H::Object, Entry)> {
        if !self.may_have(name) {
            return None;
        }
        let (entry, target) =
            self.own_entry(life, |entry| entry.name == name && entry.is_target())?;
        Some((target?, entry))
    }

    /// The place of the cell with the target of a slot's delegation, and the target's slot.
    #[inline]
    pub fn link(&self, name: Name) -> Option<(usize, Name)> {
        match self.may_delegate(name) {
            true if self.rows.len() <= FEW => self.link_from(0, name),
            true => self.link_among_many(name),
            false => None,
        }
    }

    #[inline]
    fn link_from(&self, start: usize, name: Name) -> Option<(usize, Name)> {
        let (_, last) = self.summary.own.get();
        let (place, entry) = self.rows.find_from(start, |entry| {
            entry.serial > last || (entry.name == name && entry.is_live() && entry.is_target())
        })?;
        (entry.serial <= last).then_some((place, entry.other))
    }

    #[inline(never)]
    fn link_among_many(&self, name: Name) -> Option<(usize, Name)> {
        let (first, _) = self.summary.own.get();
        self.link_from(self.lower_bound(first), name)
    }

    /// Appends an entry, whose serial is greater than all others.
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
        if entry.role.is_listener() {
            self.summary.weak.set(self.summary.weak.get() + 1);
        }
        // A watch whose owner was cleared lost its cells; its rows mean nothing any more.
        while self.rows.len() > self.cells.len() {
            self.rows.pop();
        }
        self.cells.push(cx, content)?;
        if let Err(error) = self.rows.push(cx, entry) {
            drop(self.cells.pop());
            return Err(error);
        }
        let names = self.summary.names.get() | bit(entry.name);
        self.summary.names.set(names);
        match entry.role {
            Role::Delegator => self.summary.has_delegators.set(true),
            Role::Observer => self.summary.has_observers.set(true),
            _ => {}
        }
        self.note_own(&entry);
        Ok(())
    }

    /// Widens the range of the owner's own entries.
    fn note_own(&self, entry: &Entry) {
        if !entry.role.is_listener() {
            let (first, last) = self.summary.own.get();
            let serial = entry.serial;
            self.summary.own.set((first.min(serial), last.max(serial)));
        }
    }

    /// Removes the entry at a place, and returns what its cell held.
    pub fn remove(&self, place: usize) -> Option<H::Object> {
        let mut entry = self.rows.get(place)?;
        if entry.life == Life::Dead {
            return None;
        }
        entry.life = Life::Dead;
        self.rows.set(place, entry);
        let content = self.cells.put(place, None);
        let summary = self.summary;
        summary.dead.set(summary.dead.get() + 1);
        if summary.dead.get() > DEAD_MIN && summary.dead.get() as usize * 2 > self.rows.len() {
            self.compact();
        }
        content
    }

    /// Removes the live entry with a serial, where there is one.
    pub fn remove_serial(&self, serial: u64) -> Option<H::Object> {
        let place = self.find(serial, usize::MAX)?;
        self.remove(place)
    }

    /// Removes the entry with a serial, also a parked one.
    pub(crate) fn remove_any(&self, serial: u64) -> Option<H::Object> {
        let place = self.lower_bound(serial);
        let entry = self.rows.get(place)?;
        (entry.serial == serial).then(|| self.remove(place))?
    }

    /// Parks a live entry, or lets a parked one count again. Takes no memory.
    pub(crate) fn set_life(&self, serial: u64, life: Life) {
        let place = self.lower_bound(serial);
        if let Some(mut entry) = self.rows.get(place)
            && entry.serial == serial
            && entry.life != Life::Dead
        {
            entry.life = life;
            self.rows.set(place, entry);
        }
    }

    /// Closes the gaps of dead entries.
    fn compact(&self) {
        let mut kept = 0;
        let mut names = 0;
        let mut weak = 0;
        let (mut has_delegators, mut has_observers) = (false, false);
        self.summary.own.set(NO_OWN);
        for place in 0..self.rows.len() {
            let Some(entry) = self.rows.get(place) else {
                continue;
            };
            if entry.life == Life::Dead {
                continue;
            }
            names |= bit(entry.name);
            weak += u32::from(entry.role.is_listener());
            has_delegators |= entry.role == Role::Delegator;
            has_observers |= entry.role == Role::Observer;
            self.note_own(&entry);
            if kept != place {
                self.rows.set(kept, entry);
                let content = self.cells.put(place, None);
                // The place is a dead entry's, which holds nothing.
                drop(self.cells.put(kept, content));
            }
            kept += 1;
        }
        while self.rows.len() > kept {
            self.rows.pop();
            drop(self.cells.pop());
        }
        self.summary.names.set(names);
        self.summary.dead.set(0);
        self.summary.weak.set(weak);
        self.summary.has_delegators.set(has_delegators);
        self.summary.has_observers.set(has_observers);
    }

    /// Removes delegators that are gone, and with `observers` also those whose receiver is gone,
    /// which may run code of the program. Searches when their number may have doubled since the
    /// last time.
    pub(crate) fn sweep(&self, observers: bool) {
        let summary = self.summary;
        if summary.weak.get() < summary.sweep_at.get().max(DEAD_MIN) {
            return;
        }
        // What is let go of may subscribe: not to be searched from within.
        summary.sweep_at.set(u32::MAX);
        let mut serial = 0;
        let is_weak = |entry: &Entry| match entry.role {
            Role::Observer => observers,
            role => role.is_listener(),
        };
        // By serial, since places move where what is let go of cancels others.
        while let Some((_, entry, content)) = self.next_behind(usize::MAX, serial, is_weak) {
            serial = entry.serial;
            let is_kept = content.is_some_and(|content| match entry.role {
                Role::Delegator => H::owner(&content).is_some(),
                _ => H::is_alive(&content),
            });
            if !is_kept {
                drop(self.remove_serial(serial));
            }
        }
        self.compact();
        summary.sweep_at.set(summary.weak.get().saturating_mul(2));
    }

    /// Notes that a search meets a name, and tells whether it may have met it before.
    pub(crate) fn meet(&self, search: u64, name: Name) -> bool {
        // Searches share numbers and names share bits: both only let the answer be yes too often.
        let (search, name) = (search << 32, bit(name) | bit(name) >> 32);
        let name = name & u64::from(u32::MAX);
        let known = self.summary.met.get();
        let met = match known >> 32 == search >> 32 {
            true => known,
            false => search,
        };
        self.summary.met.set(met | name);
        met & name != 0
    }

    /// Checks the watch of an instance that lives, or of a class.
    ///
    /// # Errors
    ///
    /// The first fault found.
    pub fn check(&self) -> Result<(), Fault> {
        if self.rows.len() != self.cells.len() {
            return Err(Fault::Cells(self.rows.len(), self.cells.len()));
        }
        let summary = self.summary;
        let (first, last_own) = summary.own.get();
        let (mut last, mut dead, mut weak) = (0, 0, 0);
        for place in 0..self.rows.len() {
            let Some(entry) = self.rows.get(place) else {
                continue;
            };
            let serial = entry.serial;
            if serial <= last {
                return Err(Fault::Order(serial));
            }
            last = serial;
            let is_own = !entry.role.is_listener();
            let is_covered = match entry.life {
                Life::Parked => return Err(Fault::Parked(serial)),
                Life::Live => {
                    summary.names.get() & bit(entry.name) == bit(entry.name)
                        && (!is_own || (first..=last_own).contains(&serial))
                        && (entry.role != Role::Observer || self.has_observers())
                        && (entry.role != Role::Delegator || self.has_delegators())
                }
                Life::Dead => self.cells.get(place).is_none(),
            };
            if !is_covered {
                return Err(Fault::Summary(serial));
            }
            dead += u32::from(!entry.is_live());
            weak += u32::from(entry.is_live() && !is_own);
        }
        // Listeners that were removed are counted until the gaps are closed.
        match dead == summary.dead.get() && weak <= summary.weak.get() {
            true => Ok(()),
            false => Err(Fault::Counts),
        }
    }
}
