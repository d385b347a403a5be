//! Running out of address space for real, under a limit of the system.
//!
//! Not under AddressSanitizer, which ends the process when its own mappings
//! fail.
#![cfg(not(feature = "asan"))]

use std::env;
use std::process::Command;
use std::ptr::NonNull;

use mortice_mem::{Block, Config, Domain, Memory, Space};

/// Set in the process that lives under the limit.
const LIMITED: &str = "MORTICE_MEM_ADDRESS_SPACE";
/// What the process may add to the address space it starts with.
const ALLOWANCE_BYTES: u64 = 96 << 20;

/// Runs the named test again, alone in a process of its own. Gives true there
/// and false, after that process has ended well, in the first one.
fn in_own_process(name: &str) -> bool {
    if env::var_os(LIMITED).is_some() {
        return true;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(LIMITED, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    assert!(text.contains("1 passed"), "{text}{errors}");
    false
}

/// Limits the address space to what is in use and [`ALLOWANCE_BYTES`] more.
fn limit_address_space() {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = status.split(' ').next().unwrap().parse().unwrap();
    // SAFETY: *system-allocator*: a plain call on a local record.
    let result = unsafe {
        let page_bytes = libc::sysconf(libc::_SC_PAGESIZE) as u64;
        let limit = pages * page_bytes + ALLOWANCE_BYTES;
        libc::setrlimit(
            libc::RLIMIT_AS,
            &libc::rlimit {
                rlim_cur: limit,
                rlim_max: limit,
            },
        )
    };
    assert_eq!(result, 0);
}

/// Allocates until nothing is left. The blocks form a list through their first
/// words, so that holding them costs no memory.
fn fill(memory: &Memory, bytes: usize) -> (Option<Block>, [usize; 3]) {
    let mut last: Option<Block> = None;
    let mut counts = [0; 3];
    while let Some(block) = memory.block(Domain::Object, bytes) {
        counts[block.space as usize] += 1;
        // SAFETY: *live-block*: handed out above, with room for the list's word.
        unsafe { block.start.cast::<Option<Block>>().write(last) };
        last = Some(block);
    }
    (last, counts)
}

fn release(mut last: Option<Block>) {
    while let Some(block) = last {
        // SAFETY: *live-block*: from `fill`, each released once.
        unsafe {
            last = block.start.cast::<Option<Block>>().read();
            Memory::release(block);
        }
    }
}

#[test]
fn every_space_runs_out_as_a_value_and_can_be_used_again() {
    if !in_own_process("every_space_runs_out_as_a_value_and_can_be_used_again") {
        return;
    }
    limit_address_space();
    let memory = Memory::new().unwrap();
    let region_bytes = memory.statistics().region_bytes;
    assert!(
        region_bytes < ALLOWANCE_BYTES as usize,
        "{region_bytes} bytes"
    );
    for bytes in [64, 1094, 20_000, 700_000] {
        let (blocks, counts) = fill(&memory, bytes);
        memory.check().unwrap();
        let space = if bytes < 8192 {
            Space::Pool
        } else {
            Space::Span
        };
        assert!(
            counts[space as usize] * bytes > 30 << 20,
            "{bytes}: {counts:?}"
        );
        // What was full at first must serve again and again.
        assert!(memory.block(Domain::Object, bytes).is_none());
        release(blocks);
        memory.check().unwrap();
        assert_eq!(memory.statistics().object.blocks_in_use(), 0);
    }
    assert!(
        memory.statistics().regions > 1,
        "smaller regions were added"
    );
}

#[test]
fn without_address_space_a_memory_is_refused() {
    if !in_own_process("without_address_space_a_memory_is_refused") {
        return;
    }
    limit_address_space();
    let mut taken = Vec::with_capacity(64);
    for _ in 0..64 {
        match Memory::with_config(Config::default()) {
            Ok(memory) => taken.push(memory),
            Err(error) => {
                let text = error.to_string();
                assert!(
                    text.starts_with("no address space for a region of"),
                    "{text}"
                );
                assert!(!taken.is_empty());
                return;
            }
        }
    }
    panic!("64 regions fit into {ALLOWANCE_BYTES} bytes");
}

#[test]
fn pointers_fail_too_when_nothing_is_left() {
    if !in_own_process("pointers_fail_too_when_nothing_is_left") {
        return;
    }
    limit_address_space();
    let memory = Memory::new().unwrap();
    for domain in [Domain::Raw, Domain::Mem, Domain::Object] {
        let mut last: Option<NonNull<u8>> = None;
        while let Some(start) = memory.malloc(domain, 100_000) {
            // SAFETY: *live-block*: handed out above, with room for a word.
            unsafe { start.cast::<Option<NonNull<u8>>>().write(last) };
            last = Some(start);
        }
        // SAFETY: *live-block*: a failed change of size leaves the block.
        unsafe {
            assert_eq!(memory.realloc(domain, last, 200 << 20), None);
            while let Some(start) = last {
                last = start.cast::<Option<NonNull<u8>>>().read();
                memory.free(domain, Some(start));
            }
        }
        memory.check().unwrap();
    }
}
