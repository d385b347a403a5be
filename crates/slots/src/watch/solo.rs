//! One observer alone.

use super::{Entry, Life, Role, Watch, bit};
use crate::host::{Host, Name};
use core::cell::Cell;

/// A watch with room for one observer: 16 bytes where a reference takes eight.
pub struct Solo<H: Host> {
    observer: Cell<Option<H::Object>>,
    /// The serial, and the number of the name in the upper bits.
    key: Cell<u64>,
}

/// Bits of a serial that fit.
const SERIAL_BITS: u32 = 40;
/// The number that stands for all names; greater ones do not fit.
const ALL: u64 = (1 << (u64::BITS - SERIAL_BITS)) - 1;

/// Serial and name in one number; nothing where they are too large for that.
fn key(entry: &Entry) -> Option<u64> {
    let name = match entry.name {
        Name::ALL => ALL,
        Name(number) => Some(u64::from(number)).filter(|number| *number < ALL)?,
    };
    (entry.serial >> SERIAL_BITS == 0).then_some(name << SERIAL_BITS | entry.serial)
}

impl<H: Host> Default for Solo<H> {
    fn default() -> Self {
        Solo {
            observer: Cell::new(None),
            key: Cell::new(0),
        }
    }
}

impl<H: Host> core::fmt::Debug for Solo<H> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Solo({})", self.serial())
    }
}

impl<H: Host> Solo<H> {
    /// Shows what the place of the observer holds.
    #[inline]
    pub fn with<R>(&self, show: impl FnOnce(Option<&H::Object>) -> R) -> R {
        let held = self.observer.take();
        let shown = show(held.as_ref());
        self.observer.set(held);
        shown
    }

    /// The observer.
    #[inline]
    pub fn observer(&self) -> Option<H::Object> {
        self.with(|observer| observer.cloned())
    }

    /// Tells whether there is no observer.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.with(|observer| observer.is_none())
    }

    /// Takes the observer out.
    pub fn take(&self) -> Option<H::Object> {
        self.observer.take()
    }

    #[inline]
    fn serial(&self) -> u64 {
        self.key.get() & ((1 << SERIAL_BITS) - 1)
    }

    #[inline]
    fn name(&self) -> Name {
        match self.key.get() >> SERIAL_BITS {
            ALL => Name::ALL,
            number => Name(number as u32),
        }
    }

    /// Tells whether an entry can be put here.
    pub(super) fn has_room(&self, entry: &Entry) -> bool {
        entry.role == Role::Observer && self.is_empty() && key(entry).is_some()
    }

    /// The entry of the observer; its serial counts on when the observer is gone.
    #[inline]
    pub fn entry(&self) -> Entry {
        Entry {
            serial: self.serial(),
            partner: 0,
            name: self.name(),
            other: Name::NONE,
            role: Role::Observer,
            life: Life::Live,
        }
    }

    /// Moves the observer to lists, which are new.
    ///
    /// # Errors
    ///
    /// Memory ran out; the observer stays here.
    pub fn move_to(&self, cx: H::Cx<'_>, lists: &Watch<'_, H>) -> Result<(), H::Error> {
        match self.observer() {
            None => Ok(()),
            Some(observer) => {
                lists.add(cx, self.entry(), Some(observer))?;
                drop(self.take());
                Ok(())
            }
        }
    }

    #[inline]
    pub(super) fn may_have(&self, name: Name) -> bool {
        !self.is_empty() && bit(self.name()) & bit(name) != 0
    }

    #[inline]
    pub(super) fn has(&self, serial: u64) -> bool {
        self.serial() == serial && !self.is_empty()
    }

    /// The entry, where it is behind a serial and `matches`.
    pub(super) fn behind(
        &self,
        serial: u64,
        mut matches: impl FnMut(&Entry) -> bool,
    ) -> Option<(Entry, Option<H::Object>)> {
        let entry = self.entry();
        if entry.serial <= serial || !matches(&entry) {
            return None;
        }
        self.observer().map(|observer| (entry, Some(observer)))
    }

    #[inline]
    pub(super) fn next_observer(
        &self,
        behind: u64,
        name: Name,
        before: u64,
    ) -> Option<((usize, u64), H::Object)> {
        let serial = self.serial();
        let own = self.name();
        if serial <= behind || serial > before || (own != name && own != Name::ALL) {
            return None;
        }
        Some(((0, serial), self.observer()?))
    }

    pub(super) fn put(&self, entry: Entry, content: Option<H::Object>) -> Option<H::Object> {
        self.key.set(key(&entry).unwrap_or_default());
        self.observer.replace(content)
    }

    /// Lets go of an observer whose receiver is gone.
    pub(super) fn sweep(&self) {
        if self.with(|observer| observer.is_some_and(|observer| !H::is_alive(observer))) {
            drop(self.take());
        }
    }
}
