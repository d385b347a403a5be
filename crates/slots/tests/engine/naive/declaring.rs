//! The slots of a class, asked for anew each time.

use super::{Definition, Naive, Text, Value};
use mortice_slots::Compare;

impl Naive {
    pub(super) fn line(&self, class: usize) -> Vec<usize> {
        let behind = self.classes[class].mro.iter().copied();
        std::iter::once(class).chain(behind).collect()
    }

    /// The names that a class has as slot, in storage order, or as delegated.
    pub fn order(&self, class: usize, delegated: bool) -> Vec<Text> {
        let mut names = Vec::new();
        for base in &self.classes[class].mro {
            for name in self.order(*base, delegated) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        for (name, definition) in &self.classes[class].own {
            let is_kind = match definition {
                Definition::Slot { .. } => !delegated,
                Definition::Delegated { .. } => delegated,
                Definition::Plain => false,
            };
            if is_kind && !names.contains(name) {
                names.push(name);
            }
        }
        names
    }

    pub(super) fn found(&self, class: usize, name: Text) -> impl Iterator<Item = Definition> + '_ {
        self.line(class).into_iter().filter_map(move |class| {
            let mut own = self.classes[class].own.iter();
            own.find(|(known, _)| *known == name)
                .map(|(_, definition)| *definition)
        })
    }

    /// The slots that nothing hides: stored ones, then delegated ones.
    pub fn slots_of(&self, class: usize) -> Vec<Text> {
        let mut names = self.order(class, false);
        names.retain(|name| {
            matches!(
                self.found(class, name).next(),
                Some(Definition::Slot { .. })
            )
        });
        let mut delegated = self.order(class, true);
        delegated.retain(|name| {
            let first = self.found(class, name).next();
            matches!(first, Some(Definition::Delegated { .. }))
        });
        names.extend(delegated);
        names
    }

    pub(super) fn rules(
        &self,
        class: usize,
        name: Text,
    ) -> (Option<Value>, Option<Value>, Compare) {
        let slots = self
            .found(class, name)
            .filter_map(|definition| match definition {
                Definition::Slot {
                    default,
                    factory,
                    compare,
                } => Some((default, factory, compare)),
                _ => None,
            });
        slots.take(1).next().expect("a slot")
    }

    pub(super) fn followers(&self, class: usize, via: Text) -> Vec<Text> {
        let mut names = self.slots_of(class);
        names.retain(|name| {
            let first = self.found(class, name).next();
            matches!(first, Some(Definition::Delegated { via: own, .. }) if own == via)
        });
        names
    }
}
