//! The places that a search has found and still has to look at, and what it knows meanwhile.

use crate::delivery::Waiting;
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::watch::Watch;

/// A place to be visited.
pub(super) struct Reached<H: Host> {
    pub(super) object: H::Object,
    pub(super) name: Name,
    /// What the place shows before the change, where that is known already: what the place shows
    /// that it is delegated to.
    pub(super) before: Option<Option<H::Object>>,
    /// The waiting change of a place that it is delegated to over any number of links.
    pub(super) shows: usize,
    /// That place is the one that it is delegated to.
    pub(super) is_direct: bool,
}

impl<H: Host> Reached<H> {
    /// A place of which nothing is known.
    pub(super) fn unknown(object: &H::Object, name: Name) -> Reached<H> {
        Reached {
            object: object.clone(),
            name,
            before: None,
            shows: Waiting::NONE,
            is_direct: false,
        }
    }
}

/// A place that was visited, and on which others may hang.
pub(super) struct Visited<H: Host> {
    pub(super) object: H::Object,
    pub(super) name: Name,
    /// What those who delegate to it show before the change, where that is known.
    pub(super) before: Option<Option<H::Object>>,
    /// Its waiting change, or that of a place that it is delegated to.
    pub(super) shows: usize,
    /// The waiting change is its own, and those who delegate to it show the same.
    pub(super) is_shown: bool,
    /// Somebody may delegate to it.
    pub(super) is_target: bool,
    /// Delegated names may follow it.
    pub(super) is_carrier: bool,
}

/// The numbers of a place to be visited.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: Name,
    is_known: bool,
    shows: usize,
    is_direct: bool,
}

/// A search for the places that hang on a slot.
pub(super) struct Search<H: Host> {
    /// Tells searches apart.
    serial: u64,
    /// Changes are told.
    pub(super) is_told: bool,
    rows: H::Rows<Row>,
    /// Two for each row: the object, and what it shows.
    cells: H::Cells,
    /// Delegated names met so far are remembered: where a carrier is among the places, they alone can
    /// be reached twice.
    pub(super) remembers: bool,
    met: H::Rows<Name>,
    met_objects: H::Cells,
    /// A slot was met that carries delegated names.
    pub(super) met_carrier: bool,
    /// The class that was asked last whether it is observed for a name, and the answer.
    asked: Option<(H::Object, Name, bool)>,
}

impl<H: Host> Search<H> {
    pub(super) fn new(serial: u64, is_told: bool, remembers: bool) -> Search<H> {
        Search {
            serial,
            is_told,
            rows: Default::default(),
            cells: Default::default(),
            remembers,
            met: Default::default(),
            met_objects: Default::default(),
            met_carrier: false,
            asked: None,
        }
    }

    /// Number of places to be visited.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Puts a place on top.
    pub(super) fn push(&self, cx: H::Cx<'_>, reached: Reached<H>) -> Result<(), H::Error> {
        let row = Row {
            name: reached.name,
            is_known: reached.before.is_some(),
            shows: reached.shows,
            is_direct: reached.is_direct,
        };
        self.cells.push(cx, Some(reached.object))?;
        self.cells.push(cx, reached.before.flatten())?;
        self.rows.push(cx, row)
    }

    /// Takes the place on top.
    pub(super) fn pop(&self) -> Option<Reached<H>> {
        let row = self.rows.pop()?;
        let before = self.cells.pop();
        Some(Reached {
            object: self.cells.pop()?,
            name: row.name,
            before: row.is_known.then_some(before),
            shows: row.shows,
            is_direct: row.is_direct,
        })
    }

    /// Turns the order of what was put on top last.
    pub(super) fn reverse_from(&self, bottom: usize) {
        let (mut low, mut high) = (bottom, self.rows.len());
        while low + 1 < high {
            high -= 1;
            if let (Some(one), Some(other)) = (self.rows.get(low), self.rows.get(high)) {
                self.rows.set(low, other);
                self.rows.set(high, one);
            }
            for part in 0..2 {
                let one = self.cells.put(2 * low + part, None);
                let other = self.cells.put(2 * high + part, one);
                drop(self.cells.put(2 * low + part, other));
            }
            low += 1;
        }
    }

    /// Tells whether the class of an object, or a base of it, may be observed for a name.
    #[inline]
    pub(super) fn is_class_observed(
        &mut self,
        engine: &Engine<H>,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> bool {
        if !engine.is_noted(name) {
            return false;
        }
        let Some(class) = H::class_of(cx, object) else {
            return false;
        };
        // Many objects of one class follow each other.
        if let Some((known, of, answer)) = &self.asked
            && *of == name
            && H::same(known, &class)
        {
            return *answer;
        }
        let answer = engine.is_class_observed(cx, &class, name);
        self.asked = Some((class, name, answer));
        answer
    }

    /// Remembers a delegated name of an object with this watch; false where it was met before.
    pub(super) fn meet(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        watch: Option<Watch<'_, H>>,
        name: Name,
    ) -> Result<bool, H::Error> {
        if !self.remembers {
            return Ok(true);
        }
        let may_be_known = watch.is_none_or(|watch| watch.meet(self.serial, name));
        // Without a carrier among them, places form a tree.
        if self.met_carrier && may_be_known {
            let is_it = |met: H::Object| H::same(&met, object);
            let is_known = |place: usize| {
                self.met.get(place) == Some(name) && self.met_objects.get(place).is_some_and(is_it)
            };
            if (0..self.met.len()).any(is_known) {
                return Ok(false);
            }
        }
        self.met_objects.push(cx, Some(object.clone()))?;
        self.met.push(cx, name)?;
        Ok(true)
    }
}
