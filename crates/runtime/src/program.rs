//! Running a program: `__main__`, and the exit status.

use crate::state::Stream;
use crate::{Context, Mode, Object, Raised, Result, State, import, modules, streams, traceback};
use mortice_types::builtin;
use mortice_types::builtin::module::new_module;
use std::path::Path;

/// Runs a source text as the program `path` with these arguments, and gives the exit status: 0, 1
/// for an exception that nobody caught, and what `SystemExit` says.
pub fn run(cx: &Context, path: &str, source: &str, arguments: &[String]) -> i32 {
    run_after(cx, path, source, arguments, |_| {})
}

/// As [`run`]; calls `first` when everything is ready, right before the program's first instruction.
pub fn run_after(
    cx: &Context,
    path: &str,
    source: &str,
    arguments: &[String],
    first: impl FnOnce(&Context),
) -> i32 {
    let result = run_main(cx, path, source, arguments, first);
    let status = match result {
        Ok(()) => 0,
        Err(raised) => end_status(cx, raised),
    };
    if let Some(state) = State::find(cx) {
        state.flush(Stream::Out);
        state.flush(Stream::Error);
    }
    status
}

fn run_main(
    cx: &Context,
    path: &str,
    source: &str,
    arguments: &[String],
    first: impl FnOnce(&Context),
) -> Result<()> {
    let state = State::of(cx)?;
    if let Some(sys) = state.sys.get() {
        let folder = Path::new(path).parent().map(Path::to_string_lossy);
        let folder = cx.string(&folder.unwrap_or_default())?;
        let folders = builtin::list::from_slice(cx, &[folder])?;
        modules::define(cx, &sys, "path", folders)?;
        let mut given = mortice_types::Buffer::new();
        cx.fallible(given.push(cx.heap(), cx.string(path)?))?;
        for argument in arguments {
            cx.fallible(given.push(cx.heap(), cx.string(argument)?))?;
        }
        let given = builtin::list::from_buffer(cx, given)?;
        modules::define(cx, &sys, "argv", given)?;
    }
    let code = {
        let module = new_module(cx, "__main__")?;
        let namespace = modules::namespace(cx, &module)?;
        import::add_builtins(cx, &namespace)?;
        modules::define(cx, &module, "__file__", cx.string(path)?)?;
        if let Some(known) = state.modules.get() {
            let name = &cx.names().main;
            modules::store(cx, &known, name, &module)?;
        }
        let code = (state.evaluator.compile)(cx, source, path, Mode::Exec)?;
        (code, namespace)
    };
    let (code, namespace) = code;
    // CPython counts the interpreter's own entry as a level of recursion.
    let _level = cx.enter_frame()?;
    first(cx);
    (state.evaluator.run)(cx, &code, &namespace, None).map(drop)
}

/// The exit status for an exception that nobody caught, after it was printed.
fn end_status(cx: &Context, raised: Raised) -> i32 {
    if raised.is(cx, &builtin::SYSTEM_EXIT) {
        return exit_status(cx, &raised);
    }
    traceback::print_uncaught(cx, raised);
    1
}

/// What `SystemExit` asks for: nothing is 0, an integer is itself, anything else is printed.
fn exit_status(cx: &Context, raised: &Raised) -> i32 {
    let code = cx
        .get_attribute_text(raised.exception(), "code")
        .unwrap_or_else(|_| raised.exception().clone());
    if cx.is_none(&code) {
        return 0;
    }
    if let Some(value) = builtin::int::value(cx, &code) {
        return value.to_i64().map_or(-1, |value| value as i32);
    }
    let _ = print_code(cx, &code);
    1
}

fn print_code(cx: &Context, code: &Object) -> Result<()> {
    let text = cx.str(code)?;
    if let Some(state) = State::find(cx) {
        state.flush(Stream::Out);
    }
    if let Some(file) = streams::standard_error(cx) {
        streams::write_object(cx, &file, &text)?;
        streams::write(cx, &file, "\n")?;
    }
    Ok(())
}
