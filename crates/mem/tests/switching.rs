//! Other functions in the place of a domain's own: what they see, what they
//! wrap, and how the memory goes on without them.

use std::alloc::System;
use std::cell::Cell;
use std::ffi::c_void;

use mortice_mem::{Buffer, Choice, Config, Domain, DomainAllocator, Memory, OwnedBlock, Space};

const DOMAINS: [Domain; 3] = [Domain::Raw, Domain::Mem, Domain::Object];

/// Functions that count their calls and pass them on.
struct Counting {
    wrapped: DomainAllocator,
    calls: [Cell<usize>; 4],
}

impl Counting {
    /// Puts counting functions around those of a domain.
    fn install(memory: &Memory, domain: Domain) -> Box<Counting> {
        let counting = Box::new(Counting {
            wrapped: memory.allocator(domain),
            calls: Default::default(),
        });
        // SAFETY: *domain-functions*: every call is passed on; the tests drop
        // the box after the memory, or after the functions were replaced.
        unsafe {
            memory.set_allocator(
                domain,
                DomainAllocator {
                    context: (&raw const *counting).cast_mut().cast(),
                    malloc,
                    calloc,
                    realloc,
                    free,
                },
            );
        }
        counting
    }

    fn calls(&self) -> [usize; 4] {
        self.calls.each_ref().map(Cell::get)
    }
}

fn counted<'a>(context: *mut c_void, function: usize) -> &'a DomainAllocator {
    // SAFETY: *domain-functions*: the context is that of `install`.
    let counting = unsafe { &*context.cast::<Counting>() };
    counting.calls[function].set(counting.calls[function].get() + 1);
    &counting.wrapped
}

unsafe extern "C" fn malloc(context: *mut c_void, bytes: usize) -> *mut c_void {
    let wrapped = counted(context, 0);
    // SAFETY: *domain-functions*: the same arguments.
    unsafe { (wrapped.malloc)(wrapped.context, bytes) }
}

unsafe extern "C" fn calloc(context: *mut c_void, count: usize, bytes: usize) -> *mut c_void {
    let wrapped = counted(context, 1);
    // SAFETY: *domain-functions*: the same arguments.
    unsafe { (wrapped.calloc)(wrapped.context, count, bytes) }
}

unsafe extern "C" fn realloc(
    context: *mut c_void,
    block: *mut c_void,
    bytes: usize,
) -> *mut c_void {
    let wrapped = counted(context, 2);
    // SAFETY: *domain-functions*: the same arguments.
    unsafe { (wrapped.realloc)(wrapped.context, block, bytes) }
}

unsafe extern "C" fn free(context: *mut c_void, block: *mut c_void) {
    let wrapped = counted(context, 3);
    // SAFETY: *domain-functions*: the same arguments.
    unsafe { (wrapped.free)(wrapped.context, block) }
}

/// One call of each function with a block, and contents that must survive.
fn exercise(memory: &Memory, domain: Domain) {
    for bytes in [0, 1, 100, 600, 9000, 2 << 20] {
        let mut block = Buffer::new(memory, domain, bytes).unwrap();
        assert!(block.address().is_multiple_of(16));
        block.fill(7);
        assert!(block.resize(bytes * 2 + 50));
        assert!(block.as_slice().iter().all(|byte| *byte == 7));
        let zeroed = Buffer::zeroed(memory, domain, 3, bytes).unwrap();
        assert!(zeroed.as_slice().iter().all(|byte| *byte == 0));
        assert_ne!(zeroed.address(), block.address());
    }
    assert!(Buffer::zeroed(memory, domain, usize::MAX, 2).is_none());
    assert!(Buffer::new(memory, domain, usize::MAX - 8).is_none());
}

/// B345, B346
#[test]
fn a_wrapping_hook_sees_every_call_of_its_domain() {
    for choice in [
        Choice::Pool,
        Choice::Malloc,
        Choice::PoolDebug,
        Choice::MallocDebug,
    ] {
        let memory = Memory::with_config(Config {
            allocator: choice,
            ..Config::default()
        })
        .unwrap();
        let early: Vec<_> = (0..100)
            .map(|_| Buffer::new(&memory, Domain::Object, 40).unwrap())
            .collect();
        let counting = DOMAINS.map(|domain| Counting::install(&memory, domain));
        for (domain, counting) in DOMAINS.into_iter().zip(&counting) {
            let before = counting.calls();
            exercise(&memory, domain);
            let after = counting.calls();
            let spent: Vec<usize> = after.iter().zip(before).map(|(a, b)| a - b).collect();
            assert_eq!(spent, [7, 7, 6, 12], "{choice} {domain:?}");
        }
        // What was handed out before goes through the hook as well.
        let frees = counting[2].calls()[3];
        drop(early);
        assert_eq!(counting[2].calls()[3], frees + 100);
        memory.check().unwrap();
        for (domain, counting) in DOMAINS.into_iter().zip(&counting) {
            // SAFETY: *domain-functions*: what was there before.
            unsafe { memory.set_allocator(domain, counting.wrapped) };
            let calls = counting.calls();
            exercise(&memory, domain);
            assert_eq!(counting.calls(), calls, "it is out of the way");
        }
        memory.empty_quarantine();
        memory.check().unwrap();
        let statistics = memory.statistics();
        assert_eq!(statistics.object.blocks_in_use(), 0);
        assert_eq!(statistics.mem.blocks_in_use(), 0);
        assert_eq!(statistics.raw_blocks, 0);
    }
}

#[test]
fn blocks_with_a_space_come_from_the_functions_too() {
    let memory = Memory::new().unwrap();
    let mut early = OwnedBlock::new(&memory, Domain::Object, 100).unwrap();
    early.fill(3);
    early.side().set(9);
    let counting = Counting::install(&memory, Domain::Object);
    let mut block = OwnedBlock::new(&memory, Domain::Object, 200).unwrap();
    assert_eq!(block.space(), Space::Foreign);
    assert!(block.finds_owner());
    block.fill(5);
    block.side().set(1);
    assert!(block.resize(3000));
    assert!(early.resize(300));
    assert_eq!((early.side().get(), block.side().get()), (9, 1));
    assert!(early.as_slice().iter().all(|byte| *byte == 3));
    assert!(block.as_slice().iter().all(|byte| *byte == 5));
    let mut seen = Vec::new();
    memory.each_marked(&mut |_, side| seen.push(side.get()));
    assert_eq!(seen, [1, 9], "in the order of their allocation");
    memory.check().unwrap();
    assert_eq!(counting.calls(), [3, 0, 0, 1]);
    drop((early, block));
    assert_eq!(counting.calls(), [3, 0, 0, 3]);
    assert_eq!(memory.statistics().object.blocks_in_use(), 0);
    memory.check().unwrap();
    drop(memory);
}

#[test]
fn any_global_allocator_can_serve_a_domain() {
    static SYSTEM: System = System;
    let memory = Memory::new().unwrap();
    for domain in DOMAINS {
        // SAFETY: *domain-functions*: no block is in use.
        unsafe { memory.set_allocator(domain, DomainAllocator::global(&SYSTEM)) };
        exercise(&memory, domain);
    }
    let marked = OwnedBlock::new(&memory, Domain::Object, 100).unwrap();
    marked.side().set(1);
    let mut visits = 0;
    memory.each_marked(&mut |_, _| visits += 1);
    assert_eq!(visits, 1);
    assert_eq!(memory.statistics().units_in_use, 0, "no pool was needed");
    drop(marked);
    memory.check().unwrap();
}

#[test]
fn requests_are_counted_and_fail_whatever_serves_them() {
    let memory = Memory::new().unwrap();
    memory.fail_after(Some(4));
    let count = memory.allocation_count();
    let one = Buffer::new(&memory, Domain::Mem, 10).unwrap();
    let counting = Counting::install(&memory, Domain::Object);
    let two = Buffer::new(&memory, Domain::Mem, 10).unwrap();
    let three = Buffer::new(&memory, Domain::Object, 10).unwrap();
    assert_eq!(memory.allocation_count(), count + 3);
    assert!(Buffer::new(&memory, Domain::Object, 10).is_none());
    assert!(Buffer::new(&memory, Domain::Object, 10).is_some());
    memory.fail_after(Some(2));
    // SAFETY: *domain-functions*: what was there before.
    unsafe { memory.set_allocator(Domain::Object, counting.wrapped) };
    assert!(Buffer::new(&memory, Domain::Object, 10).is_some());
    assert!(Buffer::new(&memory, Domain::Object, 10).is_none());
    assert_eq!(memory.allocation_count(), count + 7);
    assert_eq!(counting.calls(), [2, 0, 0, 1]);
    drop((one, two, three));
    memory.check().unwrap();
}
