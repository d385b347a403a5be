//! Stock CPython as a host of the slot engine.

use crate::change;
use crate::class;
use crate::companion::{self, CompanionBody, TokenBody};
use crate::definition;
use crate::items::Items;
use crate::memory::{collected, written};
use crate::observe;
use crate::raw::{self, Cx, Exception, Object, Raised, Result, body};
use core::fmt;
use mortice_slots::{
    Change, Class, EndOfMro, Further, Host, Name, Problem, ProblemKind, Row, Watch,
};

/// Stock CPython, as the engine sees it.
#[derive(Debug)]
pub enum Slots {}

impl Host for Slots {
    type Object = Object;
    type Error = Raised;
    type Cx<'a> = Cx<'a>;
    type Cells = Items<Option<Object>>;
    type Rows<T: Copy + fmt::Debug + 'static> = Items<T>;

    #[inline]
    fn thread(cx: Cx<'_>) -> u64 {
        cx.thread()
    }

    fn further(cx: Cx<'_>) -> Result<Further<Slots>> {
        Further::new().ok_or_else(|| cx.out_of_memory())
    }

    #[inline]
    fn same(one: &Object, other: &Object) -> bool {
        one.is(other)
    }

    #[inline]
    fn is_unset(cx: Cx<'_>, value: &Object) -> bool {
        cx.unset.holds(value)
    }

    fn equal(cx: Cx<'_>, one: &Object, other: &Object) -> Result<bool> {
        cx.equal(one, other)
    }

    fn write_name(cx: Cx<'_>, name: Name, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(cx.text(&cx.name(cx, name)).unwrap_or("?"))
    }

    fn write_class(cx: Cx<'_>, object: &Object, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(&cx.class_name(&object.class()))
    }

    fn problem(cx: Cx<'_>, problem: Problem<'_, Slots>) -> Raised {
        let message = match written(cx, |out| problem.write(cx, out)) {
            Ok(message) => message,
            Err(raised) => return raised,
        };
        match problem.kind() {
            ProblemKind::Attribute => cx.attribute_error(format_args!("{message}")),
            ProblemKind::Type => cx.type_error(format_args!("{message}")),
            ProblemKind::Delegation => {
                let class = cx.delegation_error.get();
                let made = cx.string(&message).and_then(|message| match &class {
                    Some(class) => cx.call(class, [&message]),
                    None => Err(cx.error(Exception::Value, format_args!("delegation"))),
                });
                match made {
                    Ok(exception) => Raised::new(exception),
                    Err(raised) => raised,
                }
            }
        }
    }

    #[inline]
    fn class_of(_: Cx<'_>, object: &Object) -> Option<Object> {
        raw::state_of_instance(object)?;
        Some(object.class())
    }

    #[inline]
    fn class(class: &Object) -> Option<Class<'_, Slots>> {
        class::state(class).map(class::ClassState::parts)
    }

    #[inline]
    fn row(_: Cx<'_>, object: &Object, name: Name, hint: usize) -> Option<Row> {
        let state = raw::state_of_instance(object)?;
        let (_, row) = state.parts().find_any(name, hint)?;
        Some(row)
    }

    fn in_mro(
        _: Cx<'_>,
        class: &Object,
        index: usize,
    ) -> core::result::Result<Option<Object>, EndOfMro> {
        match raw::in_mro(class, index) {
            Some(at) if class::state(&at).is_some() => Ok(Some(at)),
            Some(_) => Ok(None),
            None => Err(EndOfMro),
        }
    }

    #[inline]
    fn load(object: &Object, place: u16) -> Option<Object> {
        raw::load(object, place)
    }

    #[inline]
    fn holds(object: &Object, place: u16, value: &Object) -> Option<bool> {
        raw::holds(object, place, value)
    }

    #[inline]
    fn store(object: &Object, place: u16, value: Option<Object>) -> Option<Object> {
        raw::store(object, place, value)
    }

    #[inline]
    fn companion(object: &Object) -> Option<Object> {
        raw::companion(object)
    }

    fn ensure_companion(cx: Cx<'_>, object: &Object) -> Result<Object> {
        class::watch_class(cx, &object.class())?;
        companion::ensure(cx, object)
    }

    fn ensure_token(cx: Cx<'_>, object: &Object) -> Result<Object> {
        companion::ensure_token(cx, object)
    }

    fn owner(token: &Object) -> Option<Object> {
        body::<TokenBody>(token)?.owner()
    }

    fn watch(companion: &Object) -> Option<Watch<'_, Slots>> {
        body::<CompanionBody>(companion).map(CompanionBody::watch)
    }

    fn roomy_watch<'a>(
        cx: Cx<'_>,
        object: &Object,
        companion: &'a Object,
    ) -> Result<Option<Watch<'a, Slots>>> {
        let companion = body::<CompanionBody>(companion);
        companion
            .map(|companion| companion.roomy_watch(cx, object))
            .transpose()
    }

    fn apply_rules(
        cx: Cx<'_>,
        definition: &Object,
        object: &Object,
        value: &Object,
    ) -> Result<Object> {
        match definition::view(definition) {
            Some(definition) => definition.admit(cx, object, value),
            None => Ok(value.clone()),
        }
    }

    fn default(_: Cx<'_>, definition: &Object) -> Option<Object> {
        definition::view(definition)?.default()
    }

    fn make_default(cx: Cx<'_>, definition: &Object) -> Result<Object> {
        match definition::view(definition).and_then(|definition| definition.factory()) {
            Some(factory) => cx.call(&factory, []),
            None => Err(cx.error(Exception::System, format_args!("a slot without a factory"))),
        }
    }

    fn change(cx: Cx<'_>, change: Change<'_, Object>) -> Result<Object> {
        change::new_change(cx, change)
    }

    #[inline]
    fn end_change(cx: Cx<'_>, change: Object) {
        change::recycle(cx, change);
    }

    #[inline]
    fn end_event(cx: Cx<'_>) {
        drop(cx.source.take());
    }

    fn call(cx: Cx<'_>, observer: &Object, change: &Object) -> Result<()> {
        observe::call(cx, observer, change)
    }

    fn call_method(cx: Cx<'_>, object: &Object, method: &Object, change: &Object) -> Result<()> {
        if let Some(function) = raw::plain_method(object, method) {
            cx.call(&function, [object, change])?;
            return Ok(());
        }
        let method = cx.attribute_of(object, method)?;
        if !cx.is_none(&method) {
            cx.call(&method, [change])?;
        }
        Ok(())
    }

    fn is_alive(observer: &Object) -> bool {
        observe::is_alive(observer)
    }

    fn is_fatal(cx: Cx<'_>, error: &Raised) -> bool {
        cx.is_fatal(error)
    }

    fn error_object(error: Raised) -> Object {
        error.into_exception()
    }

    fn raise(cx: Cx<'_>, errors: &Items<Option<Object>>) -> Raised {
        let found = errors.snapshot(cx);
        let found = match found.and_then(|found| collected(cx, found.into_iter().flatten())) {
            Ok(found) => found,
            Err(raised) => return raised,
        };
        if let [one] = &found[..] {
            return Raised::new(one.clone());
        }
        let group = cx.string("observers raised").and_then(|message| {
            let members = cx.list(&found)?;
            let builtins = cx.import(c"builtins")?;
            let class = cx.attribute(&builtins, c"BaseExceptionGroup")?;
            cx.call(&class, [&message, &members])
        });
        match group {
            Ok(group) => cx.in_context(group),
            Err(raised) => raised,
        }
    }
}
