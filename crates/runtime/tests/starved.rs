//! Memory runs out at each request of a runtime's start, and at each of its end.
//!
//! A file of its own: what the whole process has mapped tells whether anything was left behind.

use mortice::Runtime;
use mortice_mem::Config;

/// Bytes that the process has mapped; `None` where the system does not tell.
fn mapped_bytes() -> Option<u64> {
    let statistics = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statistics.split_whitespace().next()?.parse().ok()?;
    Some(pages * 4096)
}

fn builder(fail_request: Option<u64>) -> mortice::runtime::Builder {
    Runtime::builder()
        .memory(Config {
            // Small enough to be told from what threads and the system map meanwhile.
            region_bytes: 1 << 30,
            fail_request,
            ..Config::default()
        })
        .stdout(Box::new(std::io::sink()))
        .stderr(Box::new(std::io::sink()))
}

/// Requests that a start makes.
fn requests_of_a_start() -> u64 {
    let mut runtime = builder(None).build().expect("memory for a runtime");
    runtime.enter(|cx| cx.heap().memory().allocation_count())
}

fn check_mapped(before: Option<u64>) {
    let (before, after) = (before.unwrap_or(0), mapped_bytes().unwrap_or(0));
    let grown = after.saturating_sub(before);
    assert!(
        grown < 8 << 30,
        "{grown} more bytes are mapped: heaps were left behind"
    );
}

#[test]
fn each_request_of_start_and_end_fails_once() {
    let before = mapped_bytes();
    let count = requests_of_a_start();
    let mut refused = 0;
    for request in 1..=count {
        match builder(Some(request)).build() {
            Ok(runtime) => runtime.end(),
            Err(error) => {
                refused += 1;
                let said = error.to_string();
                let known = ["out of memory", "MemoryError()"]
                    .iter()
                    .any(|words| said.contains(words));
                assert!(known, "request {request}: {said}");
            }
        }
    }
    // What is only remembered for speed may be missing; nearly everything is needed.
    assert!(
        refused > count / 2,
        "{refused} of {count} requests were needed"
    );
    check_mapped(before);

    for request in 1..=500 {
        let mut runtime = builder(None).build().expect("memory for a runtime");
        runtime.enter(move |cx| cx.heap().memory().fail_after(Some(request)));
        runtime.end();
    }
    check_mapped(before);
}
