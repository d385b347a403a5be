//! `typing.Union`: what `int | str` makes.

use super::generic_alias::{collect_parameters, substitute, write_type};
use crate::format::Text;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::tuple_items;
use crate::{Args, Buffer, Context, Object, Result, body, builtin, index, native_type, text};
use mortice_gc::Slot;

crate::body! {
    /// The body of a union.
    pub struct UnionBody {
        /// `__args__`: the members, a tuple without repetitions.
        pub members: Slot,
        /// `__parameters__`, once asked for.
        parameters: Slot,
    }
}

/// The members of a union; `None` for anything else.
pub(crate) fn union_members(object: &Object) -> Option<Object> {
    body::<UnionBody>(object)?.members.get()
}

fn own(cx: &Context, object: &Object) -> Result<Object> {
    union_members(object).ok_or_else(|| cx.type_error(format_args!("a union without members")))
}

/// Makes the union of some types: unions among them are opened, and what comes twice stays once. A
/// single member is its own union.
///
/// # Errors
///
/// What comparisons raise; MemoryError.
pub fn new_union(cx: &Context, members: &[Object]) -> Result<Object> {
    let mut unique: Buffer<Object> = Buffer::new();
    for member in members {
        let opened = union_members(member);
        let single = std::slice::from_ref(member);
        for member in opened.as_ref().and_then(tuple_items).unwrap_or(single) {
            let member = if cx.is_none(member) {
                cx.builtin(&builtin::NONE_TYPE).into_object()
            } else {
                member.clone()
            };
            let mut known = false;
            for other in unique.iter() {
                known = known || cx.equal(other, &member)?;
            }
            if !known {
                cx.fallible(unique.push(cx.heap(), member))?;
            }
        }
    }
    if let [only] = &unique[..] {
        return Ok(only.clone());
    }
    let union = cx.instance(cx.builtin_ref(&UNION_TYPE), 0)?;
    if let Some(body) = body::<UnionBody>(&union) {
        body.members.set(builtin::tuple::from_slice(cx, &unique)?);
    }
    Ok(union)
}

/// Tells whether `type.__or__` takes this as a member.
fn is_unionable(cx: &Context, object: &Object) -> bool {
    cx.is_none(object)
        || Type::view(object).is_some()
        || union_members(object).is_some()
        || builtin::generic_alias::parts(object).is_some()
}

fn united(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    if !is_unionable(cx, left) || !is_unionable(cx, right) {
        return Ok(cx.not_implemented());
    }
    new_union(cx, &[left.clone(), right.clone()])
}

/// `type.__or__`.
pub(crate) fn type_or(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__or__")?;
    united(cx, &this, &other)
}

/// `type.__ror__`.
pub(crate) fn type_ror(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ror__")?;
    united(cx, &other, &this)
}

/// A union takes any further member.
fn union_or(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__or__")?;
    new_union(cx, &[(*this).clone(), (*other).clone()])
}

fn union_ror(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__ror__")?;
    new_union(cx, &[(*other).clone(), (*this).clone()])
}

fn union_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let members = own(cx, &args.receiver())?;
    let mut shown = Text::new(cx);
    for (place, member) in tuple_items(&members).unwrap_or_default().iter().enumerate() {
        if place > 0 {
            cx.fallible(shown.push(" | "))?;
        }
        write_type(cx, &mut shown, member)?;
    }
    shown.finish(cx)
}

fn compare(cx: &Context, args: Args<'_>, wanted: bool) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, "__eq__")?;
    let (Some(a), Some(b)) = (union_members(&this), union_members(&other)) else {
        return Ok(cx.not_implemented());
    };
    let (a_items, b_items) = (
        tuple_items(&a).unwrap_or_default(),
        tuple_items(&b).unwrap_or_default(),
    );
    let mut same = a_items.len() == b_items.len();
    for member in a_items {
        same = same && cx.contains(&b, member)?;
    }
    Ok(cx.bool(same == wanted))
}

fn union_eq(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, true)
}

fn union_ne(cx: &Context, args: Args<'_>) -> Result<Object> {
    compare(cx, args, false)
}

fn union_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let members = builtin::set::frozen_set_from(cx, &own(cx, &args.receiver())?)?;
    cx.int(cx.hash(&members)?)
}

fn union_get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    let members = own(cx, &this)?;
    let parameters = get_parameters(cx, &this)?;
    let replaced = substitute(cx, &this, &members, &parameters, &key)?;
    new_union(cx, tuple_items(&replaced).unwrap_or_default())
}

fn class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args
        .rest()
        .method(cx, "typing.Union", "__class_getitem__", 1, 1)?;
    let single = std::slice::from_ref(&*rest[0]);
    let members = tuple_items(&rest[0]).unwrap_or(single);
    if members.is_empty() {
        return Err(cx.type_error(format_args!("Cannot take a Union of no types.")));
    }
    new_union(cx, members)
}

fn mro_entries(cx: &Context, args: Args<'_>) -> Result<Object> {
    let shown = cx.repr(&args.receiver())?;
    Err(cx.type_error(format_args!(
        "Cannot subclass {}",
        text(&shown).unwrap_or("?")
    )))
}

fn get_members(cx: &Context, object: &Object) -> Result<Object> {
    own(cx, object)
}

fn get_parameters(cx: &Context, object: &Object) -> Result<Object> {
    let members = own(cx, object)?;
    let Some(body) = body::<UnionBody>(object) else {
        return Ok(cx.none());
    };
    if let Some(known) = body.parameters.get() {
        return Ok(known);
    }
    let found = collect_parameters(cx, &members)?;
    body.parameters.set(found.clone());
    Ok(found)
}

fn get_origin(cx: &Context, _: &Object) -> Result<Object> {
    Ok(cx.builtin(&UNION_TYPE).into_object())
}

fn get_name(cx: &Context, _: &Object) -> Result<Object> {
    cx.intern("Union")
}

fn get_module(cx: &Context, _: &Object) -> Result<Object> {
    cx.intern("typing")
}

const LAYOUT: Native = Native {
    name: "typing.Union",
    basicsize: 56,
    itemsize: 0,
    dictoffset: 0,
    weaklistoffset: 48,
    body_bytes: size_of::<UnionBody>(),
    dict: Storage::None,
    weakref: Storage::Managed,
    items: None,
    slots_after_items: false,
};

native_type! {
    /// The type of unions.
    pub static UNION_TYPE: "Union" {
        index: index::UNION_TYPE,
        base: &builtin::OBJECT,
        layout: LAYOUT,
        body: UnionBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        module: "typing",
        doc: "One of several types, such as int | str.",
        slots {
            Repr => union_repr,
            Eq => union_eq,
            Ne => union_ne,
            Hash => union_hash,
            GetItem => union_get_item,
            Or => union_or,
            ROr => union_ror,
        },
        methods {
            "__mro_entries__" => mro_entries,
            class "__class_getitem__" => class_getitem,
        },
        getsets {
            member "__args__" => get_members;
            "__parameters__" => get_parameters;
            "__origin__" => get_origin;
            "__name__" => get_name;
            "__qualname__" => get_name;
            "__module__" => get_module;
        },
    }
}
