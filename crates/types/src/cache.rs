//! Where names were found: the per-type cache of attribute look-ups.
//!
//! An entry holds no reference to what it found. It says *where*: in the dict of the n-th class of
//! the MRO, at that entry. A hit is checked against the key that stands there, so a stale entry can
//! cost time but never memory safety; whether it is stale is a matter of [`Cache::forget`], which
//! every change to a class calls for the class and its subclasses.

use crate::Object;
use mortice_gc::Items;
use mortice_gc::trace::Plain;
use std::cell::Cell;

/// Entries of a cache.
const ENTRIES: usize = 64;

/// What a cache knows about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the dict of the class at this place of the MRO, at this entry.
    At {
        /// Place in the MRO.
        class: u32,
        /// Entry in that class's dict.
        entry: u32,
    },
    /// Nowhere.
    Nowhere,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The interned name's address; interned names live as long as their context.
    name: usize,
    found: Found,
}

crate::body! {
    /// Look-ups of one type. Entries own nothing.
    pub struct Cache {
        entries: Plain<Items<Entry>>,
        filled: Cell<bool>,
    }
}

fn place(name: &Object) -> usize {
    let address = name.address();
    ((address >> 4) ^ (address >> 10)) % ENTRIES
}

impl Cache {
    /// What is known about an interned name.
    #[inline]
    pub fn get(&self, name: &Object) -> Option<Found> {
        let entry = self.entries.0.value(place(name))?;
        (entry.name == name.address()).then_some(entry.found)
    }

    /// Remembers where an interned name was found. Without memory nothing is remembered.
    pub fn put(&self, heap: &mortice_gc::Heap, name: &Object, found: Found) {
        if self.entries.0.is_empty() {
            let empty = Entry {
                name: 0,
                found: Found::Nowhere,
            };
            let allocated = self.entries.0.with(|entries| {
                entries.reserve_exact(heap, ENTRIES)?;
                for _ in 0..ENTRIES {
                    entries.push(heap, empty)?;
                }
                Ok::<(), mortice_gc::OutOfMemory>(())
            });
            if allocated.is_err() {
                drop(self.entries.0.take());
                return;
            }
        }
        let entry = Entry {
            name: name.address(),
            found,
        };
        let _ = self.entries.0.exchange(place(name), entry);
        self.filled.set(true);
    }

    /// Forgets everything.
    pub fn forget(&self) {
        if self.filled.replace(false) {
            drop(self.entries.0.take());
        }
    }
}
