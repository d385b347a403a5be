//! Which slot the block at an address has.

use hashbrown::HashMap;

/// Addresses are looked up by page, since a program's blocks lie together: the next page is often one of the last.
const PAGE_SHIFT: u32 = 12;
/// Blocks are aligned to this; the few others have a table of their own.
const GRANULE_SHIFT: u32 = 4;
const PAGE_GRANULES: usize = 1 << (PAGE_SHIFT - GRANULE_SHIFT);
/// The pages of those looked up last that are found without the table: one for each remainder.
const RECENT: usize = 256;

/// Slots by address. A page that held a block keeps its table: a quarter of its own size.
pub struct Places {
    /// The table of each page.
    pages: HashMap<u64, usize>,
    /// For each granule of a page, the slot of the block that begins there and one more, or 0.
    tables: Vec<[u32; PAGE_GRANULES]>,
    /// The page of each remainder looked up last, and its table.
    recent: Box<[(u64, usize); RECENT]>,
    /// What `tables` has, of blocks that begin between granules.
    between: HashMap<u64, u32>,
}

impl Places {
    /// Makes an empty map.
    pub fn new() -> Places {
        Places {
            pages: HashMap::from_iter([(0, 0)]),
            tables: vec![[0; PAGE_GRANULES]],
            recent: Box::new([(0, 0); RECENT]),
            between: HashMap::new(),
        }
    }

    /// The place of the slot of an address, which holds one more than it, or 0.
    #[inline]
    pub fn at(&mut self, address: u64) -> &mut u32 {
        if address & ((1 << GRANULE_SHIFT) - 1) != 0 {
            return self.between.entry(address).or_insert(0);
        }
        let page = address >> PAGE_SHIFT;
        let remainder = page as usize % RECENT;
        let (known, mut table) = self.recent[remainder];
        if page != known {
            table = self.table(page);
            self.recent[remainder] = (page, table);
        }
        let granule = (address >> GRANULE_SHIFT) as usize % PAGE_GRANULES;
        &mut self.tables[table][granule]
    }

    fn table(&mut self, page: u64) -> usize {
        *self.pages.entry(page).or_insert_with(|| {
            self.tables.push([0; PAGE_GRANULES]);
            self.tables.len() - 1
        })
    }

    /// All slots that are taken, lowest first.
    pub fn taken(&self) -> Vec<u32> {
        let between = self.between.values();
        let places = self.tables.iter().flatten().chain(between);
        let mut slots: Vec<u32> = places.filter_map(|place| place.checked_sub(1)).collect();
        slots.sort_unstable();
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_a_place_of_its_own() {
        let mut places = Places::new();
        let addresses: Vec<u64> = (0..300)
            .map(|number| number * 16)
            .chain([1, 8, 4097, 1 << 47, (1 << 47) + 8, u64::MAX, u64::MAX - 15])
            .collect();
        for (slot, &address) in addresses.iter().enumerate() {
            assert_eq!(*places.at(address), 0, "{address:#x}");
            *places.at(address) = slot as u32 + 1;
        }
        for (slot, &address) in addresses.iter().enumerate().rev() {
            assert_eq!(*places.at(address), slot as u32 + 1, "{address:#x}");
        }
        let all: Vec<u32> = (0..addresses.len() as u32).collect();
        assert_eq!(places.taken(), all);
        *places.at(16) = 0;
        assert_eq!(places.taken().len(), addresses.len() - 1);
    }
}
