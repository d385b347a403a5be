//! Memory goes back to the system, and comes again when it is needed.

use mortice_mem::{Config, Domain, Memory, OwnedBlock, POOL_BYTES};

/// The resident bytes of a range of this process's memory.
fn resident(start: usize, bytes: usize) -> usize {
    const PAGE: usize = 4096;
    let mut pages = vec![0u8; bytes.div_ceil(PAGE)];
    // SAFETY: *system-allocator*: a question about a range, with room for the
    // answer.
    let result = unsafe { libc::mincore(start as *mut libc::c_void, bytes, pages.as_mut_ptr()) };
    assert_eq!(result, 0, "{}", std::io::Error::last_os_error());
    pages.iter().filter(|page| *page & 1 == 1).count() * PAGE
}

fn filled(memory: &Memory, bytes: usize, stamp: u8) -> OwnedBlock<'_> {
    let mut block = OwnedBlock::new(memory, Domain::Object, bytes).unwrap();
    block.fill(stamp);
    block
}

#[test]
fn empty_pages_of_pools_go_back_and_are_used_again() {
    for bytes in [16, 48, 100, 512, 1000, 3000, 5000, 8000] {
        let memory = Memory::new().unwrap();
        let mut blocks: Vec<Option<OwnedBlock>> = (0..8 * POOL_BYTES / bytes)
            .map(|index| Some(filled(&memory, bytes, index as u8)))
            .collect();
        // Neighbours that stay, far apart: one in about two pools.
        let kept = |index: usize| index.is_multiple_of(2 * POOL_BYTES / bytes + 3);
        for index in (0..blocks.len()).filter(|&index| !kept(index)) {
            blocks[index] = None;
        }
        memory.check().unwrap();
        let before = memory.statistics();
        let purged = memory.purge();
        memory.check().unwrap();
        let held: usize = blocks
            .iter()
            .flatten()
            .map(|block| block.usable_bytes())
            .sum();
        let pages_kept = blocks.iter().flatten().count() * (bytes / 4096 + 2) * 4096;
        assert!(
            purged + held + pages_kept >= 7 * POOL_BYTES,
            "{bytes}: {purged} of {} bytes",
            8 * POOL_BYTES
        );
        assert_eq!(memory.statistics().purged_bytes, purged);
        assert_eq!(
            memory.statistics().object.blocks_in_use(),
            before.object.blocks_in_use()
        );
        assert_eq!(memory.purge(), 0, "{bytes}: nothing is left to give");
        for (index, block) in blocks.iter().enumerate() {
            if let Some(block) = block {
                assert!(
                    block.as_slice().iter().all(|byte| *byte == index as u8),
                    "{bytes}"
                );
            }
        }
        // What was purged serves again before any new unit does.
        let again: Vec<_> = (0..7 * POOL_BYTES / bytes)
            .map(|_| filled(&memory, bytes, 7))
            .collect();
        memory.check().unwrap();
        assert!(memory.statistics().units_peak <= before.units_peak.max(9));
        drop(again);
        drop(blocks);
        memory.check().unwrap();
    }
}

#[test]
fn what_is_given_back_is_not_resident() {
    let memory = Memory::new().unwrap();
    let block = filled(&memory, 40 * POOL_BYTES, 1);
    let (address, bytes) = (block.address(), 40 * POOL_BYTES);
    assert_eq!(resident(address, bytes), bytes);
    drop(block);
    assert_eq!(resident(address, bytes), bytes, "kept for the next request");
    assert_eq!(memory.statistics().units_dirty, 40);
    assert!(memory.purge() >= bytes);
    assert_eq!(memory.statistics().units_dirty, 0);
    if !cfg!(feature = "asan") {
        assert_eq!(resident(address, bytes), 0);
    }
    memory.check().unwrap();
}

#[test]
fn free_units_beyond_the_limit_go_back_by_themselves() {
    let memory = Memory::with_config(Config {
        retain_bytes: 10 * POOL_BYTES,
        ..Config::default()
    })
    .unwrap();
    let spans: Vec<_> = (0..4).map(|_| filled(&memory, 4 * POOL_BYTES, 1)).collect();
    let mut dirty = Vec::new();
    for span in spans {
        drop(span);
        dirty.push(memory.statistics().units_dirty);
        memory.check().unwrap();
    }
    assert_eq!(dirty, [4, 8, 0, 4]);
    assert!(memory.statistics().purged_bytes >= 12 * POOL_BYTES);
}

#[test]
fn stashed_blocks_return_to_their_pools() {
    let memory = Memory::new().unwrap();
    let mut blocks: Vec<_> = (0..1000).map(|_| filled(&memory, 160, 1)).collect();
    // From the first pool, which is full: they are stashed.
    blocks.drain(..20);
    let statistics = memory.statistics().object;
    assert_eq!(statistics.blocks_in_use(), 980);
    memory.purge();
    memory.check().unwrap();
    assert_eq!(memory.statistics().object.blocks_in_use(), 980);
    drop(blocks);
    memory.purge();
    assert_eq!(memory.statistics().object.blocks_in_use(), 0);
    assert!(
        memory.statistics().units_in_use <= 1,
        "the current pool stays"
    );
    memory.check().unwrap();
}
