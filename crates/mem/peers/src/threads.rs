//! Loads of two threads: blocks that are released where they were not allocated, and two memories at work at once.
//!
//! pymalloc takes no part: its functions want the interpreter's lock.

use std::ptr::NonNull;
use std::sync::Barrier;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

use mortice_mem::{Domain, Memory, MemoryError};

use crate::load::Lifetimes;
use crate::subject::{Called, Functions, Subject};

/// The blocks that change hands at once.
const BATCH: usize = 4096;
/// The batches of a round.
const BATCHES: usize = 64;
/// The operations of a round with two threads at work.
const OPERATIONS: usize = 400_000;
const BYTES: usize = 64;

/// Blocks on their way to another thread.
struct Batch(Vec<*mut u8>);

// SAFETY: *sent-block*: a channel hands them over, and the sender uses them no more.
unsafe impl Send for Batch {}

/// Allocates in this thread and releases in another; gives nanoseconds a block.
fn pass_on(allocate: impl Fn() -> *mut u8, release: impl Fn(*mut u8) + Send) -> f64 {
    let (to, from) = sync_channel::<Batch>(2);
    let start = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut sum = 0_usize;
            for Batch(blocks) in from {
                for block in blocks {
                    // SAFETY: *sent-block*: room for a word, written by the sender.
                    sum = sum.wrapping_add(unsafe { block.cast::<usize>().read() });
                    release(block);
                }
            }
            std::hint::black_box(sum);
        });
        for _ in 0..BATCHES {
            let blocks = (0..BATCH).map(|index| {
                let block = allocate();
                // SAFETY: *live-block*: room for a word.
                unsafe { block.cast::<usize>().write(index) };
                block
            });
            // The other thread ends when nothing comes any more.
            if to.send(Batch(blocks.collect())).is_err() {
                break;
            }
        }
        drop(to);
    });
    start.elapsed().as_nanos() as f64 / (BATCH * BATCHES) as f64
}

/// Nanoseconds of a block that is released on another thread.
pub fn ours_passed_on(memory: &Memory) -> f64 {
    let home = memory.home();
    let subject = Called::new(memory);
    pass_on(
        || subject.malloc(BYTES),
        // SAFETY: *sent-block*: of this memory, and not used again.
        move |block| unsafe { home.free(Domain::Object, NonNull::new(block)) },
    )
}

/// The same for C functions.
pub fn passed_on(functions: Functions) -> f64 {
    pass_on(
        || functions.malloc(BYTES),
        // SAFETY: *live-block*: of these functions, and not used again.
        move |block| unsafe { functions.free(block) },
    )
}

/// What two threads at once take, for each allocation and release of one of them.
fn both<T>(work: impl Fn(&Barrier) -> Result<f64, T> + Sync) -> Result<f64, T>
where
    T: Send,
{
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| work(&barrier));
        let one = work(&barrier)?;
        match other.join() {
            Ok(two) => Ok((one + two?) / 2.0),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn lifetimes<S: Subject>(subject: &S, barrier: &Barrier) -> f64 {
    let mut load = Lifetimes::new(subject, 10_000);
    barrier.wait();
    let start = Instant::now();
    load.run(subject, OPERATIONS);
    let spent = start.elapsed().as_nanos() as f64 / (2 * OPERATIONS) as f64;
    load.end(subject);
    spent
}

/// Nanoseconds an operation of one thread alone, and of two at once with a memory each.
///
/// # Errors
///
/// The system grants no address space.
pub fn ours_at_once() -> Result<[f64; 2], MemoryError> {
    let work = |barrier: &Barrier| {
        let memory = Memory::new()?;
        Ok(lifetimes(&Called::new(&memory), barrier))
    };
    Ok([work(&Barrier::new(1))?, both(work)?])
}

/// The same for C functions.
pub fn at_once(functions: Functions) -> [f64; 2] {
    let work = |barrier: &Barrier| Ok::<f64, ()>(lifetimes(&functions, barrier));
    [work(&Barrier::new(1)), both(work)].map(|result| result.unwrap_or(f64::NAN))
}
