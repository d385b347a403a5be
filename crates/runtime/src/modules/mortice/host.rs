//! The runtime as a host of the slot engine.

use super::change;
use super::meta::{self, MetaBody};
use super::observe;
use super::slot;
use super::world::World;
use crate::{Args, Context, Object, Raised, Result, Type};
#[cfg(feature = "canary")]
use mortice_mem::fault::Fault;
use mortice_slots::{
    Cells, Change, Class, EndOfMro, Entry, Further, Host, Name, Problem, ProblemKind, Rows,
    Summary, Watch,
};
use mortice_types::format::Text;
use mortice_types::gc::trace::Plain;
use mortice_types::layout::Native;
use mortice_types::native::{figures, flags};
use mortice_types::raw::{
    COMPANION, companion, ensure_companion, ensure_token, observable_word, owner,
};
use mortice_types::{Items, body, body_outside, builtin, index, native_type, text, tuple_items};
use std::fmt;

/// The runtime, as the engine sees it.
#[derive(Debug)]
pub enum Slots {}

body_outside! {
    /// The body of what stands beside an instance: who watches it.
    pub struct WatchBody {
        cells: Items<Option<Object>>,
        rows: Plain<Items<Entry>>,
        summary: Plain<Summary>,
    }
}

const LAYOUT: Native = figures("mortice.watch", 128, size_of::<WatchBody>());

native_type! {
    /// What stands beside an instance with observable slots, once somebody watches it.
    pub static WATCH: "watch" {
        index: index::RUNTIME + 6,
        base: &COMPANION,
        layout: LAYOUT,
        body: WatchBody,
        flags: flags::COLLECTED | flags::DISALLOW_INSTANTIATION,
        module: "mortice",
        slots {},
        methods {},
        getsets {},
    }
}

impl Cells<Slots> for Items<Option<Object>> {
    fn len(&self) -> usize {
        Items::len(self)
    }

    fn get(&self, index: usize) -> Option<Object> {
        self.at(index)
    }

    fn put(&self, index: usize, content: Option<Object>) -> Option<Object> {
        Items::put(self, index, content)
    }

    fn push(&self, cx: &Context, content: Option<Object>) -> Result<()> {
        cx.fallible(Items::push(self, cx.heap(), content))
    }

    fn pop(&self) -> Option<Object> {
        Items::pop(self).flatten()
    }
}

impl<T: Copy> Rows<Slots, T> for Items<T> {
    fn len(&self) -> usize {
        Items::len(self)
    }

    fn get(&self, index: usize) -> Option<T> {
        self.value(index)
    }

    fn set(&self, index: usize, row: T) {
        let _ = self.exchange(index, row);
    }

    fn push(&self, cx: &Context, row: T) -> Result<()> {
        cx.fallible(Items::push(self, cx.heap(), row))
    }

    fn pop(&self) -> Option<T> {
        Items::pop(self)
    }
}

/// A name's text, where the context has a runtime.
fn name_of(cx: &Context, name: Name) -> Object {
    match World::of(cx) {
        Ok(world) => world.name(cx, name),
        Err(_) => cx.none(),
    }
}

/// Collects what is written in the heap's memory.
struct Writer<'a>(Text<'a>);

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push(text).map_err(|_| fmt::Error)
    }
}

/// A string of what `write` writes.
pub(super) fn written(
    cx: &Context,
    write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result,
) -> Result<Object> {
    let mut writer = Writer(Text::new(cx));
    match write(&mut writer) {
        Ok(()) => writer.0.finish(cx),
        // Writing fails for want of memory only.
        Err(fmt::Error) => Err(cx.out_of_memory()),
    }
}

impl Host for Slots {
    type Object = Object;
    type Error = Raised;
    type Cx<'a> = &'a Context;
    type Cells = Items<Option<Object>>;
    type Rows<T: Copy + fmt::Debug + 'static> = Items<T>;

    fn further(cx: &Context) -> Result<Further<Slots>> {
        Further::new().ok_or_else(|| cx.out_of_memory())
    }

    fn same(one: &Object, other: &Object) -> bool {
        one.is(other)
    }

    fn is_unset(cx: &Context, value: &Object) -> bool {
        World::of(cx).is_ok_and(|world| world.is_unset(value))
    }

    fn equal(cx: &Context, one: &Object, other: &Object) -> Result<bool> {
        let answer = cx.compare(one, other, mortice_types::SlotId::Eq)?;
        #[cfg(feature = "canary")]
        if cx.heap().memory().has_fault(Fault::EqualEvents) {
            return Ok(false);
        }
        cx.truth(&answer)
    }

    fn write_name(cx: &Context, name: Name, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(text(&name_of(cx, name)).unwrap_or("?"))
    }

    fn write_class(cx: &Context, object: &Object, out: &mut dyn fmt::Write) -> fmt::Result {
        let class = cx.type_of(object).name(cx);
        out.write_str(text(&class).unwrap_or("?"))
    }

    fn problem(cx: &Context, problem: Problem<'_, Slots>) -> Raised {
        let message = match written(cx, |out| problem.write(cx, out)) {
            Ok(message) => message,
            Err(raised) => return raised,
        };
        match problem.kind() {
            ProblemKind::Attribute => cx.error_with(&builtin::ATTRIBUTE_ERROR, &[message]),
            ProblemKind::Type => cx.error_with(&builtin::TYPE_ERROR, &[message]),
            ProblemKind::Delegation => {
                let class = World::of(cx).and_then(|world| world.delegation_error(cx));
                raised_of(cx, class, &message)
            }
        }
    }

    fn class_of(cx: &Context, object: &Object) -> Option<Object> {
        let of = cx.type_of(object);
        (of.observable_words() > 0).then(|| of.into_object())
    }

    fn class(class: &Object) -> Option<Class<'_, Slots>> {
        body::<MetaBody>(class).map(MetaBody::parts)
    }

    fn in_mro(
        cx: &Context,
        class: &Object,
        index: usize,
    ) -> std::result::Result<Option<Object>, EndOfMro> {
        let mro = Type::view(class)
            .and_then(|class| class.mro(cx))
            .ok_or(EndOfMro)?;
        let classes = tuple_items(&mro).ok_or(EndOfMro)?;
        #[cfg(feature = "canary")]
        let index = match cx.heap().memory().has_fault(Fault::EventOrder) {
            true => (classes.len().checked_sub(index + 1)).ok_or(EndOfMro)?,
            false => index,
        };
        let at = classes.get(index).ok_or(EndOfMro)?;
        Ok(body::<MetaBody>(at).is_some().then(|| at.clone()))
    }

    fn load(object: &Object, place: u16) -> Option<Object> {
        observable_word(object, usize::from(place) + 1)?.get()
    }

    fn store(object: &Object, place: u16, value: Option<Object>) -> Option<Object> {
        match observable_word(object, usize::from(place) + 1) {
            Some(word) => word.replace(value),
            None => None,
        }
    }

    fn companion(object: &Object) -> Option<Object> {
        companion(object)
    }

    fn ensure_companion(cx: &Context, object: &Object) -> Result<Object> {
        ensure_companion(cx, object, &WATCH)
    }

    fn ensure_token(cx: &Context, object: &Object) -> Result<Object> {
        ensure_token(cx, object, &WATCH)
    }

    fn owner(token: &Object) -> Option<Object> {
        owner(token)
    }

    fn watch(companion: &Object) -> Option<Watch<'_, Slots>> {
        let body = body::<WatchBody>(companion)?;
        Some(Watch::new(&body.rows.0, &body.cells, &body.summary.0))
    }

    fn apply_rules(
        cx: &Context,
        definition: &Object,
        object: &Object,
        value: &Object,
    ) -> Result<Object> {
        slot::admit(cx, definition, object, value)
    }

    fn default(_: &Context, definition: &Object) -> Option<Object> {
        slot::view(definition)?.default.get()
    }

    fn make_default(cx: &Context, definition: &Object) -> Result<Object> {
        match slot::view(definition).and_then(|slot| slot.factory.get()) {
            Some(factory) => cx.call(&factory, &[]),
            None => Err(cx.system_error(format_args!("a slot without a factory"))),
        }
    }

    fn change(cx: &Context, change: Change<'_, Object>) -> Result<Object> {
        let name = |name| name_of(cx, name);
        let source = match change.source {
            Some((source, source_name)) => {
                builtin::tuple::from_pair(cx, source.clone(), name(source_name))?
            }
            None => cx.none(),
        };
        let unset = World::of(cx)?.unset(cx)?;
        let shown = |value: Option<&Object>| value.unwrap_or(&unset).clone();
        change::new_change(
            cx,
            change.object.clone(),
            name(change.name),
            shown(change.old),
            shown(change.new),
            source,
        )
    }

    fn call(cx: &Context, observer: &Object, change: &Object) -> Result<()> {
        observe::call(cx, observer, change)
    }

    fn call_method(cx: &Context, object: &Object, method: &Object, change: &Object) -> Result<()> {
        let method = cx.get_attribute(object, method)?;
        if !cx.is_none(&method) {
            cx.call(&method, &[change.borrow()])?;
        }
        Ok(())
    }

    fn is_alive(observer: &Object) -> bool {
        observe::is_alive(observer)
    }

    fn is_fatal(cx: &Context, error: &Raised) -> bool {
        !error.is(cx, &builtin::EXCEPTION)
    }

    fn error_object(error: Raised) -> Object {
        error.into_exception()
    }

    fn raise(cx: &Context, errors: &Items<Option<Object>>) -> Raised {
        let found = match collected(cx, errors) {
            Ok(found) => found,
            Err(raised) => return raised,
        };
        if let [one] = &*found {
            return Raised::new(one.clone());
        }
        let group = cx.string("observers raised").and_then(|message| {
            let members = builtin::list::from_slice(cx, &found)?;
            let of = cx.builtin_ref(&builtin::BASE_EXCEPTION_GROUP);
            cx.construct(of, &[message.borrow(), members.borrow()])
        });
        match group {
            Ok(group) => Raised::new(group),
            Err(raised) => raised,
        }
    }
}

fn collected(cx: &Context, cells: &Items<Option<Object>>) -> Result<crate::Buffer<Object>> {
    let mut found = crate::Buffer::new();
    for index in 0..Items::len(cells) {
        if let Some(object) = cells.at(index) {
            cx.fallible(found.push(cx.heap(), object))?;
        }
    }
    Ok(found)
}

/// An exception of a class that the module made.
pub(super) fn raised_of(cx: &Context, class: Result<Object>, message: &Object) -> Raised {
    let made = class.and_then(|class| {
        let exception = cx.call_args(&class, Args::of(std::slice::from_ref(message)))?;
        cx.make_raised(&exception)
    });
    match made {
        Ok(raised) | Err(raised) => raised,
    }
}

/// The parts of a class of the module.
pub(super) fn class_parts(class: &Object) -> Option<Class<'_, Slots>> {
    body::<meta::MetaBody>(class).map(MetaBody::parts)
}
