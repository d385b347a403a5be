//! A change of one place, with all that hangs on it.

use super::{Content, Link, Naive, Outcome, Place, Text, Value};

impl Naive {
    pub(super) fn store(&self, (object, name): Place, value: Option<Value>) {
        let mut objects = self.objects.borrow_mut();
        objects[object].pending.remove(name);
        match value {
            Some(value) => drop(objects[object].values.insert(name, value)),
            None => drop(objects[object].values.remove(name)),
        }
    }

    /// Those that delegate to a place, in order.
    pub(super) fn delegators(&self, place: Place) -> Vec<Place> {
        let mut found = Vec::new();
        for (object, state) in self.objects.borrow().iter().enumerate() {
            for (name, link) in &state.links {
                if link.to == place {
                    found.push((link.serial, (object, *name)));
                }
            }
        }
        found.sort();
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// All places that depend on a place, itself first: each with all that depends on it before the
    /// next.
    pub(super) fn affected(&self, place: Place, links_only: bool) -> Vec<Place> {
        let (mut found, mut waiting) = (Vec::new(), vec![place]);
        while let Some(place) = waiting.pop() {
            if found.contains(&place) {
                continue;
            }
            found.push(place);
            let mut further = self.delegators(place);
            if !links_only {
                let followers = self.followers(self.class_of(place.0), place.1);
                let followers = followers.into_iter().map(|name| (place.0, name));
                further.extend(followers.filter(|follower| self.declared(*follower).is_some()));
            }
            waiting.extend(further.into_iter().rev());
        }
        found
    }

    pub(super) fn connect(&self, place: Place, to: Place, explicit: bool) -> Outcome<()> {
        if self.affected(place, true).contains(&to) {
            let (class, target) = (self.class_name(place.0), self.class_name(to.0));
            return Err(format!(
                "Delegation: delegating '{}' of '{class}' object to '{}' of '{target}' object would close a cycle",
                place.1, to.1
            ));
        }
        let serial = self.next_serial();
        let link = Link {
            to,
            explicit,
            serial,
        };
        self.objects.borrow_mut()[place.0]
            .links
            .insert(place.1, link);
        Ok(())
    }

    /// The place to which a delegated name leads now; a name that depends on itself has none.
    pub(super) fn goal(&self, place: Place, (via, target): (Text, Text)) -> Option<Place> {
        let via = (place.0, via);
        let is_known = self.slots_of(self.class_of(place.0)).contains(&via.1);
        if !is_known || self.affected(place, false).contains(&via) {
            return None;
        }
        match self.pool[self.shown(via)?] {
            Content::Object(held) if self.slots_of(self.class_of(held)).contains(&target) => {
                Some((held, target))
            }
            _ => None,
        }
    }

    /// Points delegated names at what their via slots show: again while one moves.
    pub(super) fn settle(&self, places: &[Place]) -> Outcome<()> {
        for _ in 0..=places.len() {
            let mut moved = false;
            for place in places {
                let Some(leads) = self.declared(*place) else {
                    continue;
                };
                let link = self.link(*place).map(|link| link.to);
                match self.goal(*place, leads) {
                    None => {
                        let mut objects = self.objects.borrow_mut();
                        moved |= objects[place.0].links.remove(place.1).is_some();
                    }
                    Some(to) if link != Some(to) => {
                        self.connect(*place, to, false)?;
                        moved = true;
                    }
                    Some(_) => {}
                }
            }
            if !moved {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn alter(
        &self,
        place: Place,
        silent: bool,
        act: impl Fn() -> Outcome<()>,
    ) -> Outcome<()> {
        let places = self.affected(place, false);
        let mut follow = vec![place];
        for place in &places {
            if let Some((via, _)) = self.declared(*place)
                && places.contains(&(place.0, via))
            {
                follow.push(*place);
            }
        }
        let all_shown =
            || -> Vec<Option<Value>> { places.iter().map(|place| self.shown(*place)).collect() };
        let before = all_shown();
        let kept = {
            let objects = self.objects.borrow();
            let object = &objects[place.0];
            (object.values.clone(), object.pending.clone())
        };
        let links: Vec<_> = follow
            .iter()
            .map(|place| (*place, self.link(*place)))
            .collect();
        if let Err(error) = act().and_then(|()| self.settle(&follow)) {
            let mut objects = self.objects.borrow_mut();
            (objects[place.0].values, objects[place.0].pending) = kept;
            for ((object, name), link) in links {
                objects[object].links.remove(name);
                if let Some(link) = link {
                    objects[object].links.insert(name, link);
                }
            }
            return Err(error);
        }
        match silent {
            true => Ok(()),
            false => self.tell(&places, &before, &all_shown()),
        }
    }
}
