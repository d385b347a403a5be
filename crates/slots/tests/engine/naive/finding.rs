//! Where a place leads, and what it shows.

use super::{Content, Definition, Link, Naive, Outcome, Place, Text, Value};
use std::collections::BTreeSet;

impl Naive {
    pub(super) fn link(&self, (object, name): Place) -> Option<Link> {
        self.objects.borrow()[object].links.get(name).cloned()
    }

    /// The delegation of the class that decides where a place leads.
    pub(super) fn declared(&self, place: Place) -> Option<(Text, Text)> {
        let class = self.class_of(place.0);
        let is_own = self.link(place).is_some_and(|link| link.explicit);
        match self.found(class, place.1).next() {
            Some(Definition::Delegated { via, target }) if !is_own => Some((via, target)),
            _ => None,
        }
    }

    pub(super) fn find(&self, place: Place, run: bool) -> Outcome<Option<Place>> {
        let (mut at, mut blocked, mut seen) = (place, None, BTreeSet::new());
        loop {
            let declared = self.declared(at);
            if let Some(link) = self.link(at) {
                at = link.to;
            } else if let Some((via, _)) = declared
                && !seen.contains(&at)
            {
                if !run {
                    return Ok(None);
                }
                seen.insert(at);
                let start = *blocked.get_or_insert(at);
                if !self.slots_of(self.class_of(at.0)).contains(&via) {
                    return Err(self.nowhere(start));
                }
                at = (at.0, via);
            } else if let Some(start) = blocked {
                let is_pending = self.objects.borrow()[at.0].pending.contains(at.1);
                if declared.is_some() || !is_pending {
                    return Err(self.nowhere(start));
                }
                self.run_factory(at)?;
                (at, blocked, seen) = (start, None, BTreeSet::new());
            } else {
                return Ok(Some(at));
            }
        }
    }

    pub(super) fn class_name(&self, object: usize) -> &str {
        &self.classes[self.class_of(object)].name
    }

    pub(super) fn nowhere(&self, place: Place) -> String {
        let (via, target) = self.declared(place).expect("a delegated name");
        let (class, name) = (self.class_name(place.0), place.1);
        let begin = format!("Attribute: '{class}' object has no attribute '{name}'");
        if !self.slots_of(self.class_of(place.0)).contains(&via) {
            return format!("{begin}: '{class}' object has no slot '{via}'");
        }
        match self.shown((place.0, via)).map(|value| self.pool[value]) {
            None => format!("{begin}: its slot '{via}' is unset"),
            Some(Content::Int(_)) => format!("{begin}: 'int' object has no slot '{target}'"),
            Some(Content::Object(held)) => {
                let held = self.class_name(held);
                format!("{begin}: '{held}' object has no slot '{target}'")
            }
        }
    }

    pub(super) fn shown(&self, place: Place) -> Option<Value> {
        let (object, name) = self.find(place, false).expect("nothing runs")?;
        self.objects.borrow()[object].values.get(name).copied()
    }

    pub(super) fn read(&self, place: Place) -> Outcome<Value> {
        let (object, name) = self.find(place, true)?.expect("an end");
        if self.objects.borrow()[object].pending.contains(name) {
            self.run_factory((object, name))?;
        }
        let value = self.objects.borrow()[object].values.get(name).copied();
        let class = self.class_name(object);
        value.ok_or_else(|| format!("Attribute: '{class}' object has no attribute '{name}'"))
    }

    pub(super) fn run_factory(&self, place: Place) -> Outcome<()> {
        let (_, factory, _) = self.rules(self.class_of(place.0), place.1);
        self.log.borrow_mut().push(format!("factory {}", place.1));
        self.alter(place, true, || {
            self.store(place, factory);
            Ok(())
        })
    }
}
