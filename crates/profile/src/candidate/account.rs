//! The bytes that a candidate takes from the system for a trace, and where those go that no live block has.

use serde::Serialize;

use super::large::system_bytes;
use super::{Candidate, HEADER_BYTES, Parameters};
use crate::replay::{Refused, Subject};
use crate::trace::{Event, Trace};

/// What a candidate takes from the system at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The arenas with pools in use.
    pub arenas: usize,
    /// How often an arena was taken.
    pub arenas_taken: usize,
    /// The pools in use.
    pub pools: usize,
    /// The bytes of all blocks of the pools in use, free ones included.
    pub block_room_bytes: usize,
}

/// Where the bytes of one moment are.
///
/// ```text
/// pools  * pool size  = headers + tails + free blocks + rounding + live bytes in pools
/// arenas * arena size = pools * pool size + free pools + alignment
/// held                = arenas * arena size + system + live bytes not in pools
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// The bytes asked for, of all blocks alive.
    pub live_bytes: usize,
    /// From each request up to its block's size.
    pub rounding_bytes: usize,
    /// Headers of pools.
    pub header_bytes: usize,
    /// What is left in each pool behind its last block.
    pub tail_bytes: usize,
    /// Blocks of pools in use that are not handed out.
    pub free_block_bytes: usize,
    /// Pools of arenas in use that are not used.
    pub free_pool_bytes: usize,
    /// Pools that cannot be used since their arena is not aligned as they have to be.
    pub alignment_bytes: usize,
    /// Headers and rounding of the blocks that the system serves.
    pub system_bytes: usize,
}

impl Moment {
    /// The bytes taken from the system, in whole arenas.
    pub fn held_bytes(&self) -> usize {
        self.pooled_bytes() + self.free_pool_bytes
    }

    /// The bytes taken from the system without the free pools: what is held if arenas are as small as can be.
    pub fn pooled_bytes(&self) -> usize {
        self.live_bytes + self.lost_in_pools() + self.alignment_bytes + self.system_bytes
    }

    fn lost_in_pools(&self) -> usize {
        self.rounding_bytes + self.header_bytes + self.tail_bytes + self.free_block_bytes
    }
}

/// The bytes of a candidate over a whole trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Account {
    /// When the most bytes were alive.
    pub peak: Moment,
    /// The most bytes taken from the system at once.
    pub held_peak_bytes: usize,
    /// The mean over all events of the bytes alive, and taken from the system, without free pools and with.
    pub mean_live_bytes: f64,
    /// The same of [`Moment::pooled_bytes`].
    pub mean_pooled_bytes: f64,
    /// The same of [`Moment::held_bytes`].
    pub mean_held_bytes: f64,
    /// How often an arena was taken from the system.
    pub arenas_taken: usize,
}

/// Runs a trace on a candidate and counts its bytes after every event.
///
/// # Errors
///
/// There is no memory for a request.
pub fn measure(trace: &Trace, parameters: Parameters) -> Result<Account, Refused> {
    let mut candidate = Candidate::new(parameters, trace.slot_count());
    let mut blocks = Blocks {
        sizes: vec![(0, None); trace.slot_count()],
        ..Blocks::default()
    };
    let mut account = Account::default();
    let mut sums = [0u128; 3];
    for (index, event) in trace.events().enumerate() {
        let slot = event.slot();
        let served = match event {
            Event::Allocate { bytes, domain, .. } => {
                let served = candidate.allocate(slot, bytes, domain, 0);
                (served, bytes)
            }
            Event::Reallocate { bytes, .. } => (candidate.reallocate(slot, bytes), bytes),
            Event::Release { .. } => {
                candidate.release(slot);
                (true, 0)
            }
        };
        let (true, bytes) = served else {
            let bytes = served.1;
            return Err(Refused { index, bytes });
        };
        blocks.leave(slot);
        if !matches!(event, Event::Release { .. }) {
            blocks.enter(slot, bytes, candidate.block_bytes(slot));
        }
        let moment = blocks.moment(&parameters, candidate.held());
        if moment.live_bytes > account.peak.live_bytes {
            account.peak = moment;
        }
        account.held_peak_bytes = account.held_peak_bytes.max(moment.held_bytes());
        let figures = [
            moment.live_bytes,
            moment.pooled_bytes(),
            moment.held_bytes(),
        ];
        for (sum, bytes) in sums.iter_mut().zip(figures) {
            *sum += bytes as u128;
        }
    }
    let mean = sums.map(|sum| sum as f64 / trace.len().max(1) as f64);
    [
        account.mean_live_bytes,
        account.mean_pooled_bytes,
        account.mean_held_bytes,
    ] = mean;
    account.arenas_taken = candidate.held().arenas_taken;
    Ok(account)
}

/// The blocks alive.
#[derive(Default)]
struct Blocks {
    /// The size asked for, and the block's size if it is a pool's, by slot.
    sizes: Vec<(usize, Option<usize>)>,
    live_bytes: usize,
    /// The sizes of the blocks in pools, and what was asked for them.
    block_bytes: usize,
    block_live_bytes: usize,
    /// What the system adds to its blocks.
    system_bytes: usize,
}

impl Blocks {
    fn enter(&mut self, slot: usize, bytes: usize, block_bytes: Option<usize>) {
        self.sizes[slot] = (bytes, block_bytes);
        self.live_bytes += bytes;
        match block_bytes {
            Some(block_bytes) => {
                self.block_bytes += block_bytes;
                self.block_live_bytes += bytes;
            }
            None => self.system_bytes += system_bytes(bytes) - bytes,
        }
    }

    /// Takes out what the slot held, if anything.
    fn leave(&mut self, slot: usize) {
        match std::mem::take(&mut self.sizes[slot]) {
            (bytes, Some(block_bytes)) => {
                self.live_bytes -= bytes;
                self.block_bytes -= block_bytes;
                self.block_live_bytes -= bytes;
            }
            // An empty slot: no block of the system is without a size that it adds to.
            (0, None) => {}
            (bytes, None) => {
                self.live_bytes -= bytes;
                self.system_bytes -= system_bytes(bytes) - bytes;
            }
        }
    }

    fn moment(&self, parameters: &Parameters, held: Held) -> Moment {
        let Parameters {
            pool_bytes,
            arena_bytes,
            ..
        } = *parameters;
        let usable = parameters.pools_of_arena() * pool_bytes;
        Moment {
            live_bytes: self.live_bytes,
            rounding_bytes: self.block_bytes - self.block_live_bytes,
            header_bytes: held.pools * HEADER_BYTES,
            tail_bytes: held.pools * (pool_bytes - HEADER_BYTES) - held.block_room_bytes,
            free_block_bytes: held.block_room_bytes - self.block_bytes,
            free_pool_bytes: held.arenas * usable - held.pools * pool_bytes,
            alignment_bytes: held.arenas * (arena_bytes - usable),
            system_bytes: self.system_bytes,
        }
    }
}
