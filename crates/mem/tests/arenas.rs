//! Arenas from functions of one's own.

use std::alloc::{Layout, alloc, dealloc};
use std::cell::Cell;
use std::ffi::c_void;

use mortice_mem::{ArenaAllocator, Choice, Config, Domain, Memory, OwnedBlock, POOL_BYTES, Space};

/// Counts regions, and fills them with what should not matter.
#[derive(Default)]
struct Counting {
    given: Cell<usize>,
    bytes: Cell<usize>,
    refuse: Cell<bool>,
}

impl Counting {
    fn functions(&self) -> ArenaAllocator {
        ArenaAllocator {
            context: (&raw const *self).cast_mut().cast(),
            alloc: give,
            free: take,
        }
    }
}

unsafe extern "C" fn give(context: *mut c_void, bytes: usize) -> *mut c_void {
    // SAFETY: *arena-functions*: the context is that of `functions`.
    let counting = unsafe { &*context.cast::<Counting>() };
    if counting.refuse.get() {
        return std::ptr::null_mut();
    }
    counting.given.set(counting.given.get() + 1);
    counting.bytes.set(counting.bytes.get() + bytes);
    // SAFETY: *system-allocator*: the layout is not empty.
    unsafe {
        let start = alloc(Layout::from_size_align(bytes, 4096).unwrap());
        start.write_bytes(0xA5, bytes);
        start.cast()
    }
}

unsafe extern "C" fn take(context: *mut c_void, start: *mut c_void, bytes: usize) {
    // SAFETY: *arena-functions*: the context is that of `functions`.
    let counting = unsafe { &*context.cast::<Counting>() };
    counting.given.set(counting.given.get() - 1);
    counting.bytes.set(counting.bytes.get() - bytes);
    // SAFETY: *system-allocator*: from `give`.
    unsafe { dealloc(start.cast(), Layout::from_size_align(bytes, 4096).unwrap()) };
}

fn blocks(memory: &Memory, count: usize) -> Vec<OwnedBlock<'_>> {
    (0..count)
        .map(|index| {
            let mut block = OwnedBlock::new(memory, Domain::Object, 1000).unwrap();
            assert_eq!(block.side().get(), 0);
            block.fill(index as u8);
            block.side().set(1);
            block
        })
        .collect()
}

/// B354
#[test]
fn arenas_come_from_the_functions_and_go_back_to_them() {
    for choice in [Choice::Pool, Choice::PoolDebug] {
        let counting = Counting::default();
        let memory = Memory::with_config(Config {
            allocator: choice,
            ..Config::default()
        })
        .unwrap();
        let before = blocks(&memory, 200);
        let arenas = memory.statistics().arenas;
        // SAFETY: *arena-functions*: the functions outlive the memory.
        unsafe { memory.set_arena_allocator(counting.functions()) };
        assert!(memory.arena_allocator().is(&counting.functions()));
        let during = blocks(&memory, 10_000);
        let regions = counting.given.get();
        assert!(
            (3..6).contains(&regions),
            "{regions}: of one arena, two, four and so on"
        );
        assert!(memory.statistics().arenas > arenas + 6);
        memory.check().unwrap();
        let mut marked = 0;
        memory.each_marked(&mut |_, _| marked += 1);
        assert_eq!(marked, 10_200);
        memory.purge();
        assert_eq!(counting.given.get(), regions, "they are in use");
        for (index, block) in during.iter().enumerate() {
            assert!(block.as_slice().iter().all(|byte| *byte == index as u8));
        }
        // The reserved range serves again.
        // SAFETY: *arena-functions*: the system's own.
        unsafe { memory.set_arena_allocator(ArenaAllocator::SYSTEM) };
        let after = blocks(&memory, 2_000);
        assert_eq!(counting.given.get(), regions);
        drop(during);
        memory.empty_quarantine();
        memory.purge();
        memory.check().unwrap();
        assert!(counting.given.get() < regions);
        drop((before, after));
        drop(memory);
        assert_eq!(
            (counting.given.get(), counting.bytes.get()),
            (0, 0),
            "{choice}"
        );
    }
}

#[test]
fn where_the_functions_refuse_the_system_serves() {
    let counting = Counting::default();
    counting.refuse.set(true);
    let memory = Memory::new().unwrap();
    // SAFETY: *arena-functions*: the functions outlive the memory.
    unsafe { memory.set_arena_allocator(counting.functions()) };
    let span = OwnedBlock::new(&memory, Domain::Mem, 3 * POOL_BYTES).unwrap();
    assert_eq!(span.space(), Space::Foreign);
    memory.check().unwrap();
}
