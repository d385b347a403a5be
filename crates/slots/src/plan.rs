//! The storage order of a class's slots.
//!
//! A slot is known by its name. The slots of the first base come first, in that base's order; then
//! those of the further bases, in the order of the MRO, that are not there yet; then the class's own,
//! in the order of their definition (S005). A slot that is reached twice, by a diamond or by the same
//! name, has one place (S008). Redefining a name keeps its place (S004).
//!
//! ```text
//! class A(Base): x, y        0 x │ 1 y
//! class B(Base): y, z        0 y │ 1 z
//! class C(A, B): w           0 x │ 1 y │ 2 z │ 3 w
//! ```
//!
//! A host makes a class in three steps: it calls [`Class::inherit`] for each base in that order,
//! [`Class::define`] for each of the class's own definitions, and [`Class::settle`], which asks
//! along the MRO what every name now stands for.

use crate::class::{Class, Compare, Row, SlotFlags};
use crate::host::{Host, Name, Rows};
use crate::problem::Problem;

/// Most slots that a class can have: places are numbered with 16 bits.
pub const SLOT_LIMIT: usize = u16::MAX as usize;

/// What a definition says of its slot.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// Default, factory, rules, delegated.
    pub flags: SlotFlags,
    /// When a write is a change.
    pub compare: Compare,
    /// Delegated names: the slot that holds the target.
    pub carrier: Name,
    /// Delegated names: the target's attribute.
    pub target: Name,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts {
            flags: SlotFlags::default(),
            compare: Compare::default(),
            carrier: Name::NONE,
            target: Name::NONE,
        }
    }
}

impl<H: Host> Class<'_, H> {
    /// Adds the slots of a base that are not there yet.
    ///
    /// # Errors
    ///
    /// Memory ran out, or there are too many slots.
    pub fn inherit(&self, cx: H::Cx<'_>, base: &Class<'_, H>) -> Result<(), H::Error> {
        let mut result = Ok(());
        base.each_place(&mut |index, row| {
            if result.is_ok() {
                result = self.inherit_row(cx, row, base.definition(index));
            }
        });
        result?;
        let mut place = 0;
        while let Some((index, row)) = base.delegated_at(place) {
            self.inherit_row(cx, row, base.definition(index))?;
            self.note_delegated(cx, row.name)?;
            place += 1;
        }
        Ok(())
    }

    fn inherit_row(
        &self,
        cx: H::Cx<'_>,
        mut row: Row,
        definition: Option<H::Object>,
    ) -> Result<(), H::Error> {
        let known = self.find_any(row.name, usize::MAX);
        let needs_place = row.place != Row::NO_PLACE;
        if let Some((index, mut mine)) = known {
            // A delegated name of one base may be a stored slot of another.
            if needs_place && mine.place == Row::NO_PLACE {
                mine.place = self.take_place(cx)?;
                self.rows.set(index, mine);
            }
            return Ok(());
        }
        if needs_place {
            row.place = self.take_place(cx)?;
        }
        self.put(cx, row, definition).map(|_| ())
    }

    /// Adds or redefines a slot of the class itself, and returns its row.
    ///
    /// # Errors
    ///
    /// Memory ran out, or there are too many slots.
    pub fn define(
        &self,
        cx: H::Cx<'_>,
        name: Name,
        facts: Facts,
        definition: H::Object,
    ) -> Result<usize, H::Error> {
        let known = self.find_any(name, usize::MAX);
        let mut place = known.map_or(Row::NO_PLACE, |(_, row)| row.place);
        if place == Row::NO_PLACE && !facts.flags.has(SlotFlags::DELEGATED) {
            place = self.take_place(cx)?;
        }
        if facts.flags.has(SlotFlags::DELEGATED) {
            self.note_delegated(cx, name)?;
        }
        let row = Row {
            name,
            place,
            flags: facts.flags,
            compare: facts.compare,
            carrier: facts.carrier,
            target: facts.target,
        };
        self.put(cx, row, Some(definition))
    }

    /// Lets every row follow what its name stands for in the class: `look_up` gives the definition
    /// that is found first along the MRO, with the flag [`SlotFlags::HIDDEN`] where another attribute
    /// comes before it; nothing where there is none any more.
    ///
    /// # Errors
    ///
    /// Those of `look_up`; memory ran out.
    pub fn settle(
        &self,
        cx: H::Cx<'_>,
        mut look_up: impl FnMut(Name) -> Result<Option<(H::Object, Facts)>, H::Error>,
    ) -> Result<(), H::Error> {
        let mut index = 0;
        while let Some(mut row) = self.rows.get(index) {
            match look_up(row.name)? {
                Some((definition, facts)) => {
                    if row.place == Row::NO_PLACE && !facts.flags.has(SlotFlags::DELEGATED) {
                        row.place = self.take_place(cx)?;
                    }
                    row.flags = facts.flags;
                    row.compare = facts.compare;
                    row.carrier = facts.carrier;
                    row.target = facts.target;
                    self.put(cx, row, Some(definition))?;
                }
                None => {
                    row.flags = row.flags.with(SlotFlags::HIDDEN);
                    self.rows.set(index, row);
                }
            }
            index += 1;
        }
        self.mark_carriers();
        Ok(())
    }

    /// Marks the slots whose object others are delegated to.
    fn mark_carriers(&self) {
        self.state.delegates.set(false);
        let mut index = 0;
        while let Some(row) = self.rows.get(index) {
            index += 1;
            let is_visible = !row.flags.has(SlotFlags::HIDDEN);
            if !is_visible || !row.flags.has(SlotFlags::DELEGATED) {
                continue;
            }
            self.state.delegates.set(true);
            if let Some((place, mut carrier)) = self.find_any(row.carrier, usize::MAX) {
                carrier.flags = carrier.flags.with(SlotFlags::CARRIER);
                self.rows.set(place, carrier);
            }
        }
    }

    fn take_place(&self, cx: H::Cx<'_>) -> Result<u16, H::Error> {
        self.new_place()
            .ok_or_else(|| H::problem(cx, Problem::TooMany))
    }
}
