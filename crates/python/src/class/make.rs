//! `BaseMeta(name, bases, namespace)`: how a class with slots is made.

use super::change::seal;
use super::plan::{hook, plan_rows, watch_class};
use super::{ClassState, Own, state};
use crate::definition::{self, DefinitionBody};
use crate::host::Slots;
use crate::observe;
use crate::raw::{self, Args, Body, Cx, Making, Method, Object, Result, Visit, body};
use crate::world::World;
use core::cell::RefCell;
use mortice_slots::{Entry, Name, Row};
use std::rc::Rc;

/// The state of a class, or a TypeError.
pub(super) fn required<'a>(cx: Cx<'_>, class: &'a Object) -> Result<&'a ClassState> {
    state(class)
        .ok_or_else(|| cx.type_error(format_args!("a class that inherits from Base is required")))
}

/// The body of what completes a class: the first value of its namespace that is told its name.
#[derive(Debug)]
pub struct SentinelBody {
    world: Rc<World>,
    making: RefCell<Option<Making>>,
}

static SENTINEL_METHODS: [Method; 2] = [
    Method::new(c"__set_name__", complete, c"Completes the class."),
    Method::END,
];

impl Body for SentinelBody {
    fn methods() -> &'static [Method] {
        &SENTINEL_METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, _: &mut Visit) {}

    fn clear(&self) {}
}

/// The key of the sentinel.
const SENTINEL: &core::ffi::CStr = c"<mortice>";

/// `BaseMeta(name, bases, namespace, **keywords)`.
pub fn new(
    cx: Cx<'_>,
    metaclass: &Object,
    args: &Object,
    keywords: Option<&Object>,
) -> Result<Object> {
    if !raw::is_standard_mro(cx, metaclass)? {
        let name = cx.class_name(metaclass);
        return Err(cx.type_error(format_args!("metaclass '{name}' overrides mro()")));
    }
    // `type.__new__` refuses to be called for such a metaclass, so the other one cannot be called on.
    if let Some(other) = raw::next_meta_new(cx, metaclass)? {
        let name = cx.class_name(metaclass);
        let other = cx.class_name(&other);
        return Err(cx.type_error(format_args!(
            "metaclass '{name}' must inherit from '{other}' before BaseMeta"
        )));
    }
    let given = cx.items(args)?.unwrap_or_default();
    let [name, bases, namespace] = &given[..] else {
        return refused(cx, metaclass, args, keywords);
    };
    let Some(base_items) = cx
        .items(bases)?
        .filter(|_| cx.is_str(name) && cx.is_dict(namespace))
    else {
        return refused(cx, metaclass, args, keywords);
    };
    if !base_items.iter().all(|base| cx.is_class(base)) {
        return refused(cx, metaclass, args, keywords);
    }
    // Another metaclass makes the class before anything of it is hidden.
    match raw::winning_metaclass(cx, metaclass, &base_items) {
        Some(winner) if winner.is(metaclass) => {}
        Some(winner) => return raw::native_new(cx, &winner, &winner, args, keywords),
        None => return refused(cx, metaclass, args, keywords),
    }
    let class_name = cx.text(name).unwrap_or("?");
    if !base_items.iter().any(|base| state(base).is_some()) {
        return Err(cx.type_error(format_args!("class '{class_name}' must inherit from Base")));
    }
    for base in &base_items {
        refuse_items(cx, class_name, base)?;
    }
    let entries = cx.entries(namespace)?;
    check_definitions(cx, class_name, &entries)?;
    let own_names: Vec<&Object> = entries
        .iter()
        .filter(|(_, value)| body::<DefinitionBody>(value).is_some())
        .map(|(name, _)| name)
        .collect();
    let making = raw::plan(cx, &base_items, |primary| {
        count_words(cx, primary, &base_items, &own_names)
    })?;
    let Some(making) = making else {
        // The interpreter's own words.
        return Err(cx.type_error(format_args!(
            "multiple bases have instance lay-out conflict"
        )));
    };
    let own = cx.dict()?;
    let sentinel_key = cx.intern(SENTINEL)?;
    let names = making.names(cx)?;
    let slots_key = cx.intern(c"__slots__")?;
    let asked = cx.dict_get(namespace, &slots_key)?;
    let asked = match &asked {
        None => Vec::new(),
        Some(one) if cx.is_str(one) => vec![one.clone()],
        Some(many) => cx.items(&cx.sequence(many)?)?.unwrap_or_default(),
    };
    let sentinel = raw::new_native(
        cx,
        &cx.sentinel.get().ok_or_else(|| cx.ended())?,
        SentinelBody {
            world: Rc::clone(&required_world(cx, &base_items)?),
            making: RefCell::new(None),
        },
    )?;
    cx.dict_set(&own, &sentinel_key, &sentinel)?;
    for (key, value) in &entries {
        if !cx.is_exact_str(key) {
            return Err(cx.type_error(format_args!(
                "the namespace of class '{class_name}' has a key that is no string"
            )));
        }
        cx.dict_set(&own, key, value)?;
    }
    let mut all = asked;
    all.extend(names);
    cx.dict_set(&own, &slots_key, &cx.tuple(&all)?)?;
    let module_key = cx.intern(c"__module__")?;
    if cx.dict_get(&own, &module_key)?.is_none()
        && let Some(module) = raw::caller_module(cx)
    {
        cx.dict_set(&own, &module_key, &module)?;
    }
    let args = cx.tuple(&[name.clone(), bases.clone(), own])?;
    if let Some(sentinel) = body::<SentinelBody>(&sentinel) {
        drop(sentinel.making.replace(Some(making.clone())));
    }
    let made = making.make(cx, metaclass, &args, keywords)?;
    let shown = cx.dict_get(namespace, &slots_key)?;
    let shown = match shown {
        Some(shown) => shown,
        None => cx.tuple(&[])?,
    };
    if state(&made).is_none() {
        return Err(cx.type_error(format_args!("class '{class_name}' was not completed")));
    }
    let dict = raw::namespace(cx, &made)?;
    cx.dict_set(&dict, &slots_key, &shown)?;
    raw::modified(&made);
    Ok(made)
}

pub(super) fn required_world(cx: Cx<'_>, bases: &[Object]) -> Result<Rc<World>> {
    let of_base = bases
        .iter()
        .find_map(|base| state(base).map(|state| Rc::clone(state.world())));
    of_base.ok_or_else(|| cx.ended())
}

/// Lets the interpreter say what is wrong with a call.
fn refused(
    cx: Cx<'_>,
    metaclass: &Object,
    args: &Object,
    keywords: Option<&Object>,
) -> Result<Object> {
    let made = raw::type_new(cx, metaclass, args, keywords)?;
    drop(made);
    Err(cx.type_error(format_args!("a class that inherits from Base is required")))
}

/// Words that a class could need at most beyond those of its primary base.
fn count_words(cx: Cx<'_>, primary: &Object, bases: &[Object], own: &[&Object]) -> usize {
    let mut names: Vec<Name> = Vec::new();
    let known = state(primary);
    let is_there = |name: Name| {
        known.is_some_and(|known| {
            let row = known.parts().find_any(name, usize::MAX);
            row.is_some_and(|(_, row)| row.place != Row::NO_PLACE)
        })
    };
    for base in bases.iter().filter_map(state) {
        base.rows.visit(&mut |row| {
            if !is_there(row.name) && !names.contains(&row.name) {
                names.push(row.name);
            }
        });
    }
    let fresh = own.iter().filter(|name| match cx.find(cx, name) {
        Ok(Some(name)) => !is_there(name) && !names.contains(&name),
        _ => true,
    });
    names.len() + fresh.count()
}

/// Refuses a base that stores items inside the object (S013).
fn refuse_items(cx: Cx<'_>, name: &str, base: &Object) -> Result<()> {
    if !raw::has_items(base) {
        return Ok(());
    }
    let mut base = base.clone();
    while let Some(next) = raw::type_base(&base).filter(raw::has_items) {
        base = next;
    }
    Err(cx.type_error(format_args!(
        "class '{name}' cannot inherit from Base and '{}', which stores items inside the object",
        cx.class_name(&base)
    )))
}

/// Refuses reserved names, and definitions that are used twice.
fn check_definitions(cx: Cx<'_>, class: &str, entries: &[(Object, Object)]) -> Result<()> {
    for (index, (name, value)) in entries.iter().enumerate() {
        let Some(definition) = body::<DefinitionBody>(value) else {
            continue;
        };
        definition.check_usable(cx, cx.text(name).unwrap_or("?"))?;
        let earlier = entries[..index].iter().find(|(_, other)| other.is(value));
        if let Some((first, _)) = earlier {
            let first = cx.text(first).unwrap_or("?");
            return Err(definition::used_again(cx, first, class));
        }
    }
    Ok(())
}

/// Called by the interpreter when a class is laid out, before anybody sees it.
fn complete(cx: Cx<'_>, _: &Object, sentinel: &SentinelBody, args: Args<'_>) -> Result<Object> {
    let (Some(making), [class, _]) = (sentinel.making.take(), args.positional()) else {
        return Err(cx.type_error(format_args!("the class is complete")));
    };
    making.reveal();
    let dict = raw::namespace(cx, class)?;
    cx.dict_delete(&dict, &cx.intern(SENTINEL)?)?;
    making.settle(cx, class, ClassState::new(Rc::clone(&sentinel.world)))?;
    let own = required(cx, class)?;
    let mro = raw::type_mro(cx, class)?;
    let mut is_behind_base = false;
    let mut at = Some(making.primary().clone());
    while let Some(base) = at {
        is_behind_base |= cx.base.holds(&base);
        at = raw::type_base(&base);
    }
    settle_new(cx, class, own, &mro)?;
    raw::make_quickly(class);
    own.is_lazy.set(own.is_lazy.get() || !is_behind_base);
    for (name, value) in cx.entries(&dict)? {
        if let Some(definition) = body::<DefinitionBody>(&value) {
            let number = definition.bind(cx, class, &name)?;
            own.own.borrow_mut().push(Own {
                name: number,
                definition: value.clone(),
                descriptor: value,
            });
        }
    }
    let is_watched = mro.iter().skip(1).filter_map(state).any(|base| {
        base.is_watched.get() && !mortice_slots::Rows::<Slots, Entry>::is_empty(&base.watch_rows)
    });
    own.is_watched.set(is_watched);
    plan_rows(cx, class, own)?;
    let name = cx.format(format_args!("its subclass '{}'", cx.class_name(class)))?;
    for base in mro.iter().skip(1) {
        if let Some(state) = state(base) {
            seal(cx, base, state, &name)?;
        }
    }
    own.storage.open(class);
    if own.is_lazy.get() {
        let native = making.primary();
        let words = cx.format(format_args!("its native base '{}'", cx.class_name(native)))?;
        seal(cx, class, own, &words)?;
    }
    observe::settle_methods(cx, class, own, &mro)?;
    if !own.methods.is_empty() {
        watch_class(cx, class)?;
    }
    if is_watched {
        hook(cx, class)?;
    }
    Ok(cx.none())
}

/// Decides how instances are made.
fn settle_new(cx: Cx<'_>, class: &Object, own: &ClassState, mro: &[Object]) -> Result<()> {
    let key = cx.intern(c"__new__")?;
    let mut is_behind_base = false;
    for ancestor in mro {
        let is_base = cx.base.holds(ancestor);
        let dict = raw::namespace(cx, ancestor)?;
        let found = cx.dict_get(&dict, &key)?;
        if is_base {
            is_behind_base = true;
            continue;
        }
        let Some(found) = found else { continue };
        if !is_behind_base {
            // A function of a class before Base: one in Python calls on, a native one does not.
            if raw::builtin_self(&found).is_some() && state(ancestor).is_none() {
                own.is_lazy.set(true);
                return Ok(());
            }
            continue;
        }
        if raw::is_object_class(ancestor) {
            break;
        }
        let native = raw::builtin_self(&found).filter(|of| of.is(ancestor));
        own.next_is_native.set(native.is_some());
        own.next_new.set(native.unwrap_or(found));
        break;
    }
    let has_python_new = mro.iter().take_while(|one| !cx.base.holds(one)).any(|one| {
        let dict = raw::namespace(cx, one);
        dict.and_then(|dict| cx.dict_get(&dict, &key))
            .is_ok_and(|found| found.is_some())
    });
    if !has_python_new && let Some(base) = cx.base.get() {
        raw::take_new(class, &base);
    }
    Ok(())
}
