//! The module `sys`.

pub(crate) mod audit;

use super::{define, functions, get};
use crate::{Args, Context, Object, Raised, Result, State, structs, traceback, unraisable};
use mortice_types::native::{Method, flags};
use mortice_types::{builtin, text};

static FUNCTIONS: &[Method] = functions! {
    "_debugmallocstats" => debug_malloc_stats,
    "_getframe" => get_frame,
    "addaudithook" => audit::add_hook,
    "audit" => audit::sys_audit,
    "exc_info" => exc_info,
    "excepthook" => excepthook,
    "exception" => exception,
    "exit" => exit,
    "getallocatedblocks" => get_allocated_blocks,
    "getdefaultencoding" => |cx, _| cx.string("utf-8"),
    "getrecursionlimit" => |cx, _| cx.int(i64::from(cx.recursion_limit())),
    "getrefcount" => get_refcount,
    "getsizeof" => get_sizeof,
    "intern" => intern,
    "is_finalizing" => is_finalizing,
    "setrecursionlimit" => set_recursion_limit,
    "unraisablehook" => unraisablehook,
};

/// The version of Python that is followed.
const VERSION: [i32; 3] = [3, 15, 2];

/// Makes the module.
pub(crate) fn make(cx: &Context, state: &State) -> Result<Object> {
    let module = super::with_functions(cx, "sys", FUNCTIONS)?;
    for (name, hidden) in [
        ("unraisablehook", "__unraisablehook__"),
        ("excepthook", "__excepthook__"),
    ] {
        if let Some(hook) = get(cx, &module, name) {
            define(cx, &module, hidden, hook)?;
        }
    }
    if let Some(modules) = state.modules.get() {
        define(cx, &module, "modules", modules)?;
    }
    for (name, hidden, slot) in [
        (
            "stdout",
            "__stdout__",
            state.stream_slot(crate::state::Stream::Out),
        ),
        (
            "stderr",
            "__stderr__",
            state.stream_slot(crate::state::Stream::Error),
        ),
    ] {
        if let Some(stream) = slot.get() {
            define(cx, &module, name, stream.clone())?;
            define(cx, &module, hidden, stream)?;
        }
    }
    define(cx, &module, "stdin", cx.none())?;
    for name in ["path", "argv", "warnoptions", "meta_path", "path_hooks"] {
        define(cx, &module, name, builtin::list::from_slice(cx, &[])?)?;
    }
    describe_version(cx, &module)?;
    define(cx, &module, "maxsize", cx.int(i64::MAX)?)?;
    define(cx, &module, "maxunicode", cx.int(0x10_FFFF)?)?;
    define(cx, &module, "byteorder", cx.string("little")?)?;
    define(cx, &module, "platform", cx.string("linux")?)?;
    define(cx, &module, "executable", cx.string("")?)?;
    define(cx, &module, "prefix", cx.string("")?)?;
    define(cx, &module, "dont_write_bytecode", cx.bool(true))?;
    let mut names = mortice_types::Buffer::new();
    for name in super::names_of_builtin_modules() {
        cx.fallible(names.push(cx.heap(), cx.string(name)?))?;
    }
    define(
        cx,
        &module,
        "builtin_module_names",
        builtin::tuple::from_slice(cx, &names)?,
    )?;
    Ok(module)
}

fn describe_version(cx: &Context, module: &Object) -> Result<()> {
    let [major, minor, micro] = VERSION;
    let small = Object::small32;
    let version = structs::make(
        cx,
        cx.builtin_ref(&structs::VERSION_INFO),
        &[
            small(major),
            small(minor),
            small(micro),
            cx.string("final")?,
            small(0),
        ],
    )?;
    let hexversion = small((major << 24) | (minor << 16) | (micro << 8) | 0xF0);
    define(cx, module, "version_info", version.clone())?;
    define(cx, module, "hexversion", hexversion.clone())?;
    define(cx, module, "api_version", small(1013))?;
    let own = env!("CARGO_PKG_VERSION");
    let long = cx.format(format_args!("{major}.{minor}.{micro} (mortice {own})"))?;
    define(cx, module, "version", long)?;
    let mut switches = [const { None::<Object> }; 18].map(|_| small(0));
    switches[4] = small(1);
    switches[13] = cx.bool(false);
    switches[14] = small(1);
    switches[16] = cx.bool(false);
    switches[17] = small(4300);
    let switches = structs::make(cx, cx.builtin_ref(&structs::FLAGS), &switches)?;
    define(cx, module, "flags", switches)?;
    let hashing = structs::make(
        cx,
        cx.builtin_ref(&structs::HASH_INFO),
        &[
            small(64),
            cx.int((1 << 61) - 1)?,
            small(314_159),
            small(0),
            small(1_000_003),
            cx.string("siphash13")?,
            small(64),
            small(128),
            small(0),
        ],
    )?;
    define(cx, module, "hash_info", hashing)?;
    // `sys.implementation` is a SimpleNamespace, where the runtime has that type.
    let tables = State::of(cx)?.evaluator.tables;
    let namespace = tables
        .iter()
        .copied()
        .flatten()
        .find(|native| native.index == mortice_types::index::NAMESPACE);
    if let Some(namespace) = namespace {
        let implementation = cx.call(cx.builtin_ref(namespace).object(), &[])?;
        for (name, value) in [
            ("name", cx.string("mortice")?),
            ("cache_tag", cx.none()),
            ("version", version),
            ("hexversion", hexversion),
        ] {
            let name = cx.intern(name)?;
            cx.set_attribute(&implementation, &name, &value)?;
        }
        define(cx, module, "implementation", implementation)?;
    }
    Ok(())
}

fn get_frame(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = args.between(cx, "_getframe", 0, 1)?;
    let depth = match given.first() {
        Some(depth) => cx.index(depth)?.as_small().unwrap_or(i64::MAX).max(0),
        None => 0,
    };
    let frame = State::of(cx)?.evaluator.frames.frame;
    match frame(cx, depth as usize)? {
        Some(frame) => Ok(frame),
        None => Err(cx.value_error(format_args!("call stack is not deep enough"))),
    }
}

fn exception(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "sys.exception")?;
    Ok(cx.handled.get().unwrap_or_else(|| cx.none()))
}

fn exc_info(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "sys.exc_info")?;
    let parts = match cx.handled.get() {
        Some(exception) => {
            let trace = builtin::exception::view(&exception).and_then(|body| body.traceback.get());
            [
                cx.type_of(&exception).into_object(),
                exception,
                trace.unwrap_or_else(|| cx.none()),
            ]
        }
        None => [cx.none(), cx.none(), cx.none()],
    };
    builtin::tuple::from_slice(cx, &parts)
}

fn excepthook(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [_, exception, _] = args.exactly::<3>(cx, "excepthook")?;
    if let Some(file) = crate::streams::standard_error(cx) {
        traceback::print(cx, &file, &exception)?;
    }
    Ok(cx.none())
}

fn unraisablehook(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [arguments] = args.exactly::<1>(cx, "sys.unraisablehook")?;
    if !cx.is_exactly(&arguments, &structs::UNRAISABLE_ARGS) {
        return Err(cx.type_error(format_args!(
            "sys.unraisablehook argument type must be UnraisableHookArgs"
        )));
    }
    unraisable::print(cx, &arguments)?;
    Ok(cx.none())
}

fn exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = args.between(cx, "exit", 0, 1)?;
    let exception = cx.call(cx.builtin_ref(&builtin::SYSTEM_EXIT).object(), given)?;
    Err(Raised::new(exception))
}

/// Writes what the memory holds to standard error, past `sys.stderr`, as CPython does.
fn debug_malloc_stats(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "sys._debugmallocstats")?;
    let statistics = cx.heap().memory().statistics();
    let table = cx.format(format_args!("{statistics}"))?;
    if let (Some(state), Some(table)) = (State::find(cx), text(&table)) {
        state.write(crate::state::Stream::Error, table);
    }
    Ok(cx.none())
}

fn get_allocated_blocks(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "sys.getallocatedblocks")?;
    cx.int(cx.heap().memory().small_blocks_in_use() as i64)
}

/// What CPython reports for an immortal object.
const IMMORTAL_COUNT: i64 = 3 << 30;

fn get_refcount(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object] = args.exactly::<1>(cx, "sys.getrefcount")?;
    if object.is_small() || object.is_immortal() {
        return cx.int(IMMORTAL_COUNT);
    }
    cx.int(i64::from(object.refcount()))
}

/// What the object's `__sizeof__` says, and what CPython keeps before the object: 16 bytes for the
/// collector, 16 more for a managed dict or weak references.
fn get_sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [object, default] = args.bind(cx, "getsizeof", ["object", "default"], 1)?;
    let Some(object) = object else {
        return Err(cx.system_error(format_args!("a required argument is missing")));
    };
    match size_of_object(cx, &object) {
        Ok(bytes) => cx.int(bytes),
        Err(raised) => match default {
            Some(default) if raised.is(cx, &builtin::TYPE_ERROR) => Ok((*default).clone()),
            _ => Err(raised),
        },
    }
}

fn size_of_object(cx: &Context, object: &Object) -> Result<i64> {
    let Some(size) = cx.call_special(object, &cx.names().sizeof, &[])? else {
        return Err(cx.type_error(format_args!(
            "Type {} doesn't define __sizeof__",
            cx.type_name(object)
        )));
    };
    let Some(size) = builtin::int::value(cx, &size) else {
        return Err(cx.type_error(format_args!("an integer is required")));
    };
    let Some(size) = size.to_i64() else {
        return Err(cx.overflow_error(format_args!("Python int too large to convert to C ssize_t")));
    };
    if size < 0 {
        return Err(cx.value_error(format_args!("__sizeof__() should return >= 0")));
    }
    let kind = cx.flags_of(object);
    let is_static_type = mortice_types::Type::view(object).is_some_and(|of| of.is_static());
    let collected = kind & flags::COLLECTED != 0 && !is_static_type;
    let managed = kind & (flags::MANAGED_DICT | flags::MANAGED_WEAKREF) != 0;
    Ok(size + if collected { 16 } else { 0 } + if managed { 16 } else { 0 })
}

fn intern(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [name] = args.exactly::<1>(cx, "sys.intern")?;
    if text(&name).is_none() {
        return Err(cx.type_error(format_args!(
            "intern() argument must be str, not {}",
            cx.type_name(&name)
        )));
    }
    if !cx.is_exactly(&name, &builtin::STR) {
        return Err(cx.type_error(format_args!("can't intern {}", cx.type_name(&name))));
    }
    cx.intern_object(&name)
}

fn is_finalizing(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.exactly::<0>(cx, "sys.is_finalizing")?;
    Ok(cx.bool(State::of(cx)?.finalizing.get()))
}

fn set_recursion_limit(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [limit] = args.exactly::<1>(cx, "sys.setrecursionlimit")?;
    let limit = cx.index(&limit)?;
    let limit = limit.as_small().unwrap_or(i64::MAX);
    let Ok(limit) = i32::try_from(limit) else {
        return Err(cx.overflow_error(format_args!("Python int too large to convert to C int")));
    };
    if limit < 1 {
        return Err(cx.value_error(format_args!(
            "recursion limit must be greater or equal than 1"
        )));
    }
    if cx.depth() >= limit as u32 {
        return Err(cx.recursion_error(format_args!(
            "cannot set the recursion limit to {limit} at the recursion depth {}: the limit is too low",
            cx.depth()
        )));
    }
    cx.set_recursion_limit(limit as u32);
    Ok(cx.none())
}
