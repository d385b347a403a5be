//! Delegation: one object's slot stands for another's.
//!
//! A delegation is two entries. The delegator's watch has one that keeps the target; the target's
//! watch has one that knows the delegator without keeping it alive. Reads follow the first,
//! events the second. Each entry knows the serial of its partner, so that a delegation ends in
//! logarithmic time however many there are.
//!
//! A *carrier* is a slot whose object others are delegated to by their class (`delegated()`). Their
//! entries are set anew whenever what the carrier shows changes.

use crate::access::{Spot, Step};
use crate::affected::Affected;
use crate::class::SlotFlags;
use crate::engine::Engine;
use crate::host::{Cells, Host, Name, Rows};
use crate::problem::Problem;
use crate::watch::{Entry, Role};

impl<H: Host> Engine<H> {
    /// Lets a slot stand for a slot of another object.
    ///
    /// # Errors
    ///
    /// AttributeError where there is no such slot, DelegationError for what would come back to
    /// where it began; nothing changed then. What observers raise; the delegation stands then.
    pub fn delegate(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        target: &H::Object,
        target_name: Name,
    ) -> Result<(), H::Error> {
        if self.visible_spot(cx, object, name).is_none() {
            return Err(H::problem(cx, Problem::NoSlot { object, name }));
        }
        if self.visible_spot(cx, target, target_name).is_none() {
            let (object, name) = (target, target_name);
            return Err(H::problem(cx, Problem::NoSlot { object, name }));
        }
        self.check_cycle(cx, object, name, target, target_name)?;
        let before = H::companion(object).and_then(|companion| {
            let watch = H::watch(&companion)?;
            watch.target(name)
        });
        let affected = Affected::gather(self, cx, object, name, true)?;
        if let Err(error) = self.link(cx, object, name, target, target_name, Role::Target) {
            affected.abandon(self);
            return Err(error);
        }
        affected.settle(self, cx, || {
            self.unlink(object, name);
            if let Some((target, entry)) = before {
                // What stood before can stand again; without memory it ends.
                let _ = self.link(cx, object, name, &target, entry.other, entry.role);
            }
        })?;
        self.run_queue(cx)
    }

    /// Ends a delegation; what the object itself stored before is visible again.
    ///
    /// # Errors
    ///
    /// AttributeError where there is no such slot, DelegationError where it is not delegated; what
    /// observers raise.
    pub fn undelegate(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<(), H::Error> {
        let Some(spot) = self.visible_spot(cx, object, name) else {
            return Err(H::problem(cx, Problem::NoSlot { object, name }));
        };
        let Some((target, target_name)) = self.delegation(object, name) else {
            let by_class = spot.row.flags.has(SlotFlags::DELEGATED);
            let problem = Problem::NotDelegated {
                object,
                name,
                by_class,
            };
            return Err(H::problem(cx, problem));
        };
        let affected = Affected::gather(self, cx, object, name, true)?;
        self.unlink(object, name);
        let again = || {
            let _ = self.link(cx, object, name, &target, target_name, Role::Target);
        };
        if let Err(error) = self.relink(cx, object, name) {
            again();
            affected.abandon(self);
            return Err(error);
        }
        affected.settle(self, cx, again)?;
        self.run_queue(cx)
    }

    /// The target of a slot's own delegation.
    pub fn delegation(&self, object: &H::Object, name: Name) -> Option<(H::Object, Name)> {
        let companion = H::companion(object)?;
        let (entry, target) = H::watch(&companion)?.of_role(name, Role::Target)?;
        Some((target?, entry.other))
    }

    /// Delegates a slot of a copy, silently.
    ///
    /// # Errors
    ///
    /// As for [`Engine::delegate`], observers aside.
    pub fn restore_delegation(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        target: &H::Object,
        target_name: Name,
    ) -> Result<(), H::Error> {
        self.check_cycle(cx, object, name, target, target_name)?;
        self.link(cx, object, name, target, target_name, Role::Target)?;
        self.relink_carried(cx, object, name)
    }

    /// Refuses a delegation that would come back to where it began.
    fn check_cycle(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        target: &H::Object,
        target_name: Name,
    ) -> Result<(), H::Error> {
        if self.leads_to(target, target_name, object, name) {
            let problem = Problem::Cycle {
                object,
                name,
                target,
                target_name,
            };
            return Err(H::problem(cx, problem));
        }
        Ok(())
    }

    /// Tells whether one slot is another, or delegated to it over any number of links.
    fn leads_to(&self, object: &H::Object, name: Name, to: &H::Object, to_name: Name) -> bool {
        let is_it = |object: &H::Object, name| H::same(object, to) && name == to_name;
        if is_it(object, name) {
            return true;
        }
        // Where nobody delegates to a slot, no way leads there.
        let is_target = H::companion(to)
            .as_ref()
            .and_then(H::watch)
            .is_some_and(|watch| watch.of_role(to_name, Role::Delegator).is_some());
        if !is_target {
            return false;
        }
        let mut at = (object.clone(), name);
        loop {
            let next = H::companion(&at.0).and_then(|companion| {
                let watch = H::watch(&companion)?;
                let (target, entry) = watch.target(at.1)?;
                Some((target, entry.other))
            });
            match next {
                Some((object, name)) if is_it(&object, name) => return true,
                Some(next) => at = next,
                None => return false,
            }
        }
    }

    /// Tells whether what one slot shows hangs on another slot in any way, or is it.
    fn hangs_on(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        on: &H::Object,
        on_name: Name,
    ) -> Result<bool, H::Error> {
        if H::same(object, on) && name == on_name {
            return Ok(true);
        }
        let spot = self.spot(cx, on, on_name, usize::MAX);
        if !spot.is_some_and(|spot| self.has_dependents(&spot)) {
            return Ok(false);
        }
        let objects = H::Cells::default();
        let names: H::Rows<Name> = Default::default();
        let push = |object: H::Object, name| {
            objects.push(cx, Some(object))?;
            names.push(cx, name)
        };
        // Delegated names met so far: they have two ways up, and can follow each other around.
        let met = H::Cells::default();
        let met_names: H::Rows<Name> = Default::default();
        push(object.clone(), name)?;
        while let (Some(name), Some(object)) = (names.pop(), objects.pop()) {
            if H::same(&object, on) && name == on_name {
                return Ok(true);
            }
            let Some(spot) = self.spot(cx, &object, name, usize::MAX) else {
                continue;
            };
            if spot.row.flags.has(SlotFlags::DELEGATED) {
                let is_met = |place: usize| {
                    let is_it = |met: H::Object| H::same(&met, &object);
                    met_names.get(place) == Some(name) && met.get(place).is_some_and(is_it)
                };
                if (0..met_names.len()).any(is_met) {
                    continue;
                }
                met.push(cx, Some(object.clone()))?;
                met_names.push(cx, name)?;
                if self.delegation(&object, name).is_none() {
                    push(object.clone(), spot.row.carrier)?;
                }
            }
            if let Step::To(next) = self.step(cx, &spot) {
                push(next.object, next.row.name)?;
            }
        }
        Ok(false)
    }

    /// Sets the two entries of a delegation, and removes those of the one before.
    fn link(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        target: &H::Object,
        target_name: Name,
        role: Role,
    ) -> Result<(), H::Error> {
        let own = H::ensure_companion(cx, object)?;
        let token = H::ensure_token(cx, object)?;
        let theirs = H::ensure_companion(cx, target)?;
        let (Some(own_watch), Some(their_watch)) = (H::watch(&own), H::watch(&theirs)) else {
            return Ok(());
        };
        let mut there = self.entry(target_name, Role::Delegator);
        let mut here: Entry = self.entry(name, role);
        (here.other, here.partner) = (target_name, there.serial);
        (there.other, there.partner) = (name, here.serial);
        their_watch.add(cx, there, Some(token))?;
        let before = own_watch.target(name);
        if let Err(error) = own_watch.add(cx, here, Some(target.clone())) {
            drop(their_watch.remove_serial(there.serial));
            return Err(error);
        }
        if let Some((target, entry)) = before {
            self.cut(object, &target, &entry);
        }
        Ok(())
    }

    /// Removes the entries of a slot's delegation.
    fn unlink(&self, object: &H::Object, name: Name) {
        let Some(companion) = H::companion(object) else {
            return;
        };
        let before = H::watch(&companion).and_then(|watch| watch.target(name));
        if let Some((target, entry)) = before {
            self.cut(object, &target, &entry);
        }
    }

    fn cut(&self, object: &H::Object, target: &H::Object, entry: &Entry) {
        let theirs = H::companion(target);
        let own = H::companion(object);
        let remove = |companion: &H::Object, serial| H::watch(companion)?.remove_serial(serial);
        let there = theirs.and_then(|companion| remove(&companion, entry.partner));
        let here = own.and_then(|companion| remove(&companion, entry.serial));
        drop((there, here));
    }

    /// Lets a delegated name follow the object that its carrier shows now. An explicit delegation
    /// of the name goes first.
    pub(crate) fn relink(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<(), H::Error> {
        let Some(spot) = self.visible_spot(cx, object, name) else {
            return Ok(());
        };
        if !spot.row.flags.has(SlotFlags::DELEGATED) {
            return Ok(());
        }
        let now = H::companion(object).and_then(|companion| {
            let watch = H::watch(&companion)?;
            watch.target(name)
        });
        if now
            .as_ref()
            .is_some_and(|(_, entry)| entry.role == Role::Target)
        {
            return Ok(());
        }
        // A name whose carrier hangs on the name itself leads nowhere.
        let carrier = spot.row.carrier;
        let wanted = match self.hangs_on(cx, object, carrier, object, name)? {
            true => None,
            false => self
                .peek(cx, object, carrier)
                .filter(|target| self.visible_spot(cx, target, spot.row.target).is_some()),
        };
        let Some(wanted) = wanted else {
            self.unlink(object, name);
            return Ok(());
        };
        let target_name = spot.row.target;
        if now
            .is_some_and(|(target, entry)| H::same(&wanted, &target) && entry.other == target_name)
        {
            return Ok(());
        }
        // Pointing anew must not find the way that it replaces.
        self.unlink(object, name);
        self.check_link(cx, &spot, &wanted)?;
        self.link(
            cx,
            object,
            name,
            &wanted,
            target_name,
            Role::DelegatedTarget,
        )
    }

    /// Refuses to point a delegated name at what hangs on it.
    fn check_link(
        &self,
        cx: H::Cx<'_>,
        spot: &Spot<H>,
        wanted: &H::Object,
    ) -> Result<(), H::Error> {
        self.check_cycle(cx, &spot.object, spot.row.name, wanted, spot.row.target)
    }

    /// Points the delegated names anew that a slot of an object carries.
    ///
    /// # Errors
    ///
    /// Memory ran out; DelegationError for a name that would come back to itself.
    pub fn relink_carried(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        carrier: Name,
    ) -> Result<(), H::Error> {
        let Some(class) = H::class_of(cx, object) else {
            return Ok(());
        };
        let mut index = 0;
        while let Some(row) = H::class(&class).and_then(|class| class.rows.get(index)) {
            index += 1;
            if row.flags.has(SlotFlags::DELEGATED) && row.carrier == carrier {
                self.relink(cx, object, row.name)?;
            }
        }
        Ok(())
    }

    /// Points all delegated names of an object anew: after its class gave it values, or became
    /// another one.
    ///
    /// # Errors
    ///
    /// As for [`Engine::relink_carried`].
    pub fn relink_all(&self, cx: H::Cx<'_>, object: &H::Object) -> Result<(), H::Error> {
        let Some(class) = H::class_of(cx, object) else {
            return Ok(());
        };
        let mut index = 0;
        while let Some(row) = H::class(&class).and_then(|class| class.rows.get(index)) {
            index += 1;
            if row.flags.has(SlotFlags::DELEGATED) {
                self.relink(cx, object, row.name)?;
            }
        }
        Ok(())
    }

    /// Tells whether other names may hang on a slot: those that it carries, or those that are
    /// delegated to it.
    pub(crate) fn has_dependents(&self, spot: &Spot<H>) -> bool {
        spot.row.flags.has(SlotFlags::CARRIER)
            || H::companion(&spot.object)
                .as_ref()
                .and_then(H::watch)
                .is_some_and(|watch| watch.of_role(spot.row.name, Role::Delegator).is_some())
    }
}
