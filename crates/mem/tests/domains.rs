//! The C-like functions of the three domains, and failing on request.

use mortice_mem::{Buffer, Config, Domain, Memory, OwnedBlock, Space};

const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

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

/// B327, B328, B330
#[test]
fn zero_bytes_give_distinct_pointers() {
    for memory in memories() {
        for domain in DOMAINS {
            let buffers: Vec<_> = (0..100)
                .map(|index| match index % 2 {
                    0 => Buffer::new(&memory, domain, 0).unwrap(),
                    _ => Buffer::zeroed(&memory, domain, 0, index).unwrap(),
                })
                .collect();
            let mut addresses: Vec<_> = buffers.iter().map(Buffer::address).collect();
            addresses.sort_unstable();
            addresses.dedup();
            assert_eq!(addresses.len(), 100, "{domain:?}");
        }
        memory.check().unwrap();
    }
}

/// B331, B332, B336
#[test]
fn sizes_above_the_largest_are_refused() {
    for memory in memories() {
        for domain in DOMAINS {
            for bytes in [isize::MAX as usize, isize::MAX as usize + 1, usize::MAX] {
                assert!(Buffer::new(&memory, domain, bytes).is_none(), "{bytes}");
                assert!(Buffer::zeroed(&memory, domain, bytes, 1).is_none());
                assert!(OwnedBlock::new(&memory, Domain::Object, bytes).is_none());
                for start in [10, 1000, 20_000, 10 << 20] {
                    let mut buffer = Buffer::new(&memory, domain, start).unwrap();
                    buffer.fill(0x5A);
                    assert!(!buffer.resize(bytes));
                    assert_eq!(buffer.as_slice().len(), start);
                    assert!(buffer.as_slice().iter().all(|&byte| byte == 0x5A));
                }
            }
            assert!(Buffer::zeroed(&memory, domain, usize::MAX / 2, 3).is_none());
        }
        memory.check().unwrap();
    }
}

/// B329
#[test]
fn calloc_zeroes_used_memory() {
    for memory in memories() {
        for domain in DOMAINS {
            for bytes in [16, 100, 512, 1000, 8192, 20_000, 9 << 20] {
                for _ in 0..3 {
                    let mut dirty = Buffer::new(&memory, domain, bytes).unwrap();
                    dirty.fill(0xEE);
                    drop(dirty);
                    let zeroed = Buffer::zeroed(&memory, domain, bytes / 4, 4).unwrap();
                    assert!(zeroed.as_slice().iter().all(|&byte| byte == 0));
                }
            }
        }
    }
}

/// B333, B335
#[test]
fn realloc_keeps_the_contents_and_the_alignment() {
    let sizes = [
        0,
        1,
        30,
        500,
        520,
        4000,
        8192,
        9000,
        40_000,
        5,
        300_000,
        120_000,
        9 << 20,
        17 << 20,
        10 << 20,
        9000,
        600,
        400,
        0,
    ];
    for memory in memories() {
        for domain in DOMAINS {
            let mut buffer = Buffer::new(&memory, domain, 0).unwrap();
            for (round, bytes) in sizes.into_iter().enumerate() {
                let kept = buffer.bytes().min(bytes);
                assert!(buffer.resize(bytes));
                assert_eq!(buffer.address() % 16, 0);
                assert_eq!(buffer.as_slice().len(), kept);
                assert!(
                    buffer.as_slice().iter().all(|&byte| byte == round as u8),
                    "{domain:?}: {bytes} bytes"
                );
                buffer.fill(round as u8 + 1);
                memory.check().unwrap();
            }
        }
    }
}

#[test]
fn realloc_carries_the_side_byte_along() {
    for memory in memories() {
        let mut block = memory.block(Domain::Object, 24).unwrap();
        // SAFETY: *live-block*: handed out above, and replaced by each result.
        unsafe {
            Memory::side(block.start, block.space).set(9);
            for bytes in [700, 10_000, 90_000, 10 << 20, 11 << 20, 80, 24] {
                let start = memory.realloc(Domain::Object, Some(block.start), bytes);
                block = memory.locate(start.unwrap());
                assert_eq!(Memory::side(block.start, block.space).get(), 9);
                memory.check().unwrap();
            }
            Memory::side(block.start, block.space).set(0);
            Memory::release(block);
        }
    }
}

#[test]
fn a_span_grows_and_shrinks_in_place_where_it_can() {
    let memory = Memory::new().unwrap();
    let mut first = Buffer::new(&memory, Domain::Mem, 20_000).unwrap();
    let address = first.address();
    assert!(first.resize(200_000));
    assert_eq!(first.address(), address, "the units behind are free");
    let second = Buffer::new(&memory, Domain::Mem, 20_000).unwrap();
    assert!(first.resize(100_000));
    assert_eq!(first.address(), address);
    let third = Buffer::new(&memory, Domain::Mem, 20_000).unwrap();
    assert!(
        third.address() < second.address(),
        "in the units given back"
    );
    assert!(first.resize(200_000));
    assert_ne!(first.address(), address, "the units behind are taken");
    memory.check().unwrap();
}

/// B334, B337
#[test]
fn null_is_allocated_by_realloc_and_ignored_by_free() {
    let memory = Memory::new().unwrap();
    for domain in DOMAINS {
        // SAFETY: *live-block*: null is none, and the result is released once.
        unsafe {
            let start = memory.realloc(domain, None, 100);
            assert!(start.is_some());
            memory.free(domain, start);
            memory.free(domain, None);
        }
    }
    assert_eq!(memory.statistics().raw_blocks, 0);
}

#[test]
fn exactly_the_request_asked_for_fails() {
    for memory in memories() {
        for domain in DOMAINS {
            for n in 1..=4 {
                let before = memory.allocation_count();
                let mut kept = Buffer::new(&memory, domain, 10).unwrap();
                memory.fail_after(Some(n));
                assert_eq!(memory.allocation_count(), before + 1);
                let results = [
                    Buffer::new(&memory, domain, 10).is_some(),
                    Buffer::zeroed(&memory, domain, 2, 300).is_some(),
                    kept.resize(10_000),
                    OwnedBlock::new(&memory, Domain::Object, 10).is_some(),
                    Buffer::new(&memory, domain, 10).is_some(),
                ];
                let expected: [bool; 5] = std::array::from_fn(|index| index + 1 != n as usize);
                assert_eq!(results, expected);
                assert_eq!(memory.allocation_count(), before + 6);
                memory.check().unwrap();
            }
            memory.fail_after(Some(1));
            memory.fail_after(None);
            assert!(Buffer::new(&memory, domain, 10).is_some());
        }
    }
}

#[test]
fn raw_blocks_leave_the_pools_alone() {
    let memory = Memory::new().unwrap();
    let buffers: Vec<_> = [0, 16, 512, 1000, 100_000]
        .into_iter()
        .map(|bytes| Buffer::new(&memory, Domain::Raw, bytes).unwrap())
        .collect();
    let statistics = memory.statistics();
    assert_eq!(statistics.raw_blocks, 5);
    assert_eq!(statistics.arenas, 0);
    assert_eq!(
        statistics.mem.blocks_in_use() + statistics.object.blocks_in_use(),
        0
    );
    drop(buffers);
    assert_eq!(memory.statistics().raw_blocks, 0);
}

#[test]
fn statistics_add_up() {
    let memory = Memory::new().unwrap();
    let blocks: Vec<_> = (0..3000)
        .map(|index| OwnedBlock::new(&memory, Domain::Object, index % 600).unwrap())
        .collect();
    let big = OwnedBlock::new(&memory, Domain::Object, 30_000).unwrap();
    let foreign = OwnedBlock::new(&memory, Domain::Mem, 30 << 20).unwrap();
    assert_eq!(
        (big.space(), foreign.space()),
        (Space::Span, Space::Foreign)
    );
    let statistics = memory.statistics();
    assert_eq!(statistics.object.blocks_in_use(), 3001);
    assert_eq!(memory.small_blocks_in_use(), 3000 / 600 * 513);
    assert_eq!(
        (statistics.object.spans, statistics.object.span_bytes),
        (1, 32768)
    );
    assert_eq!(statistics.mem.foreign_blocks, 1);
    assert_eq!(statistics.mem.foreign_bytes, 30 << 20);
    assert_eq!(statistics.units_in_use, statistics.object.pools() + 2);
    assert!(statistics.arena_bytes() >= statistics.peak_bytes());
    for class in statistics.object.classes {
        let per_pool = 16384 / class.block_bytes;
        assert_eq!(
            class.blocks_in_use + class.blocks_free,
            class.pools * per_pool
        );
    }
    drop(blocks);
    assert_eq!(memory.small_blocks_in_use(), 0);
    assert_eq!(memory.statistics().units_peak, statistics.units_peak);
}
