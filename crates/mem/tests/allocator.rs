//! The mem domain under growable collections.

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;
use mortice_mem::{Memory, MemoryRef};
use std::alloc::Layout;

fn fill<A: Allocator>(allocator: A) -> u64 {
    let mut numbers = Vec::new_in(allocator);
    for number in 0..100_000u64 {
        numbers.try_reserve(1).unwrap();
        numbers.push(number);
    }
    numbers.truncate(10);
    numbers.shrink_to_fit();
    numbers.iter().sum()
}

#[test]
fn collections_live_in_the_mem_domain() {
    let memory = Memory::new().unwrap();
    assert_eq!(fill(&*memory), 45);
    // SAFETY: *stable-memory*: the memory outlives the handle.
    let handle = unsafe { MemoryRef::new(&memory) };
    assert_eq!(fill(handle), 45);
    let mut numbers: Vec<u32, _> = Vec::new_in(handle);
    numbers.push(1);
    let statistics = memory.statistics();
    assert_eq!(statistics.mem.blocks_in_use(), 1);
    assert_eq!(statistics.object.blocks_in_use(), 0);
    drop(numbers);
    assert_eq!(memory.statistics().mem.blocks_in_use(), 0);
    memory.check().unwrap();
}

#[test]
fn running_out_is_an_error_and_keeps_the_collection() {
    let memory = Memory::new().unwrap();
    let mut numbers: Vec<u64, _> = Vec::new_in(&*memory);
    numbers.try_reserve(2).unwrap();
    numbers.extend([1, 2]);
    memory.fail_after(Some(1));
    assert!(numbers.try_reserve(1000).is_err());
    assert_eq!(numbers.as_slice(), [1, 2]);
    assert!(numbers.try_reserve(isize::MAX as usize / 8 - 10).is_err());
    assert!(numbers.try_reserve(1000).is_ok());
}

#[test]
fn alignment_above_sixteen_bytes_is_refused() {
    let memory = Memory::new().unwrap();
    let layout = |align| Layout::from_size_align(64, align).unwrap();
    assert!((&*memory).allocate(layout(32)).is_err());
    assert!((&*memory).allocate_zeroed(layout(64)).is_err());
    let start = (&*memory).allocate(layout(16)).unwrap();
    // SAFETY: *live-block*: handed out above, released once.
    unsafe {
        assert!(
            (&*memory)
                .grow(start.cast(), layout(16), layout(32))
                .is_err()
        );
        (&*memory).deallocate(start.cast(), layout(16));
    }
}

#[test]
fn a_handle_is_one_word() {
    assert_eq!(size_of::<MemoryRef>(), 8);
    assert_eq!(size_of::<Option<MemoryRef>>(), 8);
}
