//! Moving a whole context between threads.

use crate::context::{StartError, Tables};
use crate::{Context, TypeStorage};
use mortice_mem::Config;
use std::pin::Pin;

/// Owns a context, and may move to another thread while nothing runs in it.
///
/// A context itself is not `Send`, and neither is a handle. Through the owner it is reached only
/// within [`OwnedContext::enter`], for whose time the owner is borrowed. No handle may be left behind
/// in a thread-local: that is the one way out that the compiler does not close.
pub struct OwnedContext {
    context: Pin<Box<Context>>,
}

// SAFETY: one-thread: the context and its handles are reached only within `enter`, which borrows
// the owner; what goes in and comes out is `Send`, which no handle is. That nothing is parked in a
// thread-local meanwhile is a rule for the caller: "Limits of the handle model" in docs/design.md.
unsafe impl Send for OwnedContext {}

impl OwnedContext {
    /// Starts a context; see [`Context::with`].
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub fn start(
        storage: &'static TypeStorage,
        tables: Tables,
        config: Config,
    ) -> Result<OwnedContext, StartError> {
        // The context is made here, so that nobody holds a handle from before.
        let context = Context::with(storage, tables, config)?;
        Ok(OwnedContext { context })
    }

    /// Runs a function in the context, on this thread's stack.
    pub fn enter<R: Send>(&mut self, run: impl FnOnce(&Context) -> R + Send) -> R {
        self.context.assume_stack();
        run(&self.context)
    }
}

impl std::fmt::Debug for OwnedContext {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "OwnedContext(at {:p})", &*self.context)
    }
}
