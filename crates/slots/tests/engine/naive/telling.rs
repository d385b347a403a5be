//! Events: they wait their turn, then reach the observers.

use super::{Content, Naive, Op, Outcome, Place, Subscription, Text, Told, Value, Waiting};
use mortice_slots::Compare;
use std::cell::Cell;
use std::rc::Rc;

impl Naive {
    pub(super) fn observers(&self, place: Place, serial: u64) -> Vec<Rc<Subscription>> {
        let line = self.line(self.class_of(place.0));
        let subscriptions = self.subscriptions.borrow();
        let of = |of_class: bool, of: usize| {
            let wanted = move |one: &&Rc<Subscription>| {
                one.of_class == of_class
                    && one.of == of
                    && (one.name == place.1 || one.name == "*")
                    && one.serial < serial
                    && one.active.get()
            };
            subscriptions.iter().filter(wanted).cloned()
        };
        let own = of(false, place.0);
        let classes = line.into_iter().flat_map(|class| of(true, class));
        own.chain(classes).collect()
    }

    pub(super) fn covers(hold: usize, object: usize) -> bool {
        hold == 0 || hold & (1 << object) != 0
    }

    pub(super) fn is_held(&self, object: usize) -> bool {
        self.holds
            .borrow()
            .iter()
            .any(|hold| Self::covers(*hold, object))
    }

    pub(super) fn told(&self, place: Place, old: Option<Value>, new: Option<Value>) -> Told {
        let end = self.find(place, false).expect("nothing runs");
        let compare = end
            .filter(|end| self.order(self.class_of(end.0), false).contains(&end.1))
            .map(|end| self.rules(self.class_of(end.0), end.1).2);
        Told {
            place,
            compare: compare.unwrap_or_default(),
            old,
            new,
            source: self.link(place).map(|link| link.to),
        }
    }

    pub(super) fn tell(
        &self,
        places: &[Place],
        before: &[Option<Value>],
        after: &[Option<Value>],
    ) -> Outcome<()> {
        let serial = self.next_serial();
        let mut changes = Vec::new();
        for ((place, old), new) in places.iter().zip(before).zip(after) {
            let held = self.is_held(place.0);
            let known = self.held.borrow().iter().any(|(known, _)| known == place);
            if held && !known {
                self.held.borrow_mut().push((*place, *old));
            } else if !held && !self.observers(*place, u64::MAX).is_empty() {
                changes.push(self.told(*place, *old, *new));
            }
        }
        self.emit(Waiting { serial, changes })
    }

    pub(super) fn emit(&self, event: Waiting) -> Outcome<()> {
        self.waiting.borrow_mut().push_back(event);
        if self.running.replace(true) {
            return Ok(());
        }
        loop {
            let next = self.waiting.borrow_mut().pop_front();
            let Some(event) = next else { break };
            self.run(&event);
        }
        self.running.set(false);
        let mut errors = self.errors.take();
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(format!("group({})", errors.join(", "))),
        }
    }

    pub(super) fn differ(&self, told: &Told) -> bool {
        let is_same = told.old == told.new;
        match (told.compare, told.old, told.new) {
            (_, None, None) => false,
            (Compare::Always, ..) => true,
            (Compare::Equal, Some(old), Some(new)) => self.pool[old] != self.pool[new],
            _ => !is_same,
        }
    }

    pub(super) fn value_text(&self, value: Option<Value>) -> String {
        match value.map(|value| self.pool[value]) {
            None => "UNSET".to_string(),
            Some(Content::Int(value)) => value.to_string(),
            Some(Content::Object(object)) => format!("o{object}"),
        }
    }

    pub(super) fn run(&self, event: &Waiting) {
        for told in &event.changes {
            let found = self.observers(told.place, event.serial);
            if found.is_empty() || !self.differ(told) {
                continue;
            }
            for one in found {
                if !one.active.get() {
                    continue;
                }
                let (old, new) = (self.value_text(told.old), self.value_text(told.new));
                let (object, name) = told.place;
                let source = told
                    .source
                    .map(|(object, name)| format!(" from o{object}.{name}"));
                let source = source.unwrap_or_default();
                let line = format!("{} o{object}.{name} {old}->{new}{source}", one.label);
                self.log.borrow_mut().push(line);
                if let Err(error) = self.act(one.script, &one.label) {
                    self.errors.borrow_mut().push(error);
                }
            }
        }
    }

    pub(super) fn act(&self, script: usize, label: &str) -> Outcome<()> {
        let scripts = self.scripts.clone();
        let (ops, fuel) = &scripts[script];
        if fuel.get() == 0 {
            return Ok(());
        }
        fuel.set(fuel.get() - 1);
        for op in ops {
            if matches!(op, Op::Raise) {
                return Err(format!("{label} raises"));
            }
            let did = self.perform(*op);
            self.log.borrow_mut().push(format!("{label}: {did}"));
        }
        Ok(())
    }

    pub(super) fn subscribe(
        &self,
        of_class: bool,
        of: usize,
        name: Text,
        script: usize,
    ) -> Outcome<String> {
        let label = format!("s{}", self.subscriptions.borrow().len());
        let made = Subscription {
            of_class,
            of,
            name,
            script,
            serial: self.next_serial(),
            label: label.clone(),
            active: Cell::new(true),
        };
        self.subscriptions.borrow_mut().push(Rc::new(made));
        Ok(label)
    }

    pub(super) fn release(&self, number: usize) -> Outcome<()> {
        let count = self.holds.borrow().len();
        if count == 0 {
            return Ok(());
        }
        self.holds.borrow_mut().remove(number % count);
        let serial = self.next_serial();
        let mut changes = Vec::new();
        for (place, old) in self.held.take() {
            match self.is_held(place.0) {
                true => self.held.borrow_mut().push((place, old)),
                false => changes.push(self.told(place, old, self.shown(place))),
            }
        }
        self.emit(Waiting { serial, changes })
    }
}
