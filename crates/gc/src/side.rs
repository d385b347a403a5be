//! The side byte: what the collector knows of an object without touching it.
//!
//! A byte of 0 belongs to no tracked object. A tracked object's byte is never 0:
//!
//! ```text
//! bits 7, 6  the generation: 0 young, 1 middle, 2 old, 3 permanent
//! bit 5      PREFIX: two words lie before the header, so that the address is 32 bytes behind the block's start
//! bit 4      WITNESS, while a collection runs: a candidate at a lower address refers to this one
//! bits 0–3   1 outside a collection
//!            while subtracting: 1 + internal references counted (at most 12), or OVERFLOW
//!            while marking:     REACHABLE once reached
//! ```
//!
//! So one comparison tells a candidate of a collection (*tracked, and not too old*), and eight bytes are looked at, and
//! set back, at once.
//!
//! The byte belongs to the block's first granule. From an object's address alone that is the granule of its header, or
//! the one before: where the header's granule has a byte of 0, the object has a prefix or is not tracked, and then
//! the granule before is the prefix's if its byte says PREFIX, since no block with a prefix is as small as a granule.

use crate::header::{HEADER_BYTES, PREFIX_BYTES};
use crate::heap::block_of;
use crate::object::Pointer;
use crate::{Generation, Heap};
use mortice_mem::{GRANULE_BYTES, Memory, SideMap};
use std::cell::Cell;
use std::ptr::NonNull;

/// Two words lie before the header.
pub(crate) const PREFIX: u8 = 1 << 5;
/// The bits that count and mark.
pub(crate) const COUNT_MASK: u8 = (1 << 4) - 1;
/// A candidate that the sweep comes to earlier refers to this one.
pub(crate) const WITNESS: u8 = 1 << 4;
/// The count bits outside a collection.
pub(crate) const REST: u8 = 1;
/// The count is in the table.
pub(crate) const OVERFLOW: u8 = 14;
/// The mark.
pub(crate) const REACHABLE: u8 = 15;
/// The generation of the objects that `gc.freeze` set apart.
pub(crate) const PERMANENT: u32 = 3;

const GENERATION_SHIFT: u32 = 6;
const GENERATION_MASK: u8 = 3 << GENERATION_SHIFT;
const _: () = assert!(HEADER_BYTES == GRANULE_BYTES, "a header is one granule");

/// The byte of an object that has just been tracked.
#[inline(always)]
pub(crate) fn fresh(has_prefix: bool) -> u8 {
    if has_prefix { PREFIX | REST } else { REST }
}

/// The generation that a tracked object's byte tells.
#[inline(always)]
pub(crate) fn generation(value: u8) -> u32 {
    u32::from(value >> GENERATION_SHIFT)
}

/// A tracked object's byte at rest, with another generation.
#[inline(always)]
pub(crate) fn rest(value: u8, generation: u32) -> u8 {
    (value & PREFIX) | REST | ((generation as u8) << GENERATION_SHIFT)
}

/// What a byte less one must be below, to belong to a candidate of a collection.
#[inline(always)]
pub(crate) const fn limit(generation: Generation) -> u8 {
    ((generation as u8 + 1) << GENERATION_SHIFT) - 1
}

/// Tells whether a byte belongs to a tracked object that is not too old.
#[inline(always)]
pub(crate) fn is_candidate(value: u8, limit: u8) -> bool {
    value.wrapping_sub(1) < limit
}

/// The side byte of an object on a heap.
///
/// # Safety
///
/// - `pointer` is the address of an object on a heap.
#[inline(always)]
pub(crate) unsafe fn side_of<'a>(pointer: Pointer) -> &'a Cell<u8> {
    // SAFETY: live-header: the block's start and space follow from the header.
    unsafe {
        let block = block_of(pointer);
        Memory::side(block.start, block.space)
    }
}

/// Where the side bytes of the first region's objects lie.
#[derive(Clone, Copy)]
pub(crate) struct Map {
    base: usize,
    /// Half of the region's bytes.
    half: usize,
    /// The side byte of the granule before the first one.
    before: *const Cell<u8>,
}

impl Map {
    /// The map of a heap's memory. Nothing lies in it where an object's side byte may not be where its address says.
    pub(crate) fn of(heap: &Heap) -> Map {
        let SideMap { base, bytes, side } = if heap.has_displaced.get() {
            SideMap::NOTHING
        } else {
            heap.memory().side_map()
        };
        Map {
            base,
            half: bytes / 2,
            before: side.wrapping_sub(1),
        }
    }

    /// Tells whether an address lies in the map.
    pub(crate) fn holds(self, address: usize) -> bool {
        address.wrapping_sub(self.base) / 2 < self.half
    }

    /// The side byte of a tracked object, found without touching the object where that is possible.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a tracked object.
    /// - The map is that of a memory that lives for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn side_of<'a>(self, pointer: Pointer) -> &'a Cell<u8> {
        let address = pointer.as_ptr() as usize;
        if !self.holds(address) {
            // SAFETY: live-header, by the caller.
            return unsafe { side_of(pointer) };
        }
        // SAFETY: live-header: both side bytes are accessible; one of them is the object's, since it is tracked.
        unsafe {
            let side = &*self.before.add((address - self.base) / GRANULE_BYTES);
            if side.get() != 0 {
                side
            } else {
                &*std::ptr::from_ref(side).sub(1)
            }
        }
    }

    /// Takes the step of the side byte of the object that a word leads to, found from the word alone, so that the object
    /// is not touched.
    ///
    /// # Safety
    ///
    /// - The word is a live object's address, a small integer or null.
    /// - The map is that of a memory that lives.
    #[inline(always)]
    pub(crate) unsafe fn step(self, word: *mut u8, steps: &Steps) -> Step {
        if word.is_null() {
            return Step::Nothing;
        }
        // A small integer's lowest bit becomes the highest one: one comparison finds it as well.
        let half = (word as usize).wrapping_sub(self.base).rotate_right(1);
        if half >= self.half {
            return if word as usize & 1 != 0 {
                Step::Nothing
            } else {
                Step::Apart
            };
        }
        // SAFETY: live-header: object and header lie in an accessible arena, behind the arena's first granules, so that
        // both side bytes are accessible.
        unsafe {
            let side = &*self.before.add(half / (GRANULE_BYTES / 2));
            let value = side.get();
            let next = steps[usize::from(value)];
            if next != 0 {
                side.set(next);
                return Step::Taken;
            }
            if value != 0 {
                return Step::None(value);
            }
            let side = &*self.before.add(half / (GRANULE_BYTES / 2) - 1);
            let value = side.get();
            // Prefix-words: a byte without the flag belongs to the object before.
            if value & PREFIX == 0 {
                return Step::Nothing;
            }
            let next = steps[usize::from(value)];
            if next != 0 {
                side.set(next);
                return Step::Taken;
            }
            Step::None(value)
        }
    }
}

/// What became of a word's object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The word leads to no object, or to one that is not tracked.
    Nothing,
    /// Its side byte has taken its step.
    Taken,
    /// There is no simple step for its side byte, which is this one.
    None(u8),
    /// The object does not lie in the first region, or is static.
    Apart,
}

/// The object in a tracked object's block.
///
/// # Safety
///
/// - `start` is the start of a block, and `value` its side byte, which is not zero.
#[inline(always)]
pub(crate) unsafe fn object_at(start: NonNull<u8>, value: u8) -> Pointer {
    // SAFETY: prefix-words: the side byte tells whether the prefix is there.
    unsafe { start.add(object_offset(value)) }
}

/// How far behind its block's start the object lies that a byte belongs to, if that is a tracked one's.
#[inline(always)]
pub(crate) fn object_offset(value: u8) -> usize {
    const STEP: u32 = (PREFIX as usize / PREFIX_BYTES).trailing_zeros();
    HEADER_BYTES + (usize::from(value & PREFIX) >> STEP)
}

/// What becomes of a side byte; 0 where nothing simple does.
pub(crate) type Steps = [u8; 256];

/// What a reference does to the side byte of a candidate that it leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// It is counted, unless the count leaves the byte. What is reachable already stays so.
    Count,
    /// It is counted, and comes from a candidate at a lower address.
    CountForward,
    /// It marks, unless the byte is marked.
    Mark,
    /// It is nobody's witness after all.
    Retract,
}

/// The tables of the acts, by generation.
static STEPS: [[Steps; 3]; 4] = [
    steps_by_generation(Act::Count),
    steps_by_generation(Act::CountForward),
    steps_by_generation(Act::Mark),
    steps_by_generation(Act::Retract),
];
static NO_STEPS: Steps = [0; 256];

const fn steps_by_generation(act: Act) -> [Steps; 3] {
    [
        steps(Generation::Young, act),
        steps(Generation::Middle, act),
        steps(Generation::Full, act),
    ]
}

const fn steps(generation: Generation, act: Act) -> Steps {
    let mut steps = [0; 256];
    let mut value: u8 = 1;
    while value <= limit(generation) {
        let count = value & COUNT_MASK;
        let is_small = count != 0 && count < OVERFLOW - 1;
        steps[value as usize] = match act {
            Act::Count if is_small => value + 1,
            Act::CountForward if is_small => (value + 1) | WITNESS,
            Act::Count | Act::CountForward if count == REACHABLE => value,
            Act::Mark if count != REACHABLE => value | REACHABLE,
            Act::Retract => value & !WITNESS,
            Act::Count | Act::CountForward | Act::Mark => 0,
        };
        value += 1;
    }
    steps
}

/// The table of an act. Within the list of garbage no step is simple.
pub(crate) fn steps_of(generation: Generation, act: Act, within_garbage: bool) -> &'static Steps {
    if within_garbage {
        &NO_STEPS
    } else {
        &STEPS[act as usize][generation as usize]
    }
}

/// Eight side bytes at once. Masks have the highest bit of each byte that they speak of.
#[derive(Clone, Copy)]
pub(crate) struct Word(pub(crate) u64);

const EACH: u64 = u64::from_ne_bytes([1; 8]);
const HIGHEST: u64 = EACH << 7;

/// Which generations are looked at: those whose higher bit is set are refused, or those with the lower one; those with
/// both always.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    without_high: u64,
    without_low: u64,
}

impl Wanted {
    /// A generation and the younger ones.
    pub(crate) fn up_to(generation: Generation) -> Wanted {
        let (high, low) = match generation {
            Generation::Young => (true, true),
            Generation::Middle => (true, false),
            Generation::Full => (false, false),
        };
        Wanted {
            without_high: u64::from(high) * HIGHEST,
            without_low: u64::from(low) * HIGHEST,
        }
    }
}

impl Word {
    /// Reads a word; the byte of the lowest granule is the lowest one.
    #[inline(always)]
    pub(crate) fn read(word: &Cell<u64>) -> Word {
        Word(u64::from_le(word.get()))
    }

    /// Writes a word.
    #[inline(always)]
    pub(crate) fn write(self, word: &Cell<u64>) {
        word.set(self.0.to_le());
    }

    /// The bytes of candidates.
    #[inline(always)]
    pub(crate) fn candidates(self, wanted: Wanted) -> u64 {
        let counts = EACH * u64::from(COUNT_MASK);
        // A tracked object's count bits are not 0.
        let tracked = ((self.0 & counts) + counts) << 3;
        let (high, low) = (self.0, self.0 << 1);
        let too_old = (high & (low | wanted.without_high)) | (low & wanted.without_low);
        tracked & !too_old & HIGHEST
    }

    /// The bytes of what is marked.
    #[inline(always)]
    pub(crate) fn reachable(self) -> u64 {
        (((self.0 & (EACH * u64::from(COUNT_MASK))) + EACH) << 3) & HIGHEST
    }

    /// The bytes of what a candidate at a lower address refers to.
    #[inline(always)]
    pub(crate) fn witnessed(self) -> u64 {
        (self.0 << 3) & HIGHEST
    }

    /// Marks the bytes of a mask.
    #[inline(always)]
    pub(crate) fn marked(self, mask: u64) -> Word {
        Word(self.0 | ((mask >> 7) * u64::from(REACHABLE)))
    }

    /// The younger generations among the bytes of a mask, as bits: 1 the youngest, 2 the middle one.
    #[inline(always)]
    pub(crate) fn younger_generations(self, mask: u64) -> u8 {
        let (high, low) = (self.0, self.0 << 1);
        let young = mask & !high & !low;
        let middle = mask & !high & low;
        u8::from(young != 0) | u8::from(middle != 0) << 1
    }

    /// Sets the bytes of a mask to rest, and their generation where one is given.
    #[inline(always)]
    pub(crate) fn settled(self, mask: u64, generation: Option<u32>) -> Word {
        let whole = (mask >> 7) * 0xff;
        let (kept, new) = match generation {
            Some(generation) => {
                let new = REST | ((generation as u8) << GENERATION_SHIFT);
                (PREFIX, new)
            }
            None => (PREFIX | GENERATION_MASK, REST),
        };
        let settled = (self.0 & (EACH * u64::from(kept))) | (EACH * u64::from(new));
        Word((self.0 & !whole) | (settled & whole))
    }
}

/// The numbers of the bytes in a mask, lowest first.
#[inline(always)]
pub(crate) fn bytes(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let index = (mask != 0).then(|| mask.trailing_zeros() as usize / 8);
        mask &= mask.wrapping_sub(1);
        index
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATIONS: [Generation; 3] = [Generation::Young, Generation::Middle, Generation::Full];

    /// Every value a byte can have, among all values of its neighbour, agrees with the plain reading.
    #[test]
    fn words_agree_with_bytes() {
        for value in 0..=u8::MAX {
            for neighbour in 0..=u8::MAX {
                let all = [neighbour, value, neighbour, value, 0, value, 255, neighbour];
                let word = Word(u64::from_le_bytes(all));
                for wanted in GENERATIONS {
                    let found: Vec<usize> = bytes(word.candidates(Wanted::up_to(wanted))).collect();
                    let is_tracked = |value: u8| value & COUNT_MASK != 0;
                    let expected: Vec<usize> = (0..8)
                        .filter(|index| is_tracked(all[*index]))
                        .filter(|index| generation(all[*index]) <= wanted as u32)
                        .collect();
                    assert_eq!(found, expected, "{all:?}, {wanted:?}");
                    for index in found {
                        assert!(is_candidate(all[index], limit(wanted)));
                    }
                }
                let marked: Vec<usize> = bytes(word.reachable()).collect();
                let expected: Vec<usize> = (0..8)
                    .filter(|index| all[*index] & COUNT_MASK == REACHABLE)
                    .collect();
                assert_eq!(marked, expected, "{all:?}");
            }
        }
    }

    #[test]
    fn settling_leaves_the_other_bytes_alone() {
        let all = [0, 31 | PREFIX, 1, 7 | 1 << 6, 0, 31, 0xc1, 31 | 2 << 6];
        let word = Word(u64::from_le_bytes(all));
        let mask = word.candidates(Wanted::up_to(Generation::Full)) & word.reachable();
        let older = word.settled(mask, Some(1)).0.to_le_bytes();
        let same = word.settled(mask, None).0.to_le_bytes();
        assert_eq!(
            older,
            [
                0,
                1 | PREFIX | 1 << 6,
                1,
                7 | 1 << 6,
                0,
                1 | 1 << 6,
                0xc1,
                1 | 1 << 6
            ]
        );
        assert_eq!(same, [0, 1 | PREFIX, 1, 7 | 1 << 6, 0, 1, 0xc1, 1 | 2 << 6]);
        assert_eq!(rest(31 | PREFIX, 2), 1 | PREFIX | 2 << 6);
    }

    /// Bytes that are not 0 but untracked do not occur; a byte at rest is a candidate of its own generation.
    #[test]
    fn a_byte_at_rest_is_a_candidate_of_its_generation_and_older_ones() {
        for age in 0..=PERMANENT {
            let value = rest(fresh(true), age);
            for wanted in GENERATIONS {
                assert_eq!(is_candidate(value, limit(wanted)), age <= wanted as u32);
                assert!(!is_candidate(0, limit(wanted)));
            }
        }
    }
}
