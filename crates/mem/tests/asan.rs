//! With the feature `asan`, AddressSanitizer sees into pools.
#![cfg(feature = "asan")]

use std::env;
use std::process::Command;

use mortice_mem::{Domain, Memory};

/// Set in the process that is meant to be stopped.
const VICTIM: &str = "MORTICE_MEM_READS_RELEASED_BLOCK";

#[test]
fn reading_a_released_block_is_reported() {
    let bytes = env::var(VICTIM).ok().and_then(|bytes| bytes.parse().ok());
    if let Some(bytes) = bytes {
        let memory = Memory::new().unwrap();
        let block = memory.block(Domain::Object, bytes).unwrap();
        // SAFETY: *live-block* is broken on purpose, in a process made for it:
        // the read is the error that has to be reported.
        unsafe {
            Memory::release(block);
            std::hint::black_box(block.start.add(8).read_volatile());
        }
        return;
    }
    for bytes in ["24", "1094", "100000", "20000000"] {
        let output = Command::new(env::current_exe().unwrap())
            .env(VICTIM, bytes)
            .output()
            .unwrap();
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{bytes} bytes");
        assert!(
            report.contains("use-after-poison") || report.contains("heap-use-after-free"),
            "{report}"
        );
    }
}
