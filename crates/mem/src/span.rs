//! Spans: one block in a run of whole units.
//!
//! A span serves what is too large for a pool, within one arena. Its first unit
//! has a header like a pool's, so that every address in that unit leads to it.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use crate::arena::{self, USABLE_UNITS};
use crate::domain::Domain;
use crate::memory::Memory;
use crate::pool::{Header, State};
use crate::{Block, POOL_BYTES, POOL_LIMIT_BYTES, Space};

/// The largest request that a span serves.
pub const SPAN_LIMIT_BYTES: usize = USABLE_UNITS * POOL_BYTES;

/// The units of a span for `bytes` bytes.
const fn units_for(bytes: usize) -> usize {
    bytes.div_ceil(POOL_BYTES)
}

impl Memory {
    /// Allocates a span.
    #[inline(never)]
    pub(crate) fn allocate_span(&self, domain: Domain, bytes: usize) -> Option<Block> {
        self.collect_waiting();
        let units = units_for(bytes);
        let (region, unit, _) = self.regions.take(units)?;
        let header = region.header(unit);
        // SAFETY: *accessible*: the units were taken for this span.
        unsafe {
            header.write(Header {
                free: ptr::null_mut(),
                countdown: 1,
                state: State::Span,
                domain,
                class: 0,
                unit_byte: Cell::new(0),
                owner: self,
                side: region.unit_side(unit),
                next: ptr::null_mut(),
                previous: ptr::null_mut(),
                block_bytes: (units * POOL_BYTES) as u32,
                uncarved: 0,
                units: units as u32,
                held: 0,
            });
        }
        let (first, bit) = region.place(unit);
        arena::insert(&first.spans[domain.block_row()], bit);
        for tail in unit + 1..unit + units {
            let (arena, bit) = region.place(tail);
            arena::insert(&arena.tails, bit);
        }
        let span = self.spans(domain);
        span.count.set(span.count.get() + 1);
        span.units.set(span.units.get() + units);
        Some(Block {
            start: NonNull::new(region.unit_address(unit))?,
            space: Space::Span,
        })
    }

    /// Grows or shrinks a span where it lies, if the units behind it allow.
    ///
    /// # Safety
    ///
    /// `start` is a live span's block, of this memory.
    pub(crate) unsafe fn resize_span(&self, start: NonNull<u8>, bytes: usize) -> bool {
        if bytes <= POOL_LIMIT_BYTES || bytes > SPAN_LIMIT_BYTES {
            return false;
        }
        let header = Header::of(start);
        // SAFETY: *live-block*, *unit-header*: by this function's contract.
        unsafe {
            let domain = (*header).domain;
            let (old, new) = ((*header).units as usize, units_for(bytes));
            let region = self.regions.of(start.addr().get());
            let unit = region.unit_of(start.addr().get());
            if new > old {
                let Some(dirty) = region.take_at(unit + old, new - old) else {
                    return false;
                };
                self.regions.count_taken(new - old, dirty);
                for tail in unit + old..unit + new {
                    let (arena, bit) = region.place(tail);
                    arena::insert(&arena.tails, bit);
                }
            } else if new < old {
                for tail in unit + new..unit + old {
                    let (arena, bit) = region.place(tail);
                    arena::remove(&arena.tails, bit);
                }
                region.give(unit + new, old - new);
                self.regions.count_given(old - new);
            }
            let spans = self.spans(domain);
            spans.units.set(spans.units.get() + new - old);
            (*header).units = new as u32;
            (*header).block_bytes = (new * POOL_BYTES) as u32;
        }
        true
    }

    /// Gives a span's units back.
    ///
    /// # Safety
    ///
    /// `header` is a live span's, and its block has been released.
    pub(crate) unsafe fn give_span(&self, header: *mut Header) {
        // SAFETY: *unit-header*: by this function's contract.
        unsafe {
            let (domain, units) = ((*header).domain, (*header).units as usize);
            let region = self.regions.of(header.addr());
            let unit = region.unit_of(Header::unit(header).addr());
            for tail in unit + 1..unit + units {
                let (arena, bit) = region.place(tail);
                arena::remove(&arena.tails, bit);
            }
            let spans = self.spans(domain);
            spans.count.set(spans.count.get() - 1);
            spans.units.set(spans.units.get() - units);
            self.regions
                .give(header, |arena| &arena.spans[domain.block_row()]);
        }
    }
}
