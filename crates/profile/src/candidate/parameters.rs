//! What can be chosen of a pool allocator.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use super::HEADER_BYTES;

/// The parameters of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Parameters {
    /// The distance between size classes.
    pub spacing_bytes: usize,
    /// The largest request that pools serve.
    pub threshold_bytes: usize,
    /// The size and alignment of a pool.
    pub pool_bytes: usize,
    /// How much is taken from the system at a time.
    pub arena_bytes: usize,
    /// The alignment of an arena. Where it is less than a pool's, one pool of each arena is lost.
    pub arena_alignment_bytes: usize,
}

/// Parameters that no allocator can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ParameterError {
    /// A size that has to be a power of two is none.
    #[error("{bytes} bytes {what}: not a power of two from {least} to {most}")]
    Power {
        /// Which size.
        what: &'static str,
        /// What it is.
        bytes: usize,
        /// The least that it can be.
        least: usize,
        /// The most that it can be.
        most: usize,
    },
    /// No block of the largest class fits a pool, or there are no classes up to it.
    #[error(
        "a threshold of {threshold_bytes} bytes: not a multiple of {spacing_bytes} bytes that fits \
         a pool of {pool_bytes} bytes"
    )]
    Threshold {
        /// The threshold.
        threshold_bytes: usize,
        /// The distance between size classes.
        spacing_bytes: usize,
        /// The size of a pool.
        pool_bytes: usize,
    },
}

impl Default for Parameters {
    /// Those of this project and of CPython on 64 bits, with arenas in one reserved range.
    fn default() -> Parameters {
        Parameters {
            spacing_bytes: 16,
            threshold_bytes: 512,
            pool_bytes: 16 << 10,
            arena_bytes: 1 << 20,
            arena_alignment_bytes: 1 << 20,
        }
    }
}

impl Parameters {
    /// Tells whether an allocator can have them.
    ///
    /// # Errors
    ///
    /// They contradict each other, or are not powers of two where they have to be.
    pub fn check(self) -> Result<Parameters, ParameterError> {
        let powers = [
            ("between size classes", self.spacing_bytes, 8, HEADER_BYTES),
            ("of a pool", self.pool_bytes, 1 << 10, 1 << 24),
            (
                "of an arena",
                self.arena_bytes,
                4 * self.pool_bytes,
                1 << 30,
            ),
            (
                "of an arena's alignment",
                self.arena_alignment_bytes,
                1 << 10,
                1 << 30,
            ),
        ];
        for (what, bytes, least, most) in powers {
            if !bytes.is_power_of_two() || bytes < least || bytes > most {
                return Err(ParameterError::Power {
                    what,
                    bytes,
                    least,
                    most,
                });
            }
        }
        let fits = self.threshold_bytes >= self.spacing_bytes
            && self.threshold_bytes.is_multiple_of(self.spacing_bytes)
            && self.threshold_bytes <= self.pool_bytes - HEADER_BYTES;
        match fits {
            true => Ok(self),
            false => Err(ParameterError::Threshold {
                threshold_bytes: self.threshold_bytes,
                spacing_bytes: self.spacing_bytes,
                pool_bytes: self.pool_bytes,
            }),
        }
    }

    /// The number of size classes.
    pub fn classes(&self) -> usize {
        self.threshold_bytes / self.spacing_bytes
    }

    /// The bytes of all blocks of a pool of a class.
    pub fn room_bytes(&self, class: usize) -> usize {
        let block_bytes = (class + 1) * self.spacing_bytes;
        (self.pool_bytes - HEADER_BYTES) / block_bytes * block_bytes
    }

    /// The pools of an arena that can be used.
    pub fn pools_of_arena(&self) -> usize {
        self.arena_bytes / self.pool_bytes
            - usize::from(self.arena_alignment_bytes < self.pool_bytes)
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-byte spacing, threshold of {} bytes, {} KiB pools, {} KiB arenas",
            self.spacing_bytes,
            self.threshold_bytes,
            self.pool_bytes >> 10,
            self.arena_bytes >> 10
        )
    }
}
