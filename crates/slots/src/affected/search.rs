//! The places that a search has found and still has to look at.

use crate::delivery::Waiting;
use crate::host::{Cells, Host, Name, Rows};

/// A place to be looked at.
pub(super) struct Reached<H: Host> {
    pub(super) object: H::Object,
    pub(super) name: Name,
    /// What the place shows before the change, where that is known already: what the place shows
    /// that it is delegated to.
    pub(super) before: Option<Option<H::Object>>,
    /// The waiting change of a place that it is delegated to over any number of links.
    pub(super) shows: usize,
}

impl<H: Host> Reached<H> {
    /// A place of which nothing is known.
    pub(super) fn unknown(object: &H::Object, name: Name) -> Reached<H> {
        Reached {
            object: object.clone(),
            name,
            before: None,
            shows: Waiting::NONE,
        }
    }
}

/// The numbers of a place to be looked at.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: Name,
    is_known: bool,
    shows: usize,
}

/// A search for the places that hang on a slot.
pub(super) struct Search<H: Host> {
    /// Tells searches apart.
    serial: u64,
    rows: H::Rows<Row>,
    /// Two for each row: the object, and what it shows.
    cells: H::Cells,
    /// Delegated names met so far: they alone can be reached twice.
    met: H::Rows<Name>,
    met_objects: H::Cells,
    /// A slot was met that carries delegated names.
    pub(super) met_carrier: bool,
}

impl<H: Host> Search<H> {
    pub(super) fn new(serial: u64) -> Search<H> {
        Search {
            serial,
            rows: Default::default(),
            cells: Default::default(),
            met: Default::default(),
            met_objects: Default::default(),
            met_carrier: false,
        }
    }

    /// Number of places to be looked at.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Keeps a place as the next one, or puts it on top where there is one.
    pub(super) fn add(
        &self,
        cx: H::Cx<'_>,
        next: &mut Option<Reached<H>>,
        reached: Reached<H>,
    ) -> Result<(), H::Error> {
        match next {
            Some(_) => self.push(cx, reached),
            None => {
                *next = Some(reached);
                Ok(())
            }
        }
    }

    /// Puts a place on top.
    fn push(&self, cx: H::Cx<'_>, reached: Reached<H>) -> Result<(), H::Error> {
        let row = Row {
            name: reached.name,
            is_known: reached.before.is_some(),
            shows: reached.shows,
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

    /// Remembers a delegated name; false where it was met before.
    pub(super) fn meet(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<bool, H::Error> {
        let companion = H::companion(object);
        let watch = companion.as_ref().and_then(H::watch);
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
