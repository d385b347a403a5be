//! Containers that contain themselves: a stack of the reprs that run now.
//!
//! A container's repr enters a guard before it asks its items for theirs. Where the container
//! already stands on the stack, it was reached through itself, and its repr is an ellipsis in the
//! container's brackets.

use crate::{Context, Object, Result};

/// Having one of these tells you that no repr of the object runs further out. Leaves the stack
/// when it is dropped.
#[expect(
    missing_debug_implementations,
    reason = "a context has nothing to print"
)]
pub struct ReprGuard<'a> {
    cx: &'a Context,
}

impl<'a> ReprGuard<'a> {
    /// Enters the repr of a container; `None` where it runs already.
    ///
    /// # Errors
    ///
    /// MemoryError.
    ///
    /// # CPython
    ///
    /// `Py_ReprEnter` and `Py_ReprLeave`.
    pub fn enter(cx: &'a Context, object: &Object) -> Result<Option<ReprGuard<'a>>> {
        let running = &cx.repr_running;
        let address = object.address();
        if (0..running.len()).any(|index| running.value(index) == Some(address)) {
            return Ok(None);
        }
        cx.fallible(running.push(cx.heap(), address))?;
        Ok(Some(ReprGuard { cx }))
    }
}

impl Drop for ReprGuard<'_> {
    fn drop(&mut self) {
        let _ = self.cx.repr_running.pop();
    }
}
