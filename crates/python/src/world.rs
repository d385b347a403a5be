//! What the module keeps: the engine, the names of slots, and its classes.

use crate::companion::Owners;
use crate::host::Slots;
use crate::items::Items;
use crate::raw::{Cx, Object, Result, Slot, Visit};
use core::cell::{Cell, RefCell};
use mortice_slots::{Cells, Engine, Name};

/// The state of one module object.
#[derive(Debug, Default)]
pub struct World {
    /// The engine, with what waits and what is held in each thread.
    pub engine: Engine<Slots>,
    /// Names by number.
    names: Items<Object>,
    /// Numbers by name, a dict.
    numbers: Slot,
    /// `UNSET`.
    pub unset: Slot,
    /// `Base`.
    pub base: Slot,
    /// `BaseMeta`.
    pub metaclass: Slot,
    /// The class of turned descriptors.
    pub turned: Slot,
    /// A class without instances.
    pub nobody: Slot,
    /// `Definition`, from which `slot` and `delegated` inherit.
    pub definition: Slot,
    /// `Change`.
    pub change: Slot,
    /// `hold`.
    pub hold: Slot,
    /// The class of what ends with a thread.
    pub thread_end: Slot,
    /// `Subscription`.
    pub subscription: Slot,
    /// The class of observers that are held weakly.
    pub weak_method: Slot,
    /// The class of companions.
    pub companion: Slot,
    /// The class of tokens.
    pub token: Slot,
    /// The class of what completes a class.
    pub sentinel: Slot,
    /// `SealedError`.
    pub sealed_error: Slot,
    /// `DelegationError`.
    pub delegation_error: Slot,
    /// What knows instances that one observer watches.
    pub owners: Owners,
    /// A change that nobody kept, to be used again.
    pub spare_change: Slot,
    /// What an event told last as `source`.
    pub source: Slot,
    /// `"__init__"`.
    pub init_name: Slot,
    /// References of companions that ended while others were let go.
    ending: RefCell<Vec<Vec<Option<Object>>>>,
    /// References of companions are being let go.
    is_ending: Cell<bool>,
}

impl World {
    /// The number of a name that is to be a slot's; the name is a `str`.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn intern(&self, cx: Cx<'_>, name: &Object) -> Result<Name> {
        if let Some(known) = self.find(cx, name)? {
            return Ok(known);
        }
        let numbers = match self.numbers.get() {
            Some(numbers) => numbers,
            None => {
                let numbers = cx.dict()?;
                self.numbers.set(numbers.clone());
                numbers
            }
        };
        let number = self.names.len();
        self.names.add(cx, name.clone())?;
        let stored = cx
            .int(number as i64)
            .and_then(|number| cx.dict_set(&numbers, name, &number));
        if let Err(raised) = stored {
            drop(self.names.remove_last());
            return Err(raised);
        }
        Ok(Name(number as u32))
    }

    /// The number of a name, where some class has a slot of it.
    ///
    /// # Errors
    ///
    /// What a name of a strange class raises.
    pub fn find(&self, cx: Cx<'_>, name: &Object) -> Result<Option<Name>> {
        let Some(numbers) = self.numbers.get().filter(|_| cx.is_str(name)) else {
            return Ok(None);
        };
        let exact = match cx.is_exact_str(name) {
            true => None,
            false => Some(cx.exact_str(name)?),
        };
        match cx.dict_get(&numbers, exact.as_ref().unwrap_or(name))? {
            Some(number) => Ok(Some(Name(cx.int_value(&number)? as u32))),
            None => Ok(None),
        }
    }

    /// The text of a name.
    pub fn name(&self, cx: Cx<'_>, name: Name) -> Object {
        self.names.at(name.0 as usize).unwrap_or_else(|| cx.none())
    }

    /// As [`World::let_go`], of one object.
    pub fn let_one_go(&self, object: Object) {
        if self.is_ending.get() {
            // std: nothing is allocated
            let mut cells = Vec::new();
            if cells.try_reserve_exact(1).is_ok() {
                cells.push(Some(object));
            }
            // Where there is no memory to put it off, it ends now.
            return self.let_go(cells);
        }
        self.is_ending.set(true);
        drop(object);
        self.let_the_rest_go();
    }

    /// Lets go of what a companion refers to. A chain of delegations ends one after the other, in
    /// constant stack.
    pub fn let_go(&self, cells: Vec<Option<Object>>) {
        if cells.is_empty() {
            return;
        }
        if self.is_ending.get() && self.ending.borrow_mut().try_reserve(1).is_ok() {
            self.ending.borrow_mut().push(cells);
            return;
        }
        if self.is_ending.replace(true) {
            // No memory to put them off.
            return drop(cells);
        }
        drop(cells);
        self.let_the_rest_go();
    }

    fn let_the_rest_go(&self) {
        loop {
            let next = self.ending.borrow_mut().pop();
            match next {
                Some(cells) => drop(cells),
                None => break,
            }
        }
        self.is_ending.set(false);
    }

    fn slots(&self) -> [&Slot; 20] {
        [
            &self.numbers,
            &self.unset,
            &self.base,
            &self.metaclass,
            &self.turned,
            &self.nobody,
            &self.definition,
            &self.change,
            &self.hold,
            &self.thread_end,
            &self.subscription,
            &self.weak_method,
            &self.companion,
            &self.token,
            &self.sentinel,
            &self.sealed_error,
            &self.delegation_error,
            &self.spare_change,
            &self.source,
            &self.init_name,
        ]
    }

    /// Shows what the module keeps to the collector.
    pub fn visit(&self, visit: &mut Visit) {
        for slot in self.slots() {
            visit.slot(slot);
        }
        visit.objects(&self.names);
        for cells in self.engine.cells() {
            visit.cells(cells);
        }
    }

    /// Lets go of everything, at the end of the module.
    pub fn end(&self) {
        for slot in self.slots() {
            drop(slot.take());
        }
        for cells in self.engine.cells() {
            while !Cells::<Slots>::is_empty(cells) {
                drop(Cells::<Slots>::pop(cells));
            }
        }
    }
}
