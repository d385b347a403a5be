//! The foreign blocks of a domain, in groups.
//!
//! A walk has to pass over blocks that do not concern it as it passes over whole
//! pools, without touching each. So foreign blocks are entered into *groups* of
//! up to 64, in the order of their allocation, and a group has one unit byte for
//! all of them.
//!
//! ```text
//! first ─► group ◄─► group ◄─► group ◄─ last
//!          │ 64 places, some of them empty again
//!          ▼
//!          prefix, which knows its group and place
//! ```

use std::cell::Cell;
use std::ptr::{self, NonNull};

use super::{Prefix, Source};
use crate::raw;

/// The places of a group.
const PLACES: usize = 64;

/// Up to 64 foreign blocks.
///
/// ```text
/// live = the places that are not null
/// used = one more than the last of them, at most 64
/// ```
pub(crate) struct Group {
    next: *mut Group,
    previous: *mut Group,
    /// Belongs to the layer above; see [`crate::Memory::unit_byte`].
    pub(crate) unit_byte: Cell<u8>,
    used: u8,
    live: u8,
    places: [*mut Prefix; PLACES],
}

/// The foreign blocks of one domain, oldest first.
///
/// ```text
/// count = the sum of the groups' live
/// bytes = the sum of the blocks' bytes
/// borrowed, borrowed_bytes = the same of those that the system did not give
/// ```
pub(crate) struct ForeignList {
    pub(crate) first: Cell<*mut Group>,
    pub(crate) last: Cell<*mut Group>,
    pub(crate) count: Cell<usize>,
    pub(crate) bytes: Cell<usize>,
    borrowed: Cell<usize>,
    borrowed_bytes: Cell<usize>,
    /// Empty groups stay, while everything is released.
    closing: Cell<bool>,
}

impl ForeignList {
    pub(crate) const fn new() -> ForeignList {
        ForeignList {
            first: Cell::new(ptr::null_mut()),
            last: Cell::new(ptr::null_mut()),
            count: Cell::new(0),
            bytes: Cell::new(0),
            borrowed: Cell::new(0),
            borrowed_bytes: Cell::new(0),
            closing: Cell::new(false),
        }
    }

    /// The blocks that the system gave, and their bytes. Those of a domain's
    /// functions lie in blocks that are counted where they came from.
    pub(crate) fn systems(&self) -> (usize, usize) {
        (
            self.count.get() - self.borrowed.get(),
            self.bytes.get() - self.borrowed_bytes.get(),
        )
    }

    /// The blocks that the system did not give, and their bytes.
    pub(crate) fn borrowed(&self) -> (usize, usize) {
        (self.borrowed.get(), self.borrowed_bytes.get())
    }

    /// The group that the next block is entered into, with a place to spare; a
    /// new one if need be.
    pub(super) fn open_group(&self) -> Option<NonNull<Group>> {
        if let Some(last) = NonNull::new(self.last.get()) {
            // SAFETY: *foreign-prefix*: groups of the list are live.
            if usize::from(unsafe { last.as_ref().used }) < PLACES {
                return Some(last);
            }
        }
        let group = raw::allocate(size_of::<Group>())?.cast::<Group>();
        let last = self.last.get();
        // SAFETY: *foreign-prefix*: the memory is large enough and aligned to 16
        // bytes, and the last group is live.
        unsafe {
            group.write(Group {
                next: ptr::null_mut(),
                previous: last,
                unit_byte: Cell::new(0),
                used: 0,
                live: 0,
                places: [ptr::null_mut(); _],
            });
            match last.as_mut() {
                Some(last) => last.next = group.as_ptr(),
                None => self.first.set(group.as_ptr()),
            }
        }
        self.last.set(group.as_ptr());
        Some(group)
    }

    /// Enters a block at the end.
    ///
    /// # Safety
    ///
    /// `group` came from [`ForeignList::open_group`] and nothing was entered
    /// since. The prefix is initialised and in no list.
    pub(super) unsafe fn append(&self, mut group: NonNull<Group>, mut prefix: NonNull<Prefix>) {
        // SAFETY: *foreign-prefix*: by this function's contract.
        unsafe {
            let (group, block) = (group.as_mut(), prefix.as_mut());
            block.group = group;
            block.place = group.used;
            group.places[usize::from(group.used)] = prefix.as_ptr();
            group.used += 1;
            group.live += 1;
            self.count.set(self.count.get() + 1);
            self.bytes.set(self.bytes.get() + block.bytes);
            if block.source != Source::System {
                self.borrowed.set(self.borrowed.get() + 1);
                let bytes = self.borrowed_bytes.get() + block.bytes;
                self.borrowed_bytes.set(bytes);
            }
        }
    }

    /// Takes a block out, and its group if that has become empty.
    ///
    /// # Safety
    ///
    /// The prefix is in this list.
    pub(super) unsafe fn remove(&self, prefix: *const Prefix) {
        // SAFETY: *foreign-prefix*: by this function's contract.
        unsafe {
            let (group, place) = (&mut *(*prefix).group, usize::from((*prefix).place));
            group.places[place] = ptr::null_mut();
            group.live -= 1;
            while group.used > 0 && group.places[usize::from(group.used) - 1].is_null() {
                group.used -= 1;
            }
            self.count.set(self.count.get() - 1);
            self.bytes.set(self.bytes.get() - (*prefix).bytes);
            if (*prefix).source != Source::System {
                self.borrowed.set(self.borrowed.get() - 1);
                let bytes = self.borrowed_bytes.get() - (*prefix).bytes;
                self.borrowed_bytes.set(bytes);
            }
            if group.live == 0 {
                group.unit_byte.set(0);
                // The last group is kept for the next block.
                if !group.next.is_null() && !self.closing.get() {
                    self.unlink(group);
                }
            }
        }
    }

    /// Makes a block's place lead to where the block has moved, with another
    /// size.
    ///
    /// # Safety
    ///
    /// The prefix is initialised, and the one that it was copied from was in this
    /// list.
    pub(super) unsafe fn relocate(&self, mut prefix: NonNull<Prefix>, bytes: usize) {
        // SAFETY: *foreign-prefix*: by this function's contract.
        unsafe {
            let moved = prefix.as_mut();
            (*moved.group).places[usize::from(moved.place)] = prefix.as_ptr();
            self.bytes.set(self.bytes.get() - moved.bytes + bytes);
            moved.bytes = bytes;
        }
    }

    /// Takes a group out and releases it.
    ///
    /// # Safety
    ///
    /// The group is in this list and empty, and not used afterwards.
    unsafe fn unlink(&self, group: *mut Group) {
        // SAFETY: *foreign-prefix*: by this function's contract, and its
        // neighbours are live. *system-allocator*: groups came from there.
        unsafe {
            let (next, previous) = ((*group).next, (*group).previous);
            match previous.as_mut() {
                Some(previous) => previous.next = next,
                None => self.first.set(next),
            }
            match next.as_mut() {
                Some(next) => next.previous = previous,
                None => self.last.set(previous),
            }
            raw::release(NonNull::new_unchecked(group.cast()));
        }
    }

    /// Lets empty groups stay from now on, until [`ForeignList::close`].
    pub(super) fn keep_groups(&self) {
        self.closing.set(true);
    }

    /// Releases the groups, all of them empty.
    pub(super) fn close(&self) {
        while let Some(group) = NonNull::new(self.first.get()) {
            // SAFETY: *foreign-prefix*: the first group of the list.
            unsafe { self.unlink(group.as_ptr()) };
        }
    }

    /// The groups, oldest first.
    pub(crate) fn groups(&self) -> impl Iterator<Item = NonNull<Group>> {
        let mut at = self.first.get();
        std::iter::from_fn(move || {
            let group = NonNull::new(at)?;
            // SAFETY: *foreign-prefix*: linked, and by *quiet-walk* still there.
            at = unsafe { group.as_ref().next };
            Some(group)
        })
    }

    /// The blocks, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = NonNull<Prefix>> {
        self.groups().flat_map(|group| {
            // SAFETY: *foreign-prefix*: `groups` visits live groups.
            unsafe { Group::blocks(group) }
        })
    }
}

impl Group {
    /// The blocks of a group, oldest first.
    ///
    /// # Safety
    ///
    /// The group stays in its list for as long as the iterator is used.
    pub(crate) unsafe fn blocks(group: NonNull<Group>) -> impl Iterator<Item = NonNull<Prefix>> {
        let mut place = 0;
        std::iter::from_fn(move || {
            loop {
                // SAFETY: *foreign-prefix*: by this function's contract.
                let (used, prefix) = unsafe {
                    let group = group.as_ref();
                    let prefix = group.places.get(place).copied();
                    (usize::from(group.used), prefix?)
                };
                if place >= used {
                    return None;
                }
                place += 1;
                if let Some(prefix) = NonNull::new(prefix) {
                    return Some(prefix);
                }
            }
        })
    }

    /// Whether the group's counts and links are right, `previous` being the
    /// group before.
    pub(crate) fn holds_together(&self, previous: *mut Group) -> bool {
        let used = usize::from(self.used);
        let live = self.places.iter().filter(|place| !place.is_null()).count();
        let last = self.places.iter().rposition(|place| !place.is_null());
        let in_place = (self.places.iter().enumerate()).all(|(place, &prefix)| {
            // SAFETY: *foreign-prefix*: a place leads nowhere or to a live prefix.
            let found = unsafe { prefix.as_ref() };
            found
                .is_none_or(|found| ptr::eq(found.group, self) && usize::from(found.place) == place)
        });
        self.previous == previous
            && live == usize::from(self.live)
            && last.map_or(0, |last| last + 1) == used
            && in_place
            && (live > 0 || self.next.is_null() && self.unit_byte.get() == 0)
    }
}
