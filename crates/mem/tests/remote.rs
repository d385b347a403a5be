//! Blocks that are released on another thread than their memory's.

use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::thread;

use mortice_mem::{Block, Choice, Config, Domain, Home, Memory, OwnedBlock, Space};

/// What is sent, and how it is released at the other end.
#[derive(Clone, Copy)]
enum Parcel {
    /// [`Memory::release_remotely`].
    Block(Block),
    /// [`Home::release`].
    Homed(Block),
    /// [`Home::free`].
    Pointer(Domain, NonNull<u8>),
}

const SPACES: [Space; 3] = [Space::Pool, Space::Span, Space::Foreign];
const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

impl Parcel {
    fn start(self) -> NonNull<u8> {
        match self {
            Parcel::Block(block) | Parcel::Homed(block) => block.start,
            Parcel::Pointer(_, start) => start,
        }
    }

    /// One word: the address, and the rest in its lowest bits.
    fn pack(self) -> *mut u8 {
        let tag = match self {
            Parcel::Block(block) => block.space as usize,
            Parcel::Homed(block) => 3 + block.space as usize,
            Parcel::Pointer(domain, _) => 6 + domain as usize,
        };
        self.start().as_ptr().map_addr(|address| address | tag)
    }

    fn unpack(word: NonNull<u8>) -> Parcel {
        let tag = word.addr().get() % 16;
        let start = NonNull::new(word.as_ptr().map_addr(|address| address - tag)).unwrap();
        let block = |space| Block { start, space };
        match tag {
            0..3 => Parcel::Block(block(SPACES[tag])),
            3..6 => Parcel::Homed(block(SPACES[tag - 3])),
            _ => Parcel::Pointer(DOMAINS[tag - 6], start),
        }
    }
}

/// Parcels on their way from one thread to another. It is made of nothing but
/// atomics in this crate, so that a race detector sees all of it.
struct Way {
    slots: [AtomicPtr<u8>; 128],
    closed: AtomicBool,
}

/// Closes ways when its thread is done, also by a panic, so that nobody waits for
/// it.
struct Closing<'w>(&'w [Way]);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        for way in self.0 {
            way.closed.store(true, Ordering::Release);
        }
    }
}

impl Way {
    fn new() -> Way {
        Way {
            slots: [const { AtomicPtr::new(ptr::null_mut()) }; 128],
            closed: AtomicBool::new(false),
        }
    }

    /// Puts a parcel into the n-th slot, when that is empty.
    fn send(&self, n: usize, parcel: Parcel) {
        let slot = &self.slots[n % self.slots.len()];
        while !slot.load(Ordering::Relaxed).is_null() {
            assert!(!self.closed.load(Ordering::Relaxed), "nobody receives");
            thread::yield_now();
        }
        slot.store(parcel.pack(), Ordering::Release);
    }

    /// Receives parcels until the way is closed and empty, releases each, and
    /// tells how many there were.
    fn release_all(&self, home: Home<'_>) -> usize {
        let _closing = Closing(std::slice::from_ref(self));
        let mut count = 0;
        loop {
            let closed = self.closed.load(Ordering::Acquire);
            let before = count;
            for slot in &self.slots {
                if slot.load(Ordering::Relaxed).is_null() {
                    continue;
                }
                let word = slot.swap(ptr::null_mut(), Ordering::Acquire);
                release(home, Parcel::unpack(NonNull::new(word).unwrap()));
                count += 1;
            }
            if count == before {
                if closed {
                    return count;
                }
                thread::yield_now();
            }
        }
    }
}

/// Looks at what the memory's thread wrote, and releases.
fn release(home: Home<'_>, parcel: Parcel) {
    let start = parcel.start();
    // SAFETY: *sent-block*: `Way` synchronizes; the home is borrowed; the side
    // byte was never set.
    unsafe {
        assert_eq!(start.read(), start.addr().get().to_le_bytes()[1]);
        match parcel {
            Parcel::Block(block) => Memory::release_remotely(block),
            Parcel::Homed(block) => home.release(block),
            Parcel::Pointer(domain, start) => home.free(domain, Some(start)),
        }
    }
}

/// The n-th parcel: all domains, spaces and forms, mostly small.
fn parcel(memory: &Memory, n: usize) -> Parcel {
    let bytes = match n {
        _ if n.is_multiple_of(997) => 2 << 20,
        _ if n.is_multiple_of(101) => 40_000,
        _ if n.is_multiple_of(13) => 1 + n % 8_000,
        _ => 1 + n * 7 % 512,
    };
    let parcel = match n % 7 {
        domain @ 0..3 => {
            let domain = DOMAINS[domain];
            Parcel::Pointer(domain, memory.malloc(domain, bytes).unwrap())
        }
        3 | 4 => Parcel::Block(memory.block(DOMAINS[n % 7 - 2], bytes).unwrap()),
        form => Parcel::Homed(memory.block(DOMAINS[form - 4], bytes).unwrap()),
    };
    let start = parcel.start();
    // SAFETY: *live-block*: just handed out, with room for a byte.
    unsafe { start.write(start.addr().get().to_le_bytes()[1]) };
    parcel
}

/// The blocks in use, in every domain.
fn in_use(memory: &Memory) -> usize {
    let statistics = memory.statistics();
    statistics.mem.blocks_in_use() + statistics.object.blocks_in_use() + statistics.raw_blocks
}

/// Allocates, keeps some, and has the others released on two other threads.
fn stress(config: Config, parcels: usize) {
    let memory = &*Memory::with_config(config).unwrap();
    let ways = &[Way::new(), Way::new()];
    let released = thread::scope(|scope| {
        let threads = ways.each_ref().map(|way| {
            let home = memory.home();
            scope.spawn(move || way.release_all(home))
        });
        let closing = Closing(ways);
        for n in 0..parcels {
            // Blocks are released at home as well, in the same pools.
            let own = OwnedBlock::new(memory, Domain::Object, 1 + n % 600).unwrap();
            ways[n % 2].send(n / 2, parcel(memory, n));
            drop(own);
            if n.is_multiple_of(4096) {
                memory.check().unwrap();
            }
        }
        drop(closing);
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(released.iter().sum::<usize>(), parcels);
    memory.check().unwrap();
    let statistics = memory.statistics();
    assert_eq!(memory.collect_remote(), statistics.waiting_blocks);
    memory.check().unwrap();
    memory.empty_quarantine();
    assert_eq!(in_use(memory), 0);
    assert_eq!(memory.statistics().waiting_blocks, 0);
    // What came home was used again: without that, more than 40 MB would have
    // been taken for every 100,000 parcels, 2,500 units.
    let limit = 900 + parcels / 400;
    assert!(
        statistics.units_peak < limit,
        "{} units",
        statistics.units_peak
    );
}

/// How many blocks a test sends. Debug hooks and valgrind make it slow.
fn parcels(usual: usize) -> usize {
    std::env::var("MORTICE_PARCELS").map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn every_block_comes_home() {
    stress(Config::default(), parcels(200_000));
}

#[test]
fn every_block_comes_home_without_pools() {
    let config = Config {
        allocator: Choice::Malloc,
        ..Config::default()
    };
    stress(config, parcels(20_000));
}

#[cfg(not(feature = "fixed"))]
#[test]
fn every_block_comes_home_with_debug_hooks() {
    for allocator in [Choice::PoolDebug, Choice::MallocDebug] {
        let config = Config {
            allocator,
            ..Config::default()
        };
        stress(config, parcels(20_000));
    }
}

/// Releases what is on a way, to whichever memory it belongs.
fn release_found(way: &Way) {
    for slot in &way.slots {
        let word = slot.swap(ptr::null_mut(), Ordering::AcqRel);
        if let Some(Parcel::Block(block)) = NonNull::new(word).map(Parcel::unpack) {
            // SAFETY: *sent-block*: `Way` synchronizes; the memories live until
            // both threads have ended.
            unsafe { Memory::release_remotely(block) };
        }
    }
}

/// Sends blocks on one way, releases what comes on the other, and gives the
/// memory back.
fn exchange(memory: Box<Memory>, out: &Way, back: &Way) -> Box<Memory> {
    let closing = Closing(std::slice::from_ref(out));
    for n in 0..parcels(20_000) {
        let block = memory.block(DOMAINS[1 + n % 2], 1 + n % 700).unwrap();
        // SAFETY: *live-block*: just handed out.
        unsafe { block.start.write(n as u8) };
        while !out.slots[n % 128].load(Ordering::Relaxed).is_null() {
            release_found(back);
            thread::yield_now();
        }
        out.send(n, Parcel::Block(block));
    }
    drop(closing);
    while !back.closed.load(Ordering::Acquire) {
        release_found(back);
        thread::yield_now();
    }
    release_found(back);
    memory
}

#[test]
fn two_memories_release_each_others_blocks() {
    let [first, second] = [Memory::new().unwrap(), Memory::new().unwrap()];
    let ways = &[Way::new(), Way::new()];
    thread::scope(|scope| {
        let threads = [
            scope.spawn(move || exchange(first, &ways[0], &ways[1])),
            scope.spawn(move || exchange(second, &ways[1], &ways[0])),
        ];
        for memory in threads.map(|thread| thread.join().unwrap()) {
            memory.check().unwrap();
            memory.collect_remote();
            memory.check().unwrap();
            assert_eq!(in_use(&memory), 0);
        }
    });
}

#[test]
fn what_waits_is_counted_and_collected_where_memory_is_needed() {
    // A new pool, a span, a foreign block, a raw block.
    let needs = [
        (Domain::Mem, 3_000),
        (Domain::Object, 100_000),
        (Domain::Mem, 3 << 20),
        (Domain::Raw, 10),
    ];
    for (domain, bytes) in needs {
        let memory = Memory::new().unwrap();
        let blocks: Vec<_> = (0..700).map(|n| parcel(&memory, n)).collect();
        for parcel in &blocks {
            release(memory.home(), *parcel);
        }
        assert_eq!(memory.statistics().waiting_blocks, blocks.len());
        assert_eq!(in_use(&memory), blocks.len());
        memory.check().unwrap();
        let needed = memory.malloc(domain, bytes);
        memory.check().unwrap();
        assert_eq!(memory.statistics().waiting_blocks, 0);
        assert_eq!(in_use(&memory), 1);
        // SAFETY: *live-block*: handed out above.
        unsafe { memory.free(domain, needed) };
    }
}

#[test]
fn a_pool_that_came_home_serves_before_a_new_one() {
    let memory = Memory::new().unwrap();
    for _ in 0..10 {
        let blocks: Vec<_> = (0..1_000)
            .map(|_| memory.block(Domain::Object, 48).unwrap())
            .collect();
        for block in blocks {
            // SAFETY: *sent-block*: this thread's, and released once.
            unsafe { Memory::release_remotely(block) };
        }
    }
    assert_eq!(memory.statistics().units_peak, 3);
}

#[test]
fn nothing_is_released_under_a_walk() {
    let memory = Memory::new().unwrap();
    let marked = memory.block(Domain::Object, 20 << 20).unwrap();
    // SAFETY: *live-block*: just handed out.
    let side = unsafe { Memory::side(marked.start, marked.space) };
    side.set(1);
    let block = memory.block(Domain::Object, 20 << 20).unwrap();
    // SAFETY: *sent-block*: this thread's, and released once.
    unsafe { Memory::release_remotely(block) };
    let mut visits = 0;
    memory.each_marked(&mut |_, side| {
        assert_eq!(memory.collect_remote(), 0);
        assert!(memory.malloc(Domain::Mem, 2_000).is_some());
        assert_eq!(memory.statistics().waiting_blocks, 1);
        side.set(0);
        visits += 1;
    });
    assert_eq!(visits, 1);
    assert_eq!(memory.collect_remote(), 1);
}

#[cfg(not(feature = "fixed"))]
#[test]
fn the_smallest_blocks_have_room_under_debug_hooks() {
    for allocator in [Choice::PoolDebug, Choice::MallocDebug] {
        let memory = Memory::with_config(Config {
            allocator,
            ..Config::default()
        })
        .unwrap();
        for bytes in 0..10 {
            let pointers = DOMAINS.map(|domain| (domain, memory.malloc(domain, bytes)));
            let blocks = [1, 2].map(|n| memory.block(DOMAINS[n], bytes).unwrap());
            // SAFETY: *sent-block*: this thread's, and released once.
            unsafe {
                for (domain, pointer) in pointers {
                    memory.home().free(domain, pointer);
                }
                for block in blocks {
                    memory.home().release(block);
                }
            }
            memory.check().unwrap();
            assert_eq!(memory.collect_remote(), 5);
        }
        // Looks at the dead bytes, and ends the process if a link lies there.
        memory.empty_quarantine();
        memory.check().unwrap();
    }
}

#[cfg(not(feature = "fixed"))]
#[test]
fn any_allocator_of_rust_gives_room() {
    static SYSTEM: std::alloc::System = std::alloc::System;
    let memory = Memory::new().unwrap();
    let own = memory.own_allocator(Domain::Mem);
    let functions = mortice_mem::DomainAllocator::global(&SYSTEM);
    // SAFETY: *domain-functions*: no block of the domain is in use at either
    // time.
    unsafe {
        memory.set_allocator(Domain::Mem, functions);
        for bytes in 0..10 {
            let block = memory.malloc(Domain::Mem, bytes);
            let block = memory.realloc(Domain::Mem, block, bytes / 2);
            memory.home().free(Domain::Mem, block);
            assert_eq!(memory.statistics().waiting_blocks, 1, "the one before went");
        }
        memory.collect_remote();
        memory.set_allocator(Domain::Mem, own);
    }
}

#[test]
fn sent_blocks_go_home() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let memory = Memory::new().unwrap();
    for bytes in [40, 40_000, 4 << 20] {
        let owned = OwnedBlock::new(&memory, Domain::Object, bytes).unwrap();
        owned.side().set(9);
        let mut sent = is_send(owned.send());
        let sent = thread::scope(|scope| {
            let filled = scope.spawn(move || {
                sent.fill(3);
                sent
            });
            filled.join().unwrap()
        });
        assert_eq!(sent.bytes(), bytes);
        assert_eq!(sent.as_slice(), vec![3; bytes]);
        thread::scope(|scope| scope.spawn(move || drop(sent)).join().unwrap());
        assert_eq!(memory.collect_remote(), 1);
    }
    assert_eq!(in_use(&memory), 0);
    memory.check().unwrap();
}

#[test]
fn what_waits_at_the_end_goes_with_its_memory() {
    // A leak detector sees whether raw blocks do.
    let memory = Memory::new().unwrap();
    for n in 0..100 {
        release(memory.home(), parcel(&memory, n));
    }
    drop(memory);
}
