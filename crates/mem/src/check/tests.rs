//! Damages each structure in turn; the check has to name it.

use std::ptr::NonNull;

use super::*;
use crate::foreign::Prefix;
use crate::{Block, Space};

/// A memory with a block of each space in the object domain, and a full and a
/// listed pool.
fn populated() -> (Box<Memory>, Vec<Block>) {
    let memory = Memory::new().unwrap();
    let mut blocks: Vec<_> = [800_000, 40_000, 20 << 20]
        .into_iter()
        .map(|bytes| memory.block(Domain::Object, bytes).unwrap())
        .collect();
    let pools: Vec<_> = (0..1000)
        .map(|_| memory.block(Domain::Object, 48).unwrap())
        .collect();
    // The first fill the stash, the next one gets its pool listed.
    let (released, kept) = pools.split_at(STASH_LIMIT as usize + 1);
    for block in released {
        // SAFETY: *live-block*: handed out above, released once.
        unsafe { Memory::release(*block) };
    }
    blocks.extend_from_slice(kept);
    memory.check().unwrap();
    (memory, blocks)
}

fn header(blocks: &[Block], space: Space) -> *mut Header {
    Header::of(
        blocks
            .iter()
            .find(|block| block.space == space)
            .unwrap()
            .start,
    )
}

#[test]
fn a_wrong_count_of_used_blocks_is_found() {
    let (memory, blocks) = populated();
    // SAFETY: *unit-header*: a live pool's; the damage is what is tested.
    unsafe { (*Header::of(blocks.last().unwrap().start)).countdown += 1 };
    assert!(matches!(
        memory.check(),
        Err(CheckError::Header {
            field: "blocks",
            ..
        })
    ));
}

#[test]
fn a_countdown_held_for_nobody_is_found() {
    let (memory, blocks) = populated();
    let header = blocks
        .iter()
        .filter(|block| block.space == Space::Pool)
        .map(|block| Header::of(block.start))
        // SAFETY: *unit-header*: live pools.
        .find(|header| unsafe { (**header).state == State::Listed })
        .unwrap();
    // SAFETY: *unit-header*: a live pool's; the damage is what is tested.
    unsafe { Header::hold(header) };
    assert!(matches!(
        memory.check(),
        Err(CheckError::Header { field: "held", .. })
    ));
    // SAFETY: *unit-header*: as above, and undone.
    unsafe { Header::let_go(header) };
    memory.check().unwrap();
}

#[test]
fn a_free_list_that_leads_astray_is_found() {
    for wrong in [16, POOL_BYTES, 1 << 40] {
        let (memory, blocks) = populated();
        // SAFETY: *unit-header*, *free-link*: the listed pool has one free
        // block; the damage is what is tested.
        unsafe {
            let pool = header(&blocks, Space::Pool);
            assert_eq!((*pool).state, State::Listed);
            unpoison((*pool).free.cast(), 48);
            (*(*pool).free).next = (*pool).free.wrapping_byte_add(wrong);
        }
        let error = memory.check().unwrap_err();
        assert!(
            matches!(error, CheckError::FreeList { steps: 1, .. }),
            "{error}"
        );
    }
}

#[test]
fn a_free_list_that_never_ends_is_found() {
    let (memory, blocks) = populated();
    // SAFETY: *unit-header*, *free-link*: as above.
    unsafe {
        let pool = header(&blocks, Space::Pool);
        unpoison((*pool).free.cast(), 48);
        (*(*pool).free).next = (*pool).free;
    }
    assert!(matches!(memory.check(), Err(CheckError::FreeList { .. })));
}

#[test]
fn a_stash_with_the_wrong_blocks_is_found() {
    let (memory, _) = populated();
    let class = class::class_of(48);
    let stash = memory.stash(Domain::Object, class);
    assert_eq!(stash.len(), STASH_LIMIT);
    // SAFETY: *unit-header*, *free-link*: the pool has a free block, and a stash
    // the first of its own; the damage is what is tested.
    unsafe {
        let (header, first) = (stash.header(), stash.first());
        (*header).units += 1;
        let error = memory.check().unwrap_err();
        assert!(
            matches!(
                error,
                CheckError::Count {
                    what: "stashed blocks",
                    ..
                }
            ),
            "{error}"
        );
        (*header).units -= 1;
        memory.check().unwrap();
        for wrong in [
            (*Header::of(NonNull::new(first).unwrap().cast())).free,
            first.wrapping_byte_add(16),
        ] {
            (*header).free = wrong;
            let error = memory.check().unwrap_err();
            assert!(
                matches!(error, CheckError::List { list: "stash", .. }),
                "{error}"
            );
        }
    }
}

#[test]
fn a_mark_on_a_free_block_is_found() {
    let (memory, blocks) = populated();
    // SAFETY: *unit-header*, *accessible*: the side byte of a free block.
    let address = unsafe {
        let pool = header(&blocks, Space::Pool);
        let free = NonNull::new((*pool).free).unwrap().cast();
        Memory::side(free, Space::Pool).set(3);
        free.addr().get()
    };
    assert_eq!(
        memory.check(),
        Err(CheckError::SideByte { address, value: 3 })
    );
}

#[test]
fn a_mark_inside_a_block_is_found() {
    for space in [Space::Pool, Space::Span] {
        let (memory, blocks) = populated();
        let block = blocks.iter().find(|block| block.space == space).unwrap();
        // SAFETY: *unit-header*, *accessible*: the second granule's side byte.
        unsafe { Memory::side(block.start.add(GRANULE_BYTES), space).set(1) };
        assert!(matches!(
            memory.check(),
            Err(CheckError::SideByte { value: 1, .. })
        ));
    }
}

#[test]
fn a_header_of_another_memory_is_found() {
    for space in [Space::Pool, Space::Span] {
        let (memory, blocks) = populated();
        let other = Memory::new().unwrap();
        // SAFETY: *unit-header*: a live header.
        unsafe { (*header(&blocks, space)).owner = &raw const *other };
        assert!(matches!(
            memory.check(),
            Err(CheckError::Header { field: "owner", .. })
        ));
    }
}

#[test]
fn a_unit_in_no_set_is_found() {
    let (memory, _blocks) = populated();
    let region = memory.regions.iter().next().unwrap();
    let arena = region.arenas().last().unwrap();
    arena::remove(&arena.free, 63);
    assert!(matches!(
        memory.check(),
        Err(CheckError::UnitSets { units, .. }) if units == 1 << 63
    ));
}

#[test]
fn a_foreign_block_out_of_its_list_is_found() {
    let (memory, blocks) = populated();
    let block = blocks
        .iter()
        .find(|block| block.space == Space::Foreign)
        .unwrap();
    let list = memory.foreign(Domain::Object);
    // SAFETY: *foreign-prefix*: a live foreign block's.
    unsafe { (*Prefix::of(block.start)).bytes += 16 };
    assert!(matches!(
        memory.check(),
        Err(CheckError::Count {
            what: "foreign bytes",
            ..
        })
    ));
    // SAFETY: *foreign-prefix*: as above.
    unsafe { (*Prefix::of(block.start)).bytes -= 16 };
    let (first, last) = (list.first.take_null(), list.last.take_null());
    assert!(matches!(
        memory.check(),
        Err(CheckError::Count {
            what: "foreign blocks",
            counted: 0,
            recorded: 1
        })
    ));
    list.first.set(first);
    assert!(matches!(memory.check(), Err(CheckError::List { .. })));
    list.last.set(last);
}

#[test]
fn a_pool_out_of_its_list_is_found() {
    let (memory, blocks) = populated();
    // SAFETY: *unit-header*: the listed pool and the current one before it.
    unsafe {
        let pool = header(&blocks, Space::Pool);
        (*(*pool).previous).next = ptr::null_mut();
    }
    assert!(matches!(
        memory.check(),
        Err(CheckError::Count {
            what: "listed pools",
            counted: 1,
            recorded: 2
        })
    ));
}

/// Takes a pointer out of a cell and leaves null.
trait TakeNull<T> {
    fn take_null(&self) -> *mut T;
}

impl<T> TakeNull<T> for std::cell::Cell<*mut T> {
    fn take_null(&self) -> *mut T {
        self.replace(ptr::null_mut())
    }
}
