//! The storage of a dict: insertion order, Python's equality, and places that a cache can name.
//!
//! ```text
//! index: hash table of entry numbers          entries: hash │ key │ value, in order of insertion
//! ```
//!
//! A deleted entry stays as a hole until the entries are packed, which happens when they grow. The
//! comparison of two keys may run any code, this dict's methods included; so no borrow of the
//! storage is held meanwhile, and a look-up that finds the dict changed starts again.

use super::shape::Shape;
use crate::{Context, Object, Result, builtin};
use hashbrown::HashTable;
use mortice_gc::trace::Plain;
use mortice_gc::{Buffer, Heap, OutOfMemory, Slot, Trace, Visitor};
use mortice_mem::MemoryRef;
use std::cell::{Cell, RefCell};

/// One entry; a hole where the key is gone.
#[derive(Default)]
struct Entry {
    hash: i64,
    key: Slot,
    value: Slot,
}

struct Storage {
    entries: Buffer<Entry>,
    table: Plain<HashTable<u32, MemoryRef>>,
    /// What CPython's table would be, for `__sizeof__`.
    shape: Shape,
}

/// The body of a dict.
#[derive(Default)]
pub struct DictBody {
    storage: RefCell<Option<allocator_api2::boxed::Box<Storage, MemoryRef>>>,
    /// Live entries.
    length: Cell<u32>,
    /// Counts changes of keys, so that iterators and look-ups can tell.
    version: Cell<u32>,
}

impl DictBody {
    /// Reports keys and values, once each; nothing while the storage is borrowed for writing.
    pub(crate) fn traverse_entries(&self, visitor: &mut Visitor<'_>) {
        if let Ok(storage) = self.storage.try_borrow()
            && let Some(storage) = storage.as_ref()
        {
            for entry in storage.entries.iter() {
                // Strings are no part of cycles; not visiting them is what CPython does.
                if entry
                    .key
                    .get()
                    .is_none_or(|key| crate::text(&key).is_none())
                {
                    entry.key.traverse(visitor);
                }
                entry.value.traverse(visitor);
            }
        }
    }

    /// Reports the values alone, for the dict of an instance that nobody else has seen.
    pub(crate) fn traverse_values(&self, visitor: &mut Visitor<'_>) {
        if let Ok(storage) = self.storage.try_borrow()
            && let Some(storage) = storage.as_ref()
        {
            for entry in storage.entries.iter() {
                entry.value.traverse(visitor);
            }
        }
    }
}

impl Drop for Storage {
    /// Entries go in order of insertion, as in CPython.
    fn drop(&mut self) {
        for entry in self.entries.iter() {
            drop(entry.key.take());
            drop(entry.value.take());
        }
    }
}

/// Where a look-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this entry.
    Entry(u32),
    /// The key is not there.
    Absent,
}

impl DictBody {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.length.get() as usize
    }

    /// Tells whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.length.get() == 0
    }

    /// Changes when keys are added or removed.
    pub fn version(&self) -> u32 {
        self.version.get()
    }

    /// Entries that were ever used since the last packing, holes included: an upper bound for
    /// [`DictBody::entry`].
    pub fn entry_count(&self) -> usize {
        self.storage
            .borrow()
            .as_ref()
            .map_or(0, |storage| storage.entries.len())
    }

    /// The key and value of an entry; `None` for a hole and beyond the end.
    pub fn entry(&self, index: usize) -> Option<(Object, Object)> {
        let storage = self.storage.borrow();
        let entry = storage.as_ref()?.entries.get(index)?;
        Some((entry.key.get()?, entry.value.get()?))
    }

    /// The value of an entry whose key is this very object.
    #[inline]
    pub fn value_at(&self, index: u32, key: &Object) -> Option<Object> {
        let storage = self.storage.borrow();
        let entry = storage.as_ref()?.entries.get(index as usize)?;
        if entry.key.holds(key) {
            entry.value.get()
        } else {
            None
        }
    }

    /// As [`DictBody::next_entry`], with the key's hash.
    pub fn next_hashed(&self, mut index: usize) -> Option<(usize, i64, Object, Object)> {
        let storage = self.storage.borrow();
        let entries = &storage.as_ref()?.entries;
        loop {
            let entry = entries.get(index)?;
            if let (Some(key), Some(value)) = (entry.key.get(), entry.value.get()) {
                return Some((index, entry.hash, key, value));
            }
            index += 1;
        }
    }

    /// The first entry at or after `index` that is no hole: its number, key and value.
    pub fn next_entry(&self, index: usize) -> Option<(usize, Object, Object)> {
        let (index, _, key, value) = self.next_hashed(index)?;
        Some((index, key, value))
    }

    /// The last entry before `index` that is no hole.
    pub fn previous_entry(&self, mut index: usize) -> Option<(usize, Object, Object)> {
        while index > 0 {
            index -= 1;
            if let Some((key, value)) = self.entry(index) {
                return Some((index, key, value));
            }
        }
        None
    }

    /// Finds a key.
    ///
    /// # Errors
    ///
    /// What the keys' `__eq__` raises.
    pub fn find(&self, cx: &Context, key: &Object, hash: i64) -> Result<Place> {
        'again: loop {
            let version = self.version.get();
            let mut skip = 0;
            loop {
                let candidate = {
                    let storage = self.storage.borrow();
                    let Some(storage) = storage.as_ref() else {
                        return Ok(Place::Absent);
                    };
                    let mut candidate = None;
                    for (nth, &index) in storage.table.0.iter_hash(hash as u64).enumerate() {
                        let Some(entry) = storage.entries.get(index as usize) else {
                            continue;
                        };
                        if entry.key.holds(key) {
                            return Ok(Place::Entry(index));
                        }
                        if nth < skip || entry.hash != hash {
                            continue;
                        }
                        candidate = entry.key.get().map(|key| (nth, index, key));
                        break;
                    }
                    candidate
                };
                let Some((nth, index, known)) = candidate else {
                    return Ok(Place::Absent);
                };
                let equal = match (crate::text(&known), crate::text(key)) {
                    (Some(a), Some(b))
                        if cx.is_exactly(&known, &builtin::STR)
                            && cx.is_exactly(key, &builtin::STR) =>
                    {
                        a == b
                    }
                    _ => {
                        let equal = cx.equal(&known, key)?;
                        if self.version.get() != version {
                            continue 'again;
                        }
                        equal
                    }
                };
                if equal {
                    return Ok(Place::Entry(index));
                }
                skip = nth + 1;
            }
        }
    }

    /// The value of a key.
    pub fn get(&self, cx: &Context, key: &Object) -> Result<Option<Object>> {
        let hash = cx.hash_key(key)?;
        self.get_hashed(cx, key, hash)
    }

    /// The value of a key whose hash is known.
    pub fn get_hashed(&self, cx: &Context, key: &Object, hash: i64) -> Result<Option<Object>> {
        match self.find(cx, key, hash)? {
            Place::Entry(index) => Ok(self.entry(index as usize).map(|(_, value)| value)),
            Place::Absent => Ok(None),
        }
    }

    /// The value of a key given as text.
    pub fn get_text(&self, key: &str) -> Option<Object> {
        let index = self.find_text(key)?;
        self.entry(index as usize).map(|(_, value)| value)
    }

    /// The entry of a key given as text; keys that are no `str` are not asked.
    pub fn find_text(&self, key: &str) -> Option<u32> {
        let hash = builtin::string::hash_text(key) as u64;
        let storage = self.storage.borrow();
        let storage = storage.as_ref()?;
        storage
            .table
            .0
            .find(hash, |&index| {
                let known = storage
                    .entries
                    .get(index as usize)
                    .and_then(|entry| entry.key.get());
                known.is_some_and(|known| crate::text(&known) == Some(key))
            })
            .copied()
    }

    /// Sets a key.
    pub fn set(&self, cx: &Context, key: &Object, value: Object) -> Result<()> {
        let hash = cx.hash_key(key)?;
        self.set_hashed(cx, key, hash, value)
    }

    /// Sets a key whose hash is known. An equal key that is there already stays.
    pub fn set_hashed(&self, cx: &Context, key: &Object, hash: i64, value: Object) -> Result<()> {
        match self.find(cx, key, hash)? {
            Place::Entry(index) => {
                let old = {
                    let storage = self.storage.borrow();
                    storage
                        .as_ref()
                        .and_then(|storage| storage.entries.get(index as usize))
                        .and_then(|entry| entry.value.replace(Some(value)))
                };
                drop(old);
                Ok(())
            }
            Place::Absent => self.append(cx, key.clone(), hash, value),
        }
    }

    /// The value of a key, which is set to `default` where there is none.
    ///
    /// # Errors
    ///
    /// TypeError for an unhashable key; what comparisons raise; MemoryError.
    pub fn get_or_insert(&self, cx: &Context, key: &Object, default: Object) -> Result<Object> {
        let hash = cx.hash_key(key)?;
        if let Place::Entry(index) = self.find(cx, key, hash)?
            && let Some((_, value)) = self.entry(index as usize)
        {
            return Ok(value);
        }
        self.append(cx, key.clone(), hash, default.clone())?;
        Ok(default)
    }

    fn append(&self, cx: &Context, key: Object, hash: i64, value: Object) -> Result<()> {
        // Room is made first, so that nothing is dropped while the storage is borrowed.
        if self.make_room(cx).is_err() {
            return Err(cx.out_of_memory());
        }
        let is_text = cx.is_exactly(&key, &builtin::STR);
        if let Some(storage) = self.storage.borrow_mut().as_mut() {
            storage.shape.insert(self.length.get(), is_text);
            storage.add(cx.heap(), key, hash, value);
        }
        self.length.set(self.length.get() + 1);
        self.version.set(self.version.get().wrapping_add(1));
        Ok(())
    }

    fn make_room(&self, cx: &Context) -> std::result::Result<(), OutOfMemory> {
        let mut storage = self.storage.borrow_mut();
        let storage = match storage.as_mut() {
            Some(storage) => storage,
            None => {
                let empty = Storage {
                    entries: Buffer::new(),
                    table: Plain(HashTable::new_in(cx.memory())),
                    shape: Shape::default(),
                };
                let empty = allocator_api2::boxed::Box::try_new_in(empty, cx.memory());
                storage.insert(empty.map_err(|_| OutOfMemory)?)
            }
        };
        let live = self.length.get() as usize;
        let used = storage.entries.len();
        if used == storage.entries.capacity() && used > live + live / 2 {
            storage.pack();
        }
        if u32::try_from(storage.entries.len() + 1).is_err() {
            return Err(OutOfMemory);
        }
        storage.entries.reserve(cx.heap(), 1)?;
        let Storage { entries, table, .. } = &mut **storage;
        table.0.try_reserve(1, |&index| hash_at(entries, index))?;
        Ok(())
    }

    /// Removes a key and returns its value.
    pub fn remove(&self, cx: &Context, key: &Object) -> Result<Option<Object>> {
        let hash = cx.hash_key(key)?;
        match self.find(cx, key, hash)? {
            Place::Entry(index) => Ok(self.remove_entry(index).map(|(_, value)| value)),
            Place::Absent => Ok(None),
        }
    }

    /// Removes an entry and returns its key and value; the caller drops them.
    pub fn remove_entry(&self, index: u32) -> Option<(Object, Object)> {
        let mut storage = self.storage.borrow_mut();
        let storage = storage.as_mut()?;
        let entry = storage.entries.get(index as usize)?;
        let hash = entry.hash as u64;
        let removed = (entry.key.take()?, entry.value.take()?);
        if let Ok(found) = storage.table.0.find_entry(hash, |&known| known == index) {
            found.remove();
        }
        self.length.set(self.length.get() - 1);
        self.version.set(self.version.get().wrapping_add(1));
        Some(removed)
    }

    /// Removes the newest entry.
    pub fn pop_last(&self) -> Option<(Object, Object)> {
        let (index, _, _) = self.previous_entry(self.entry_count())?;
        let removed = self.remove_entry(index as u32);
        if let Some(storage) = self.storage.borrow_mut().as_mut() {
            // Only holes are cut off, so nothing is dropped.
            storage.entries.truncate(index);
        }
        removed
    }

    /// Removes everything.
    pub fn clear(&self) {
        let old = self
            .storage
            .try_borrow_mut()
            .ok()
            .and_then(|mut storage| storage.take());
        self.length.set(0);
        self.version.set(self.version.get().wrapping_add(1));
        drop(old);
    }

    /// Copies all entries of `other` here; equal keys are overwritten where `replace` says so.
    ///
    /// # Errors
    ///
    /// RuntimeError where a comparison changes `other`; what comparisons raise; MemoryError.
    pub fn merge(&self, cx: &Context, other: &DictBody, replace: bool) -> Result<()> {
        if std::ptr::eq(self, other) {
            return Ok(());
        }
        let (count, version) = (other.len(), other.version());
        let theirs = other.storage.borrow().as_ref().map(|storage| storage.shape);
        let mut at = 0;
        while let Some((index, hash, key, value)) = other.next_hashed(at) {
            if replace || self.find(cx, &key, hash)? == Place::Absent {
                self.set_hashed(cx, &key, hash, value)?;
            }
            if other.len() != count || other.version() != version {
                return Err(cx.runtime_error(format_args!("dict mutated during update")));
            }
            at = index + 1;
        }
        if self.len() == count
            && let Some(theirs) = theirs
            && let Some(storage) = self.storage.borrow_mut().as_mut()
        {
            storage.shape.copied(theirs, count as u32);
        }
        Ok(())
    }

    /// Copies all entries of `other` here; equal keys are overwritten.
    ///
    /// # Errors
    ///
    /// As for [`DictBody::merge`].
    pub fn update(&self, cx: &Context, other: &DictBody) -> Result<()> {
        self.merge(cx, other, true)
    }

    /// What `__sizeof__` of CPython's dict reports, in bytes.
    pub fn reported_bytes(&self) -> usize {
        let storage = self.storage.borrow();
        let own = 48;
        own + storage.as_ref().map_or(0, |storage| storage.shape.bytes())
    }
}

fn hash_at(entries: &[Entry], index: u32) -> u64 {
    entries
        .get(index as usize)
        .map_or(0, |entry| entry.hash as u64)
}

impl Storage {
    /// Appends an entry; there is room for it.
    fn add(&mut self, heap: &Heap, key: Object, hash: i64, value: Object) {
        let index = self.entries.len() as u32;
        let entry = Entry {
            hash,
            key: Slot::of(key),
            value: Slot::of(value),
        };
        if self.entries.push(heap, entry).is_ok() {
            let entries = &self.entries;
            self.table
                .0
                .insert_unique(hash as u64, index, |&index| hash_at(entries, index));
        }
    }

    /// Closes the holes. No entry is dropped, so no foreign code runs.
    fn pack(&mut self) {
        let mut kept = 0;
        for index in 0..self.entries.len() {
            if self.entries[index].key.is_some() {
                self.entries.swap(kept, index);
                kept += 1;
            }
        }
        self.entries.truncate(kept);
        self.table.0.clear();
        let entries = &self.entries;
        for (index, entry) in entries.iter().enumerate() {
            let hash = entry.hash as u64;
            self.table
                .0
                .insert_unique(hash, index as u32, |&index| hash_at(entries, index));
        }
    }
}
