//! What a candidate leaves to the system's allocator.

/// The bytes that the system puts before a block, and what it rounds up to.
const SYSTEM_HEADER_BYTES: usize = 8;
const SYSTEM_GRANULE_BYTES: usize = 16;
const SYSTEM_LEAST_BYTES: usize = 32;

/// Blocks of the system's allocator, by number.
#[derive(Default)]
pub struct LargeBlocks {
    blocks: Vec<Vec<u64>>,
    spare: Vec<usize>,
}

impl LargeBlocks {
    /// Allocates a block and gives its number; none without memory.
    pub fn allocate(&mut self, bytes: usize) -> Option<usize> {
        let mut block = Vec::new();
        block.try_reserve_exact(words(bytes)).ok()?;
        Some(match self.spare.pop() {
            Some(number) => {
                self.blocks[number] = block;
                number
            }
            None => {
                self.blocks.push(block);
                self.blocks.len() - 1
            }
        })
    }

    /// Writes the first word of a fresh block.
    pub fn write(&mut self, number: usize, word: u64) {
        self.blocks[number].push(word);
    }

    /// Writes the contents of a fresh block, as far as it has room.
    pub fn fill(&mut self, number: usize, contents: &[u64]) {
        let block = &mut self.blocks[number];
        let room = contents.len().min(block.capacity());
        block.extend_from_slice(&contents[..room]);
    }

    /// Changes the size of a block. Gives false, and leaves the block, without memory.
    pub fn resize(&mut self, number: usize, bytes: usize) -> bool {
        let (block, words) = (&mut self.blocks[number], words(bytes));
        if words < block.capacity() {
            block.truncate(words);
            block.shrink_to(words);
            return true;
        }
        block.try_reserve_exact(words - block.len()).is_ok()
    }

    /// Releases a block and gives its first word.
    pub fn release(&mut self, number: usize) -> u64 {
        self.spare.push(number);
        let block = std::mem::take(&mut self.blocks[number]);
        block.first().copied().unwrap_or(0)
    }
}

/// The words that hold so many bytes, and at least one.
fn words(bytes: usize) -> usize {
    bytes.div_ceil(8).max(1)
}

/// The bytes that the system takes for a block, as glibc's allocator counts them.
pub fn system_bytes(bytes: usize) -> usize {
    bytes
        .saturating_add(SYSTEM_HEADER_BYTES)
        .next_multiple_of(SYSTEM_GRANULE_BYTES)
        .max(SYSTEM_LEAST_BYTES)
}
