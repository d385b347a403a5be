//! `mappingproxy`: a read-only view of a mapping.

use crate::native::{figures, flags};
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, body, builtin, index, native_type, text, tuple_items};
use mortice_gc::Slot;

crate::body! {
    /// The body of a mapping proxy.
    pub struct ProxyBody {
        /// The mapping.
        pub mapping: Slot,
    }
}

/// A read-only view of a mapping.
///
/// # Errors
///
/// MemoryError.
pub fn new_proxy(cx: &Context, mapping: &Object) -> Result<Object> {
    let proxy = cx.instance(cx.builtin_ref(&MAPPINGPROXY), 0)?;
    if let Some(body) = body::<ProxyBody>(&proxy) {
        body.mapping.set(mapping.clone());
    }
    Ok(proxy)
}

/// The mapping behind a proxy.
pub fn mapping_of(object: &Object) -> Option<Object> {
    body::<ProxyBody>(object)?.mapping.get()
}

/// The mapping behind a proxy, or the object itself.
fn bare(object: &Object) -> Object {
    mapping_of(object).unwrap_or_else(|| object.clone())
}

fn proxy_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [mapping] = args.rest().bind(cx, "mappingproxy", ["mapping"], 1)?;
    let (Some(mapping), Some(of)) = (mapping, Type::of(&args.receiver())) else {
        return Err(cx.type_error(format_args!(
            "mappingproxy.__new__(X): X is not a type object"
        )));
    };
    let is_sequence =
        tuple_items(&mapping).is_some() || cx.is_instance_of(&mapping, &builtin::LIST);
    if cx.slot_of(&mapping, SlotId::GetItem).is_none() || is_sequence {
        return Err(cx.type_error(format_args!(
            "mappingproxy() argument must be a mapping, not {}",
            cx.type_name(&mapping)
        )));
    }
    let proxy = cx.instance(&of, 0)?;
    if let Some(body) = body::<ProxyBody>(&proxy) {
        body.mapping.set((*mapping).clone());
    }
    Ok(proxy)
}

fn proxy_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let shown = cx.repr(&bare(&args.receiver()))?;
    cx.format(format_args!(
        "mappingproxy({})",
        text(&shown).unwrap_or("?")
    ))
}

fn proxy_str(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.str(&bare(&args.receiver()))
}

fn proxy_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(cx.hash(&bare(&args.receiver()))?)
}

fn proxy_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(cx.length(&bare(&args.receiver()))? as i64)
}

fn proxy_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    cx.get_item(&bare(&this), &key)
}

fn proxy_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__contains__")?;
    Ok(cx.bool(cx.contains(&bare(&this), &key)?))
}

fn proxy_iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.iterate(&bare(&args.receiver()))
}

fn proxy_or(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__or__")?;
    cx.binary(&bare(&this), &bare(&other), SlotId::Or)
}

fn proxy_ror(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ror__")?;
    cx.binary(&bare(&other), &bare(&this), SlotId::Or)
}

fn proxy_ior(cx: &Context, args: Args<'_>) -> Result<Object> {
    Err(cx.type_error(format_args!(
        "'|=' is not supported by {}; use '|' instead",
        cx.type_name(&args.receiver())
    )))
}

macro_rules! comparisons {
    ($($name:ident $slot:ident;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            let [this, other] = args.exactly::<2>(cx, SlotId::$slot.name())?;
            cx.compare(&bare(&this), &other, SlotId::$slot)
        })*
    };
}

comparisons! {
    proxy_eq Eq; proxy_ne Ne;
}

fn forward(cx: &Context, args: Args<'_>, name: &str) -> Result<Object> {
    args.rest().method(cx, "mappingproxy", name, 0, 0)?;
    let method = cx.get_attribute_text(&bare(&args.receiver()), name)?;
    cx.call(&method, &[])
}

fn get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().method(cx, "mappingproxy", "get", 1, 2)?;
    let none = cx.none();
    let default = rest.get(1).copied().unwrap_or(none.borrow());
    let method = cx.get_attribute_text(&bare(&args.receiver()), "get")?;
    cx.call(&method, &[rest[0], default])
}

fn keys(cx: &Context, args: Args<'_>) -> Result<Object> {
    forward(cx, args, "keys")
}

fn values(cx: &Context, args: Args<'_>) -> Result<Object> {
    forward(cx, args, "values")
}

fn items(cx: &Context, args: Args<'_>) -> Result<Object> {
    forward(cx, args, "items")
}

fn copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    forward(cx, args, "copy")
}

fn reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    forward(cx, args, "__reversed__")
}

fn class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args
        .rest()
        .method(cx, "mappingproxy", "__class_getitem__", 1, 1)?;
    builtin::generic_alias::new_alias(cx, &args.receiver(), &rest[0])
}

native_type! {
    /// The type of read-only views of mappings.
    pub static MAPPINGPROXY: "mappingproxy" {
        index: index::MAPPINGPROXY,
        base: &builtin::OBJECT,
        layout: figures("mappingproxy", 24, size_of::<ProxyBody>()),
        body: ProxyBody,
        flags: flags::COLLECTED | flags::MAPPING,
        doc: "A read-only view of a mapping.",
        slots {
            New => proxy_new,
            Repr => proxy_repr,
            Str => proxy_str,
            Hash => proxy_hash,
            Eq => proxy_eq,
            Ne => proxy_ne,
            Len => proxy_len,
            GetItem => proxy_get_item,
            Contains => proxy_contains,
            Iter => proxy_iter,
            Or => proxy_or,
            ROr => proxy_ror,
            IOr => proxy_ior,
        },
        methods {
            "get" => get,
            "keys" => keys,
            "values" => values,
            "items" => items,
            "copy" => copy,
            "__reversed__" => reversed,
            class "__class_getitem__" => class_getitem,
        },
        getsets {},
    }
}
