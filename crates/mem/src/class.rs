//! Size classes: which block size serves a request.
//!
//! Up to 512 bytes there is a class every 16 bytes. Above that, classes are
//! chosen so that a whole number of blocks fills a pool: 27 blocks of 592
//! bytes, 24 of 672, and so on down to two of 8,192. A request in between takes
//! the next larger class.

use crate::{GRANULE_BYTES, POOL_BYTES};

/// The largest request that counts as small: those classes are 16 bytes apart.
pub const SMALL_LIMIT_BYTES: usize = 512;
/// The number of classes up to [`SMALL_LIMIT_BYTES`].
pub const SMALL_CLASS_COUNT: usize = SMALL_LIMIT_BYTES / GRANULE_BYTES;
/// The blocks in one pool of each class above the small ones.
const MEDIUM_CAPACITIES: [usize; 16] = [27, 24, 21, 18, 16, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2];
/// The number of all size classes.
pub const CLASS_COUNT: usize = SMALL_CLASS_COUNT + MEDIUM_CAPACITIES.len();
/// The largest request that a pool serves.
pub const POOL_LIMIT_BYTES: usize = BLOCK_BYTES[CLASS_COUNT - 1] as usize;

/// The block size of each class.
const BLOCK_BYTES: [u16; CLASS_COUNT] = {
    let mut sizes = [0; CLASS_COUNT];
    let mut class = 0;
    while class < CLASS_COUNT {
        sizes[class] = if class < SMALL_CLASS_COUNT {
            (class + 1) * GRANULE_BYTES
        } else {
            POOL_BYTES / MEDIUM_CAPACITIES[class - SMALL_CLASS_COUNT] / GRANULE_BYTES
                * GRANULE_BYTES
        } as u16;
        class += 1;
    }
    sizes
};

const GRANULES: usize = POOL_BYTES / 2 / GRANULE_BYTES;

/// The class of each size, by its number of granules less one.
static CLASS_OF: [u8; GRANULES] = {
    let mut classes = [0; GRANULES];
    let mut granule = 0;
    let mut class = 0;
    while granule < POOL_LIMIT_BYTES / GRANULE_BYTES {
        if (granule + 1) * GRANULE_BYTES > BLOCK_BYTES[class] as usize {
            class += 1;
        }
        classes[granule] = class as u8;
        granule += 1;
    }
    classes
};

/// The granules that a request needs: none for zero bytes. For a request of at
/// most [`SMALL_LIMIT_BYTES`] that is one more than its class.
#[allow(
    clippy::manual_div_ceil,
    reason = "sizes are far from the largest, so that one addition less is needed"
)]
#[inline(always)]
pub(crate) const fn granules(bytes: usize) -> usize {
    (bytes + (GRANULE_BYTES - 1)) / GRANULE_BYTES
}

/// The class of a request of at most [`POOL_LIMIT_BYTES`].
pub(crate) fn class_of(bytes: usize) -> usize {
    usize::from(CLASS_OF[granules(bytes).saturating_sub(1)])
}

/// The block size of `class`.
pub(crate) const fn block_bytes(class: usize) -> usize {
    BLOCK_BYTES[class] as usize
}

/// The number of blocks in a pool of `class`.
pub(crate) const fn capacity(class: usize) -> usize {
    POOL_BYTES / block_bytes(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_gets_the_smallest_class_that_holds_it() {
        for bytes in 0..=POOL_LIMIT_BYTES {
            let class = class_of(bytes);
            assert!(
                block_bytes(class) >= bytes.max(1),
                "{bytes} bytes in class {class}"
            );
            assert!(
                class == 0 || block_bytes(class - 1) < bytes,
                "{bytes} bytes would fit class {}",
                class - 1
            );
        }
    }

    #[test]
    fn small_classes_need_no_table() {
        for bytes in 0..=SMALL_LIMIT_BYTES {
            let class = granules(bytes).max(1) - 1;
            assert_eq!(class, class_of(bytes), "{bytes} bytes");
        }
    }

    #[test]
    fn medium_classes_fill_their_pools() {
        for (index, &count) in MEDIUM_CAPACITIES.iter().enumerate() {
            let class = SMALL_CLASS_COUNT + index;
            assert_eq!(capacity(class), count);
            assert!(POOL_BYTES - count * block_bytes(class) < count * GRANULE_BYTES);
        }
        assert_eq!(POOL_LIMIT_BYTES, 8192);
    }
}
