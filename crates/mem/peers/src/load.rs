//! What the allocators are made to do.
//!
//! Every block's first word is written when it is allocated, and read and written before it is released, as the first
//! and the last use of an object do.

use std::hint::black_box;

use mortice_profile::trace::{Event, Trace};

use crate::subject::Subject;

/// Sizes of requests and how many of 256 ask for each: what CPython asks for while it runs programs of many kinds.
const SIZES: [(usize, u8); 12] = [
    (16, 12),
    (32, 82),
    (48, 74),
    (64, 47),
    (80, 7),
    (96, 4),
    (112, 2),
    (128, 3),
    (160, 2),
    (208, 6),
    (224, 6),
    (240, 11),
];

/// A generator of numbers, the same on each run (splitmix64).
pub struct Numbers(pub u64);

impl Numbers {
    #[inline(always)]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

/// 256 sizes in their shares.
pub fn mixed_sizes() -> [usize; 256] {
    let mut sizes = [0; 256];
    let mut at = 0;
    for (bytes, share) in SIZES {
        for _ in 0..share {
            sizes[at] = bytes;
            at += 1;
        }
    }
    assert_eq!(at, sizes.len(), "the shares are of 256");
    sizes
}

#[inline(always)]
fn take<S: Subject>(subject: &S, bytes: usize) -> *mut u8 {
    let block = subject.malloc(black_box(bytes));
    assert!(!block.is_null(), "no memory for {bytes} bytes");
    // SAFETY: *live-block*: just allocated with room for a word.
    unsafe { block.cast::<u64>().write(bytes as u64) };
    block
}

#[inline(always)]
fn drop_last<S: Subject>(subject: &S, block: *mut u8) {
    // SAFETY: *live-block*: every block has room for a word, was taken from the subject, and is released once.
    unsafe {
        let word = block.cast::<u64>();
        word.write(word.read().wrapping_sub(1));
        subject.free(black_box(block));
    }
}

/// Allocates and releases, `pairs` times, one block at a time.
pub fn pairs<S: Subject>(subject: &S, pairs: usize, bytes: usize) {
    for _ in 0..pairs {
        let block = subject.malloc(black_box(bytes));
        // SAFETY: *live-block*: taken above and released once.
        unsafe { subject.free(black_box(block)) };
    }
}

/// A trace, ready to be run: its events and room for its blocks.
pub struct Replay {
    events: Vec<Packed>,
    blocks: Vec<*mut u8>,
}

/// An event in one word, so that reading the trace disturbs the caches little.
#[derive(Clone, Copy)]
struct Packed {
    slot: u32,
    /// The size, or one of the two values below.
    bytes: u32,
}

/// Marks a release.
const RELEASE: u32 = u32::MAX;
/// Marks a reallocation to the size in the other bits.
const REALLOCATE: u32 = 1 << 31;

impl Replay {
    pub fn new(trace: &Trace) -> Replay {
        // Room for a word in every block; sizes of two GiB and more do not occur in a program's trace.
        let size = |bytes: usize| (bytes.max(8) as u32).min(REALLOCATE - 1);
        let pack = |event| match event {
            Event::Allocate { slot, bytes, .. } => (slot, size(bytes)),
            Event::Release { slot } => (slot, RELEASE),
            Event::Reallocate { slot, bytes, .. } => (slot, size(bytes) | REALLOCATE),
        };
        Replay {
            events: (trace.events().map(pack))
                .map(|(slot, bytes)| Packed { slot, bytes })
                .collect(),
            blocks: vec![std::ptr::null_mut(); trace.slot_count()],
        }
    }

    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Runs the trace. Words that are read depend on what was written, so that no access can be left out.
    pub fn run<S: Subject>(&mut self, subject: &S) {
        for &Packed { slot, bytes } in &self.events {
            let block = &mut self.blocks[slot as usize];
            if bytes < REALLOCATE {
                *block = take(subject, bytes as usize);
            } else if bytes == RELEASE {
                drop_last(subject, *block);
            } else {
                let bytes = (bytes ^ REALLOCATE) as usize;
                // SAFETY: *live-block*: the trace was checked: the slot holds a block.
                *block = unsafe { subject.realloc(black_box(*block), bytes) };
                assert!(!block.is_null(), "no memory for {bytes} bytes");
            }
        }
    }
}

/// Slots whose blocks live for random times.
pub struct Lifetimes {
    sizes: [usize; 256],
    blocks: Vec<*mut u8>,
    numbers: Numbers,
}

impl Lifetimes {
    /// Fills the slots.
    pub fn new<S: Subject>(subject: &S, slots: usize) -> Lifetimes {
        let mut lifetimes = Lifetimes {
            sizes: mixed_sizes(),
            blocks: Vec::with_capacity(slots),
            numbers: Numbers(1),
        };
        for _ in 0..slots {
            let bytes = lifetimes.sizes[(lifetimes.numbers.next() & 255) as usize];
            lifetimes.blocks.push(take(subject, bytes));
        }
        lifetimes
    }

    /// Releases a slot's block and allocates another there, `count` times, the slots and sizes at random.
    pub fn run<S: Subject>(&mut self, subject: &S, count: usize) {
        for _ in 0..count {
            let number = self.numbers.next();
            let slot = ((number >> 32) as usize * self.blocks.len()) >> 32;
            let bytes = self.sizes[(number & 255) as usize];
            drop_last(subject, self.blocks[slot]);
            self.blocks[slot] = take(subject, bytes);
        }
    }

    /// Releases what is left.
    pub fn end<S: Subject>(self, subject: &S) {
        for block in self.blocks {
            drop_last(subject, block);
        }
    }
}

/// The order in which a million blocks are released.
#[derive(Clone, Copy)]
pub enum Order {
    Forward,
    Reverse,
    Random,
}

/// Allocates blocks into a list.
pub fn fill<S: Subject>(subject: &S, blocks: &mut Vec<*mut u8>, count: usize, bytes: usize) {
    blocks.clear();
    for _ in 0..count {
        blocks.push(take(subject, bytes));
    }
}

/// Brings a list into an order.
pub fn arrange(blocks: &mut [*mut u8], order: Order) {
    match order {
        Order::Forward => {}
        Order::Reverse => blocks.reverse(),
        Order::Random => {
            let mut numbers = Numbers(7);
            for last in (1..blocks.len()).rev() {
                let other = (numbers.next() % (last as u64 + 1)) as usize;
                blocks.swap(last, other);
            }
        }
    }
}

/// Releases the blocks of a list.
pub fn clear<S: Subject>(subject: &S, blocks: &[*mut u8]) {
    for &block in blocks {
        drop_last(subject, block);
    }
}
