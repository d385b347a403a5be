//! `BaseMeta`: what it keeps of the classes that it makes.

mod change;
mod make;
mod plan;

use crate::host::Slots;
use crate::items::Items;
use crate::memory::{all_of, push};
use crate::raw::{self, Cx, Member, Object, Result, Slot, Storage, Visit};
use crate::world::World;
use core::cell::{Cell, Ref, RefCell};
use mortice_slots::{
    Class, ClassState as EngineState, Entry, MethodRow, Name, Row, SlotFlags, Summary, Watch,
};
use std::rc::Rc;

pub use crate::raw::state;
pub use change::{seal_by_instance, set_attribute};
pub use make::{SentinelBody, new};
pub use plan::{watch_class, watch_family};

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
    /// What instances were written by, once the class is watched.
    written: raw::Written,
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
            written: raw::Written::default(),
        }
    }

    /// The state of the module.
    #[inline]
    pub fn world(&self) -> &Rc<World> {
        &self.world
    }

    /// What instances were written by.
    #[inline]
    pub fn written(&self) -> &raw::Written {
        &self.written
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
        Watch::new(&self.watch_rows, &self.watch_cells, &self.summary)
    }

    /// Shows every reference to the collector.
    pub fn visit(&self, visit: &mut Visit) {
        visit.cells(&self.definitions);
        visit.cells(&self.watch_cells);
        visit.cells(&self.method_names);
        visit.slot(&self.sealed);
        visit.slot(&self.next_new);
        self.written.visit(visit);
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
        self.written.clear();
    }

    /// The definition that a value in the namespace stands for.
    fn declared(&self, value: &Object) -> Option<Object> {
        let own = self.own.borrow();
        let own = own.iter().find(|own| own.descriptor.is(value));
        own.map(|own| own.definition.clone())
    }

    /// The `__new__` after that of `Base`, and whether it is a class whose native function is meant.
    pub fn next_new(&self) -> Option<(Object, bool)> {
        Some((self.next_new.get()?, self.next_is_native.get()))
    }

    /// The defaults that instances start with, and their places.
    pub fn defaults(&self) -> Vec<(u16, Object)> {
        self.defaults.borrow().clone()
    }

    /// Gives a new instance its defaults.
    pub fn fill(&self, object: &Object) {
        if self.is_lazy.get() {
            return;
        }
        raw::fill(object, &self.defaults.borrow());
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

    /// The names of the visible slots, in the order of `slots()`, with their definitions.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn visible(&self, cx: Cx<'_>) -> Result<Object> {
        let (parts, found) = (self.parts(), cx.dict()?);
        let mut result = Ok(());
        parts.each_visible(&mut |index, row| {
            if let (Ok(()), Some(definition)) = (&result, parts.definition(index)) {
                result = cx.dict_set(&found, &cx.name(cx, row.name), &definition);
            }
        });
        result.map(|()| found)
    }

    /// The stored slots in storage order: name, offset, and whether something else hides the name.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn places(&self, cx: Cx<'_>) -> Result<Object> {
        // std: nothing is allocated
        let mut places = Vec::new();
        let mut result = Ok(());
        self.parts().each_place(&mut |_, row| {
            let hides = SlotFlags::HIDDEN.with(SlotFlags::DELEGATED);
            let offset = self.storage.offset(row.place).unwrap_or_default();
            let place = (row.name, offset, row.flags.has(hides));
            if result.is_ok() {
                result = push(cx, &mut places, place);
            }
        });
        result?;
        let tuple = |(name, offset, hides): (Name, isize, bool)| {
            cx.tuple(&[cx.name(cx, name), cx.int(offset as i64)?, cx.bool(hides)])
        };
        cx.tuple(&all_of(cx, places.into_iter().map(tuple))?)
    }
}
