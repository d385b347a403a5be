//! The slots and methods of `set` and `frozenset`.

use super::operation::{
    copied, difference, difference_update, disjoint, intersection, own, symmetric_difference,
    symmetric_difference_update, update, with_key, within,
};
use super::{SetBody, view};
use crate::format::Text;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::raw::Type;
use crate::repr_guard::ReprGuard;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin, index, native_type, text};

const fn layout(name: &'static str) -> Native {
    Native {
        name,
        basicsize: 200,
        itemsize: 0,
        dictoffset: 0,
        weaklistoffset: 192,
        body_bytes: size_of::<SetBody>(),
        dict: Storage::None,
        weakref: Storage::Managed,
        items: None,
        slots_after_items: false,
    }
}

fn class_of(cx: &Context, args: &Args<'_>) -> Result<Type> {
    Type::of(&args.receiver()).ok_or_else(|| {
        cx.type_error(format_args!(
            "set.__new__(X): X is not a type object ({})",
            cx.type_name(&args.receiver())
        ))
    })
}

fn set_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.instance(&class_of(cx, &args)?, 0)
}

fn set_init(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let of = cx.type_name(&this);
    let rest = args.rest().between(cx, of.as_str(), 0, 1)?;
    let body = own(cx, &this)?;
    if !body.is_empty() {
        drop(body.empty());
    }
    if let Some(iterable) = rest.first() {
        update(cx, &this, iterable)?;
    }
    Ok(cx.none())
}

fn frozenset_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    let of = class_of(cx, &args)?;
    let exact = of.is(cx.builtin_ref(&FROZENSET));
    let own_init = |of: &Type| of.slot(SlotId::Init).map(|slot| slot as usize);
    // A subclass that brings its own `__init__` may take keywords.
    if exact || own_init(&of) == own_init(cx.builtin_ref(&FROZENSET)) {
        args.no_keywords(cx, "frozenset")?;
    }
    let name = crate::format::TypeName::of(cx, &of);
    let rest = Args::new(args.rest().positional()).between(cx, name.as_str(), 0, 1)?;
    match rest.first() {
        Some(same) if exact && cx.is_exactly(same, &FROZENSET) => Ok((**same).clone()),
        Some(iterable) => super::collected(cx, &of, iterable),
        None => cx.instance(&of, 0),
    }
}

fn set_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let body = own(cx, &this)?;
    let name = cx.type_name(&this);
    if body.is_empty() {
        return cx.format(format_args!("{name}()"));
    }
    let Some(_guard) = ReprGuard::enter(cx, &this)? else {
        return cx.format(format_args!("{name}(...)"));
    };
    let plain = cx.is_exactly(&this, &SET);
    let mut shown = Text::new(cx);
    if !plain {
        cx.fallible(shown.push(name.as_str()))?;
        cx.fallible(shown.push("("))?;
    }
    cx.fallible(shown.push("{"))?;
    // As on CPython, the reprs are those of the keys at this moment.
    let keys = cx.collect(&this)?;
    for (place, key) in keys.iter().enumerate() {
        if place > 0 {
            cx.fallible(shown.push(", "))?;
        }
        let key = cx.repr(key)?;
        cx.fallible(shown.push(text(&key).unwrap_or("?")))?;
    }
    cx.fallible(shown.push(if plain { "}" } else { "})" }))?;
    shown.finish(cx)
}

fn set_len(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(own(cx, &args.receiver())?.len() as i64)
}

fn set_contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__contains__")?;
    let body = own(cx, &this)?;
    let found = with_key(cx, &key, |key, hash| body.has(cx, key, hash))?;
    Ok(cx.bool(found))
}

/// The hash of a frozenset: independent of the order, and the same as CPython's.
fn frozenset_hash(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let body = own(cx, &this)?;
    if let Some(known) = body.hash.get() {
        return cx.int(known);
    }
    let mut mixed = 0u64;
    let mut at = 0;
    while let Some((cell, hash, _)) = body.next_key(at) {
        let hash = hash as u64;
        mixed ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        at = cell + 1;
    }
    mixed ^= (body.len() as u64 + 1).wrapping_mul(1_927_868_237);
    mixed ^= (mixed >> 11) ^ (mixed >> 25);
    mixed = mixed.wrapping_mul(69_069).wrapping_add(907_133_923);
    let hash = match mixed as i64 {
        -1 => 590_923_713,
        hash => hash,
    };
    body.hash.set(Some(hash));
    cx.int(hash)
}

fn compare(cx: &Context, args: Args<'_>, slot: SlotId) -> Result<Object> {
    let [this, other] = args.exactly::<2>(cx, slot.name())?;
    let (Some(a), Some(b)) = (view(&this), view(&other)) else {
        return Ok(cx.not_implemented());
    };
    let equal = || {
        if a.len() != b.len() {
            return Ok(false);
        }
        if let (Some(one), Some(two)) = (a.hash.get(), b.hash.get())
            && one != two
        {
            return Ok(false);
        }
        within(cx, a, b)
    };
    let result = match slot {
        SlotId::Eq => equal()?,
        SlotId::Ne => !equal()?,
        SlotId::Lt => a.len() < b.len() && within(cx, a, b)?,
        SlotId::Le => within(cx, a, b)?,
        SlotId::Gt => b.len() < a.len() && within(cx, b, a)?,
        _ => within(cx, b, a)?,
    };
    Ok(cx.bool(result))
}

macro_rules! comparisons {
    ($($name:ident $slot:ident;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            compare(cx, args, SlotId::$slot)
        })*
    };
}

comparisons! {
    set_eq Eq; set_ne Ne; set_lt Lt; set_le Le; set_gt Gt; set_ge Ge;
}

fn union_of(cx: &Context, left: &Object, right: &Object) -> Result<Object> {
    let result = copied(cx, left)?;
    update(cx, &result, right)?;
    Ok(result)
}

/// Defines a binary operator, its reflection and the in-place form, all between sets only.
macro_rules! operators {
    ($($forward:ident $reflected:ident $operation:expr;)*) => {
        $(
            fn $forward(cx: &Context, args: Args<'_>) -> Result<Object> {
                let [this, other] = args.exactly::<2>(cx, "operator")?;
                if view(&this).is_none() || view(&other).is_none() {
                    return Ok(cx.not_implemented());
                }
                $operation(cx, &this, &other)
            }

            fn $reflected(cx: &Context, args: Args<'_>) -> Result<Object> {
                let [this, other] = args.exactly::<2>(cx, "operator")?;
                if view(&this).is_none() || view(&other).is_none() {
                    return Ok(cx.not_implemented());
                }
                $operation(cx, &other, &this)
            }
        )*
    };
}

operators! {
    set_and set_rand intersection;
    set_or set_ror union_of;
    set_sub set_rsub difference;
    set_xor set_rxor symmetric_difference;
}

/// Keeps only what the iterable has too.
fn intersection_update(cx: &Context, this: &Object, other: &Object) -> Result<()> {
    let common = intersection(cx, this, other)?;
    own(cx, this)?.swap(own(cx, &common)?);
    Ok(())
}

macro_rules! in_place {
    ($($name:ident $operation:expr;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            let [this, other] = args.exactly::<2>(cx, "operator")?;
            if view(&other).is_none() {
                return Ok(cx.not_implemented());
            }
            $operation(cx, &this, &other)?;
            Ok((*this).clone())
        })*
    };
}

in_place! {
    set_iand intersection_update;
    set_ior update;
    set_isub difference_update;
    set_ixor symmetric_difference_update;
}

fn several<'a>(cx: &Context, args: &Args<'a>, name: &str) -> Result<&'a [crate::Borrowed<'a>]> {
    let owner = owner_name(cx, args);
    args.rest().method(cx, owner, name, 0, usize::MAX)
}

fn single<'a>(cx: &Context, args: &Args<'a>, name: &str) -> Result<crate::Borrowed<'a>> {
    let owner = owner_name(cx, args);
    Ok(args.rest().method(cx, owner, name, 1, 1)?[0])
}

fn nothing(cx: &Context, args: &Args<'_>, name: &str) -> Result<()> {
    let owner = owner_name(cx, args);
    args.rest().method(cx, owner, name, 0, 0)?;
    Ok(())
}

fn owner_name(cx: &Context, args: &Args<'_>) -> &'static str {
    if cx.is_instance_of(&args.receiver(), &FROZENSET) {
        "frozenset"
    } else {
        "set"
    }
}

fn union(cx: &Context, args: Args<'_>) -> Result<Object> {
    let result = copied(cx, &args.receiver())?;
    for other in several(cx, &args, "union")? {
        update(cx, &result, other)?;
    }
    Ok(result)
}

fn intersection_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let mut result = None;
    for other in several(cx, &args, "intersection")? {
        let next = match &result {
            Some(so_far) => intersection(cx, so_far, other)?,
            None => intersection(cx, &args.receiver(), other)?,
        };
        result = Some(next);
    }
    match result {
        Some(result) => Ok(result),
        None => copied(cx, &args.receiver()),
    }
}

fn difference_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let mut others = several(cx, &args, "difference")?.iter();
    let result = match others.next() {
        Some(first) => difference(cx, &args.receiver(), first)?,
        None => copied(cx, &args.receiver())?,
    };
    for other in others {
        difference_update(cx, &result, other)?;
    }
    Ok(result)
}

fn symmetric_difference_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let other = single(cx, &args, "symmetric_difference")?;
    symmetric_difference(cx, &args.receiver(), &other)
}

fn update_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    for other in several(cx, &args, "update")? {
        update(cx, &args.receiver(), other)?;
    }
    Ok(cx.none())
}

fn intersection_update_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    several(cx, &args, "intersection_update")?;
    let common = intersection_method(cx, args)?;
    own(cx, &args.receiver())?.swap(own(cx, &common)?);
    Ok(cx.none())
}

fn difference_update_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    for other in several(cx, &args, "difference_update")? {
        difference_update(cx, &args.receiver(), other)?;
    }
    Ok(cx.none())
}

fn symmetric_difference_update_method(cx: &Context, args: Args<'_>) -> Result<Object> {
    let other = single(cx, &args, "symmetric_difference_update")?;
    symmetric_difference_update(cx, &args.receiver(), &other)?;
    Ok(cx.none())
}

fn isdisjoint(cx: &Context, args: Args<'_>) -> Result<Object> {
    let other = single(cx, &args, "isdisjoint")?;
    Ok(cx.bool(disjoint(cx, &args.receiver(), &other)?))
}

fn issubset(cx: &Context, args: Args<'_>) -> Result<Object> {
    let other = single(cx, &args, "issubset")?;
    let this = args.receiver();
    let body = own(cx, &this)?;
    let contained = match view(&other) {
        Some(other) => within(cx, body, other)?,
        None => {
            let common = intersection(cx, &this, &other)?;
            own(cx, &common)?.len() == body.len()
        }
    };
    Ok(cx.bool(contained))
}

fn issuperset(cx: &Context, args: Args<'_>) -> Result<Object> {
    let other = single(cx, &args, "issuperset")?;
    let this = args.receiver();
    let body = own(cx, &this)?;
    if let Some(other) = view(&other) {
        return Ok(cx.bool(within(cx, other, body)?));
    }
    let mut all = true;
    cx.each(&other, |item| {
        all = with_key(cx, &item, |key, hash| body.has(cx, key, hash))?;
        Ok(all)
    })?;
    Ok(cx.bool(all))
}

fn add(cx: &Context, args: Args<'_>) -> Result<Object> {
    let key = single(cx, &args, "add")?;
    super::add(cx, &args.receiver(), &key)?;
    Ok(cx.none())
}

fn remove(cx: &Context, args: Args<'_>) -> Result<Object> {
    let key = single(cx, &args, "remove")?;
    let this = args.receiver();
    let body = own(cx, &this)?;
    match with_key(cx, &key, |key, hash| body.remove(cx, key, hash))? {
        Some(_) => Ok(cx.none()),
        None => Err(cx.key_error(&key)),
    }
}

fn discard(cx: &Context, args: Args<'_>) -> Result<Object> {
    let key = single(cx, &args, "discard")?;
    let this = args.receiver();
    let body = own(cx, &this)?;
    drop(with_key(cx, &key, |key, hash| body.remove(cx, key, hash))?);
    Ok(cx.none())
}

fn pop(cx: &Context, args: Args<'_>) -> Result<Object> {
    nothing(cx, &args, "pop")?;
    match own(cx, &args.receiver())?.pop() {
        Some(key) => Ok(key),
        None => Err(cx.error(&builtin::KEY_ERROR, format_args!("pop from an empty set"))),
    }
}

fn clear(cx: &Context, args: Args<'_>) -> Result<Object> {
    nothing(cx, &args, "clear")?;
    drop(own(cx, &args.receiver())?.empty());
    Ok(cx.none())
}

fn copy(cx: &Context, args: Args<'_>) -> Result<Object> {
    nothing(cx, &args, "copy")?;
    let this = args.receiver();
    if cx.is_exactly(&this, &FROZENSET) {
        return Ok((*this).clone());
    }
    copied(cx, &this)
}

fn sizeof(cx: &Context, args: Args<'_>) -> Result<Object> {
    nothing(cx, &args, "__sizeof__")?;
    let this = args.receiver();
    let of = cx.type_of(&this);
    let size = of
        .state(cx)
        .layout
        .0
        .get()
        .map_or(0, |layout| layout.instance_bytes());
    cx.int((size + own(cx, &this)?.table_bytes()) as i64)
}

/// Type, a list of the keys as the only argument, and the instance's dict.
fn reduce(cx: &Context, args: Args<'_>) -> Result<Object> {
    nothing(cx, &args, "__reduce__")?;
    let this = args.receiver();
    let keys = builtin::list::from_buffer(cx, cx.collect(&this)?)?;
    let arguments = builtin::tuple::from_slice(cx, &[keys])?;
    let state = cx.instance_dict(&this).unwrap_or_else(|| cx.none());
    let of = cx.type_of(&this).into_object();
    builtin::tuple::from_slice(cx, &[of, arguments, state])
}

fn class_getitem(cx: &Context, args: Args<'_>) -> Result<Object> {
    let rest = args.rest().method(cx, "set", "__class_getitem__", 1, 1)?;
    builtin::generic_alias::new_alias(cx, &args.receiver(), &rest[0])
}

native_type! {
    /// The built-in `set`.
    pub static SET: "set" {
        index: index::SET,
        base: &builtin::OBJECT,
        layout: layout("set"),
        body: SetBody,
        flags: flags::BASE | flags::COLLECTED | flags::MATCH_SELF,
        doc: "A collection of distinct hashable objects.",
        slots {
            New => set_new,
            Init => set_init,
            Repr => set_repr,
            Len => set_len,
            Contains => set_contains,
            Iter => super::iterator::set_iter,
            Eq => set_eq,
            Ne => set_ne,
            Lt => set_lt,
            Le => set_le,
            Gt => set_gt,
            Ge => set_ge,
            And => set_and,
            RAnd => set_rand,
            IAnd => set_iand,
            Or => set_or,
            ROr => set_ror,
            IOr => set_ior,
            Sub => set_sub,
            RSub => set_rsub,
            ISub => set_isub,
            Xor => set_xor,
            RXor => set_rxor,
            IXor => set_ixor,
        },
        methods {
            "add" => add,
            "remove" => remove,
            "discard" => discard,
            "pop" => pop,
            "clear" => clear,
            "copy" => copy,
            "union" => union,
            "intersection" => intersection_method,
            "difference" => difference_method,
            "symmetric_difference" => symmetric_difference_method,
            "update" => update_method,
            "intersection_update" => intersection_update_method,
            "difference_update" => difference_update_method,
            "symmetric_difference_update" => symmetric_difference_update_method,
            "isdisjoint" => isdisjoint,
            "issubset" => issubset,
            "issuperset" => issuperset,
            "__sizeof__" => sizeof,
            "__reduce__" => reduce,
            class "__class_getitem__" => class_getitem,
        },
        getsets {},
    }
}

native_type! {
    /// The built-in `frozenset`.
    pub static FROZENSET: "frozenset" {
        index: index::FROZENSET,
        base: &builtin::OBJECT,
        layout: layout("frozenset"),
        body: SetBody,
        flags: flags::BASE | flags::COLLECTED | flags::MATCH_SELF,
        doc: "A collection of distinct hashable objects that never changes.",
        slots {
            New => frozenset_new,
            Repr => set_repr,
            Len => set_len,
            Contains => set_contains,
            Iter => super::iterator::set_iter,
            Hash => frozenset_hash,
            Eq => set_eq,
            Ne => set_ne,
            Lt => set_lt,
            Le => set_le,
            Gt => set_gt,
            Ge => set_ge,
            And => set_and,
            RAnd => set_rand,
            Or => set_or,
            ROr => set_ror,
            Sub => set_sub,
            RSub => set_rsub,
            Xor => set_xor,
            RXor => set_rxor,
        },
        methods {
            "copy" => copy,
            "union" => union,
            "intersection" => intersection_method,
            "difference" => difference_method,
            "symmetric_difference" => symmetric_difference_method,
            "isdisjoint" => isdisjoint,
            "issubset" => issubset,
            "issuperset" => issuperset,
            "__sizeof__" => sizeof,
            "__reduce__" => reduce,
            class "__class_getitem__" => class_getitem,
        },
        getsets {},
    }
}
