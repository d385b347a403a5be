//! The native stack on which a source is compiled.
//!
//! Trees nest as deeply as the source says, and every pass over them recurses, dropping them
//! included. So all of it runs on a thread of its own whose stack is sized from the source. The
//! pages are touched only when they are needed, so a large stack costs address space.
//!
//! Lowering, symbols and code generation stop at [`DEPTH_LIMIT`] levels. The parser's tree can be
//! deeper, for the parser grows its own stack; only dropping it then recurses that deep, one level
//! for each byte of source at worst.

use crate::error::CompileError;

/// The depth of the tree that is compiled; deeper is a `RecursionError`.
pub(crate) const DEPTH_LIMIT: u32 = 30_000;

/// What one level of the deepest pass, lowering, takes. Measured: 0.9 KiB optimised, 12.5 KiB without
/// any optimisation.
const LEVEL_BYTES: usize = if cfg!(debug_assertions) { 20 } else { 4 } * 1024;
/// What dropping one level of the parser's tree takes, of which a byte of source makes one at most.
const DROP_BYTES: usize = 1024;
/// What everything that does not depend on the source takes.
const BASE_BYTES: usize = 1024 * 1024;

/// A place on the stack, to measure from.
#[derive(Clone, Copy)]
pub(crate) struct StackMark(usize);

impl StackMark {
    /// Marks the caller's place.
    #[inline(never)]
    pub(crate) fn here() -> StackMark {
        let local = 0u8;
        StackMark(std::ptr::from_ref(&local).addr())
    }

    /// The stack used since the mark, in KiB.
    pub(crate) fn used_kib(self) -> usize {
        self.0.abs_diff(StackMark::here().0) / 1024
    }
}

/// Runs a function on a stack that fits a source of so many bytes.
pub(crate) fn run<T: Send>(
    source_bytes: usize,
    work: impl FnOnce(StackMark) -> Result<T, CompileError> + Send,
) -> Result<T, CompileError> {
    let levels = source_bytes.min(DEPTH_LIMIT as usize + 1);
    let stack_bytes = BASE_BYTES + levels * LEVEL_BYTES + source_bytes * DROP_BYTES;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("compile".to_owned())
            .stack_size(stack_bytes)
            .spawn_scoped(scope, || work(StackMark::here()));
        match thread {
            Ok(thread) => match thread.join() {
                Ok(result) => result,
                Err(panic) => std::panic::resume_unwind(panic),
            },
            Err(_) => Err(CompileError::NoStack { stack_bytes }),
        }
    })
}
