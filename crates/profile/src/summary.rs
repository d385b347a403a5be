//! What a trace says of the program that it was recorded from.

use serde::Serialize;

use crate::trace::{Event, Trace};

/// The bytes of a row of the histogram up to [`FINE_LIMIT_BYTES`]; larger rows double.
pub const ROW_BYTES: usize = 16;
/// Where rows begin to double.
pub const FINE_LIMIT_BYTES: usize = 512;
/// Blocks are counted by whether fewer allocations than this came between their own and their release.
pub const LIFETIMES: [u64; 5] = [1, 8, 64, 8 << 10, 256 << 10];
/// The points of the curve of live bytes, at most.
const CURVE_POINTS: usize = 1_000;

/// Requests of one range of sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SizeRow {
    /// The smallest size.
    pub from_bytes: usize,
    /// The largest size.
    pub to_bytes: usize,
    /// The allocations.
    pub count: u64,
}

/// The domains that allocations were recorded for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DomainCounts {
    /// Allocations whose domain was not recorded.
    pub unknown: u64,
    /// Of the raw domain.
    pub raw: u64,
    /// Of the mem domain.
    pub mem: u64,
    /// Of the object domain.
    pub object: u64,
}

/// A point of the curve of live bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CurvePoint {
    /// How many events have been.
    pub events: usize,
    /// The most bytes alive since the last point.
    pub live_bytes: usize,
}

/// What a trace says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// All events.
    pub events: usize,
    /// Those that allocate.
    pub allocations: u64,
    /// Those that reallocate.
    pub reallocations: u64,
    /// Allocations by domain.
    pub domains: DomainCounts,
    /// The mean size of an allocation.
    pub mean_bytes: f64,
    /// The most bytes alive at once.
    pub peak_bytes: usize,
    /// The most blocks alive at once.
    pub peak_blocks: usize,
    /// The blocks that fewer allocations than [`LIFETIMES`] followed before their release.
    pub lifetimes: [u64; LIFETIMES.len()],
    /// The sizes of allocations, smallest first; a row for each size that occurs.
    pub sizes: Vec<SizeRow>,
    /// The bytes alive in the course of the events.
    pub curve: Vec<CurvePoint>,
}

impl Summary {
    /// Reads a trace from its beginning to its end.
    pub fn of(trace: &Trace) -> Summary {
        let mut summary = Summary {
            events: trace.len(),
            ..Summary::default()
        };
        let mut total_bytes = 0u128;
        let mut sizes = Vec::<SizeRow>::new();
        // The size of each slot's block, and the allocations before its own.
        let mut blocks = vec![(0usize, 0u64); trace.slot_count()];
        let (mut live_bytes, mut live_blocks) = (0, 0);
        let step = trace.len().div_ceil(CURVE_POINTS).max(1);
        let mut point = CurvePoint::default();
        for (index, event) in trace.events().enumerate() {
            let block = &mut blocks[event.slot()];
            match event {
                Event::Allocate { bytes, domain, .. } => {
                    *block = (bytes, summary.allocations);
                    summary.allocations += 1;
                    total_bytes += bytes as u128;
                    live_bytes += bytes;
                    live_blocks += 1;
                    let domains = &mut summary.domains;
                    *match domain.map(|domain| domain.name()) {
                        None => &mut domains.unknown,
                        Some("raw") => &mut domains.raw,
                        Some("mem") => &mut domains.mem,
                        Some(_) => &mut domains.object,
                    } += 1;
                    let row = row(bytes);
                    if sizes.len() <= row {
                        sizes.resize(row + 1, SizeRow::default());
                    }
                    sizes[row].count += 1;
                }
                Event::Reallocate { bytes, .. } => {
                    summary.reallocations += 1;
                    live_bytes = live_bytes - block.0 + bytes;
                    block.0 = bytes;
                }
                Event::Release { .. } => {
                    live_bytes -= block.0;
                    live_blocks -= 1;
                    // The block's own allocation is not one that followed.
                    let followed = summary.allocations - block.1 - 1;
                    for (count, limit) in summary.lifetimes.iter_mut().zip(LIFETIMES) {
                        *count += u64::from(followed < limit);
                    }
                }
            }
            summary.peak_bytes = summary.peak_bytes.max(live_bytes);
            summary.peak_blocks = summary.peak_blocks.max(live_blocks);
            point.live_bytes = point.live_bytes.max(live_bytes);
            point.events = index + 1;
            if point.events.is_multiple_of(step) || point.events == trace.len() {
                summary.curve.push(point);
                point = CurvePoint::default();
            }
        }
        summary.mean_bytes = total_bytes as f64 / summary.allocations.max(1) as f64;
        for (at, row) in sizes.iter_mut().enumerate() {
            (row.from_bytes, row.to_bytes) = bounds(at);
        }
        summary.sizes = sizes.into_iter().filter(|row| row.count > 0).collect();
        summary
    }

    /// The share of allocations that a count is.
    pub fn share(&self, count: u64) -> f64 {
        count as f64 / self.allocations.max(1) as f64
    }
}

/// The row of the histogram that a size belongs to.
fn row(bytes: usize) -> usize {
    let fine = FINE_LIMIT_BYTES / ROW_BYTES;
    match bytes {
        ..=FINE_LIMIT_BYTES => bytes.saturating_sub(1) / ROW_BYTES,
        _ => fine + ((bytes - 1) / FINE_LIMIT_BYTES).ilog2() as usize,
    }
}

/// The sizes of a row.
fn bounds(row: usize) -> (usize, usize) {
    let fine = FINE_LIMIT_BYTES / ROW_BYTES;
    match row.checked_sub(fine) {
        None if row == 0 => (0, ROW_BYTES),
        None => (row * ROW_BYTES + 1, (row + 1) * ROW_BYTES),
        Some(doubled) => (
            (FINE_LIMIT_BYTES << doubled) + 1,
            FINE_LIMIT_BYTES << (doubled + 1),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_is_in_the_bounds_of_its_row() {
        for bytes in (0..5_000).chain([1 << 20, (1 << 20) + 1, (1 << 34) - 1]) {
            let (from, to) = bounds(row(bytes));
            assert!((from..=to).contains(&bytes), "{bytes}: {from}..={to}");
        }
    }

    #[test]
    fn a_summary_counts_what_is_there() {
        let allocate = |slot, bytes| Event::Allocate {
            slot,
            bytes,
            domain: None,
        };
        let release = |slot| Event::Release { slot };
        let resized = Event::Reallocate {
            slot: 0,
            bytes: 700,
            domain: None,
        };
        let mut events = vec![allocate(0, 20), resized];
        for _ in 0..9 {
            events.extend([allocate(1, 32), release(1)]);
        }
        events.push(release(0));
        let summary = Summary::of(&Trace::of_events(&events).unwrap());
        assert_eq!((summary.allocations, summary.reallocations), (10, 1));
        assert_eq!((summary.peak_bytes, summary.peak_blocks), (732, 2));
        assert_eq!(summary.lifetimes, [9, 9, 10, 10, 10]);
        assert_eq!(summary.domains.unknown, 10);
        assert_eq!(summary.mean_bytes, 30.8);
        let row = SizeRow {
            from_bytes: 17,
            to_bytes: 32,
            count: 10,
        };
        assert_eq!(summary.sizes, [row]);
        assert_eq!(summary.curve.len(), events.len());
        assert_eq!(summary.curve[1].live_bytes, 700);
    }
}
