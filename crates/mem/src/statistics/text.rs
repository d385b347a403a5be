//! Statistics as text, for people.

use std::fmt;

use super::{DomainStatistics, Statistics};
use crate::arena::ARENA_UNITS;
use crate::domain::Domain;
use crate::{ARENA_BYTES, POOL_BYTES};

/// A table for each domain, then where the bytes of the arenas are.
///
/// # CPython
///
/// What `sys._debugmallocstats` prints.
impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        domain(f, Domain::Mem, &self.mem)?;
        domain(f, Domain::Object, &self.object)?;
        let raw = Domain::Raw.name();
        writeln!(f, "{raw} domain\n{:>17} blocks\n", Grouped(self.raw_blocks))?;
        self.arenas(f)
    }
}

/// The table of a domain: the classes that have pools.
fn domain(
    f: &mut fmt::Formatter<'_>,
    domain: Domain,
    statistics: &DomainStatistics,
) -> fmt::Result {
    writeln!(f, "{} domain", domain.name())?;
    writeln!(
        f,
        "  class   size   pools       in use    available  stashed"
    )?;
    for (class, row) in statistics.classes.iter().enumerate() {
        if row.pools > 0 {
            writeln!(
                f,
                "{class:>7}{:>7}{:>8}{:>13}{:>13}{:>9}",
                Grouped(row.block_bytes),
                Grouped(row.pools),
                Grouped(row.blocks_in_use),
                Grouped(row.blocks_free),
                Grouped(row.blocks_stashed),
            )?;
        }
    }
    let larger = [
        ("spans", statistics.spans, statistics.span_bytes),
        (
            "foreign blocks",
            statistics.foreign_blocks,
            statistics.foreign_bytes,
        ),
    ];
    for (what, count, bytes) in larger {
        let (count, bytes) = (Grouped(count), Grouped(bytes));
        writeln!(f, "{count:>17} {what}, {bytes} bytes")?;
    }
    writeln!(f)
}

impl Statistics {
    /// The rows that add up to the accessible arenas, and the counts beside.
    fn arenas(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let classes = || self.mem.classes.iter().chain(&self.object.classes);
        let pools = self.mem.pools() + self.object.pools();
        let in_use: usize = classes().map(|c| c.blocks_in_use * c.block_bytes).sum();
        let stashed: usize = classes().map(|c| c.blocks_stashed * c.block_bytes).sum();
        let free: usize = classes().map(|c| c.blocks_free * c.block_bytes).sum();
        let unused = self.arenas * (ARENA_UNITS - 1) - self.units_in_use;
        writeln!(
            f,
            "{:>17} arenas of {} bytes, in {} regions of {} bytes",
            Grouped(self.arenas),
            Grouped(ARENA_BYTES),
            Grouped(self.regions),
            Grouped(self.region_bytes),
        )?;
        let rows = [
            (in_use, "bytes in blocks of pools, in use"),
            (free - stashed, "bytes in blocks of pools, available"),
            (stashed, "bytes in blocks of pools, stashed"),
            (
                pools * POOL_BYTES - in_use - free,
                "bytes at the ends of pools, too few for a block",
            ),
            (
                self.mem.span_bytes + self.object.span_bytes,
                "bytes of spans",
            ),
            (unused * POOL_BYTES, "bytes of unused units"),
            (self.arenas * POOL_BYTES, "bytes of headers"),
        ];
        for (bytes, what) in rows {
            writeln!(f, "{:>17} {what}", Grouped(bytes))?;
        }
        let total = rows.iter().map(|(bytes, _)| bytes).sum();
        writeln!(f, "{:>17} bytes of arenas\n", Grouped(total))?;
        let rows = [
            (self.units_in_use, "units in use"),
            (self.units_peak, "units in use at most"),
            (self.units_dirty, "units unused, but perhaps resident"),
            (self.purged_bytes, "bytes given back to the system so far"),
        ];
        for (count, what) in rows {
            writeln!(f, "{:>17} {what}", Grouped(count))?;
        }
        Ok(())
    }
}

/// A number with a comma before every three digits.
struct Grouped(usize);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string(); // std: text for people only
        let mut text = String::with_capacity(digits.len() * 4 / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}
