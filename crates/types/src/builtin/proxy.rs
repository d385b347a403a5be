//! `weakref.proxy`: objects that act as another one while it lives.
//!
//! Every slot takes the proxies among its operands for their targets and does the operation on
//! those. A proxy's own are only its repr, and that it cannot be hashed.

use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::slot_id::SlotId;
use crate::{Args, Context, NativeType, Object, Result, body, builtin, index, native_type};
use mortice_gc::WeakBody;

/// The target of a proxy, or the object itself where it is none.
///
/// # Errors
///
/// ReferenceError for a dead proxy.
fn target(cx: &Context, object: &Object) -> Result<Object> {
    if !cx.is_exactly(object, &WEAKPROXY) && !cx.is_exactly(object, &WEAKCALLABLEPROXY) {
        return Ok(object.clone());
    }
    match body::<WeakBody>(object).and_then(WeakBody::target) {
        Some(target) => Ok(target),
        None => Err(cx.reference_error(format_args!("weakly-referenced object no longer exists"))),
    }
}

/// Makes a proxy; one without callback is shared.
///
/// # Errors
///
/// TypeError where the target cannot be referred to weakly.
pub fn new_proxy(cx: &Context, target: &Object, callback: Option<&Object>) -> Result<Object> {
    let native: &'static NativeType = if cx.is_callable(target) {
        &WEAKCALLABLEPROXY
    } else {
        &WEAKPROXY
    };
    builtin::weakref::make(cx, cx.builtin_ref(native), target, callback)
}

fn unary<const SLOT: usize>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = target(cx, &args.receiver())?;
    let slot = SlotId::ALL[SLOT];
    match slot {
        SlotId::Str => cx.str(&this),
        SlotId::Len => cx.int(cx.length(&this)? as i64),
        SlotId::Bool => Ok(cx.bool(cx.truth(&this)?)),
        SlotId::Iter => cx.iterate(&this),
        SlotId::Index => cx.index(&this),
        SlotId::Next => match cx.unary(&this, slot) {
            Some(result) => result,
            None => Err(cx.type_error(format_args!(
                "Weakref proxy referenced a non-iterator '{}' object",
                cx.type_name(&this)
            ))),
        },
        SlotId::Int => cx.construct(cx.builtin_ref(&builtin::INT), &[this.borrow()]),
        SlotId::Float => cx.construct(cx.builtin_ref(&builtin::FLOAT), &[this.borrow()]),
        _ => cx.unary_operator(&this, slot),
    }
}

fn binary<const SLOT: usize>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [left, right] = operands(cx, &args)?;
    cx.binary(&left, &right, SlotId::ALL[SLOT])
}

/// The receiver is the right operand; `SLOT` is the operation itself.
fn reflected<const SLOT: usize>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [right, left] = operands(cx, &args)?;
    cx.binary(&left, &right, SlotId::ALL[SLOT])
}

fn in_place<const SLOT: usize>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [left, right] = operands(cx, &args)?;
    cx.in_place(&left, &right, SlotId::ALL[SLOT])
}

fn compare<const SLOT: usize>(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [left, right] = operands(cx, &args)?;
    cx.compare(&left, &right, SlotId::ALL[SLOT])
}

/// `pow()` may bring a modulus.
fn power(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [base, exponent] = operands(cx, &args)?;
    let modulus = args.get(2).filter(|modulus| !cx.is_none(modulus));
    match (modulus, cx.slot_of(&base, SlotId::Pow)) {
        (Some(modulus), Some(function)) => {
            let modulus = target(cx, &modulus)?;
            let all = [base.borrow(), exponent.borrow(), modulus.borrow()];
            function(cx, Args::new(&all))
        }
        _ => cx.binary(&base, &exponent, SlotId::Pow),
    }
}

fn bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = target(cx, &args.receiver())?;
    cx.call_method(&this, &cx.names().bytes, &[])
}

fn reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = target(cx, &args.receiver())?;
    cx.call_method(&this, &cx.names().reversed, &[])
}

fn operands(cx: &Context, args: &Args<'_>) -> Result<[Object; 2]> {
    let (first, Some(second)) = (args.receiver(), args.get(1)) else {
        return Err(cx.type_error(format_args!("expected 1 argument, got 0")));
    };
    Ok([target(cx, &first)?, target(cx, &second)?])
}

fn call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = target(cx, &args.receiver())?;
    cx.call_args(&this, args.rest())
}

fn get_attribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    cx.get_attribute(&target(cx, &this)?, &name)
}

fn set_attribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name, value] = args.exactly::<3>(cx, "__setattr__")?;
    cx.set_attribute(&target(cx, &this)?, &name, &value)?;
    Ok(cx.none())
}

fn delete_attribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__delattr__")?;
    cx.delete_attribute(&target(cx, &this)?, &name)?;
    Ok(cx.none())
}

fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    cx.get_item(&target(cx, &this)?, &key)
}

fn set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    cx.set_item(&target(cx, &this)?, &key, &value)?;
    Ok(cx.none())
}

fn delete_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__delitem__")?;
    cx.delete_item(&target(cx, &this)?, &key)?;
    Ok(cx.none())
}

fn contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, item] = args.exactly::<2>(cx, "__contains__")?;
    Ok(cx.bool(cx.contains(&target(cx, &this)?, &item)?))
}

fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match body::<WeakBody>(&this).and_then(WeakBody::target) {
        None => cx.format(format_args!("<weakproxy at {:#x}; dead>", this.address())),
        Some(target) => cx.format(format_args!(
            "<weakproxy at {:#x}; to '{}' at {:#x}>",
            this.address(),
            cx.told_name(&target)?,
            target.address()
        )),
    }
}

const fn layout(name: &'static str) -> Native {
    Native {
        name,
        basicsize: 64,
        itemsize: 0,
        dictoffset: 0,
        weaklistoffset: 0,
        body_bytes: size_of::<WeakBody>(),
        dict: Storage::None,
        weakref: Storage::None,
        items: None,
        slots_after_items: false,
    }
}

macro_rules! proxy_type {
    ($(#[$doc:meta])* $name:ident $text:literal, { $($own:tt)* }, { $($methods:tt)* }) => {
        native_type! {
            $(#[$doc])*
            pub static $name: $text {
                index: index::$name,
                base: &builtin::OBJECT,
                layout: layout($text),
                body: WeakBody,
                flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
                module: "weakref",
                slots {
                    $($own)*
                    Repr => repr,
                    Str => unary::<{ SlotId::Str as usize }>,
                    GetAttribute => get_attribute,
                    SetAttr => set_attribute,
                    DelAttr => delete_attribute,
                    Iter => unary::<{ SlotId::Iter as usize }>,
                    Next => unary::<{ SlotId::Next as usize }>,
                    Len => unary::<{ SlotId::Len as usize }>,
                    GetItem => get_item,
                    SetItem => set_item,
                    DelItem => delete_item,
                    Contains => contains,
                    Bool => unary::<{ SlotId::Bool as usize }>,
                    Int => unary::<{ SlotId::Int as usize }>,
                    Float => unary::<{ SlotId::Float as usize }>,
                    Index => unary::<{ SlotId::Index as usize }>,
                    Neg => unary::<{ SlotId::Neg as usize }>,
                    Pos => unary::<{ SlotId::Pos as usize }>,
                    Abs => unary::<{ SlotId::Abs as usize }>,
                    Invert => unary::<{ SlotId::Invert as usize }>,
                    Lt => compare::<{ SlotId::Lt as usize }>,
                    Le => compare::<{ SlotId::Le as usize }>,
                    Eq => compare::<{ SlotId::Eq as usize }>,
                    Ne => compare::<{ SlotId::Ne as usize }>,
                    Gt => compare::<{ SlotId::Gt as usize }>,
                    Ge => compare::<{ SlotId::Ge as usize }>,
                    Add => binary::<{ SlotId::Add as usize }>,
                    Sub => binary::<{ SlotId::Sub as usize }>,
                    Mul => binary::<{ SlotId::Mul as usize }>,
                    MatMul => binary::<{ SlotId::MatMul as usize }>,
                    TrueDiv => binary::<{ SlotId::TrueDiv as usize }>,
                    FloorDiv => binary::<{ SlotId::FloorDiv as usize }>,
                    Mod => binary::<{ SlotId::Mod as usize }>,
                    DivMod => binary::<{ SlotId::DivMod as usize }>,
                    Pow => power,
                    LShift => binary::<{ SlotId::LShift as usize }>,
                    RShift => binary::<{ SlotId::RShift as usize }>,
                    And => binary::<{ SlotId::And as usize }>,
                    Xor => binary::<{ SlotId::Xor as usize }>,
                    Or => binary::<{ SlotId::Or as usize }>,
                    RAdd => reflected::<{ SlotId::Add as usize }>,
                    RSub => reflected::<{ SlotId::Sub as usize }>,
                    RMul => reflected::<{ SlotId::Mul as usize }>,
                    RMatMul => reflected::<{ SlotId::MatMul as usize }>,
                    RTrueDiv => reflected::<{ SlotId::TrueDiv as usize }>,
                    RFloorDiv => reflected::<{ SlotId::FloorDiv as usize }>,
                    RMod => reflected::<{ SlotId::Mod as usize }>,
                    RDivMod => reflected::<{ SlotId::DivMod as usize }>,
                    RPow => reflected::<{ SlotId::Pow as usize }>,
                    RLShift => reflected::<{ SlotId::LShift as usize }>,
                    RRShift => reflected::<{ SlotId::RShift as usize }>,
                    RAnd => reflected::<{ SlotId::And as usize }>,
                    RXor => reflected::<{ SlotId::Xor as usize }>,
                    ROr => reflected::<{ SlotId::Or as usize }>,
                    IAdd => in_place::<{ SlotId::IAdd as usize }>,
                    ISub => in_place::<{ SlotId::ISub as usize }>,
                    IMul => in_place::<{ SlotId::IMul as usize }>,
                    IMatMul => in_place::<{ SlotId::IMatMul as usize }>,
                    ITrueDiv => in_place::<{ SlotId::ITrueDiv as usize }>,
                    IFloorDiv => in_place::<{ SlotId::IFloorDiv as usize }>,
                    IMod => in_place::<{ SlotId::IMod as usize }>,
                    IPow => in_place::<{ SlotId::IPow as usize }>,
                    ILShift => in_place::<{ SlotId::ILShift as usize }>,
                    IRShift => in_place::<{ SlotId::IRShift as usize }>,
                    IAnd => in_place::<{ SlotId::IAnd as usize }>,
                    IXor => in_place::<{ SlotId::IXor as usize }>,
                    IOr => in_place::<{ SlotId::IOr as usize }>,
                },
                methods { $($methods)* },
                getsets {},
            }
        }
    };
}

proxy_type! {
    /// The type of proxies of what cannot be called.
    WEAKPROXY "ProxyType", {}, { "__bytes__" => bytes, "__reversed__" => reversed, }
}
proxy_type! {
    /// The type of proxies of what can be called.
    WEAKCALLABLEPROXY "CallableProxyType", { Call => call, }, {}
}
