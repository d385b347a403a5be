//! The hash table of a set.
//!
//! Open addressing: a key lies in the first free cell of its probe sequence, which looks at runs of
//! up to ten neighbours before it jumps by the remaining bits of the hash. A removed key leaves a
//! mark, so that sequences through its cell go on; marks end when the table is rebuilt. Sequence,
//! sizes and the moments of growth are those of CPython, so that sets of the same history iterate
//! in the same order and report the same `__sizeof__`.
//!
//! A comparison of two keys may run any code; no part of the table is borrowed meanwhile, and a
//! look-up that finds the set changed starts again.

use crate::{Context, Object, Result, builtin};
use mortice_gc::{Buffer, Items, OutOfMemory, Slot};
use std::cell::Cell;

/// A cell: the key's hash and the key. Without a key, 0 stands in a cell that was never used and
/// −1, which is no key's hash, in one whose key was removed.
type Entry = (Cell<i64>, Slot);

const REMOVED: i64 = -1;
/// Cells of the smallest table.
const LEAST_CELLS: usize = 8;
/// Neighbours that are looked at before the sequence jumps.
const RUN: usize = 9;
/// Sets above this many keys double instead of growing fourfold.
const LARGE: usize = 50_000;

crate::body! {
    /// The body of a set or frozenset.
    pub struct SetBody {
        /// The cells, a power of two of them; none before the first key.
        table: Items<Entry>,
        /// Keys in the table.
        used: Cell<usize>,
        /// Keys and marks of removed ones.
        filled: Cell<usize>,
        /// Changes with every key added or removed.
        version: Cell<u64>,
        /// Where `pop` goes on.
        finger: Cell<usize>,
        /// A frozenset's hash, once asked for.
        pub(super) hash: Cell<Option<i64>>,
    }
}

/// The cells that a hash leads to, in order; it never ends.
struct Probe {
    at: usize,
    left: usize,
    start: usize,
    bits: u64,
    mask: usize,
}

impl Probe {
    fn new(hash: i64, mask: usize) -> Probe {
        let start = hash as usize & mask;
        let mut probe = Probe {
            at: start,
            left: 0,
            start,
            bits: hash as u64,
            mask,
        };
        probe.left = probe.run();
        probe
    }

    /// Further neighbours to look at: none near the table's end.
    fn run(&self) -> usize {
        if self.start + RUN <= self.mask {
            RUN
        } else {
            0
        }
    }

    fn next(&mut self) -> usize {
        let found = self.at;
        if self.left > 0 {
            self.left -= 1;
            self.at += 1;
        } else {
            self.bits >>= 5;
            let next = self.start.wrapping_mul(5).wrapping_add(1);
            self.start = next.wrapping_add(self.bits as usize) & self.mask;
            self.at = self.start;
            self.left = self.run();
        }
        found
    }
}

/// What the table says about a key before any comparison runs foreign code.
enum Found {
    /// The key itself lies in this cell.
    Here(usize),
    /// A key of the same hash lies in this cell, the `n`-th that was looked at.
    Perhaps(usize, usize, Object),
    /// It is not there.
    Absent,
}

impl SetBody {
    /// Number of keys.
    pub fn len(&self) -> usize {
        if self.table.is_empty() {
            0
        } else {
            self.used.get()
        }
    }

    /// Tells whether there are no keys.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Changes when keys are added or removed.
    pub fn version(&self) -> u64 {
        self.version.get()
    }

    /// Cells minus one, as CPython counts them: a set without table has one of eight.
    fn mask(&self) -> usize {
        self.table.len().max(LEAST_CELLS) - 1
    }

    /// The first key at or after a cell, with the cell and the hash.
    pub fn next_key(&self, from: usize) -> Option<(usize, i64, Object)> {
        self.table.with(|table| {
            let cells = table.get(from..)?;
            cells
                .iter()
                .enumerate()
                .find_map(|(distance, (hash, key))| Some((from + distance, hash.get(), key.get()?)))
        })
    }

    fn probe(&self, key: &Object, hash: i64, skip: usize) -> Found {
        self.table.with(|table| {
            if table.is_empty() {
                return Found::Absent;
            }
            let mut probe = Probe::new(hash, table.len() - 1);
            for nth in 0.. {
                let cell = probe.next();
                let (known_hash, known) = &table[cell];
                if known_hash.get() == 0 && !known.is_some() {
                    return Found::Absent;
                }
                if known.holds(key) {
                    return Found::Here(cell);
                }
                if nth >= skip
                    && known_hash.get() == hash
                    && let Some(known) = known.get()
                {
                    return Found::Perhaps(cell, nth, known);
                }
            }
            Found::Absent
        })
    }

    /// The cell of a key.
    fn find(&self, cx: &Context, key: &Object, hash: i64) -> Result<Option<usize>> {
        'again: loop {
            let version = self.version.get();
            let mut skip = 0;
            loop {
                match self.probe(key, hash, skip) {
                    Found::Here(cell) => return Ok(Some(cell)),
                    Found::Absent => return Ok(None),
                    Found::Perhaps(cell, nth, known) => {
                        let exact_text = cx.is_exactly(&known, &builtin::STR)
                            && cx.is_exactly(key, &builtin::STR);
                        let equal = if exact_text {
                            crate::text(&known) == crate::text(key)
                        } else {
                            let equal = cx.equal(&known, key)?;
                            if self.version.get() != version {
                                continue 'again;
                            }
                            equal
                        };
                        if equal {
                            return Ok(Some(cell));
                        }
                        skip = nth + 1;
                    }
                }
            }
        }
    }

    /// Tells whether a key is there.
    ///
    /// # Errors
    ///
    /// What comparisons raise.
    pub fn has(&self, cx: &Context, key: &Object, hash: i64) -> Result<bool> {
        Ok(self.find(cx, key, hash)?.is_some())
    }

    /// Adds a key; an equal one that is there already stays.
    ///
    /// # Errors
    ///
    /// What comparisons raise; MemoryError.
    pub fn insert(&self, cx: &Context, key: &Object, hash: i64) -> Result<()> {
        if self.find(cx, key, hash)?.is_some() {
            return Ok(());
        }
        cx.fallible(self.insert_absent(cx, key.clone(), hash))
    }

    fn insert_absent(
        &self,
        cx: &Context,
        key: Object,
        hash: i64,
    ) -> std::result::Result<(), OutOfMemory> {
        if self.table.is_empty() {
            self.rebuild(cx, 0)?;
        }
        let (filled, used) = (self.filled.get() + 1, self.len() + 1);
        // The larger table is there before the key is, so that a failure changes nothing.
        let larger = if filled * 5 < self.mask() * 3 {
            None
        } else {
            let wanted = if used > LARGE { used * 2 } else { used * 4 };
            Some(empty_table(cx, wanted)?)
        };
        self.table.with(|table| place(table, key, hash));
        self.filled.set(filled);
        self.used.set(used);
        self.version.set(self.version.get().wrapping_add(1));
        if let Some(larger) = larger {
            self.move_to(larger);
        }
        Ok(())
    }

    /// Moves the keys to a table of more than `wanted` cells.
    fn rebuild(&self, cx: &Context, wanted: usize) -> std::result::Result<(), OutOfMemory> {
        let table = empty_table(cx, wanted)?;
        self.move_to(table);
        Ok(())
    }

    fn move_to(&self, mut larger: Buffer<Entry>) {
        let mut used = 0;
        self.table.with(|table| {
            for (hash, key) in table.iter() {
                if let Some(key) = key.take() {
                    place(&mut larger, key, hash.get());
                    used += 1;
                }
            }
        });
        // No key is left in the old table, so nothing ends here but its memory.
        drop(self.table.replace(larger));
        self.used.set(used);
        self.filled.set(used);
    }

    /// Adds all keys of another set.
    ///
    /// # Errors
    ///
    /// What comparisons raise; MemoryError.
    pub fn merge(&self, cx: &Context, other: &SetBody) -> Result<()> {
        if std::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        self.make_room(cx, other.len())?;
        if self.filled.get() == 0
            && self.mask() == other.mask()
            && other.filled.get() == other.len()
        {
            return cx.fallible(self.copy_table(cx, other));
        }
        let mut at = 0;
        while let Some((cell, hash, key)) = other.next_key(at) {
            self.insert(cx, &key, hash)?;
            at = cell + 1;
        }
        Ok(())
    }

    /// Makes room for keys that are about to come, most of them new.
    pub(super) fn make_room(&self, cx: &Context, count: usize) -> Result<()> {
        if (self.filled.get() + count) * 5 >= self.mask() * 3 {
            cx.fallible(self.rebuild(cx, (self.len() + count) * 2))?;
        }
        Ok(())
    }

    /// Takes over the cells of a table without marks.
    fn copy_table(&self, cx: &Context, other: &SetBody) -> std::result::Result<(), OutOfMemory> {
        let mut copy = Buffer::with_capacity(cx.heap(), other.table.len())?;
        other.table.with(|table| {
            table.iter().try_for_each(|(hash, key)| {
                let cell = Slot::default();
                drop(cell.replace(key.get()));
                copy.push(cx.heap(), (hash.clone(), cell))
            })
        })?;
        drop(self.table.replace(copy));
        self.used.set(other.len());
        self.filled.set(other.len());
        self.version.set(self.version.get().wrapping_add(1));
        Ok(())
    }

    /// Removes a key and returns it; the caller drops it.
    ///
    /// # Errors
    ///
    /// What comparisons raise.
    pub fn remove(&self, cx: &Context, key: &Object, hash: i64) -> Result<Option<Object>> {
        Ok(self.find(cx, key, hash)?.and_then(|cell| self.vacate(cell)))
    }

    fn vacate(&self, cell: usize) -> Option<Object> {
        let key = self.table.with(|table| {
            let (hash, key) = table.get(cell)?;
            let key = key.take()?;
            hash.set(REMOVED);
            Some(key)
        })?;
        self.used.set(self.used.get() - 1);
        self.version.set(self.version.get().wrapping_add(1));
        Some(key)
    }

    /// Removes some key, going round the table.
    pub fn pop(&self) -> Option<Object> {
        if self.is_empty() {
            return None;
        }
        let from = self.finger.get() & self.mask();
        let (cell, _, _) = self.next_key(from).or_else(|| self.next_key(0))?;
        self.finger.set(cell + 1);
        self.vacate(cell)
    }

    /// Removes all keys; the caller drops what is returned.
    pub fn empty(&self) -> impl Sized + use<> {
        self.used.set(0);
        self.filled.set(0);
        self.version.set(self.version.get().wrapping_add(1));
        self.table.take()
    }

    /// Exchanges the keys with another set's.
    pub(super) fn swap(&self, other: &SetBody) {
        let mine = self.table.take();
        drop(self.table.replace(other.table.replace(mine)));
        self.used.swap(&other.used);
        self.filled.swap(&other.filled);
        for body in [self, other] {
            body.version.set(body.version.get().wrapping_add(1));
        }
    }

    /// What CPython's `__sizeof__` adds to the size of the instance, in bytes.
    pub fn table_bytes(&self) -> usize {
        match self.table.len() {
            0..=LEAST_CELLS => 0,
            cells => cells * 16,
        }
    }
}

/// A table of more than `wanted` cells.
fn empty_table(cx: &Context, wanted: usize) -> std::result::Result<Buffer<Entry>, OutOfMemory> {
    let mut cells = LEAST_CELLS;
    while cells <= wanted {
        cells = cells.checked_mul(2).ok_or(OutOfMemory)?;
    }
    let mut table = Buffer::with_capacity(cx.heap(), cells)?;
    for _ in 0..cells {
        table.push(cx.heap(), Entry::default())?;
    }
    Ok(table)
}

/// Puts a key that is not there into the first cell that was never used.
fn place(table: &mut Buffer<Entry>, key: Object, hash: i64) {
    let mut probe = Probe::new(hash, table.len() - 1);
    loop {
        let (known_hash, known) = &table[probe.next()];
        if known_hash.get() == 0 && !known.is_some() {
            known_hash.set(hash);
            known.set(key);
            return;
        }
    }
}
