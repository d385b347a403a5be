//! Blocks with a known space, through the public functions.

use std::cell::Cell;
use std::ptr::NonNull;

use mortice_mem::{
    Block, Config, Domain, GRANULE_BYTES, Memory, OwnedBlock, POOL_BYTES, POOL_LIMIT_BYTES,
    SPAN_LIMIT_BYTES, Space,
};

fn memories() -> [Box<Memory>; 2] {
    let foreign = Config {
        allocator: mortice_mem::Choice::Malloc,
        ..Config::default()
    };
    [
        Memory::new().unwrap(),
        Memory::with_config(foreign).unwrap(),
    ]
}

/// One size for each space, and sizes at the borders between them.
const SIZES: [usize; 14] = [
    0,
    1,
    16,
    17,
    512,
    513,
    1094,
    POOL_LIMIT_BYTES,
    POOL_LIMIT_BYTES + 1,
    POOL_BYTES,
    100_000,
    SPAN_LIMIT_BYTES,
    SPAN_LIMIT_BYTES + 1,
    20 << 20,
];

#[test]
fn every_block_finds_its_memory_and_side_byte() {
    for memory in memories() {
        for domain in [Domain::Mem, Domain::Object] {
            let mut blocks = Vec::new();
            for size in SIZES {
                let block = memory.block(domain, size).unwrap();
                assert_eq!(block.start.addr().get() % GRANULE_BYTES, 0);
                // SAFETY: *live-block*: handed out above.
                unsafe {
                    assert!(Memory::usable_bytes(block) >= size);
                    block.start.write_bytes(0xA5, size);
                    let reach = match block.space {
                        Space::Pool => size.saturating_sub(1),
                        Space::Span => POOL_BYTES / 2 - 1,
                        Space::Foreign => 0,
                    };
                    let inside = block.start.add(reach);
                    assert!(std::ptr::eq(
                        Memory::owner(inside, block.space),
                        &raw const *memory
                    ));
                    let side = Memory::side(block.start, block.space);
                    assert_eq!(side.get(), 0);
                    side.set(7);
                }
                blocks.push(block);
            }
            memory.check().unwrap();
            for block in blocks {
                // SAFETY: *live-block*: handed out above, released once.
                unsafe {
                    assert_eq!(Memory::side(block.start, block.space).replace(0), 7);
                    Memory::release(block);
                }
            }
            memory.check().unwrap();
        }
        let statistics = memory.statistics();
        assert_eq!(statistics.mem.blocks_in_use(), 0);
        assert_eq!(statistics.object.blocks_in_use(), 0);
    }
}

#[test]
fn spaces_follow_the_size() {
    let memory = Memory::new().unwrap();
    let space = |size| {
        OwnedBlock::new(&memory, Domain::Object, size)
            .unwrap()
            .space()
    };
    assert_eq!(space(0), Space::Pool);
    assert_eq!(space(POOL_LIMIT_BYTES), Space::Pool);
    assert_eq!(space(POOL_LIMIT_BYTES + 1), Space::Span);
    assert_eq!(space(SPAN_LIMIT_BYTES), Space::Span);
    assert_eq!(space(SPAN_LIMIT_BYTES + 1), Space::Foreign);
}

#[test]
fn marked_blocks_are_visited_in_order_and_unmarked_ones_are_not() {
    for memory in memories() {
        let mut blocks = Vec::new();
        for round in 0..300 {
            for size in [40, 200, 1200, 9000] {
                let block = OwnedBlock::new(&memory, Domain::Object, size).unwrap();
                if round % 3 == 0 {
                    block.side().set(1 + (round % 250) as u8);
                }
                blocks.push(block);
            }
            blocks.push(OwnedBlock::new(&memory, Domain::Mem, 40).unwrap());
            blocks.last().unwrap().side().set(9);
        }
        let mut expected: Vec<(u8, usize)> = blocks
            .iter()
            .enumerate()
            .filter(|(index, block)| index % 5 != 4 && block.side().get() != 0)
            .map(|(_, block)| (block.space() as u8, block.address()))
            .collect();
        if expected[0].0 != Space::Foreign as u8 {
            expected.sort_unstable();
        }
        let mut found = Vec::new();
        memory.each_marked(&mut |block: Block, side| {
            found.push((block.space as u8, block.start.addr().get()));
            side.set(0);
        });
        assert_eq!(found, expected);
        memory.each_marked(&mut |_, _| panic!("every mark was taken away"));
    }
}

#[test]
fn a_visitor_hides_blocks_ahead_by_clearing_their_marks() {
    let memory = Memory::new().unwrap();
    let blocks: Vec<_> = (0..64)
        .map(|_| OwnedBlock::new(&memory, Domain::Object, 16).unwrap())
        .collect();
    for block in &blocks {
        block.side().set(1);
    }
    let mut visits = 0;
    memory.each_marked(&mut |_, _| {
        visits += 1;
        for block in &blocks {
            block.side().set(0);
        }
    });
    assert_eq!(visits, 1);
}

#[test]
fn a_walk_passes_over_units_whose_byte_is_refused() {
    for memory in memories() {
        // A pool of small blocks, a span, and whatever is foreign.
        let blocks = [48, 48, 100_000, 20_000_000]
            .map(|bytes| OwnedBlock::new(&memory, Domain::Object, bytes).unwrap());
        for block in &blocks {
            assert_eq!(block.unit_byte().get(), 0, "zero in a fresh unit");
            block.side().set(1);
        }
        blocks[2].unit_byte().set(2);
        let visited = |wanted: &dyn Fn(&Cell<u8>) -> bool| {
            let mut found = Vec::new();
            // SAFETY: *quiet-walk*: nothing is released.
            unsafe {
                memory.walk_pools(|pool| {
                    if wanted(pool.unit_byte) {
                        pool.each_marked(&mut |block, _| found.push(block.start.addr().get()));
                    }
                });
                memory.walk_large(wanted, |block, _| found.push(block.start.addr().get()));
            }
            found
        };
        assert_eq!(visited(&|_| true).len(), 4);
        // A span has a byte of its own, a foreign block that of its group.
        let marked: Vec<_> = (blocks.iter())
            .filter(|block| std::ptr::eq(block.unit_byte(), blocks[2].unit_byte()))
            .map(OwnedBlock::address)
            .collect();
        let shares = blocks[2].space() == Space::Foreign;
        assert_eq!(marked.len(), if shares { 4 } else { 1 });
        assert_eq!(visited(&|byte| byte.get() == 2), marked);
        // A unit may be changed when it is asked about, for the walks that come after.
        assert_eq!(visited(&|byte| byte.replace(0) == 2), marked);
        assert_eq!(visited(&|byte| byte.get() == 2).len(), 0);
    }
}

#[test]
fn blocks_dropped_inside_a_walk_are_leaked() {
    for memory in memories() {
        let mut block = OwnedBlock::new(&memory, Domain::Object, 32);
        block.as_ref().unwrap().side().set(1);
        memory.each_marked(&mut |_, side| {
            side.set(0);
            block = None;
        });
        assert_eq!(memory.statistics().object.blocks_in_use(), 1);
        memory.check().unwrap();
    }
}

#[test]
fn empty_pools_serve_other_classes_and_domains() {
    let memory = Memory::new().unwrap();
    let fill = |domain, size| {
        let blocks: Vec<_> = (0..20_000)
            .map(|_| OwnedBlock::new(&memory, domain, size).unwrap())
            .collect();
        memory.check().unwrap();
        drop(blocks);
        memory.check().unwrap();
    };
    fill(Domain::Object, 64);
    let peak = memory.statistics().units_peak;
    fill(Domain::Mem, 64);
    fill(Domain::Object, 48);
    assert!(memory.statistics().units_peak <= peak + 2);
    assert!(memory.statistics().units_in_use <= 3);
}

#[test]
fn one_more_region_is_reserved_when_the_first_is_full() {
    let memory = Memory::with_config(Config {
        region_bytes: 1 << 20,
        region_limit: 3,
        ..Config::default()
    })
    .unwrap();
    let blocks: Vec<_> = (0..5000)
        .map(|_| OwnedBlock::new(&memory, Domain::Object, 1000).unwrap())
        .collect();
    let statistics = memory.statistics();
    assert_eq!(statistics.regions, 3);
    assert_eq!(statistics.arenas, 3);
    assert_eq!(
        statistics.object.foreign_blocks,
        5000 - 3 * 63 * 16,
        "the rest is foreign"
    );
    for block in &blocks {
        block.side().set(1);
    }
    let mut visited = 0;
    memory.each_marked(&mut |_, _| visited += 1);
    assert_eq!(visited, 5000);
    memory.check().unwrap();
    drop(blocks);
    memory.check().unwrap();
}

#[test]
fn spans_fill_arenas_and_do_not_cross_them() {
    let memory = Memory::with_config(Config {
        region_bytes: 2 << 20,
        region_limit: 1,
        ..Config::default()
    })
    .unwrap();
    let span = |units: usize| OwnedBlock::new(&memory, Domain::Object, units * POOL_BYTES).unwrap();
    let first = span(60);
    let second = span(60);
    assert_eq!((first.space(), second.space()), (Space::Span, Space::Span));
    assert_eq!(span(4).space(), Space::Foreign, "3 + 3 units are left");
    assert_eq!(span(3).space(), Space::Span, "in a row");
    drop(first);
    assert_eq!(span(64).space(), Space::Foreign, "no arena has as many");
    let whole = span(63);
    assert_eq!(whole.space(), Space::Span);
    drop(second);
    assert_eq!(span(63).space(), Space::Span);
    memory.check().unwrap();
}

#[test]
fn the_client_word_is_reached_from_a_block() {
    let memory = Memory::new().unwrap();
    let word = 5u32;
    // SAFETY: *live-block*: this test is the layer above.
    unsafe { memory.set_client((&raw const word).cast()) };
    let block = memory.block(Domain::Object, 24).unwrap();
    // SAFETY: *live-block*: handed out above, released once.
    unsafe {
        let client = Memory::owner(block.start, block.space).client();
        assert_eq!(client, (&raw const word).cast());
        Memory::release(block);
    }
}

#[test]
fn an_abandoned_memory_leaves_its_blocks_usable() {
    let memory = Memory::new().unwrap();
    let block = memory.block(Domain::Object, 24).unwrap();
    memory.abandon();
    // SAFETY: *live-block*: the mapping stays for the rest of the process.
    unsafe {
        block.start.cast::<u64>().write(1);
        Memory::release(block);
    }
}

#[test]
fn a_memory_moves_to_another_thread() {
    let memory = Memory::new().unwrap();
    let block = OwnedBlock::new(&memory, Domain::Object, 24).unwrap();
    let address = block.address();
    std::mem::forget(block);
    let memory = std::thread::spawn(move || {
        memory.check().unwrap();
        memory
    })
    .join()
    .unwrap();
    // SAFETY: *live-block*: the forgotten block.
    unsafe { memory.free(Domain::Object, NonNull::new(address as *mut u8)) };
    memory.check().unwrap();
}

#[test]
fn a_client_keeps_its_side_bytes_to_itself() {
    let memory = Memory::new().unwrap();
    let word = 5u32;
    // SAFETY: *live-block*: this test is the layer above.
    unsafe { memory.set_client((&raw const word).cast()) };
    assert!(OwnedBlock::new(&memory, Domain::Object, 32).is_none());
    assert!(OwnedBlock::new(&memory, Domain::Mem, 32).is_some());
    let walk = std::panic::AssertUnwindSafe(|| memory.each_marked(&mut |_, _| {}));
    assert!(std::panic::catch_unwind(walk).is_err());
}

#[test]
fn a_region_that_a_visitor_adds_makes_no_block_visited_twice() {
    let memory = Memory::with_config(Config {
        region_bytes: 1 << 20,
        ..Config::default()
    })
    .unwrap();
    let marked: Vec<_> = (0..200)
        .map(|_| OwnedBlock::new(&memory, Domain::Object, 64).unwrap())
        .collect();
    for block in &marked {
        block.side().set(1);
    }
    let regions = memory.statistics().regions;
    let mut more = Vec::new();
    let mut visits = 0;
    memory.each_marked(&mut |_, _| {
        visits += 1;
        more.push(OwnedBlock::new(&memory, Domain::Mem, 100_000).unwrap());
    });
    assert!(memory.statistics().regions > regions);
    assert_eq!(visits, marked.len());
}

#[test]
fn a_span_at_the_end_of_a_region_keeps_its_units() {
    let memory = Memory::with_config(Config {
        region_bytes: 1,
        region_limit: 1,
        ..Config::default()
    });
    let memory = memory.unwrap();
    // Each takes a whole unit or a few; the last one ends with the region.
    let mut spans = Vec::new();
    while let Some(start) = memory.malloc(Domain::Mem, POOL_LIMIT_BYTES + 1) {
        // SAFETY: *live-block*: handed out above.
        if unsafe { memory.locate(start) }.space == Space::Foreign {
            // SAFETY: *live-block*: as above, and released once.
            unsafe { memory.free(Domain::Mem, Some(start)) };
            break;
        }
        spans.push(start);
    }
    assert!(spans.len() > 32, "the region has 63 units for use");
    for start in spans {
        // SAFETY: *live-block*: each is changed and released once.
        unsafe {
            let resized = memory.realloc(Domain::Mem, Some(start), POOL_LIMIT_BYTES + 2);
            assert_eq!(resized, Some(start));
            memory.free(Domain::Mem, resized);
        }
    }
    memory.check().unwrap();
}

#[test]
fn a_walk_passes_over_whole_groups_of_foreign_blocks() {
    let [_, memory] = memories();
    let mut blocks: Vec<_> = (0..1000)
        .map(|_| OwnedBlock::new(&memory, Domain::Object, 40).unwrap())
        .collect();
    for block in &blocks {
        block.side().set(1);
    }
    blocks.retain({
        let mut index = 0;
        move |_| {
            index += 1;
            index % 3 != 0
        }
    });
    memory.check().unwrap();
    let mut asked = 0;
    // SAFETY: *quiet-walk*: nothing is released.
    unsafe {
        memory.walk_large(
            |_| {
                asked += 1;
                false
            },
            |_, _| panic!("every group was refused"),
        );
    }
    assert_eq!(asked, 1000usize.div_ceil(64));
    blocks.truncate(1);
    memory.check().unwrap();
    let mut asked = 0;
    memory.each_marked(&mut |_, _| asked += 1);
    assert_eq!(asked, 1);
}
