//! `types.SimpleNamespace`: attributes given as keywords.

use crate::format::Text;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::repr_guard::ReprGuard;
use crate::{Args, Context, Object, Result, builtin, index, native_type, text};

/// Makes an empty namespace.
///
/// # Errors
///
/// MemoryError.
pub fn new_namespace(cx: &Context) -> Result<Object> {
    let namespace = cx.instance(cx.builtin_ref(&NAMESPACE), 0)?;
    cx.ensure_dict(&namespace)?;
    Ok(namespace)
}

/// The dict of attributes.
fn dict_of(cx: &Context, namespace: &Object) -> Result<Object> {
    match cx.ensure_dict(namespace)? {
        Some(dict) => Ok(dict),
        None => Err(cx.type_error(format_args!("a namespace without a dict"))),
    }
}

fn namespace_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let Some(of) = Type::of(&args.receiver()) else {
        return Err(cx.type_error(format_args!(
            "types.SimpleNamespace.__new__(X): X is not a type object"
        )));
    };
    let namespace = cx.instance(&of, 0)?;
    cx.ensure_dict(&namespace)?;
    Ok(namespace)
}

fn namespace_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest();
    let given = Args::new(rest.positional()).between(cx, "SimpleNamespace", 0, 1)?;
    let dict = dict_of(cx, &args.receiver())?;
    if let Some(attributes) = given.first() {
        let attributes = if cx.is_exactly(attributes, &builtin::DICT) {
            (**attributes).clone()
        } else {
            let collected = builtin::dict::new_dict(cx)?;
            builtin::dict::update_from(cx, &collected, attributes)?;
            collected
        };
        cx.each(&attributes, |key| match text(&key) {
            Some(_) => Ok(true),
            None => Err(cx.type_error(format_args!("keywords must be strings"))),
        })?;
        builtin::dict::merge_into(cx, &dict, &attributes, true)?;
    }
    if let Some(view) = builtin::dict::view(&dict) {
        for (name, value) in rest.keywords() {
            view.set(cx, name, (*value).clone())?;
        }
    }
    Ok(cx.none())
}

fn namespace_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let own_name = cx.type_of(&this).name(cx);
    let name = if cx.is_exactly(&this, &NAMESPACE) {
        "namespace"
    } else {
        text(&own_name).unwrap_or("?")
    };
    let Some(_guard) = ReprGuard::enter(cx, &this)? else {
        return cx.format(format_args!("{name}(...)"));
    };
    let dict = dict_of(cx, &this)?;
    let mut shown = Text::new(cx);
    cx.fallible(shown.push(name))?;
    cx.fallible(shown.push("("))?;
    let start = shown.len();
    let mut at = 0;
    while let Some((entry, key, value)) =
        builtin::dict::view(&dict).and_then(|view| view.next_entry(at))
    {
        at = entry + 1;
        let Some(key) = text(&key).filter(|key| !key.is_empty()) else {
            continue;
        };
        if shown.len() > start {
            cx.fallible(shown.push(", "))?;
        }
        cx.fallible(shown.push(key))?;
        cx.fallible(shown.push("="))?;
        let value = cx.repr(&value)?;
        cx.fallible(shown.push(text(&value).unwrap_or("?")))?;
    }
    cx.fallible(shown.push(")"))?;
    shown.finish(cx)
}

fn namespace_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__eq__")?;
    if !cx.is_instance_of(&other, &NAMESPACE) {
        return Ok(cx.not_implemented());
    }
    let (own, theirs) = (dict_of(cx, &this)?, dict_of(cx, &other)?);
    cx.compare(&own, &theirs, crate::SlotId::Eq)
}

fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest()
        .method(cx, "types.SimpleNamespace", "__reduce__", 0, 0)?;
    let none = builtin::tuple::from_slice(cx, &[])?;
    let dict = dict_of(cx, &this)?;
    builtin::tuple::from_slice(cx, &[cx.type_of(&this).into_object(), none, dict])
}

/// A copy with some attributes exchanged.
fn replace(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let rest = args.rest();
    if !rest.positional().is_empty() {
        return Err(cx.type_error(format_args!("__replace__() takes no positional arguments")));
    }
    let of = cx.type_of(&this);
    let made = cx.construct(&of, &[])?;
    let dict = dict_of(cx, &made)?;
    builtin::dict::merge_into(cx, &dict, &dict_of(cx, &this)?, true)?;
    if let Some(view) = builtin::dict::view(&dict) {
        for (name, value) in rest.keywords() {
            view.set(cx, name, (*value).clone())?;
        }
    }
    Ok(made)
}

const LAYOUT: Native = Native {
    name: "types.SimpleNamespace",
    basicsize: 24,
    itemsize: 0,
    dictoffset: 16,
    weaklistoffset: 0,
    body_bytes: 0,
    dict: Storage::Managed,
    weakref: Storage::None,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// `types.SimpleNamespace`.
    pub static NAMESPACE: "SimpleNamespace" {
        index: index::NAMESPACE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        flags: flags::BASE | flags::COLLECTED,
        module: "types",
        doc: "An object whose attributes are what it was called with.",
        slots {
            New => namespace_new,
            Init => namespace_init,
            Repr => namespace_repr,
            Eq => namespace_eq,
            Ne => builtin::object::object_ne,
        },
        methods {
            "__reduce__" => reduce,
            "__replace__" => replace,
        },
        getsets {
            member "__dict__" => builtin::object::get_dict;
        },
    }
}
