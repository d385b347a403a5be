//! What all fuzz targets share: a finding ends the process, and operations are counted.
//!
//! The harnesses themselves are library code in the testkit, so that ordinary tests run them too.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use mortice_testkit::players::Players;

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

/// The runtime and CPython of a target that compares the two, which live as long as the process.
pub struct Shared(OnceLock<Mutex<Players>>);

impl Shared {
    /// Players that start with the first input.
    pub const fn new() -> Self {
        Shared(OnceLock::new())
    }

    /// Plays with them.
    ///
    /// # Panics
    ///
    /// There is no reference CPython, or one of the two does not start.
    pub fn with<T>(
        &self,
        start: impl Fn() -> Result<Option<Players>, String>,
        play: impl FnOnce(&mut Players) -> T,
    ) -> T {
        let players = self.0.get_or_init(|| match start() {
            Ok(Some(players)) => Mutex::new(players),
            Ok(None) => panic!("the target needs the reference CPython"),
            Err(error) => panic!("{error}"),
        });
        play(&mut players.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Shared {
    fn default() -> Self {
        Shared::new()
    }
}
