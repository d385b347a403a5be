//! `Base.observe`, the subscriptions that come of it, and the methods under `@observe`.

use crate::class::{self, ClassState};
use crate::companion;
use crate::definition::what;
use crate::host::Slots;
use crate::memory::{push, written};
use crate::raw::{
    self, Args, Body, Cx, GetSet, Method, Object, Raised, Result, Shared, Slot, Visit, body,
};
use crate::world::World;
use core::cell::{Cell, OnceCell};
use mortice_slots::{Host, MethodRow, Name, Watch, suggest};
use std::rc::Rc;

/// What an observer that is held weakly carries.
#[derive(Debug)]
pub struct WeakMethodBody {
    world: Rc<World>,
    /// The receiver's token, or a weak reference to the receiver.
    receiver: Slot,
    function: Slot,
}

/// What a subscription carries.
#[derive(Debug)]
pub struct SubscriptionBody {
    world: Rc<World>,
    /// What knows the observed instance.
    owner: OnceCell<Shared<raw::Owner>>,
    /// A weak reference to the observed class.
    class: Slot,
    /// The slot's name, or None.
    name: Slot,
    serial: Cell<u64>,
}

static WEAK_METHODS: [Method; 1] = [Method::END];

static METHODS: [Method; 4] = [
    Method::new(
        c"cancel",
        cancel,
        c"Ends the subscription; again, it does nothing.",
    ),
    Method::new(c"__enter__", enter, c"The subscription."),
    Method::new(c"__exit__", cancel, c"Ends the subscription."),
    Method::END,
];

/// The attributes of subscriptions.
pub static ATTRIBUTES: [GetSet; 2] = [
    GetSet::get(
        c"active",
        |cx: Cx<'_>, _: &Object, this: &SubscriptionBody| Ok(cx.bool(is_active(cx, this))),
    ),
    GetSet::END,
];

impl Body for WeakMethodBody {
    fn methods() -> &'static [Method] {
        &WEAK_METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        visit.slot(&self.receiver);
        visit.slot(&self.function);
    }

    fn clear(&self) {
        drop(self.receiver.take());
        drop(self.function.take());
    }
}

impl Body for SubscriptionBody {
    fn methods() -> &'static [Method] {
        &METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        visit.slot(&self.class);
        visit.slot(&self.name);
    }

    fn clear(&self) {
        drop(self.class.take());
    }

    fn end(&self) {
        if let Some(owner) = self.owner.get() {
            companion::forget_owner(&self.world, owner);
        }
    }
}

impl WeakMethodBody {
    fn receiver(&self) -> Option<Object> {
        let receiver = self.receiver.get()?;
        match Slots::owner(&receiver) {
            Some(owner) => Some(owner),
            None => raw::target_of(&receiver),
        }
    }
}

/// Tells whether an observer can still be called.
pub fn is_alive(observer: &Object) -> bool {
    body::<WeakMethodBody>(observer).is_none_or(|held| held.receiver().is_some())
}

/// Calls an observer.
///
/// # Errors
///
/// What it raises.
pub fn call(cx: Cx<'_>, observer: &Object, change: &Object) -> Result<()> {
    match body::<WeakMethodBody>(observer) {
        None => cx.call(observer, [change])?,
        Some(held) => {
            let (Some(receiver), Some(function)) = (held.receiver(), held.function.get()) else {
                return Ok(());
            };
            cx.call(&function, [&receiver, change])?
        }
    };
    Ok(())
}

/// The form in which a callback is kept: a bound method weakly, unless it is to be strong (S025).
fn kept(cx: Cx<'_>, callback: &Object, strong: bool) -> Result<Object> {
    let Some((function, receiver)) = cx.method_parts(callback).filter(|_| !strong) else {
        return Ok(callback.clone());
    };
    let reference = if raw::state_of_instance(&receiver).is_some() {
        companion::ensure_token(cx, &receiver)?
    } else {
        cx.weak_reference(&receiver).map_err(|raised| {
            if !cx.is_type_error(&raised) {
                return raised;
            }
            cx.type_error(format_args!(
                "cannot create weak reference to '{}' object: use strong=True",
                cx.class_name(&receiver.class())
            ))
        })?
    };
    let held = WeakMethodBody {
        world: cx.shared(),
        receiver: Slot::default(),
        function: Slot::default(),
    };
    held.receiver.set(reference);
    held.function.set(function);
    match cx.weak_method.get() {
        Some(class) => raw::new_native(cx, &class, held),
        None => Ok(callback.clone()),
    }
}

/// Refuses what cannot be a slot's name.
///
/// # Errors
///
/// TypeError.
pub fn check_name(cx: Cx<'_>, name: &Object, also: &str) -> Result<()> {
    if cx.is_str(name) || (!also.is_empty() && cx.is_none(name)) {
        return Ok(());
    }
    Err(cx.type_error(format_args!(
        "slot name must be a string{also}, not {}",
        what(cx, name)
    )))
}

/// The number of a class's slot that nothing hides.
///
/// # Errors
///
/// What a name of a strange class raises.
pub fn find_slot(cx: Cx<'_>, class: &Object, name: &Object) -> Result<Option<Name>> {
    let (Some(name), Some(state)) = (cx.find(cx, name)?, class::state(class)) else {
        return Ok(None);
    };
    Ok(state.parts().find(name, usize::MAX).map(|_| name))
}

/// The error for a name that is no slot of an instance or of a class.
pub fn no_slot(cx: Cx<'_>, subject: &Object, name: &Object) -> Raised {
    let name = cx.text(name).unwrap_or("?");
    let is_class = cx.is_class(subject);
    let of = if is_class {
        subject.clone()
    } else {
        subject.class()
    };
    let message = written(cx, |out| {
        let class = cx.class_name(&of);
        match is_class {
            true => write!(out, "type object '{class}' has no slot '{name}'")?,
            false => write!(out, "'{class}' object has no slot '{name}'")?,
        }
        match class::state(&of) {
            Some(state) => suggest::<Slots>(cx, &state.parts(), name, out),
            None => Ok(()),
        }
    });
    match message {
        Ok(message) => cx.attribute_error(format_args!("{message}")),
        Err(raised) => raised,
    }
}

/// `_observe(observed, name, callback, *, strong=False)`, of an instance or of a class.
///
/// # Errors
///
/// TypeError for wrong arguments, AttributeError for an unknown slot.
pub fn subscribe(cx: Cx<'_>, args: Args<'_>) -> Result<Object> {
    let given = args.positional();
    let keywords = args.keywords(cx)?;
    for (keyword, _) in &keywords {
        if !matches!(cx.text(keyword), Some("name" | "callback" | "strong")) {
            return Err(cx.type_error(format_args!(
                "observe() got an unexpected keyword argument '{}'",
                cx.text(keyword).unwrap_or("?")
            )));
        }
    }
    if given.len() > 3 {
        return Err(cx.type_error(format_args!(
            "observe() takes 2 positional arguments but {} were given",
            given.len() - 1
        )));
    }
    let keyword = |name: &str| {
        let found = keywords
            .iter()
            .find(|(keyword, _)| cx.text(keyword) == Some(name));
        found.map(|(_, value)| value.clone())
    };
    let argument = |place: usize, name: &str| {
        given
            .get(place)
            .cloned()
            .or_else(|| keyword(name))
            .ok_or_else(|| {
                cx.type_error(format_args!(
                    "observe() missing required argument '{name}' (pos {place})"
                ))
            })
    };
    let observed = argument(0, "self")?;
    let (name, callback) = (argument(1, "name")?, argument(2, "callback")?);
    let strong = match keyword("strong") {
        Some(strong) => cx.truth(&strong)?,
        None => false,
    };
    check_name(cx, &name, " or None")?;
    if !cx.is_callable(&callback) {
        return Err(cx.type_error(format_args!(
            "observer must be callable, not {}",
            what(cx, &callback)
        )));
    }
    let is_class = class::state(&observed).is_some();
    let of = if is_class {
        observed.clone()
    } else {
        observed.class()
    };
    let number = match cx.is_none(&name) {
        true => Name::ALL,
        false => match find_slot(cx, &of, &name)? {
            Some(number) => number,
            None => return Err(no_slot(cx, &observed, &name)),
        },
    };
    let observer = kept(cx, &callback, strong)?;
    let body_of = SubscriptionBody {
        world: cx.shared(),
        owner: OnceCell::new(),
        class: Slot::default(),
        name: Slot::default(),
        serial: Cell::new(0),
    };
    body_of.name.set(name);
    if is_class {
        body_of.class.set(cx.weak_reference(&observed)?);
        class::watch_family(cx, &observed)?;
    }
    // It is there before the observer is, who could not be cancelled without it.
    let of = cx.subscription.get().ok_or_else(|| cx.ended())?;
    let made = raw::new_native(cx, &of, body_of)?;
    let engine = &cx.engine;
    let serial = match is_class {
        true => engine.observe_class(cx, &observed, number, observer)?,
        false => engine.observe_instance(cx, &observed, number, observer)?,
    };
    if let Some(subscription) = body::<SubscriptionBody>(&made) {
        subscription.serial.set(serial);
        let owner = match is_class {
            true => Ok(None),
            false => companion::owner(cx, &observed),
        };
        match owner {
            Ok(Some(owner)) => drop(subscription.owner.set(owner)),
            Ok(None) => {}
            Err(raised) => {
                // Nobody could cancel it.
                if let Some(companion) = raw::companion(&observed)
                    && let Some(watch) = Slots::watch(&companion)
                {
                    engine.cancel(watch, serial);
                }
                return Err(raised);
            }
        }
    }
    Ok(made)
}

/// Hands the watch of what is observed to `act`, while that lives.
fn with_watch<R>(
    subscription: &SubscriptionBody,
    act: impl FnOnce(Watch<'_, Slots>) -> R,
) -> Option<R> {
    if let Some(owner) = subscription.owner.get() {
        let companion = raw::companion(&owner.get()?)?;
        return Some(act(Slots::watch(&companion)?));
    }
    let class = raw::target_of(&subscription.class.get()?)?;
    Some(act(class::state(&class)?.watch()))
}

fn is_active(cx: Cx<'_>, this: &SubscriptionBody) -> bool {
    let serial = this.serial.get();
    with_watch(this, |watch| cx.engine.is_subscribed(watch, serial)).unwrap_or(false)
}

fn cancel(cx: Cx<'_>, _: &Object, this: &SubscriptionBody, _: Args<'_>) -> Result<Object> {
    let serial = this.serial.get();
    with_watch(this, |watch| cx.engine.cancel(watch, serial));
    Ok(cx.none())
}

fn enter(_: Cx<'_>, this: &Object, _: &SubscriptionBody, _: Args<'_>) -> Result<Object> {
    Ok(this.clone())
}

/// `repr(subscription)`.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: Cx<'_>, _: &Object, this: &SubscriptionBody) -> Result<Object> {
    let state = if is_active(cx, this) {
        "active"
    } else {
        "inactive"
    };
    let name = this.name.get();
    match name.as_ref().and_then(|name| cx.text(name)) {
        Some(name) => cx.format(format_args!("<Subscription to '{name}', {state}>")),
        None => cx.format(format_args!("<Subscription to every slot, {state}>")),
    }
}

/// Finds the methods under `@observe` of a class that is being made: each name along the MRO counts
/// where it is decorated first.
///
/// # Errors
///
/// AttributeError for a name that is no slot.
pub fn settle_methods(cx: Cx<'_>, class: &Object, own: &ClassState, mro: &[Object]) -> Result<()> {
    let bases = raw::type_bases(cx, class)?;
    // std: nothing is allocated
    let mut decided: Vec<Object> = Vec::new();
    for (at, ancestor) in mro.iter().enumerate() {
        let is_inherited = bases
            .iter()
            .any(|base| class::state(base).is_some() && cx.is_subclass(base, ancestor));
        for (attribute, function) in cx.entries(&raw::namespace(cx, ancestor)?)? {
            if !cx.is_function(&function) || decided.iter().any(|known| known.is(&attribute)) {
                continue;
            }
            let marks = cx.attribute(&function, c"__dict__")?;
            let Some(names) = cx.dict_get(&marks, &cx.intern(c"__observes__")?)? else {
                continue;
            };
            push(cx, &mut decided, attribute.clone())?;
            let names = cx.items(&names)?.unwrap_or_default();
            add_method(cx, class, own, at, &attribute, &names, is_inherited)?;
        }
    }
    Ok(())
}

fn add_method(
    cx: Cx<'_>,
    class: &Object,
    own: &ClassState,
    at: usize,
    attribute: &Object,
    names: &[Object],
    is_inherited: bool,
) -> Result<()> {
    let parts = own.parts();
    let hears_all = names.iter().any(|name| cx.is_none(name));
    let first = parts.methods.len();
    let add = |name: Name| -> Result<()> {
        let is_there = (first..parts.methods.len())
            .filter_map(|index| parts.methods.at(index))
            .any(|row| row.name == name);
        if is_there {
            return Ok(());
        }
        parts.method_names.add(cx, Some(attribute.clone()))?;
        let at = at as u32;
        parts.methods.add(cx, MethodRow { name, at })?;
        cx.engine.note_class_name(name);
        Ok(())
    };
    for name in names.iter().filter(|name| !cx.is_none(name)) {
        // An inherited one hears a slot that the class hides, as a subscription to the base does.
        let known = match is_inherited {
            true => cx.find(cx, name)?,
            false => find_slot(cx, class, name)?,
        };
        if known.is_none() && !is_inherited {
            return Err(no_slot(cx, class, name));
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
