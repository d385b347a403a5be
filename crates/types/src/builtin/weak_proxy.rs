//! `weakref.proxy`: stands for an object without keeping it alive.
//!
//! Every operation unwraps its operands, does the same with the targets, and raises ReferenceError
//! once a target is gone. There are two types, since a proxy is callable where its target is.

use super::weakref::view;
use crate::layout::{Native, Storage};
use crate::native::flags;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin, index, native_type};
use mortice_gc::WeakBody;

/// A proxy; one without callback is shared.
///
/// # Errors
///
/// TypeError where the target cannot be referred to weakly.
pub fn new_proxy(cx: &Context, target: &Object, callback: Option<&Object>) -> Result<Object> {
    let kind = if cx.is_callable(target) {
        &WEAKCALLABLEPROXY
    } else {
        &WEAKPROXY
    };
    super::weakref::make(cx, cx.builtin_ref(kind), target, callback)
}

fn is_proxy(cx: &Context, object: &Object) -> bool {
    cx.is_exactly(object, &WEAKPROXY) || cx.is_exactly(object, &WEAKCALLABLEPROXY)
}

/// The target of a proxy; any other object stands for itself.
fn unwrap(cx: &Context, object: &Object) -> Result<Object> {
    if !is_proxy(cx, object) {
        return Ok(object.clone());
    }
    match view(object).and_then(WeakBody::target) {
        Some(target) => Ok(target),
        None => Err(cx.reference_error(format_args!("weakly-referenced object no longer exists"))),
    }
}

fn repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    match view(&this).and_then(WeakBody::target) {
        Some(target) => cx.format(format_args!(
            "<weakproxy at {:#x}; to '{}' at {:#x}>",
            this.address(),
            cx.type_name(&target),
            target.address()
        )),
        None => cx.format(format_args!("<weakproxy at {:#x}; dead>", this.address())),
    }
}

fn str(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.str(&unwrap(cx, &args.receiver())?)
}

fn call(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.call_args(&unwrap(cx, &args.receiver())?, args.rest())
}

fn getattribute(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__getattribute__")?;
    cx.get_attribute(&unwrap(cx, &this)?, &name)
}

fn setattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name, value] = args.exactly::<3>(cx, "__setattr__")?;
    cx.set_attribute(&unwrap(cx, &this)?, &name, &value)?;
    Ok(cx.none())
}

fn delattr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, name] = args.exactly::<2>(cx, "__delattr__")?;
    cx.delete_attribute(&unwrap(cx, &this)?, &name)?;
    Ok(cx.none())
}

fn length(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.int(cx.length(&unwrap(cx, &args.receiver())?)? as i64)
}

fn truth(cx: &Context, args: Args<'_>) -> Result<Object> {
    Ok(cx.bool(cx.truth(&unwrap(cx, &args.receiver())?)?))
}

fn get_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__getitem__")?;
    cx.get_item(&unwrap(cx, &this)?, &unwrap(cx, &key)?)
}

fn set_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key, value] = args.exactly::<3>(cx, "__setitem__")?;
    cx.set_item(&unwrap(cx, &this)?, &key, &value)?;
    Ok(cx.none())
}

fn del_item(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, key] = args.exactly::<2>(cx, "__delitem__")?;
    cx.delete_item(&unwrap(cx, &this)?, &key)?;
    Ok(cx.none())
}

fn contains(cx: &Context, args: Args<'_>) -> Result<Object> {
    let [this, item] = args.exactly::<2>(cx, "__contains__")?;
    Ok(cx.bool(cx.contains(&unwrap(cx, &this)?, &item)?))
}

fn iter(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.iterate(&unwrap(cx, &args.receiver())?)
}

fn next(cx: &Context, args: Args<'_>) -> Result<Object> {
    let target = unwrap(cx, &args.receiver())?;
    match cx.unary(&target, SlotId::Next) {
        Some(result) => result,
        None => Err(cx.type_error(format_args!(
            "Weakref proxy referenced a non-iterator '{}' object",
            cx.type_name(&target)
        ))),
    }
}

fn int(cx: &Context, args: Args<'_>) -> Result<Object> {
    let target = unwrap(cx, &args.receiver())?;
    cx.call(cx.builtin(&builtin::INT).object(), &[target.borrow()])
}

fn float(cx: &Context, args: Args<'_>) -> Result<Object> {
    let target = unwrap(cx, &args.receiver())?;
    cx.call(cx.builtin(&builtin::FLOAT).object(), &[target.borrow()])
}

fn as_index(cx: &Context, args: Args<'_>) -> Result<Object> {
    cx.index(&unwrap(cx, &args.receiver())?)
}

fn bytes(cx: &Context, args: Args<'_>) -> Result<Object> {
    let target = unwrap(cx, &args.receiver())?;
    cx.call_method(&target, &cx.names().bytes, &[])
}

fn reversed(cx: &Context, args: Args<'_>) -> Result<Object> {
    let target = unwrap(cx, &args.receiver())?;
    cx.call_method(&target, &cx.names().reversed, &[])
}

macro_rules! unary {
    ($($name:ident $slot:ident;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            cx.unary_operator(&unwrap(cx, &args.receiver())?, SlotId::$slot)
        })*
    };
}

unary! { neg Neg; pos Pos; abs Abs; invert Invert; }

macro_rules! comparisons {
    ($($name:ident $slot:ident;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            let [this, other] = args.exactly::<2>(cx, SlotId::$slot.name())?;
            cx.compare(&unwrap(cx, &this)?, &unwrap(cx, &other)?, SlotId::$slot)
        })*
    };
}

comparisons! { lt Lt; le Le; eq Eq; ne Ne; gt Gt; ge Ge; }

macro_rules! binary {
    ($($name:ident $reflected:ident $slot:ident;)*) => {
        $(
            fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
                let [this, other] = args.exactly::<2>(cx, SlotId::$slot.name())?;
                cx.binary(&unwrap(cx, &this)?, &unwrap(cx, &other)?, SlotId::$slot)
            }

            fn $reflected(cx: &Context, args: Args<'_>) -> Result<Object> {
                let [this, other] = args.exactly::<2>(cx, SlotId::$slot.name())?;
                cx.binary(&unwrap(cx, &other)?, &unwrap(cx, &this)?, SlotId::$slot)
            }
        )*
    };
}

binary! {
    add radd Add; sub rsub Sub; mul rmul Mul; matmul rmatmul MatMul; truediv rtruediv TrueDiv;
    floordiv rfloordiv FloorDiv; modulo rmodulo Mod; divmod rdivmod DivMod;
    lshift rlshift LShift; rshift rrshift RShift; and rand And; xor rxor Xor; or ror Or;
}

/// `pow()` may have a modulus.
fn pow(cx: &Context, args: Args<'_>) -> Result<Object> {
    let values = args.between(cx, "__pow__", 2, 3)?;
    let (base, exponent) = (unwrap(cx, &values[0])?, unwrap(cx, &values[1])?);
    match values.get(2).filter(|modulus| !cx.is_none(modulus)) {
        None => cx.binary(&base, &exponent, SlotId::Pow),
        Some(modulus) => {
            let modulus = unwrap(cx, modulus)?;
            let arguments = [base.borrow(), exponent.borrow(), modulus.borrow()];
            match cx.slot_of(&base, SlotId::Pow) {
                Some(function) => function(cx, Args::new(&arguments)),
                None => cx.binary(&base, &exponent, SlotId::Pow),
            }
        }
    }
}

fn rpow(cx: &Context, args: Args<'_>) -> Result<Object> {
    let values = args.between(cx, "__rpow__", 2, 3)?;
    let (base, exponent) = (unwrap(cx, &values[1])?, unwrap(cx, &values[0])?);
    cx.binary(&base, &exponent, SlotId::Pow)
}

macro_rules! in_place {
    ($($name:ident $slot:ident;)*) => {
        $(fn $name(cx: &Context, args: Args<'_>) -> Result<Object> {
            let [this, other] = args.exactly::<2>(cx, SlotId::$slot.name())?;
            cx.in_place(&unwrap(cx, &this)?, &unwrap(cx, &other)?, SlotId::$slot)
        })*
    };
}

in_place! {
    iadd IAdd; isub ISub; imul IMul; imatmul IMatMul; itruediv ITrueDiv; ifloordiv IFloorDiv;
    imod IMod; ipow IPow; ilshift ILShift; irshift IRShift; iand IAnd; ixor IXor; ior IOr;
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
    ($(#[$doc:meta])* $name:ident $text:literal { $($slots:tt)* } { $($methods:tt)* }) => {
        native_type! {
            $(#[$doc])*
            pub static $name: $text {
                index: index::$name,
                base: &builtin::OBJECT,
                layout: layout(concat!("weakref.", $text)),
                body: WeakBody,
                flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
                module: "weakref",
                slots {
                    Repr => repr, Str => str,
                    GetAttribute => getattribute, SetAttr => setattr, DelAttr => delattr,
                    Len => length, Bool => truth, Contains => contains, Iter => iter, Next => next,
                    GetItem => get_item, SetItem => set_item, DelItem => del_item,
                    Int => int, Float => float, Index => as_index,
                    Neg => neg, Pos => pos, Abs => abs, Invert => invert,
                    Lt => lt, Le => le, Eq => eq, Ne => ne, Gt => gt, Ge => ge,
                    Add => add, Sub => sub, Mul => mul, MatMul => matmul, TrueDiv => truediv,
                    FloorDiv => floordiv, Mod => modulo, DivMod => divmod, Pow => pow,
                    LShift => lshift, RShift => rshift, And => and, Xor => xor, Or => or,
                    RAdd => radd, RSub => rsub, RMul => rmul, RMatMul => rmatmul,
                    RTrueDiv => rtruediv, RFloorDiv => rfloordiv, RMod => rmodulo,
                    RDivMod => rdivmod, RPow => rpow, RLShift => rlshift, RRShift => rrshift,
                    RAnd => rand, RXor => rxor, ROr => ror,
                    IAdd => iadd, ISub => isub, IMul => imul, IMatMul => imatmul,
                    ITrueDiv => itruediv, IFloorDiv => ifloordiv, IMod => imod, IPow => ipow,
                    ILShift => ilshift, IRShift => irshift, IAnd => iand, IXor => ixor,
                    IOr => ior,
                    $($slots)*
                },
                methods { "__bytes__" => bytes, $($methods)* },
                getsets {},
            }
        }
    };
}

proxy_type! {
    /// The type of proxies of objects that cannot be called.
    WEAKPROXY "ProxyType" {} { "__reversed__" => reversed, }
}
proxy_type! {
    /// The type of proxies of objects that can be called.
    WEAKCALLABLEPROXY "CallableProxyType" { Call => call, } {}
}
