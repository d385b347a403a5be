//! Serving a request: which space a block comes from, and how its size changes.
//!
//! What comes here has been counted, and is served by the memory's own functions
//! unless others are passed.

use std::ptr::NonNull;

use crate::class;
use crate::domain::Domain;
use crate::domain_allocator::DomainAllocator;
use crate::foreign::Prefix;
use crate::memory::Memory;
use crate::pool::Header;
use crate::{Block, POOL_LIMIT_BYTES, SMALL_LIMIT_BYTES, SPAN_LIMIT_BYTES, Space, raw};

impl Memory {
    /// Allocates a block for a request that has been counted.
    #[inline(always)]
    pub(crate) fn serve(&self, domain: Domain, bytes: usize) -> Option<Block> {
        if bytes <= SMALL_LIMIT_BYTES {
            self.take_block(domain, class::class_of(bytes))
        } else {
            self.serve_large(domain, bytes)
        }
    }

    /// Does what [`Memory::serve`] does, where somebody may observe: then the
    /// release of the block is to be noticed.
    pub(crate) fn serve_observed(&self, domain: Domain, bytes: usize) -> Option<Block> {
        let block = self.serve(domain, bytes)?;
        if self.is_observed() && block.space == Space::Pool {
            // SAFETY: *unit-header*: the block has just been handed out.
            unsafe { Header::hold(Header::of(block.start)) };
        }
        Some(block)
    }

    /// Does what [`Memory::serve`] does, where the fast way has failed.
    #[cold]
    #[inline(never)]
    pub(crate) fn serve_slow(&self, domain: Domain, bytes: usize) -> Option<NonNull<u8>> {
        self.serve(domain, bytes).map(|block| block.start)
    }

    /// Does what [`Memory::serve`] does, where the fast way has failed.
    #[cold]
    #[inline(never)]
    pub(crate) fn serve_block_slow(&self, domain: Domain, bytes: usize) -> Option<Block> {
        self.serve(domain, bytes)
    }

    #[inline]
    fn serve_large(&self, domain: Domain, bytes: usize) -> Option<Block> {
        if domain == Domain::Raw {
            return self.allocate_raw(bytes, false);
        }
        if !self.config.allocator.has_pools() {
            return self.allocate_foreign(domain, bytes, false, None);
        }
        if bytes <= POOL_LIMIT_BYTES {
            return self.take_block(domain, class::class_of(bytes));
        }
        if bytes <= SPAN_LIMIT_BYTES
            && let Some(block) = self.allocate_span(domain, bytes)
        {
            return Some(block);
        }
        self.allocate_foreign(domain, bytes, false, None)
    }

    pub(crate) fn serve_zeroed(&self, domain: Domain, bytes: usize) -> Option<Block> {
        if domain == Domain::Raw {
            return self.allocate_raw(bytes, true);
        }
        if !self.config.allocator.has_pools() || bytes > SPAN_LIMIT_BYTES {
            return self.allocate_foreign(domain, bytes, true, None);
        }
        let block = self.serve_observed(domain, bytes)?;
        // SAFETY: *live-block*: handed out above with at least that size.
        unsafe { block.start.write_bytes(0, bytes) };
        Some(block)
    }

    /// Allocates raw memory. The space of the result means nothing.
    pub(crate) fn allocate_raw(&self, bytes: usize, zeroed: bool) -> Option<Block> {
        self.collect_waiting();
        let start = if zeroed {
            raw::allocate_zeroed(bytes)
        } else {
            raw::allocate(bytes)
        }?;
        self.raw_count.set(self.raw_count.get() + 1);
        Some(Block {
            start,
            space: Space::Foreign,
        })
    }

    /// Changes the size of a block, for a request that has been counted. Another
    /// block, if one is needed, comes from `functions`.
    ///
    /// # Safety
    ///
    /// The block is live, of this memory and of that domain. After success only
    /// the result is used.
    pub(crate) unsafe fn resize(
        &self,
        domain: Domain,
        block: Block,
        bytes: usize,
        functions: Option<DomainAllocator>,
    ) -> Option<Block> {
        if bytes > raw::LIMIT_BYTES {
            return None;
        }
        // SAFETY: *live-block*: by this function's contract; the new block is
        // another one, and both hold the bytes that are copied.
        unsafe {
            let usable = Memory::usable_bytes(block);
            let stays = match block.space {
                // What stays in a pool is released without the functions.
                _ if functions.is_some() => false,
                Space::Pool => {
                    bytes <= usable
                        && (bytes > usable / 4 * 3
                            || class::block_bytes(class::class_of(bytes)) == usable)
                }
                Space::Span => self.resize_span(block.start, bytes),
                Space::Foreign
                    if (*Prefix::of(block.start)).is_systems()
                        && (!self.config.allocator.has_pools() || bytes > SPAN_LIMIT_BYTES) =>
                {
                    return self.resize_foreign(block.start, bytes);
                }
                Space::Foreign => false,
            };
            if stays {
                return Some(block);
            }
            let new = match functions {
                Some(_) => self.allocate_foreign(domain, bytes, false, functions)?,
                None => self.serve_observed(domain, bytes)?,
            };
            new.start
                .copy_from_nonoverlapping(block.start, usable.min(bytes));
            let side = Memory::side(block.start, block.space);
            Memory::side(new.start, new.space).set(side.replace(0));
            let unit_byte = Memory::unit_byte(new.start, new.space);
            let old = Memory::unit_byte(block.start, block.space);
            unit_byte.set(unit_byte.get() | old.get());
            match block.space {
                Space::Foreign => self.release_foreign(block.start),
                _ => self.put_untold(block.start),
            }
            Some(new)
        }
    }
}
