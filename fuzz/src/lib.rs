//! What all fuzz targets share: a finding ends the process, and operations are counted.
//!
//! The harnesses themselves are library code in the testkit, so that ordinary tests run them too.

use std::sync::atomic::{AtomicU64, Ordering};

/// The operations done so far by this process.
static OPERATIONS: AtomicU64 = AtomicU64::new(0);

/// How many operations lie between two reports on standard error.
const REPORT_EVERY: u64 = 1 << 8;

/// Takes what a harness returned for one input: the operations done, or a finding.
///
/// Every few hundred operations, a line `operations: N` tells `cargo xtask fuzz` how far the run is.
///
/// # Panics
///
/// On a finding: libFuzzer then keeps the input.
pub fn judge(result: Result<u64, String>) {
    match result {
        Ok(count) => {
            let before = OPERATIONS.fetch_add(count, Ordering::Relaxed);
            let after = before + count;
            if before / REPORT_EVERY != after / REPORT_EVERY {
                eprintln!("operations: {after}");
            }
        }
        Err(finding) => panic!("{finding}"),
    }
}
