//! What CPython's table for the same dict would be, so that `__sizeof__` reports its figures.
//!
//! A table has 2ⁿ index cells and room for two thirds as many entries. It grows when an entry is
//! added and no room is left, to hold three times the entries that are live; a key that is no `str`
//! among keys that all are makes it grow too, since entries of text keys leave the hash out.

/// The size of a table of CPython's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// The table has 2 to this power index cells; 0 before the first entry.
    log2: u8,
    /// Entries that fit before the table grows.
    room: u32,
    /// Some key is no `str`.
    mixed: bool,
}

/// The figures of a table, observed through `sys.getsizeof`.
const HEAD_BYTES: usize = 32;
const TEXT_ENTRY_BYTES: usize = 16;
const MIXED_ENTRY_BYTES: usize = 24;
const SMALLEST_LOG2: u8 = 3;

impl Shape {
    fn of(least_cells: u32, live: u32, mixed: bool) -> Shape {
        let log2 = least_cells
            .max(1 << SMALLEST_LOG2)
            .next_power_of_two()
            .trailing_zeros() as u8;
        let mut shape = Shape {
            log2,
            room: 0,
            mixed,
        };
        shape.room = (shape.capacity() as u32).saturating_sub(live);
        shape
    }

    /// Entries that the table holds.
    fn capacity(self) -> usize {
        (1usize << self.log2) * 2 / 3
    }

    /// An entry is added to `live` ones.
    pub(crate) fn insert(&mut self, live: u32, is_text: bool) {
        if self.log2 == 0 {
            *self = Shape::of(0, 0, !is_text);
        } else if self.room == 0 || (!is_text && !self.mixed) {
            *self = Shape::of(live.saturating_mul(3), live, !is_text || self.mixed);
        }
        self.room = self.room.saturating_sub(1);
    }

    /// All `live` entries were copied from a table of this shape into an empty dict: a table that
    /// is well filled is copied as it is.
    pub(crate) fn copied(&mut self, from: Shape, live: u32) {
        let half = Shape {
            log2: from.log2.saturating_sub(1),
            ..from
        };
        if from.log2 <= SMALLEST_LOG2 || half.capacity() < live as usize {
            *self = from;
        }
    }

    /// Bytes of the table.
    pub(crate) fn bytes(self) -> usize {
        if self.log2 == 0 {
            return 0;
        }
        let cell_bytes = match self.log2 {
            0..8 => 1,
            8..16 => 2,
            16..32 => 4,
            _ => 8,
        };
        let entry_bytes = if self.mixed {
            MIXED_ENTRY_BYTES
        } else {
            TEXT_ENTRY_BYTES
        };
        HEAD_BYTES + (cell_bytes << self.log2) + self.capacity() * entry_bytes
    }
}
