//! A runtime: start, work, end.
//!
//! Nothing outside a runtime can hold a handle to something in it: what [`Runtime::enter`] is given
//! and what it returns is `Send`, and handles are not. So the runtime as a whole may move to another
//! thread between two calls.

use crate::finish;
use crate::state::{Sink, State};
use crate::{Context, Evaluator, modules, streams, unraisable};
use mortice_mem::Config;
use mortice_types::OwnedContext;
use mortice_types::context::StartError;

/// Why a runtime could not start.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The type system could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The built-in modules could not be made.
    #[error("the built-in modules could not be made: {message}")]
    Modules {
        /// The exception, as text.
        message: String, // std: error messages only
    },
}

/// A Python runtime.
///
/// # Examples
///
/// ```
/// let mut runtime = mortice::Runtime::new()?;
/// let length = runtime.enter(|cx| {
///     let text = cx.string("mortice").ok()?;
///     cx.length(&text).ok()
/// });
/// # let _ = length;
/// # Ok::<(), mortice::runtime::RuntimeError>(())
/// ```
#[derive(Debug)]
pub struct Runtime {
    context: OwnedContext,
    stack_bytes: usize,
    ended: bool,
}

/// What a runtime is made from.
pub struct Builder {
    evaluator: Evaluator,
    memory: Config,
    stack_bytes: usize,
    out: Sink,
    error: Sink,
}

/// Bytes of native stack that a runtime counts on where nobody says how much there is.
const STACK_BYTES: usize = 1 << 20;

impl Builder {
    /// What runs source code.
    pub fn evaluator(mut self, evaluator: Evaluator) -> Builder {
        self.evaluator = evaluator;
        self
    }

    /// How the memory is laid out.
    pub fn memory(mut self, memory: Config) -> Builder {
        self.memory = memory;
        self
    }

    /// Bytes of native stack that every thread has that enters the runtime.
    pub fn stack_bytes(mut self, bytes: usize) -> Builder {
        self.stack_bytes = bytes;
        self
    }

    /// Where `sys.stdout` goes.
    pub fn stdout(mut self, sink: Sink) -> Builder {
        self.out = sink;
        self
    }

    /// Where `sys.stderr` goes.
    pub fn stderr(mut self, sink: Sink) -> Builder {
        self.error = sink;
        self
    }

    /// Starts the runtime.
    ///
    /// # Errors
    ///
    /// [`RuntimeError`].
    pub fn build(self) -> Result<Runtime, RuntimeError> {
        let evaluator = self.evaluator;
        let context = OwnedContext::start(evaluator.storage, evaluator.tables, self.memory)?;
        let mut runtime = Runtime {
            context,
            stack_bytes: self.stack_bytes,
            ended: false,
        };
        let state = (self.out, self.error);
        let started = runtime.enter(move |cx| {
            let (out, error) = state;
            let placed = cx.set_client(0, Box::new(State::new(evaluator, out, error)));
            debug_assert!(placed.is_ok(), "a new context has free places");
            start(cx).map_err(|raised| RuntimeError::Modules {
                message: raised_text(cx, &raised),
            })
        });
        started.map(|()| runtime)
    }
}

fn start(cx: &Context) -> crate::Result<()> {
    let state = State::of(cx)?;
    cx.set_unraisable(unraisable::report);
    (state.evaluator.start)(cx)?;
    streams::start(cx, state)?;
    modules::start(cx, state)
}

fn raised_text(cx: &Context, raised: &mortice_types::Raised) -> String {
    // std: error messages only
    match cx.repr(raised.exception()) {
        Ok(repr) => mortice_types::text(&repr).unwrap_or_default().to_owned(),
        Err(_) => "an exception without repr".to_owned(),
    }
}

impl Runtime {
    /// Starts a runtime that runs no source code.
    ///
    /// # Errors
    ///
    /// [`RuntimeError`].
    pub fn new() -> Result<Runtime, RuntimeError> {
        Runtime::builder().build()
    }

    /// Describes a runtime.
    pub fn builder() -> Builder {
        Builder {
            evaluator: Evaluator::NONE,
            memory: Config::default(),
            stack_bytes: STACK_BYTES,
            out: Box::new(std::io::stdout()),
            error: Box::new(std::io::stderr()),
        }
    }

    /// Runs a function with the runtime's context.
    ///
    /// Handles cannot leave: the result is `Send`, and so is all that the function can have
    /// captured.
    ///
    /// ```compile_fail
    /// let mut runtime = mortice::Runtime::new().unwrap();
    /// let none = runtime.enter(|cx| cx.none());
    /// ```
    pub fn enter<R: Send>(&mut self, run: impl FnOnce(&Context) -> R + Send) -> R {
        let stack_bytes = self.stack_bytes;
        self.context.enter(move |cx| {
            cx.set_stack_bytes(stack_bytes);
            run(cx)
        })
    }

    /// Ends the runtime as CPython ends: a last collection, then the modules, `builtins` and `sys`
    /// last. Finalizers run and may print.
    pub fn end(self) {
        self.end_with(|_| ());
    }

    /// As [`Runtime::end`]; runs a function when all of that is done, right before the memory goes.
    pub fn end_with<R: Send>(mut self, last: impl FnOnce(&Context) -> R + Send) -> R {
        self.finish();
        self.enter(last)
    }

    fn finish(&mut self) {
        if !std::mem::replace(&mut self.ended, true) {
            self.enter(finish::finish);
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.finish();
    }
}
