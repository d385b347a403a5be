//! How much memory stays resident for what is in use.

use std::fs;

use crate::load::{Numbers, mixed_sizes};
use crate::subject::Subject;

/// The blocks that are allocated.
const BLOCKS: usize = 2_000_000;
/// Of as many blocks in a row, all are released or none.
const RUN: usize = 1_000;

/// Resident bytes for each byte in use.
pub struct Resident {
    /// With all blocks in use.
    pub full: f64,
    /// After nine tenths of the blocks were released, in runs of a thousand that were allocated one after another.
    pub sparse: f64,
    /// After the allocator was asked to give back what it can.
    pub purged: f64,
}

/// Measures a subject, in a process that did little else before.
pub fn measure<S: Subject>(subject: &S) -> Resident {
    let sizes = mixed_sizes();
    let mut numbers = Numbers(3);
    // Written once, so that the list itself is resident before the measuring begins.
    let mut blocks: Vec<(*mut u8, usize)> = vec![(std::ptr::dangling_mut(), 1); BLOCKS];
    let before = resident_bytes();
    let mut live = 0;
    for block in &mut blocks {
        let bytes = sizes[(numbers.next() & 255) as usize];
        let start = subject.malloc(bytes);
        assert!(!start.is_null(), "no memory for {bytes} bytes");
        // SAFETY: *live-block*: just allocated with that size.
        unsafe { start.write_bytes(1, bytes) };
        *block = (start, bytes);
        live += bytes;
    }
    let ratio = |live: usize| resident_bytes().saturating_sub(before) as f64 / live as f64;
    let full = ratio(live);
    for run in blocks.chunks(RUN) {
        if numbers.next().is_multiple_of(10) {
            continue;
        }
        for &(start, bytes) in run {
            // SAFETY: *live-block*: every block is released once.
            unsafe { subject.free(start) };
            live -= bytes;
        }
    }
    let sparse = ratio(live);
    subject.purge();
    let purged = ratio(live);
    Resident {
        full,
        sparse,
        purged,
    }
}

/// The resident bytes of this process.
fn resident_bytes() -> usize {
    let text = fs::read_to_string("/proc/self/statm").expect("the process can read its own size");
    let pages: usize = (text.split(' ').nth(1))
        .and_then(|field| field.parse().ok())
        .expect("the second field is the number of resident pages");
    pages * 4096
}
