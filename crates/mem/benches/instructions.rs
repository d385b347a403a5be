//! Instruction counts of allocating and releasing a block.
//!
//! Each function does [`PAIRS`] pairs, so that a count divided by that number
//! is the cost of one pair with its part of the loop. Depth 1 releases each
//! block at once; depth 64 allocates 64 and releases them in reverse. A first
//! round outside the count makes the pools.

#![allow(
    missing_docs,
    reason = "the bench macros make public items without docs"
)]

use std::hint::black_box;
use std::ptr::NonNull;

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use mortice_mem::{Block, Domain, Memory};

/// The pairs of one run.
const PAIRS: usize = 6_400;
const DEPTH: usize = 64;

/// The C-like functions, the size not known to the compiler.
fn pointers_once(memory: &Memory, domain: Domain, bytes: usize) {
    for _ in 0..PAIRS {
        let pointer = memory.malloc(domain, black_box(bytes));
        // SAFETY: *live-block*: allocated above and released once.
        unsafe { memory.free(domain, black_box(pointer)) };
    }
}

/// Blocks with a known space, the size not known to the compiler.
fn blocks_once(memory: &Memory, domain: Domain, bytes: usize) {
    for _ in 0..PAIRS {
        if let Some(block) = black_box(memory.block(domain, black_box(bytes))) {
            // SAFETY: *live-block*: allocated above and released once.
            unsafe { Memory::release(block) };
        }
    }
}

fn blocks_deep(memory: &Memory, domain: Domain, bytes: usize) {
    let mut blocks: [Option<Block>; DEPTH] = [None; DEPTH];
    for _ in 0..PAIRS / DEPTH {
        for slot in &mut blocks {
            *slot = memory.block(domain, black_box(bytes));
        }
        for slot in blocks.iter_mut().rev() {
            if let Some(block) = slot.take() {
                // SAFETY: *live-block*: allocated above and released once.
                unsafe { Memory::release(block) };
            }
        }
    }
}

fn pointers_deep(memory: &Memory, domain: Domain, bytes: usize) {
    let mut pointers: [Option<NonNull<u8>>; DEPTH] = [None; DEPTH];
    for _ in 0..PAIRS / DEPTH {
        for slot in &mut pointers {
            *slot = memory.malloc(domain, black_box(bytes));
        }
        for slot in pointers.iter_mut().rev() {
            // SAFETY: *live-block*: allocated above and released once.
            unsafe { memory.free(domain, slot.take()) };
        }
    }
}

/// A memory that has served and taken back what the run asks for.
fn warm(domain: Domain, bytes: usize) -> Box<Memory> {
    let memory = Memory::new().expect("address space for a region");
    pointers_deep(&memory, domain, bytes);
    memory
}

#[library_benchmark]
#[bench::raw(warm(Domain::Raw, 64), Domain::Raw)]
#[bench::mem(warm(Domain::Mem, 64), Domain::Mem)]
#[bench::object(warm(Domain::Object, 64), Domain::Object)]
fn malloc_and_free(memory: Box<Memory>, domain: Domain) -> Box<Memory> {
    pointers_once(&memory, domain, 64);
    memory
}

#[library_benchmark]
#[bench::raw(warm(Domain::Raw, 64), Domain::Raw)]
#[bench::mem(warm(Domain::Mem, 64), Domain::Mem)]
#[bench::object(warm(Domain::Object, 64), Domain::Object)]
fn malloc_and_free_64_deep(memory: Box<Memory>, domain: Domain) -> Box<Memory> {
    pointers_deep(&memory, domain, 64);
    memory
}

#[library_benchmark]
#[bench::mem(warm(Domain::Mem, 64), Domain::Mem, 64)]
#[bench::object(warm(Domain::Object, 64), Domain::Object, 64)]
#[bench::medium(warm(Domain::Object, 1094), Domain::Object, 1094)]
#[bench::span(warm(Domain::Object, 10_000), Domain::Object, 10_000)]
fn block_and_release(memory: Box<Memory>, domain: Domain, bytes: usize) -> Box<Memory> {
    blocks_once(&memory, domain, bytes);
    memory
}

#[library_benchmark]
#[bench::mem(warm(Domain::Mem, 64), Domain::Mem, 64)]
#[bench::object(warm(Domain::Object, 64), Domain::Object, 64)]
fn block_and_release_64_deep(memory: Box<Memory>, domain: Domain, bytes: usize) -> Box<Memory> {
    blocks_deep(&memory, domain, bytes);
    memory
}

library_benchmark_group!(
    name = pairs;
    benchmarks =
        malloc_and_free,
        malloc_and_free_64_deep,
        block_and_release,
        block_and_release_64_deep
);
main!(library_benchmark_groups = pairs);
