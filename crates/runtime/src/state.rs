//! What a runtime keeps beside the type system's context.

use crate::Evaluator;
use mortice_types::{Context, Object, Result, Slot, dict_view};
use std::cell::{Cell, RefCell};
use std::io::Write;

/// Where a standard stream goes.
pub type Sink = Box<dyn Write + Send>;

/// One of the two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Error,
}

/// The runtime's own state; it lies in client place 0 of its context.
pub struct State {
    /// What runs source code.
    pub evaluator: Evaluator,
    /// `sys.modules`.
    pub modules: Slot,
    /// The module `builtins`; kept to the very end.
    pub builtins: Slot,
    /// The module `sys`; kept to the very end.
    pub sys: Slot,
    /// Called before anything ends.
    pub at_exit: Slot,
    /// The hooks of `sys.addaudithook()`; empty without one.
    pub audit_hooks: Slot,
    /// `gc.callbacks`.
    pub gc_callbacks: Slot,
    /// `gc.garbage`.
    pub gc_garbage: Slot,
    /// The bits of `gc.set_debug()`.
    pub gc_debug: Cell<u32>,
    /// What the collections of each generation came to, for `gc.get_stats()`.
    pub gc_statistics: [Cell<crate::modules::gc::Statistics>; 3],
    /// What the module `mortice` keeps.
    pub(crate) slots: crate::modules::mortice::World,
    /// The runtime is ending (`sys.is_finalizing()`).
    pub finalizing: Cell<bool>,
    streams: [Slot; 2],
    sinks: [RefCell<Sink>; 2],
}

impl State {
    /// A state without modules.
    pub fn new(evaluator: Evaluator, out: Sink, error: Sink) -> State {
        State {
            evaluator,
            modules: Slot::new(),
            builtins: Slot::new(),
            sys: Slot::new(),
            at_exit: Slot::new(),
            audit_hooks: Slot::new(),
            gc_callbacks: Slot::new(),
            gc_garbage: Slot::new(),
            gc_debug: Cell::new(0),
            gc_statistics: Default::default(),
            slots: Default::default(),
            finalizing: Cell::new(false),
            streams: [Slot::new(), Slot::new()],
            sinks: [RefCell::new(out), RefCell::new(error)],
        }
    }

    /// The state of the runtime that owns this context; `None` for a context without runtime.
    pub fn find(cx: &Context) -> Option<&State> {
        cx.client(0)
    }

    /// The state of the runtime that owns this context.
    ///
    /// # Errors
    ///
    /// RuntimeError for a context without runtime.
    pub fn of(cx: &Context) -> Result<&State> {
        State::find(cx).ok_or_else(|| cx.runtime_error(format_args!("this context has no runtime")))
    }

    /// Writes to a stream. What the sink refuses is lost, as it is when a closed pipe is printed to.
    pub fn write(&self, stream: Stream, text: &str) {
        let _ = self.sink(stream).borrow_mut().write_all(text.as_bytes());
    }

    /// Passes on what a stream's sink has buffered.
    pub fn flush(&self, stream: Stream) {
        let _ = self.sink(stream).borrow_mut().flush();
    }

    fn sink(&self, stream: Stream) -> &RefCell<Sink> {
        &self.sinks[stream as usize]
    }

    /// The file object of a stream.
    pub(crate) fn stream_slot(&self, stream: Stream) -> &Slot {
        &self.streams[stream as usize]
    }

    /// A module by its name in `sys.modules`.
    pub fn module(&self, name: &str) -> Option<Object> {
        let modules = self.modules.get()?;
        dict_view(&modules)?.get_text(name)
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "State(at {:p})", self)
    }
}
