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
use crate::watch::{Entry, Life, Role};

/// Points names until none moves any more: they can follow each other in any order. Each pass
/// settles one more at least.
pub(crate) fn settled<E>(
    name_count: usize,
    mut pass: impl FnMut() -> Result<bool, E>,
) -> Result<(), E> {
    for _ in 0..name_count {
        if !pass()? {
            break;
        }
    }
    Ok(())
}

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
        self.change_target(cx, object, name, true, || {
            self.link(cx, object, name, target, target_name, Role::Target)
        })
    }

    /// Changes where a slot leads, with all that hangs on it, and tells of it.
    fn change_target(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        is_told: bool,
        change: impl FnOnce() -> Result<(), H::Error>,
    ) -> Result<(), H::Error> {
        let affected = Affected::gather(self, cx, object, name, is_told)?;
        let changed = change();
        if changed.is_err() {
            affected.abandon(self, cx);
            return changed;
        }
        affected.settle(self, cx, || self.revert(object, name, affected.since()))?;
        let before = self.commit(object, name);
        let told = self.run_queue(cx);
        // What goes now may run code of the program.
        drop((before, affected));
        told
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
        if self.delegation(object, name).is_none() {
            let by_class = spot.row.flags.has(SlotFlags::DELEGATED);
            let problem = Problem::NotDelegated {
                object,
                name,
                by_class,
            };
            return Err(H::problem(cx, problem));
        }
        self.change_target(cx, object, name, true, || {
            let since = self.next_serial();
            self.unlink(object, name);
            let pointed = self.relink(cx, object, name).map(|_| ());
            if pointed.is_err() {
                self.revert(object, name, since);
            }
            pointed
        })
    }

    /// The target of a slot's own delegation.
    pub fn delegation(&self, object: &H::Object, name: Name) -> Option<(H::Object, Name)> {
        let companion = H::companion(object)?;
        let (entry, target) = H::watch(&companion)?.of_role(name, Role::Target)?;
        Some((target?, entry.other))
    }

    /// An object's own delegations in the order in which they were made: the first one behind the
    /// serial `after`, with its serial, the slot, the target and the target's slot. The search
    /// begins behind 0.
    pub fn delegation_after(
        &self,
        object: &H::Object,
        after: u64,
    ) -> Option<(u64, Name, H::Object, Name)> {
        let companion = H::companion(object)?;
        let (entry, target) = H::watch(&companion)?.delegation_after(after)?;
        Some((entry.serial, entry.name, target?, entry.other))
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
        self.change_target(cx, object, name, false, || {
            self.link(cx, object, name, target, target_name, Role::Target)
        })
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

    /// Sets the two entries of a delegation, and parks those of the one before.
    ///
    /// # Errors
    ///
    /// Memory ran out, or the delegation would come back to where it began; nothing changed then.
    fn link(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        target: &H::Object,
        target_name: Name,
        role: Role,
    ) -> Result<(), H::Error> {
        self.check_cycle(cx, object, name, target, target_name)?;
        let own = H::ensure_companion(cx, object)?;
        let token = H::ensure_token(cx, object)?;
        let theirs = H::ensure_companion(cx, target)?;
        let own_watch = H::roomy_watch(cx, object, &own)?;
        let their_watch = H::roomy_watch(cx, target, &theirs)?;
        let (Some(own_watch), Some(their_watch)) = (own_watch, their_watch) else {
            return Ok(());
        };
        their_watch.sweep(false);
        let mut there = self.entry(target_name, Role::Delegator);
        let mut here: Entry = self.entry(name, role);
        (here.other, here.partner) = (target_name, there.serial);
        (there.other, there.partner) = (name, here.serial);
        let before = own_watch.target(name);
        their_watch.add(cx, there, Some(token))?;
        if let Err(error) = own_watch.add(cx, here, Some(target.clone())) {
            drop(their_watch.remove_serial(there.serial));
            return Err(error);
        }
        if let Some((target, entry)) = before {
            self.park(object, &target, &entry);
        }
        Ok(())
    }

    /// Takes the entries of a slot's delegation out of use until the change that does so is over.
    fn unlink(&self, object: &H::Object, name: Name) {
        if let Some((target, entry)) = self.target_of(Life::Live, object, name) {
            self.park(object, &target, &entry);
        }
    }

    fn target_of(&self, life: Life, object: &H::Object, name: Name) -> Option<(H::Object, Entry)> {
        let companion = H::companion(object)?;
        H::watch(&companion)?.target_of(life, name)
    }

    /// Parks the entries of a delegation. Where one is parked already, that is the one to come back
    /// to, and this one goes.
    fn park(&self, object: &H::Object, target: &H::Object, entry: &Entry) {
        match self.target_of(Life::Parked, object, entry.name) {
            Some(_) => drop(self.cut(object, target, entry)),
            None => self.set_life(object, target, entry, Life::Parked),
        }
    }

    fn set_life(&self, object: &H::Object, target: &H::Object, entry: &Entry, life: Life) {
        for (end, serial) in [(object, entry.serial), (target, entry.partner)] {
            let companion = H::companion(end);
            if let Some(watch) = companion.as_ref().and_then(H::watch) {
                watch.set_life(serial, life);
            }
        }
    }

    /// Ends what a change has parked of a slot, and returns the target, to be dropped when
    /// everything is told.
    pub(crate) fn commit(&self, object: &H::Object, name: Name) -> Option<H::Object> {
        let (target, entry) = self.target_of(Life::Parked, object, name)?;
        drop(self.cut(object, &target, &entry));
        Some(target)
    }

    /// Undoes what was done to a slot's delegation after a serial. Takes no memory.
    pub(crate) fn revert(&self, object: &H::Object, name: Name, since: u64) {
        let made = self.target_of(Life::Live, object, name);
        if let Some((target, entry)) = made.filter(|(_, entry)| entry.serial > since) {
            drop(self.cut(object, &target, &entry));
        }
        if let Some((target, entry)) = self.target_of(Life::Parked, object, name) {
            self.set_life(object, &target, &entry, Life::Live);
        }
    }

    /// Removes the entries of a delegation, and returns what they held.
    fn cut(&self, object: &H::Object, target: &H::Object, entry: &Entry) -> [Option<H::Object>; 2] {
        [(target, entry.partner), (object, entry.serial)].map(|(end, serial)| {
            let companion = H::companion(end)?;
            H::watch(&companion)?.remove_any(serial)
        })
    }

    /// Lets a delegated name follow the object that its carrier shows now, and tells whether it
    /// moved; what it followed before is parked. An explicit delegation of the name goes first.
    pub(crate) fn relink(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<bool, H::Error> {
        let Some(spot) = self.visible_spot(cx, object, name) else {
            return Ok(false);
        };
        if !spot.row.flags.has(SlotFlags::DELEGATED) {
            return Ok(false);
        }
        let now = self.target_of(Life::Live, object, name);
        if now
            .as_ref()
            .is_some_and(|(_, entry)| entry.role == Role::Target)
        {
            return Ok(false);
        }
        // A name whose carrier hangs on the name itself leads nowhere.
        let carrier = spot.row.carrier;
        let wanted = match self.hangs_on(cx, object, carrier, object, name)? {
            true => None,
            false => self
                .visible_spot(cx, object, carrier)
                .and_then(|_| self.peek(cx, object, carrier))
                .filter(|target| self.visible_spot(cx, target, spot.row.target).is_some()),
        };
        let target_name = spot.row.target;
        match (wanted, now) {
            (None, None) => Ok(false),
            (None, Some((target, entry))) => {
                self.park(object, &target, &entry);
                Ok(true)
            }
            (Some(wanted), Some((target, entry)))
                if H::same(&wanted, &target) && entry.other == target_name =>
            {
                Ok(false)
            }
            (Some(wanted), _) => {
                let role = Role::DelegatedTarget;
                self.link(cx, object, name, &wanted, target_name, role)?;
                Ok(true)
            }
        }
    }

    /// Points all delegated names of an object anew, silently: after its class gave it values, or
    /// became another one.
    ///
    /// # Errors
    ///
    /// Memory ran out; DelegationError for a name that would come back to itself.
    pub fn relink_all(&self, cx: H::Cx<'_>, object: &H::Object) -> Result<(), H::Error> {
        let class = H::class_of(cx, object);
        let Some(parts) = class.as_ref().and_then(H::class) else {
            return Ok(());
        };
        let names = || (0..).map_while(|place| parts.delegated.get(place));
        let pass = || {
            let mut moved = false;
            for name in names() {
                moved |= self.relink(cx, object, name)?;
            }
            Ok(moved)
        };
        let result = settled(parts.delegated.len(), pass);
        for name in names() {
            drop(self.commit(object, name));
        }
        result
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
