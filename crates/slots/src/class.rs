//! What the engine knows of a class: its slots, in storage order, and who watches all instances.
//!
//! A row stands for a name that is a slot, or was one in a base: where its value lies, and which
//! rules hold. The cell beside it keeps the definition that counts for instances of this class.

use crate::host::{Cells, Host, Name, Rows};
use crate::watch::Watch;
use core::cell::Cell;

/// When a write is a change (S021).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compare {
    /// Where the values are neither the same object nor equal.
    #[default]
    Equal,
    /// Where they are not the same object.
    Identity,
    /// At every write.
    Always,
}

/// Facts about a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotFlags(pub u8);

impl SlotFlags {
    /// The definition has a default.
    pub const DEFAULT: SlotFlags = SlotFlags(1);
    /// The definition has a factory.
    pub const FACTORY: SlotFlags = SlotFlags(2);
    /// The definition has `type=` or `validate=`.
    pub const RULES: SlotFlags = SlotFlags(4);
    /// Another attribute of the name hides the slot; its place stays.
    pub const HIDDEN: SlotFlags = SlotFlags(8);
    /// The value is that of an attribute of the object in another slot.
    pub const DELEGATED: SlotFlags = SlotFlags(16);
    /// Other slots are delegated to the object in this one.
    pub const CARRIER: SlotFlags = SlotFlags(32);

    /// Tells whether one of the facts holds.
    #[inline]
    pub const fn has(self, facts: SlotFlags) -> bool {
        self.0 & facts.0 != 0
    }

    /// These facts and those.
    #[must_use]
    pub const fn with(self, facts: SlotFlags) -> SlotFlags {
        SlotFlags(self.0 | facts.0)
    }
}

/// One slot of a class.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The slot's name.
    pub name: Name,
    /// The place in the storage; [`Row::NO_PLACE`] for delegated names.
    pub place: u16,
    /// Facts about the slot.
    pub flags: SlotFlags,
    /// When a write is a change.
    pub compare: Compare,
    /// Delegated names: the slot that holds the target.
    pub carrier: Name,
    /// Delegated names: the target's attribute.
    pub target: Name,
}

impl Row {
    /// No place in the storage.
    pub const NO_PLACE: u16 = u16::MAX;
}

/// What is kept of a class beside its rows.
#[derive(Debug, Default)]
pub struct ClassState {
    /// Places of storage.
    pub places: Cell<u16>,
    /// A class that inherits from this one was made.
    pub has_subclass: Cell<bool>,
    /// Some slot has a delegated name, so that reads must ask.
    pub delegates: Cell<bool>,
}

/// A slot that a method of the class hears (S026).
#[derive(Clone, Copy, Debug)]
pub struct MethodRow {
    /// The slot, or [`Name::ALL`].
    pub name: Name,
    /// The place in the MRO of the class that says so.
    pub at: u32,
}

/// The parts of a class, wherever its host keeps them.
#[derive(Debug)]
pub struct Class<'a, H: Host> {
    /// The slots: first those with a place, in storage order, among them delegated names.
    pub rows: &'a H::Rows<Row>,
    /// The definition of each row.
    pub definitions: &'a H::Cells,
    /// The names that the class or a base delegates, in their order.
    pub delegated: &'a H::Rows<Name>,
    /// The rest.
    pub state: &'a ClassState,
    /// Who watches all instances.
    pub watch: Watch<'a, H>,
    /// The slots that methods hear, in the order of the MRO and of their definition.
    pub methods: &'a H::Rows<MethodRow>,
    /// The name of the method of each of those.
    pub method_names: &'a H::Cells,
}

impl<H: Host> Clone for Class<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Host> Copy for Class<'_, H> {}

impl<H: Host> Class<'_, H> {
    /// The row of a name, hidden ones too; `hint` is asked first.
    #[inline]
    pub fn find_any(&self, name: Name, hint: usize) -> Option<(usize, Row)> {
        if let Some(row) = self.rows.get(hint)
            && row.name == name
        {
            return Some((hint, row));
        }
        let mut place = 0;
        while let Some(row) = self.rows.get(place) {
            if row.name == name {
                return Some((place, row));
            }
            place += 1;
        }
        None
    }

    /// The row of a slot; `hint` is asked first.
    #[inline]
    pub fn find(&self, name: Name, hint: usize) -> Option<(usize, Row)> {
        self.find_any(name, hint)
            .filter(|(_, row)| !row.flags.has(SlotFlags::HIDDEN))
    }

    /// Visits the rows with a place, in storage order.
    pub fn each_place(&self, visit: &mut dyn FnMut(usize, Row)) {
        let count = self.rows.len();
        let mut next = 0;
        for place in 0..self.state.places.get() {
            // Rows lie in the order of their places, but for names that were delegated first.
            let is_it = |index: &usize| self.rows.get(*index).is_some_and(|row| row.place == place);
            let Some(index) = (next..count).chain(0..next).find(is_it) else {
                continue;
            };
            next = index + 1;
            if let Some(row) = self.rows.get(index) {
                visit(index, row);
            }
        }
    }

    /// Visits the slots that are not hidden in the order of `slots(A)`: the stored ones in storage
    /// order, then the delegated names.
    pub fn each_visible(&self, visit: &mut dyn FnMut(usize, Row)) {
        self.each_place(&mut |index, row| {
            if !row.flags.has(SlotFlags::HIDDEN.with(SlotFlags::DELEGATED)) {
                visit(index, row);
            }
        });
        let mut place = 0;
        while let Some((index, row)) = self.delegated_at(place) {
            if row.flags.has(SlotFlags::DELEGATED) && !row.flags.has(SlotFlags::HIDDEN) {
                visit(index, row);
            }
            place += 1;
        }
    }

    /// The row of a name that the class or a base delegates, by its place among those; its flags
    /// tell whether it is delegated still.
    pub(crate) fn delegated_at(&self, place: usize) -> Option<(usize, Row)> {
        self.find_any(self.delegated.get(place)?, usize::MAX)
    }

    /// Notes that a name is delegated.
    pub(crate) fn note_delegated(&self, cx: H::Cx<'_>, name: Name) -> Result<(), H::Error> {
        let mut place = 0;
        while let Some(known) = self.delegated.get(place) {
            if known == name {
                return Ok(());
            }
            place += 1;
        }
        self.delegated.push(cx, name)
    }

    /// The definition of a row.
    pub fn definition(&self, row: usize) -> Option<H::Object> {
        self.definitions.get(row)
    }

    /// Replaces the definition and the facts of a row, or appends one.
    ///
    /// # Errors
    ///
    /// Memory ran out; the class is as before.
    pub fn put(
        &self,
        cx: H::Cx<'_>,
        row: Row,
        definition: Option<H::Object>,
    ) -> Result<usize, H::Error> {
        let index = match self.find_any(row.name, usize::MAX) {
            Some((index, _)) => {
                self.rows.set(index, row);
                drop(self.definitions.put(index, definition));
                index
            }
            None => {
                self.definitions.push(cx, definition)?;
                if let Err(error) = self.rows.push(cx, row) {
                    drop(self.definitions.pop());
                    return Err(error);
                }
                self.rows.len() - 1
            }
        };
        if row.flags.has(SlotFlags::DELEGATED) {
            self.state.delegates.set(true);
        }
        Ok(index)
    }

    /// Takes the next place of storage.
    pub fn new_place(&self) -> Option<u16> {
        let place = self.state.places.get();
        if place >= crate::plan::SLOT_LIMIT as u16 {
            return None;
        }
        self.state.places.set(place + 1);
        Some(place)
    }
}
