//! Source code at run time: `compile`, `eval`, `exec`, `globals`, `locals`, `__import__`.

use super::attributes::running_locals;
use crate::{Args, Borrowed, Context, Mode, Object, Result, State, import as importing};
use mortice_types::native::flags;
use mortice_types::{SlotId, dict_view, text};

fn running_globals(cx: &Context) -> Result<Object> {
    match (State::of(cx)?.evaluator.frames.globals)(cx) {
        Some(globals) => Ok(globals),
        None => Err(cx.system_error(format_args!("globals and locals cannot be NULL"))),
    }
}

pub(super) fn globals(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "globals")?;
    running_globals(cx)
}

pub(super) fn locals(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "locals")?;
    running_locals(cx, "locals")
}

/// The text of a source argument: `str`, or bytes that are UTF-8.
fn source_text(cx: &Context, function: &str, what: &str, source: &Object) -> Result<Object> {
    if text(source).is_some() {
        return Ok(source.clone());
    }
    if cx.flags_of(source) & flags::BYTES != 0 {
        let encoding = cx.string("utf-8")?;
        let decode = cx.get_attribute_text(source, "decode")?;
        return cx.call(&decode, &[encoding.borrow()]);
    }
    Err(cx.type_error(format_args!("{function}() arg 1 must be a {what} object")))
}

pub(super) fn compile(cx: &Context, args: Args<'_>) -> Result<Object> {
    let names = [
        "source",
        "filename",
        "mode",
        "flags",
        "dont_inherit",
        "optimize",
    ];
    let [source, filename, mode, ..] = args.bind(cx, "compile", names, 3)?;
    let (Some(source), Some(filename), Some(mode)) = (source, filename, mode) else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let mode = match text(&mode) {
        Some("exec") => Mode::Exec,
        Some("eval") => Mode::Eval,
        Some("single") => Mode::Single,
        _ => {
            return Err(cx.value_error(format_args!(
                "compile() mode must be 'exec', 'eval' or 'single'"
            )));
        }
    };
    let Some(filename) = text(&filename) else {
        return Err(cx.type_error(format_args!(
            "expected str, bytes or os.PathLike object, not {}",
            cx.type_name(&filename)
        )));
    };
    let source = source_text(cx, "compile", "string, bytes or AST", &source)?;
    let compile = State::of(cx)?.evaluator.compile;
    compile(cx, text(&source).unwrap_or_default(), filename, mode)
}

pub(super) fn eval(cx: &Context, args: Args<'_>) -> Result<Object> {
    run(cx, args, "eval", Mode::Eval)
}

pub(super) fn exec(cx: &Context, args: Args<'_>) -> Result<Object> {
    run(cx, args, "exec", Mode::Exec)?;
    Ok(cx.none())
}

fn run(cx: &Context, args: Args<'_>, name: &str, mode: Mode) -> Result<Object> {
    let [source, globals, locals] = args.bind(cx, name, ["source", "globals", "locals"], 1)?;
    let Some(source) = source else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let given = |value: Option<Borrowed<'_>>| {
        value
            .filter(|value| !cx.is_none(value))
            .map(|value| (*value).clone())
    };
    let (mut globals, mut locals) = (given(globals), given(locals));
    if let Some(locals) = &locals
        && cx.slot_of(locals, SlotId::GetItem).is_none()
    {
        return Err(match name {
            "eval" => cx.type_error(format_args!("locals must be a mapping")),
            _ => cx.type_error(format_args!(
                "locals must be a mapping or None, not {}",
                cx.type_name(locals)
            )),
        });
    }
    if let Some(globals) = &globals
        && dict_view(globals).is_none()
    {
        return Err(match name {
            "eval" => cx.type_error(format_args!("globals must be a dict")),
            _ => cx.type_error(format_args!(
                "exec() globals must be a dict, not {}",
                cx.type_name(globals)
            )),
        });
    }
    if globals.is_none() {
        globals = Some(running_globals(cx)?);
        if locals.is_none() {
            locals = Some(running_locals(cx, name)?);
        }
    }
    let Some(globals) = globals else {
        return Err(cx.system_error(format_args!("code without globals")));
    };
    importing::add_builtins(cx, &globals)?;
    let state = State::of(cx)?;
    let code = if (state.evaluator.is_code)(cx, &source) {
        (*source).clone()
    } else {
        let source = source_text(cx, name, "string, bytes or code", &source)?;
        let source = text(&source).unwrap_or_default();
        (state.evaluator.compile)(cx, source, "<string>", mode)?
    };
    (state.evaluator.run)(cx, &code, &globals, locals.as_ref())
}

pub(super) fn import(cx: &Context, args: Args<'_>) -> Result<Object> {
    let names = ["name", "globals", "locals", "fromlist", "level"];
    let [name, globals, _, from, level] = args.bind(cx, "__import__", names, 1)?;
    let Some(name) = name else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    let Some(name_text) = text(&name) else {
        return Err(cx.type_error(format_args!("module name must be a string")));
    };
    let level = match level {
        Some(level) => cx.index(&level)?.as_small().unwrap_or(0),
        None => 0,
    };
    if level < 0 {
        return Err(cx.value_error(format_args!("level must be >= 0")));
    }
    let from = match &from {
        Some(from) => cx.truth(from)?,
        None => false,
    };
    importing::import(cx, name_text, globals.as_deref(), from, level as usize)
}
