//! `BaseMeta`: how classes with slots are made and changed.

use crate::definition::{self, DefinitionBody};
use crate::host::Slots;
use crate::items::Items;
use crate::observe;
use crate::raw::{
    self, Args, Body, Cx, Making, Member, Method, Object, Raised, Result, SPARE_WORDS, Slot,
    Storage, Visit, body,
};
use crate::world::World;
use core::cell::{Cell, Ref, RefCell};
use mortice_slots::{
    Class, ClassState as EngineState, Entry, Facts, MethodRow, Name, Row, SlotFlags, Summary, Watch,
};
use std::rc::Rc;

pub use crate::raw::state;

/// A slot that the body of a class declares.
#[derive(Clone, Debug)]
pub struct Own {
    /// Its name.
    pub name: Name,
    /// Its definition.
    pub definition: Object,
    /// What stands in the namespace for it.
    pub descriptor: Object,
}

/// What a class with slots has of its own.
#[derive(Debug)]
pub struct ClassState {
    world: Rc<World>,
    storage: Storage,
    rows: Items<Row>,
    definitions: Items<Option<Object>>,
    delegated: Items<Name>,
    engine: EngineState,
    watch_rows: Items<Entry>,
    watch_cells: Items<Option<Object>>,
    summary: Summary,
    methods: Items<MethodRow>,
    method_names: Items<Option<Object>>,
    own: RefCell<Vec<Own>>,
    /// The definitions that the interpreter's own descriptors point to.
    members: RefCell<Vec<Member>>,
    /// Defaults that instances get when they are made, with their places.
    defaults: RefCell<Vec<(u16, Object)>>,
    /// Why no slot can be added any more: the words behind "sealed by".
    sealed: Slot,
    /// Every access of an instance asks the engine.
    is_watched: Cell<bool>,
    /// Instances can come into being without `Base.__new__`.
    is_lazy: Cell<bool>,
    /// The tuple of constructor keywords that was met last, with their places.
    keywords: RefCell<Option<(Object, Vec<u16>)>>,
    /// The `__new__` that comes after that of `Base`; none for that of `object`.
    next_new: Slot,
    /// That one is a class's native function.
    next_is_native: Cell<bool>,
}

impl ClassState {
    /// The state of a class without slots.
    pub fn new(world: Rc<World>) -> ClassState {
        ClassState {
            world,
            storage: Storage::default(),
            rows: Items::default(),
            definitions: Items::default(),
            delegated: Items::default(),
            engine: EngineState::default(),
            watch_rows: Items::default(),
            watch_cells: Items::default(),
            summary: Summary::default(),
            methods: Items::default(),
            method_names: Items::default(),
            own: RefCell::default(),
            members: RefCell::default(),
            defaults: RefCell::default(),
            sealed: Slot::default(),
            is_watched: Cell::new(false),
            is_lazy: Cell::new(false),
            keywords: RefCell::default(),
            next_new: Slot::default(),
            next_is_native: Cell::new(false),
        }
    }

    /// The state of the module.
    #[inline]
    pub fn world(&self) -> &Rc<World> {
        &self.world
    }

    /// Where the slots lie.
    #[inline]
    pub fn storage(&self) -> &Storage {
        &self.storage
    }

    /// The class as the engine sees it.
    #[inline]
    pub fn parts(&self) -> Class<'_, Slots> {
        Class {
            rows: &self.rows,
            definitions: &self.definitions,
            delegated: &self.delegated,
            state: &self.engine,
            watch: self.watch(),
            methods: &self.methods,
            method_names: &self.method_names,
        }
    }

    /// Who watches all instances.
    pub fn watch(&self) -> Watch<'_, Slots> {
        Watch {
            rows: &self.watch_rows,
            cells: &self.watch_cells,
            summary: &self.summary,
        }
    }

    /// Shows every reference to the collector.
    pub fn visit(&self, visit: &mut Visit) {
        visit.cells(&self.definitions);
        visit.cells(&self.watch_cells);
        visit.cells(&self.method_names);
        visit.slot(&self.sealed);
        visit.slot(&self.next_new);
        for own in self.own.borrow().iter() {
            visit.object(&own.definition);
            visit.object(&own.descriptor);
        }
        for (_, default) in self.defaults.borrow().iter() {
            visit.object(default);
        }
    }

    /// Lets go of what could be part of a cycle.
    pub fn clear(&self) {
        for cells in [&self.definitions, &self.watch_cells] {
            for index in 0..cells.len() {
                drop(cells.replace(index, None));
            }
        }
        drop(self.own.take());
        drop(self.defaults.take());
        drop(self.next_new.take());
    }

    /// The definition that a value in the namespace stands for.
    fn declared(&self, value: &Object) -> Option<Object> {
        let own = self.own.borrow();
        let own = own.iter().find(|own| own.descriptor.is(value));
        own.map(|own| own.definition.clone())
    }

    /// Tells whether accesses ask the engine.
    pub fn is_watched(&self) -> bool {
        self.is_watched.get()
    }

    /// The `__new__` after that of `Base`, and whether it is a class whose native function is meant.
    pub fn next_new(&self) -> Option<(Object, bool)> {
        Some((self.next_new.get()?, self.next_is_native.get()))
    }

    /// Gives a new instance its defaults.
    pub fn fill(&self, object: &Object) {
        if self.is_lazy.get() {
            return;
        }
        let defaults = self.defaults.borrow();
        for (place, default) in defaults.iter() {
            if raw::load(object, *place).is_none() {
                drop(raw::store(object, *place, Some(default.clone())));
            }
        }
    }

    /// Tells whether instances are made by `Base` and `object` alone, in memory that is theirs.
    #[inline]
    pub fn is_plainly_made(&self) -> bool {
        !self.is_lazy.get() && !self.engine.delegates.get() && self.next_new.address().is_null()
    }

    /// The places of constructor keywords, where the tuple of names is the same as last time and all
    /// of them are written without ado.
    #[inline]
    pub fn known_keywords(&self, names: &Object) -> Option<Ref<'_, [u16]>> {
        let known = self.keywords.borrow();
        match &*known {
            Some((tuple, _)) if tuple.is(names) => Some(Ref::map(known, |known| match known {
                Some((_, places)) => &places[..],
                None => &[],
            })),
            _ => None,
        }
    }

    /// Remembers the places of constructor keywords.
    pub fn remember_keywords(&self, names: &Object, places: Vec<u16>) {
        drop(self.keywords.replace(Some((names.clone(), places))));
    }

    /// The storage order with the definitions: name, definition, place.
    pub fn describe(&self, cx: Cx<'_>) -> Result<Vec<Object>> {
        let mut described = Vec::new();
        let parts = self.parts();
        let mut result = Ok(());
        let mut add = |index: usize, row: Row| {
            let one = (|| {
                let offset = match row.place {
                    Row::NO_PLACE => cx.none(),
                    place => cx.int(self.storage.offset(place).unwrap_or_default() as i64)?,
                };
                cx.tuple(&[
                    cx.name(cx, row.name),
                    parts.definition(index).unwrap_or_else(|| cx.none()),
                    offset,
                    cx.bool(row.flags.has(SlotFlags::HIDDEN)),
                    cx.bool(row.flags.has(SlotFlags::DELEGATED)),
                ])
            })();
            match one {
                Ok(one) => described.push(one),
                Err(raised) => result = Err(raised),
            }
        };
        parts.each_place(&mut add);
        parts.each_visible(&mut |index, row| {
            if row.place == Row::NO_PLACE {
                add(index, row);
            }
        });
        result.map(|()| described)
    }
}

/// The state of a class, or a TypeError.
fn required<'a>(cx: Cx<'_>, class: &'a Object) -> Result<&'a ClassState> {
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
    let given = cx.items(args).unwrap_or_default();
    let [name, bases, namespace] = &given[..] else {
        return refused(cx, metaclass, args, keywords);
    };
    let Some(base_items) = cx
        .items(bases)
        .filter(|_| cx.is_str(name) && cx.is_dict(namespace))
    else {
        return refused(cx, metaclass, args, keywords);
    };
    if !base_items.iter().all(|base| cx.is_class(base)) {
        return refused(cx, metaclass, args, keywords);
    }
    let class_name = cx.text(name).unwrap_or("?");
    if !base_items.iter().any(|base| state(base).is_some()) {
        return Err(cx.type_error(format_args!("class '{class_name}' must inherit from Base")));
    }
    for base in &base_items {
        refuse_items(cx, class_name, base)?;
    }
    let entries = cx.entries(namespace);
    check_definitions(cx, class_name, &entries)?;
    let own_names: Vec<&Object> = entries
        .iter()
        .filter(|(_, value)| body::<DefinitionBody>(value).is_some())
        .map(|(name, _)| name)
        .collect();
    let making = raw::plan(cx, &base_items, |primary| {
        count_words(cx, primary, &base_items, &own_names)
    });
    let Some(making) = making else {
        return refused(cx, metaclass, args, keywords);
    };
    let own = cx.dict()?;
    let sentinel_key = cx.intern(SENTINEL)?;
    let names = making.names(cx)?;
    let slots_key = cx.intern(c"__slots__")?;
    let asked = cx.dict_get(namespace, &slots_key)?;
    let asked = match &asked {
        None => Vec::new(),
        Some(one) if cx.is_str(one) => vec![one.clone()],
        Some(many) => cx.items(&cx.sequence(many)?).unwrap_or_default(),
    };
    let sentinel = raw::new_native(
        cx,
        &cx.sentinel.get().ok_or_else(|| ended(cx))?,
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

fn ended(cx: Cx<'_>) -> Raised {
    cx.error(
        raw::Exception::Runtime,
        format_args!("the module mortice has ended"),
    )
}

fn required_world(cx: Cx<'_>, bases: &[Object]) -> Result<Rc<World>> {
    let of_base = bases
        .iter()
        .find_map(|base| state(base).map(|state| Rc::clone(state.world())));
    of_base.ok_or_else(|| ended(cx))
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
    let mro = raw::type_mro(cx, class);
    let mut is_behind_base = false;
    let mut at = Some(making.primary().clone());
    while let Some(base) = at {
        is_behind_base |= cx.base.holds(&base);
        at = raw::type_base(&base);
    }
    settle_new(cx, class, own, &mro)?;
    raw::make_quickly(class);
    own.is_lazy.set(own.is_lazy.get() || !is_behind_base);
    for (name, value) in cx.entries(&dict) {
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
    let name = cx.string(&format!("its subclass '{}'", cx.class_name(class)))?;
    for base in mro.iter().skip(1) {
        if let Some(state) = state(base) {
            seal(cx, base, state, &name)?;
        }
    }
    own.storage.open(class);
    if own.is_lazy.get() {
        let native = making.primary();
        let words = cx.string(&format!("its native base '{}'", cx.class_name(native)))?;
        seal(cx, class, own, &words)?;
    }
    observe::settle_methods(cx, class, own, &mro)?;
    if !own.methods.is_empty() {
        watch_class(cx, class)?;
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

/// Plans the slots of a class that has no instance: what its bases bring, then its own.
fn plan_rows(cx: Cx<'_>, class: &Object, own: &ClassState) -> Result<()> {
    let (rows, definitions) = (Items::default(), Items::default());
    let (delegated, engine) = (Items::default(), EngineState::default());
    let parts = Class {
        rows: &rows,
        definitions: &definitions,
        delegated: &delegated,
        state: &engine,
        ..own.parts()
    };
    let mro = raw::type_mro(cx, class);
    let bases = raw::type_bases(cx, class);
    for base in bases.iter().take(1).chain(mro.iter().skip(1)) {
        if let Some(base) = state(base) {
            parts.inherit(cx, &base.parts())?;
        }
    }
    let declared = own.own.borrow().clone();
    for one in &declared {
        if let Some(body) = body::<DefinitionBody>(&one.definition) {
            let row = parts.define(cx, one.name, body.facts(cx)?, one.definition.clone())?;
            body.set_row(row);
        }
    }
    parts.settle(cx, |name| find_definition(cx, &mro, name))?;
    // Defaults are stored when an instance is made, unless that can happen unseen.
    let mut defaults = Vec::new();
    if !own.is_lazy.get() {
        for index in 0..rows.len() {
            let Some(mut row) = rows.at(index) else {
                continue;
            };
            let definition = definitions.at(index).flatten();
            if row.flags.has(SlotFlags::DEFAULT)
                && row.place != Row::NO_PLACE
                && let Some(body) = definition.as_ref().and_then(body::<DefinitionBody>)
                && let Some(default) = body.default()
            {
                row.flags = SlotFlags(row.flags.0 & !SlotFlags::DEFAULT.0);
                let _ = rows.replace(index, row);
                defaults.push((row.place, default));
            }
        }
    }
    let places = engine.places.get();
    let primary = raw::type_base(class);
    let primary = primary.as_ref().and_then(state);
    let place_of = |place: u16| {
        let mut name = None;
        rows.visit(&mut |row| {
            if row.place == place {
                name = Some(row.name);
            }
        });
        let primary = primary?;
        let (_, row) = primary.parts().find_any(name?, usize::MAX)?;
        primary.storage.offset(row.place)
    };
    let offsets: Vec<Option<isize>> = (0..places).map(place_of).collect();
    if !own.storage.lay_out(class, &offsets) {
        return Err(cx.type_error(format_args!(
            "class '{}' has no room: at most {SPARE_WORDS} slots can be added after the class body",
            cx.class_name(class)
        )));
    }
    drop(own.rows.exchange(rows.snapshot()));
    drop(own.definitions.exchange(definitions.snapshot()));
    drop(own.delegated.exchange(delegated.snapshot()));
    drop(own.defaults.replace(defaults));
    drop(own.keywords.take());
    own.engine.places.set(places);
    own.engine.delegates.set(engine.delegates.get());
    place_descriptors(cx, class, own, &mro)
}

/// The first definition of a name along an MRO, and what it says; hidden where another attribute
/// comes before it.
fn find_definition(cx: Cx<'_>, mro: &[Object], name: Name) -> Result<Option<(Object, Facts)>> {
    let text = cx.name(cx, name);
    let mut is_hidden = false;
    for class in mro {
        let dict = raw::namespace(cx, class)?;
        let Some(value) = cx.dict_get(&dict, &text)? else {
            continue;
        };
        let declared = state(class).and_then(|state| state.declared(&value));
        let Some(definition) = declared else {
            is_hidden = true;
            continue;
        };
        let Some(body) = body::<DefinitionBody>(&definition) else {
            continue;
        };
        // The rules of a stored place are a slot's, also where a delegated name comes first.
        if body.is_delegated() && is_hidden {
            continue;
        }
        let mut facts = body.facts(cx)?;
        if is_hidden {
            facts.flags = facts.flags.with(SlotFlags::HIDDEN);
        }
        return Ok(Some((definition, facts)));
    }
    Ok(None)
}

/// Tells whether only the engine knows what a slot shows, or what may be written to it.
fn needs_engine(own: &ClassState, row: &Row) -> bool {
    let by_row = SlotFlags::RULES
        .with(SlotFlags::FACTORY)
        .with(SlotFlags::DEFAULT)
        .with(SlotFlags::CARRIER)
        .with(SlotFlags::DELEGATED);
    own.is_watched.get() || row.flags.has(by_row)
}

/// Puts a descriptor into the namespace for each of the class's own slots, and turns those of bases
/// that would be wrong for instances of the class.
fn place_descriptors(cx: Cx<'_>, class: &Object, own: &ClassState, mro: &[Object]) -> Result<()> {
    let dict = raw::namespace(cx, class)?;
    let declared = own.own.borrow().clone();
    for (index, one) in declared.into_iter().enumerate() {
        let Some((_, row)) = own.parts().find_any(one.name, usize::MAX) else {
            continue;
        };
        let text = cx.name(cx, one.name);
        let stands = cx.dict_get(&dict, &text)?;
        if !stands.is_some_and(|stands| stands.is(&one.descriptor)) {
            continue;
        }
        let mut descriptor = one.definition.clone();
        if !needs_engine(own, &row)
            && let Some(offset) = own.storage.offset(row.place)
            && let Some(body) = body::<DefinitionBody>(&one.definition)
            && let Some(name) = cx.text(&text)
        {
            let doc = body.doc();
            let doc = doc.as_ref().and_then(|doc| cx.text(doc));
            if let Some((made, member)) = raw::member_descriptor(cx, class, name, doc, offset)? {
                own.members.borrow_mut().push(member);
                descriptor = made;
            }
        }
        cx.dict_set(&dict, &text, &descriptor)?;
        let before = {
            let mut all = own.own.borrow_mut();
            core::mem::replace(&mut all[index].descriptor, descriptor)
        };
        drop(before);
    }
    raw::modified(class);
    let count = own.rows.len();
    for row in (0..count).filter_map(|index| own.rows.at(index)) {
        let here = own.storage.offset(row.place);
        for base in mro.iter().skip(1) {
            let Some(below) = state(base) else { continue };
            let there = below.parts().find_any(row.name, usize::MAX);
            let there = there.and_then(|(_, row)| below.storage.offset(row.place));
            if needs_engine(own, &row) || here != there {
                turn_own(cx, base, below, Some(row.name), false);
            }
        }
    }
    Ok(())
}

/// Lets a class's own descriptors ask the engine, that of one name or all.
fn turn_own(cx: Cx<'_>, class: &Object, own: &ClassState, name: Option<Name>, forgets: bool) {
    let mut turned = false;
    for one in own.own.borrow().iter() {
        if name.is_none_or(|name| name == one.name) && raw::is_member(&one.descriptor) {
            raw::turn(cx, &one.descriptor, &one.definition);
            turned = true;
        }
    }
    // Code that was specialized for the class itself stays right while only other classes differ.
    if turned && forgets {
        raw::modified(class);
    }
}

/// Lets every access of a class's instances ask the engine, from now on.
///
/// # Errors
///
/// What the interpreter raises.
pub fn watch_class(cx: Cx<'_>, class: &Object) -> Result<()> {
    let Some(own) = state(class) else {
        return Ok(());
    };
    if own.is_watched.replace(true) {
        return Ok(());
    }
    for ancestor in raw::type_mro(cx, class) {
        if let Some(state) = state(&ancestor) {
            turn_own(cx, &ancestor, state, None, true);
        }
    }
    Ok(())
}

/// As [`watch_class`], for the classes that inherit from it as well.
///
/// # Errors
///
/// What the interpreter raises.
pub fn watch_family(cx: Cx<'_>, class: &Object) -> Result<()> {
    watch_class(cx, class)?;
    let listed = raw::subclasses(cx, class)?;
    for subclass in cx.items(&cx.sequence(&listed)?).unwrap_or_default() {
        watch_family(cx, &subclass)?;
    }
    Ok(())
}

/// Closes a class to further slots; the first reason stays (S010).
///
/// # Errors
///
/// MemoryError.
pub fn seal(cx: Cx<'_>, class: &Object, own: &ClassState, by: &Object) -> Result<()> {
    if own.sealed.address().is_null() {
        own.sealed.set(by.clone());
        if !cx.base.holds(class) {
            own.storage.close(cx, class)?;
        }
    }
    Ok(())
}

/// Closes a class that is to have an instance.
///
/// # Errors
///
/// MemoryError.
#[inline]
pub fn seal_by_instance(cx: Cx<'_>, class: &Object, own: &ClassState) -> Result<()> {
    if own.sealed.address().is_null() {
        let words = cx.string("its first instance")?;
        seal(cx, class, own, &words)?;
    }
    Ok(())
}

/// Refuses to change what slots a sealed class has; tells whether the change matters to them.
fn check_open(
    cx: Cx<'_>,
    class: &Object,
    own: &ClassState,
    name: &Object,
    declares: bool,
    verb: &str,
) -> Result<bool> {
    let attribute = cx.text(name).unwrap_or("?");
    if cx.base.holds(class) {
        return Err(cx.type_error(format_args!(
            "cannot set '{attribute}' attribute of immutable type 'mortice.Base'"
        )));
    }
    let known = match cx.find(cx, name)? {
        Some(name) => own.parts().find_any(name, usize::MAX).is_some(),
        None => false,
    };
    if !declares && !known {
        return Ok(false);
    }
    let Some(by) = own.sealed.get() else {
        return Ok(true);
    };
    let by = cx.text(&by).unwrap_or("?");
    let class = cx.class_name(class);
    let (verb, to) = if known { (verb, "of") } else { ("add", "to") };
    let message = cx.format(format_args!(
        "cannot {verb} slot '{attribute}' {to} class '{class}': sealed by {by}"
    ))?;
    match cx.sealed_error.get() {
        Some(class) => Err(Raised::new(cx.call(&class, [&message])?)),
        None => Err(ended(cx)),
    }
}

/// `setattr(class, name, value)`, or `delattr` where no value is given.
///
/// # Errors
///
/// TypeError and SealedError; what the interpreter raises.
pub fn set_attribute(
    cx: Cx<'_>,
    class: &Object,
    name: &Object,
    value: Option<&Object>,
) -> Result<()> {
    let Some(own) = state(class).filter(|_| cx.is_str(name)) else {
        return raw::type_set(cx, class, name, value);
    };
    if cx.text(name) == Some("__bases__") {
        return Err(cx.type_error(format_args!(
            "cannot set __bases__ of class '{}': its storage is laid out",
            cx.class_name(class)
        )));
    }
    let definition = value.and_then(body::<DefinitionBody>);
    if let Some(definition) = definition {
        definition.check_usable(cx, cx.text(name).unwrap_or("?"))?;
    }
    let verb = if value.is_some() { "replace" } else { "delete" };
    if !check_open(cx, class, own, name, definition.is_some(), verb)? {
        return raw::type_set(cx, class, name, value);
    }
    let before = own.own.borrow().clone();
    raw::type_set(cx, class, name, value)?;
    let found = cx.find(cx, name)?;
    own.own.borrow_mut().retain(|one| Some(one.name) != found);
    if let (Some(value), Some(definition)) = (value, definition) {
        let number = definition.bind(cx, class, name)?;
        let place = before.iter().position(|one| one.name == number);
        let one = Own {
            name: number,
            definition: value.clone(),
            descriptor: value.clone(),
        };
        let mut all = own.own.borrow_mut();
        let place = place.unwrap_or(all.len()).min(all.len());
        all.insert(place, one);
    }
    let planned = plan_rows(cx, class, own);
    if let Err(raised) = planned {
        // The slot has no room: as if nothing had been asked for.
        let dict = raw::namespace(cx, class)?;
        if let Some(definition) = definition {
            definition.unbind();
            cx.dict_delete(&dict, name)?;
        }
        drop(own.own.replace(before));
        raw::modified(class);
        plan_rows(cx, class, own)?;
        return Err(raised);
    }
    Ok(())
}
