//! Every order in which threads can push to an inbox's stack, and one can take.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p mortice-mem --test loom --release`
#![cfg(loom)]

/// What the stack is made of here.
mod atomic {
    pub(super) use loom::sync::atomic::{AtomicPtr, Ordering};
}

#[path = "../src/remote/stack.rs"]
#[expect(dead_code, reason = "the model takes and pushes")]
mod stack;

use std::ptr;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use stack::Stack;

/// A block: its link, and whether it is the taker's. loom notices an access that
/// another one is not ordered with.
struct Block {
    link: UnsafeCell<*mut u8>,
    taken: UnsafeCell<bool>,
}

struct Model {
    stack: Stack,
    blocks: Vec<Block>,
}

// SAFETY: *waiting-link*: a block is the pusher's until it is pushed and the
// taker's from then on, which is what loom is asked.
unsafe impl Sync for Model {}
// SAFETY: *waiting-link*: as above.
unsafe impl Send for Model {}

impl Model {
    fn new(blocks: usize) -> Arc<Model> {
        let block = |_| Block {
            link: UnsafeCell::new(ptr::null_mut()),
            taken: UnsafeCell::new(false),
        };
        Arc::new(Model {
            stack: Stack::new(),
            blocks: (0..blocks).map(block).collect(),
        })
    }

    fn push(&self, block: usize) {
        let block = &self.blocks[block];
        self.stack
            .push(ptr::from_ref(block).cast_mut().cast(), |next| {
                block.link.with_mut(|link| {
                    // SAFETY: *waiting-link*: the pusher's, or loom says no.
                    unsafe { link.write(next) }
                });
            });
    }

    /// Takes what is there; how many blocks that were.
    fn take(&self) -> usize {
        let mut count = 0;
        let mut at = self.stack.take();
        while !at.is_null() {
            // SAFETY: *waiting-link*: what is pushed is a block of the model.
            let block = unsafe { &*at.cast::<Block>() };
            // SAFETY: *waiting-link*: the taker's, or loom says no.
            at = block.link.with(|link| unsafe { link.read() });
            block.taken.with_mut(|taken| {
                // SAFETY: *waiting-link*: as above.
                let before = unsafe { taken.replace(true) };
                assert!(!before, "a block was taken twice");
            });
            count += 1;
        }
        count
    }

    /// Takes the rest and looks for lost blocks.
    fn finish(&self, taken: usize) {
        assert_eq!(taken + self.take(), self.blocks.len(), "a block was lost");
    }
}

#[test]
fn two_push_and_one_takes() {
    loom::model(|| {
        let model = Model::new(3);
        let pushers = [0..1, 1..3].map(|blocks| {
            let model = model.clone();
            thread::spawn(move || blocks.for_each(|block| model.push(block)))
        });
        let taken = model.take() + model.take();
        for pusher in pushers {
            pusher.join().unwrap();
        }
        model.finish(taken);
    });
}

#[test]
fn a_block_that_was_taken_is_pushed_again() {
    // The same address becomes the head again while a push may still hold it:
    // what would be the ABA problem of a stack that is popped.
    loom::model(|| {
        let model = Model::new(3);
        model.push(0);
        let pusher = {
            let model = model.clone();
            thread::spawn(move || model.push(1))
        };
        let mut taken = model.take();
        if taken == 1 {
            // SAFETY: *waiting-link*: taken above, and the taker's.
            let first = model.blocks[0].taken.with_mut(|taken| unsafe {
                let first = *taken;
                *taken = false;
                first
            });
            assert!(first, "the block that was there first is taken first");
            model.push(2);
            model.push(0);
            taken = 0;
        } else {
            model.push(2);
        }
        pusher.join().unwrap();
        model.finish(taken);
    });
}
