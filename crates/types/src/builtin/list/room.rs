//! How much room a list keeps, which `sys.getsizeof` shows.
//!
//! Appending keeps about an eighth more than is needed, in steps of four, so that `n` appends move
//! the items a number of times that grows with `log n`. A list that is filled from something of
//! known length keeps no more than that, rounded up to an even count. Room is given back when less
//! than half is used, but not below [`KEPT_COUNT`] items unless the list becomes empty.

use crate::{Buffer, Object, OutOfMemory};
use mortice_gc::Heap;

/// Items of room that a list keeps even where few are used.
const KEPT_COUNT: usize = 32;

/// The room for `needed` items in a list that has `length` of them.
fn ample(needed: usize, length: usize) -> usize {
    let ample = needed.saturating_add(needed >> 3).saturating_add(6) & !3;
    // A large step at once is likely the last one.
    if needed.saturating_sub(length) > ample - needed {
        needed.saturating_add(3) & !3
    } else {
        ample
    }
}

/// Makes room for `needed` items in all.
pub fn grow(buffer: &mut Buffer<Object>, heap: &Heap, needed: usize) -> Result<(), OutOfMemory> {
    if needed <= buffer.capacity() {
        return Ok(());
    }
    buffer.resize_capacity(heap, ample(needed, buffer.len()))
}

/// Makes room in an empty list for `needed` items that are known to come.
pub fn prepare(buffer: &mut Buffer<Object>, heap: &Heap, needed: usize) -> Result<(), OutOfMemory> {
    if buffer.capacity() == 0 && needed > 0 {
        return buffer.resize_capacity(heap, needed.saturating_add(needed & 1));
    }
    grow(buffer, heap, needed)
}

/// Gives back room after items went; where memory runs out, it stays.
pub fn settle(buffer: &mut Buffer<Object>, heap: &Heap) {
    let (length, capacity) = (buffer.len(), buffer.capacity());
    let target = if length == 0 {
        0
    } else if length < capacity / 2 && capacity > KEPT_COUNT {
        ample(length, length)
    } else {
        return;
    };
    let _ = buffer.resize_capacity(heap, target);
}
