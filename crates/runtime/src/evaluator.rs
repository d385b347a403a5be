//! What the runtime asks of the layer that runs source code.
//!
//! Functions, not a trait object: an evaluator keeps its state in the context (client place 1), as
//! this crate keeps its own there.

use mortice_types::context::Tables;
use mortice_types::{Context, Object, Result, TypeStorage, builtin};

/// What a source text is, as the third argument of `compile()` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A sequence of statements.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
}

/// Questions about the code that runs now.
#[derive(Clone, Copy, Debug)]
pub struct FrameHooks {
    /// `globals()` of the running Python code; `None` where none runs.
    pub globals: fn(&Context) -> Option<Object>,
    /// `locals()` of the running Python code, as a mapping; `None` where none runs.
    pub locals: fn(&Context) -> Result<Option<Object>>,
    /// The frame object `depth` calls up from the running one, for `sys._getframe()`.
    pub frame: fn(&Context, depth: usize) -> Result<Option<Object>>,
}

/// What runs source code.
#[derive(Clone, Copy)]
pub struct Evaluator {
    /// All types of a runtime with this evaluator: those of `mortice_types`, then
    /// [`TYPES`](crate::TYPES), then its own.
    pub tables: Tables,
    /// The storage of those types; not shared with other tables.
    pub storage: &'static TypeStorage,
    /// Called once for each runtime, before the built-in modules are made: sets up the evaluator's
    /// own state and installs [`Frames`](mortice_types::Frames).
    pub start: fn(&Context) -> Result<()>,
    /// Compiles a text to a code object. Raises SyntaxError.
    pub compile: fn(&Context, source: &str, filename: &str, mode: Mode) -> Result<Object>,
    /// Tells whether an object is a code object.
    pub is_code: fn(&Context, &Object) -> bool,
    /// Runs a code object of a module or an expression and gives its value (None for statements).
    /// The globals have their `__builtins__` already; without locals, they are the globals.
    pub run:
        fn(&Context, code: &Object, globals: &Object, locals: Option<&Object>) -> Result<Object>,
    /// Runs a class body: calls its function with `namespace` as the local names, and gives what
    /// the body returns: the cell of `__class__`, or None.
    pub run_class_body: fn(&Context, function: &Object, namespace: &Object) -> Result<Object>,
    /// Questions about the code that runs now.
    pub frames: FrameHooks,
}

static STORAGE: TypeStorage = TypeStorage::new();
static TABLES: Tables = &[builtin::TYPES, crate::TYPES];

impl Evaluator {
    /// An evaluator that runs nothing, for programs that only use the object model.
    pub const NONE: Evaluator = Evaluator {
        tables: TABLES,
        storage: &STORAGE,
        start: |_| Ok(()),
        compile: |cx, _, _, _| Err(cx.runtime_error(format_args!("this runtime has no evaluator"))),
        is_code: |_, _| false,
        run: |cx, _, _, _| Err(cx.runtime_error(format_args!("this runtime has no evaluator"))),
        run_class_body: |cx, _, _| {
            Err(cx.runtime_error(format_args!("this runtime has no evaluator")))
        },
        frames: FrameHooks {
            globals: |_| None,
            locals: |_| Ok(None),
            frame: |_, _| Ok(None),
        },
    };
}
