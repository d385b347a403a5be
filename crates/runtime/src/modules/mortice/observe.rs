//! `Base.observe`, `@observe`, and the subscriptions that come of it.

use super::delegation::check_name;
use super::host::{Slots, class_parts};
use super::world::World;
use super::{show, what, words};
use crate::{Args, Context, Object, Result, Type};
use mortice_slots::{Host, MethodRow, Name, Watch};
use mortice_types::builtin::{method, weakref};
use mortice_types::descriptor::new_builtin;
use mortice_types::layout::{Native, Storage};
use mortice_types::native::{Binding, Method, figures, flags};
use mortice_types::raw::owner;
use mortice_types::{
    Buffer, Slot, body, body_outside, builtin, dict_view, index, native_type, text, tuple_items,
};
use std::cell::Cell;

body_outside! {
    /// The body of an observer that is held weakly.
    pub struct WeakMethodBody {
        /// The receiver's token, or a weak reference to the receiver.
        receiver: Slot,
        function: Slot,
    }
}

body_outside! {
    /// The body of a subscription.
    pub struct SubscriptionBody {
        /// The token of the observed instance, or a weak reference to the observed class.
        holder: Slot,
        /// The slot's name, or None.
        name: Slot,
        serial: Cell<u64>,
    }
}

body_outside! {
    /// The body of what `@observe(…)` gives.
    pub struct MarkBody {
        names: Slot,
    }
}

/// The receiver of an observer that is held weakly, while it lives.
fn receiver_of(held: &WeakMethodBody) -> Option<Object> {
    let receiver = held.receiver.get()?;
    match weakref::view(&receiver) {
        Some(reference) => reference.target(),
        None => owner(&receiver),
    }
}

/// Tells whether an observer can still be called.
pub(super) fn is_alive(observer: &Object) -> bool {
    body::<WeakMethodBody>(observer).is_none_or(|held| receiver_of(held).is_some())
}

/// Calls an observer.
pub(super) fn call(cx: &Context, observer: &Object, change: &Object) -> Result<()> {
    match body::<WeakMethodBody>(observer) {
        None => cx.call(observer, &[change.borrow()])?,
        Some(held) => {
            let (Some(receiver), Some(function)) = (receiver_of(held), held.function.get()) else {
                return Ok(());
            };
            cx.call(&function, &[receiver.borrow(), change.borrow()])?
        }
    };
    Ok(())
}

/// The form in which a callback is kept: a bound method weakly, unless it is to be strong (S025).
fn kept(cx: &Context, callback: &Object, strong: bool) -> Result<Object> {
    if strong || !cx.is_exactly(callback, &builtin::METHOD) {
        return Ok(callback.clone());
    }
    let Some((function, receiver)) = method::parts(callback) else {
        return Ok(callback.clone());
    };
    let reference = if cx.type_of(&receiver).observable_words() > 0 {
        Slots::ensure_token(cx, &receiver)?
    } else {
        weakref::new_reference(cx, &receiver).map_err(|raised| {
            if !raised.is(cx, &builtin::TYPE_ERROR) {
                return raised;
            }
            cx.type_error(format_args!(
                "cannot create weak reference to '{}' object: use strong=True",
                cx.type_name(&receiver)
            ))
        })?
    };
    let held = cx.instance(cx.builtin_ref(&WEAK_METHOD), 0)?;
    if let Some(body) = body::<WeakMethodBody>(&held) {
        body.receiver.set(reference);
        body.function.set(function);
    }
    Ok(held)
}

static OBSERVE_METHOD: Method = Method {
    name: "observe",
    function: subscribe,
    binding: Binding::Instance,
    doc: "Call a function after each change of a slot.",
};

/// `observe(name, callback, *, strong=False)` of an instance or of a class.
fn subscribe(cx: &Context, args: Args<'_>) -> Result<Object> {
    let observed = args.receiver();
    for (keyword, _) in args.keywords() {
        if !matches!(text(keyword), Some("name" | "callback" | "strong")) {
            return Err(cx.type_error(format_args!(
                "observe() got an unexpected keyword argument '{}'",
                text(keyword).unwrap_or("?")
            )));
        }
    }
    if args.positional().len() > 3 {
        return Err(cx.type_error(format_args!(
            "observe() takes 2 positional arguments but {} were given",
            args.positional().len() - 1
        )));
    }
    let argument = |place: usize, name: &str| {
        let value = args.get(place).or_else(|| args.keyword(name));
        value.ok_or_else(|| {
            cx.type_error(format_args!(
                "observe() missing required argument '{name}' (pos {place})"
            ))
        })
    };
    let (name, callback) = (argument(1, "name")?, argument(2, "callback")?);
    let strong = match args.keyword("strong") {
        Some(strong) => cx.truth(&strong)?,
        None => false,
    };
    check_name(cx, &name, " or None")?;
    if !cx.is_callable(&callback) {
        let what = what(cx, &callback)?;
        return Err(cx.type_error(format_args!(
            "observer must be callable, not {}",
            words(&what)
        )));
    }
    let class = Type::of(&observed);
    let of = class.clone().unwrap_or_else(|| cx.type_of(&observed));
    let number = match cx.is_none(&name) {
        true => Name::ALL,
        false => match show::find_slot(cx, of.object(), &name)? {
            Some(number) => number,
            None => return Err(show::no_slot(cx, &observed, &name)),
        },
    };
    let observer = kept(cx, &callback, strong)?;
    let engine = &World::of(cx)?.engine;
    let made = cx.instance(cx.builtin_ref(&SUBSCRIPTION), 0)?;
    let Some(body) = body::<SubscriptionBody>(&made) else {
        return Ok(made);
    };
    body.name.set((*name).clone());
    let holder = match class {
        Some(_) => weakref::new_reference(cx, &observed)?,
        None => Slots::ensure_token(cx, &observed)?,
    };
    body.holder.set(holder);
    let serial = match class {
        Some(_) => engine.observe_class(cx, &observed, number, observer)?,
        None => engine.observe_instance(cx, &observed, number, observer)?,
    };
    body.serial.set(serial);
    Ok(made)
}

/// Hands the watch of what is observed to `act`, while that lives.
fn with_watch<R>(
    subscription: &SubscriptionBody,
    act: impl FnOnce(Watch<'_, Slots>) -> R,
) -> Option<R> {
    let holder = subscription.holder.get()?;
    match weakref::view(&holder) {
        Some(reference) => {
            let class = reference.target()?;
            Some(act(class_parts(&class)?.watch))
        }
        None => {
            let companion = Slots::companion(&owner(&holder)?)?;
            Some(act(Slots::watch(&companion)?))
        }
    }
}

fn subscription<'a>(cx: &Context, object: &'a Object) -> Result<&'a SubscriptionBody> {
    body::<SubscriptionBody>(object)
        .ok_or_else(|| cx.type_error(format_args!("a Subscription is required")))
}

fn is_active(cx: &Context, object: &Object) -> Result<bool> {
    let body = subscription(cx, object)?;
    let engine = &World::of(cx)?.engine;
    let active = with_watch(body, |watch| engine.is_subscribed(watch, body.serial.get()));
    Ok(active.unwrap_or(false))
}

fn cancel(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    args.rest().exactly::<0>(cx, "Subscription.cancel")?;
    let body = subscription(cx, &this)?;
    let engine = &World::of(cx)?.engine;
    with_watch(body, |watch| engine.cancel(watch, body.serial.get()));
    Ok(cx.none())
}

fn exit(cx: &Context, args: Args<'_>) -> Result<Object> {
    cancel(cx, Args::new(&[args.receiver()]))
}

fn enter(_: &Context, args: Args<'_>) -> Result<Object> {
    Ok((*args.receiver()).clone())
}

fn get_active(cx: &Context, object: &Object) -> Result<Object> {
    Ok(cx.bool(is_active(cx, object)?))
}

fn subscription_new(cx: &Context, _: Args<'_>) -> Result<Object> {
    Err(cx.type_error(format_args!(
        "cannot create 'mortice.Subscription' instances"
    )))
}

fn subscription_repr(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let state = match is_active(cx, &this)? {
        true => "active",
        false => "inactive",
    };
    let name = subscription(cx, &this)?.name.get();
    match name.as_ref().and_then(|name| text(name)) {
        Some(name) => cx.format(format_args!("<Subscription to '{name}', {state}>")),
        None => cx.format(format_args!("<Subscription to every slot, {state}>")),
    }
}

/// `Base.observe` seen from an instance or from a class.
fn observe_get(cx: &Context, args: Args<'_>) -> Result<Object> {
    let given = |index| args.get(index).filter(|value| !cx.is_none(value));
    match given(1).or_else(|| given(2)) {
        Some(observed) => new_builtin(cx, &OBSERVE_METHOD, Some(&observed), None),
        None => Err(cx.type_error(format_args!("__get__(None, None) is invalid"))),
    }
}

/// `observe(*names)`, the decorator of methods (S026).
pub(super) fn decorator(cx: &Context, args: Args<'_>) -> Result<Object> {
    args.no_keywords(cx, "observe")?;
    if args.positional().is_empty() {
        return Err(cx.type_error(format_args!("observe() needs at least one slot name")));
    }
    for name in args.positional() {
        check_name(cx, name, " or None")?;
    }
    let mark = cx.instance(cx.builtin_ref(&MARK), 0)?;
    if let Some(body) = body::<MarkBody>(&mark) {
        let names = cx.owned(args.positional())?;
        body.names.set(builtin::tuple::from_slice(cx, &names)?);
    }
    Ok(mark)
}

fn mark_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let this = args.receiver();
    let [function] = args.rest().exactly::<1>(cx, "observe")?;
    if !cx.is_exactly(&function, &builtin::FUNCTION) {
        let what = what(cx, &function)?;
        return Err(cx.type_error(format_args!(
            "observe() decorates functions, not {}",
            words(&what)
        )));
    }
    let own = body::<MarkBody>(&this).and_then(|body| body.names.get());
    let mut names = Buffer::new();
    for part in [own, marks(cx, &function)] {
        for name in part.as_ref().and_then(tuple_items).unwrap_or_default() {
            cx.fallible(names.push(cx.heap(), name.clone()))?;
        }
    }
    let attribute = cx.intern("__observes__")?;
    let names = builtin::tuple::from_slice(cx, &names)?;
    cx.set_attribute(&function, &attribute, &names)?;
    Ok((*function).clone())
}

/// The names that a function is marked with.
fn marks(cx: &Context, function: &Object) -> Option<Object> {
    let own = cx.instance_dict(function)?;
    dict_view(&own)?.get_text("__observes__")
}

/// Finds the methods under `@observe` of a class that is being made: each name along the MRO counts
/// where it is decorated first.
pub(super) fn settle_methods(cx: &Context, class: &Type) -> Result<()> {
    let Some(parts) = class_parts(class.object()) else {
        return Ok(());
    };
    let mro = class.mro(cx);
    let mro = mro.as_ref().and_then(tuple_items).unwrap_or_default();
    let bases = class.state(cx).bases.get();
    let bases = bases.as_ref().and_then(tuple_items).unwrap_or_default();
    let mut decided: Buffer<Object> = Buffer::new();
    for (at, ancestor) in mro.iter().enumerate() {
        let Some(own) = Type::view(ancestor).and_then(|ancestor| ancestor.namespace(cx)) else {
            continue;
        };
        let is_inherited = bases.iter().filter_map(Type::view).any(|base| {
            let is_slotted = class_parts(base.object()).is_some();
            is_slotted && Type::view(ancestor).is_some_and(|one| base.is_subtype(cx, one))
        });
        let mut place = 0;
        while let Some((index, attribute, function)) = own.next_entry(place) {
            place = index + 1;
            if !cx.is_exactly(&function, &builtin::FUNCTION) {
                continue;
            }
            let Some(names) = marks(cx, &function) else {
                continue;
            };
            if decided.iter().any(|known| text(known) == text(&attribute)) {
                continue;
            }
            cx.fallible(decided.push(cx.heap(), attribute.clone()))?;
            add_method(cx, class, &parts, at, &attribute, &names, is_inherited)?;
        }
    }
    Ok(())
}

fn add_method(
    cx: &Context,
    class: &Type,
    parts: &mortice_slots::Class<'_, Slots>,
    at: usize,
    attribute: &Object,
    names: &Object,
    is_inherited: bool,
) -> Result<()> {
    let world = World::of(cx)?;
    let names = tuple_items(names).unwrap_or_default();
    let hears_all = names.iter().any(|name| cx.is_none(name));
    let first = parts.methods.len();
    let add = |name: Name| -> Result<()> {
        let is_there = (first..parts.methods.len())
            .filter_map(|index| parts.methods.value(index))
            .any(|row| row.name == name);
        if is_there {
            return Ok(());
        }
        let attribute = Some(attribute.clone());
        cx.fallible(parts.method_names.push(cx.heap(), attribute))?;
        let row = MethodRow {
            name,
            at: at as u32,
        };
        cx.fallible(parts.methods.push(cx.heap(), row))?;
        world.engine.note_class_name(name);
        Ok(())
    };
    for name in names.iter().filter(|name| !cx.is_none(name)) {
        // An inherited one hears a slot that the class hides, as a subscription to the base does.
        let known = match is_inherited {
            true => world.find(cx, name)?,
            false => show::find_slot(cx, class.object(), name)?,
        };
        if known.is_none() && !is_inherited {
            return Err(show::no_slot(cx, class.object(), name));
        }
        if let Some(number) = known.filter(|_| !hears_all) {
            add(number)?;
        }
    }
    if hears_all {
        add(Name::ALL)?;
    }
    Ok(())
}

native_type! {
    /// An observer that is held weakly.
    pub static WEAK_METHOD: "weak_method" {
        index: index::RUNTIME + 12,
        base: &builtin::OBJECT,
        layout: figures("mortice.weak_method", 32, size_of::<WeakMethodBody>()),
        body: WeakMethodBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        module: "mortice",
        slots {},
        methods {},
        getsets {},
    }
}

const SUBSCRIPTION_LAYOUT: Native = Native {
    weakref: Storage::Managed,
    ..figures("mortice.Subscription", 40, size_of::<SubscriptionBody>())
};

native_type! {
    /// The type of subscriptions.
    pub static SUBSCRIPTION: "Subscription" {
        index: index::RUNTIME + 13,
        base: &builtin::OBJECT,
        layout: SUBSCRIPTION_LAYOUT,
        body: SubscriptionBody,
        flags: flags::COLLECTED,
        module: "mortice",
        doc: "One callback for one slot, or for all, of an instance or a class.",
        slots { New => subscription_new, Repr => subscription_repr, },
        methods { "cancel" => cancel, "__enter__" => enter, "__exit__" => exit, },
        getsets { "active" => get_active; },
    }
}

native_type! {
    /// The type of `Base.observe`.
    pub static OBSERVE: "observe_method" {
        index: index::RUNTIME + 14,
        base: &builtin::OBJECT,
        layout: figures("mortice.observe_method", 16, 0),
        flags: flags::DISALLOW_INSTANTIATION,
        module: "mortice",
        slots { Get => observe_get, },
        methods {},
        getsets {},
    }
}

native_type! {
    /// The type of what `@observe(…)` gives.
    pub static MARK: "observe" {
        index: index::RUNTIME + 15,
        base: &builtin::OBJECT,
        layout: figures("mortice.observe", 24, size_of::<MarkBody>()),
        body: MarkBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        module: "mortice",
        slots { Call => mark_call, },
        methods {},
        getsets {},
    }
}
