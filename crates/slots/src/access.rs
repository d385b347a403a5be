//! Reading, writing and deleting.
//!
//! Every access begins by following delegations, one after the other and without recursion, to the
//! place where the value really lies; the rules and the comparison of that place count.

use crate::affected::Affected;
use crate::class::{Compare, Row, SlotFlags};
use crate::engine::Engine;
use crate::host::{Host, Name};
use crate::problem::Problem;
use crate::watch::{Entry, Life, Role};

/// A slot of an object, with what its class says of it.
pub(crate) struct Spot<H: Host> {
    pub(crate) object: H::Object,
    pub(crate) class: H::Object,
    pub(crate) index: usize,
    pub(crate) row: Row,
}

/// What a place is known to show.
pub(crate) struct Shown<H: Host> {
    pub(crate) object: H::Object,
    pub(crate) name: Name,
    pub(crate) value: Option<H::Object>,
    pub(crate) compare: Compare,
}

impl<H: Host> Shown<H> {
    fn is_at(&self, spot: &Spot<H>) -> bool {
        self.name == spot.row.name && H::same(&self.object, &spot.object)
    }
}

/// Where a slot leads.
pub(crate) enum Step<H: Host> {
    /// Nowhere else: the value lies in its own place.
    Here,
    /// To another slot, of another object or the same.
    To(Spot<H>),
    /// The slot that would hold the target is unset.
    NoTarget,
    /// What should be the target has no such slot.
    Unfit(H::Object, Name),
}

/// Who hears of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearing {
    Observers,
    Nobody,
    /// Nobody, and the rules do not apply.
    NobodyUnchecked,
}

impl<H: Host> Spot<H> {
    /// The definition that counts.
    fn definition(&self) -> Option<H::Object> {
        H::class(&self.class)?.definition(self.index)
    }

    /// Tells whether the class hides the slot.
    pub(crate) fn is_hidden(&self) -> bool {
        self.row.flags.has(SlotFlags::HIDDEN)
    }
}

impl<H: Host> Engine<H> {
    /// Finds an object's slot, hidden ones too; nothing for an object or a name that has none.
    /// `hint` is the row in a class that the object's is derived from.
    #[inline]
    pub(crate) fn spot(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
    ) -> Option<Spot<H>> {
        let class = H::class_of(cx, object)?;
        let (index, row) = H::class(&class)?.find_any(name, hint)?;
        if row.place == Row::NO_PLACE && row.flags.has(SlotFlags::HIDDEN) {
            // A delegated name that something else hides: nothing is left of it.
            return None;
        }
        Some(Spot {
            object: object.clone(),
            class,
            index,
            row,
        })
    }

    /// Finds an object's slot that nothing hides.
    pub(crate) fn visible_spot(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Option<Spot<H>> {
        self.spot(cx, object, name, usize::MAX)
            .filter(|spot| !spot.is_hidden())
    }

    /// Where a slot leads by the entries of its delegation.
    pub(crate) fn step(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Step<H> {
        if let Some(companion) = H::companion(&spot.object)
            && let Some(watch) = H::watch(&companion)
            && let Some((target, entry)) = watch.target(spot.row.name)
        {
            // The target's class may be another one than it was when the delegation began.
            return match self.visible_spot(cx, &target, entry.other) {
                Some(next) => Step::To(next),
                None => Step::Unfit(target, entry.other),
            };
        }
        match spot.row.flags.has(SlotFlags::DELEGATED) && !spot.is_hidden() {
            true => Step::NoTarget,
            false => Step::Here,
        }
    }

    /// As [`Engine::step`]; a delegated name that leads nowhere yet is pointed at what its carrier
    /// shows, whose factory is called if it is time.
    fn step_making(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Result<Step<H>, H::Error> {
        let step = self.step(cx, spot);
        if !matches!(step, Step::NoTarget) {
            return Ok(step);
        }
        self.relink_all(cx, &spot.object)?;
        let step = self.step(cx, spot);
        if !matches!(step, Step::NoTarget) {
            return Ok(step);
        }
        // What one factory makes can wait for another.
        while self.make_carrier(cx, spot)? {
            let step = self.step(cx, spot);
            if !matches!(step, Step::NoTarget) {
                return Ok(step);
            }
        }
        let carrier = spot.row.carrier;
        if self.visible_spot(cx, &spot.object, carrier).is_none() {
            return Ok(Step::Unfit(spot.object.clone(), carrier));
        }
        Ok(match self.peek(cx, &spot.object, carrier) {
            None => Step::NoTarget,
            Some(held) => Step::Unfit(held, spot.row.target),
        })
    }

    /// Calls the factory on which a delegated name's target waits; false where it waits for none.
    fn make_carrier(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Result<bool, H::Error> {
        let mut at = self.visible_spot(cx, &spot.object, spot.row.carrier);
        // Names can follow each other around; links cannot. A way that comes back to a mark goes
        // around, and the mark is set anew after twice as many steps each time.
        let mut mark: Option<(H::Object, Name)> = None;
        let (mut steps, mut limit) = (0_u64, 1);
        while let Some(spot) = at {
            let is_it = |(object, name): &(H::Object, Name)| {
                H::same(object, &spot.object) && *name == spot.row.name
            };
            if mark.as_ref().is_some_and(is_it) {
                break;
            }
            if steps == limit {
                mark = Some((spot.object.clone(), spot.row.name));
                (steps, limit) = (0, limit * 2);
            }
            steps += 1;
            at = match self.step(cx, &spot) {
                Step::To(next) => Some(next),
                Step::Here => {
                    let is_pending = self.is_pending(cx, &spot.object, spot.row.name);
                    return match is_pending {
                        true => self.value(cx, &spot).map(|_| true),
                        false => Ok(false),
                    };
                }
                Step::NoTarget => self.visible_spot(cx, &spot.object, spot.row.carrier),
                Step::Unfit(..) => None,
            };
        }
        Ok(false)
    }

    /// Follows the delegations of a slot to the place of its value.
    fn resolve(&self, cx: H::Cx<'_>, mut spot: Spot<H>) -> Result<Spot<H>, H::Error> {
        loop {
            let (object, name) = (&spot.object, spot.row.name);
            match self.step_making(cx, &spot)? {
                Step::Here => return Ok(spot),
                Step::To(next) => spot = next,
                Step::NoTarget => {
                    let carrier = spot.row.carrier;
                    return Err(H::problem(
                        cx,
                        Problem::NoTarget {
                            object,
                            name,
                            carrier,
                        },
                    ));
                }
                Step::Unfit(held, missing) => {
                    let held = &held;
                    return Err(H::problem(
                        cx,
                        Problem::UnfitTarget {
                            object,
                            name,
                            held,
                            missing,
                        },
                    ));
                }
            }
        }
    }

    /// Reads a slot of an object, which has it. `hint` is its row in a class that the object's is
    /// derived from.
    ///
    /// # Errors
    ///
    /// AttributeError where the slot is unset; what a factory raises.
    pub fn get(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
    ) -> Result<H::Object, H::Error> {
        if let Some(value) = self.quick_value(cx, object, name, hint) {
            return Ok(value);
        }
        let Some(spot) = self.spot(cx, object, name, hint) else {
            return Err(H::problem(cx, Problem::Unset { object, name }));
        };
        let spot = self.resolve(cx, spot)?;
        match self.value(cx, &spot)? {
            Some(value) => Ok(value),
            None => {
                let (object, name) = (&spot.object, spot.row.name);
                Err(H::problem(cx, Problem::Unset { object, name }))
            }
        }
    }

    /// The value of a place, made by the factory if it is time.
    fn value(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Result<Option<H::Object>, H::Error> {
        if let Some(value) = self.value_so_far(cx, spot) {
            return Ok(Some(value));
        }
        let (object, name) = (&spot.object, spot.row.name);
        if !spot.row.flags.has(SlotFlags::FACTORY) || self.is_spent(object, name) {
            return Ok(None);
        }
        let Some(definition) = spot.definition() else {
            return Ok(None);
        };
        let made = H::make_default(cx, &definition)?;
        // The factory may have written or deleted the slot, or put another class under the object.
        let stands = H::load(object, spot.row.place);
        if stands.is_some() || self.is_spent(object, name) {
            return Ok(stands);
        }
        let Some(spot) = self.spot(cx, object, name, spot.index) else {
            return Ok(Some(made));
        };
        self.write(cx, spot, Some(&made), Hearing::NobodyUnchecked)?;
        Ok(Some(made))
    }

    /// The value of a place, or its default; a factory is not called.
    pub(crate) fn value_so_far(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Option<H::Object> {
        let value = H::load(&spot.object, spot.row.place);
        if value.is_some()
            || !spot.row.flags.has(SlotFlags::DEFAULT)
            || self.is_spent(&spot.object, spot.row.name)
        {
            return value;
        }
        H::default(cx, &spot.definition()?)
    }

    /// Tells whether a slot was deleted, so that neither default nor factory returns.
    fn is_spent(&self, object: &H::Object, name: Name) -> bool {
        let Some(companion) = H::companion(object) else {
            return false;
        };
        H::watch(&companion).is_some_and(|watch| watch.of_role(name, Role::Spent).is_some())
    }

    /// What a slot shows; nothing where it is unset or leads nowhere. A factory is not called.
    pub(crate) fn peek(&self, cx: H::Cx<'_>, object: &H::Object, name: Name) -> Option<H::Object> {
        self.peek_until(cx, object, name, None).0
    }

    /// As [`Engine::peek`], with the comparison of the place that gives the value. The way ends
    /// early where it comes to a place of which that is `known`.
    pub(crate) fn peek_until(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        known: Option<&Shown<H>>,
    ) -> (Option<H::Object>, Compare) {
        let Some(mut spot) = self.spot(cx, object, name, usize::MAX) else {
            return (None, Compare::default());
        };
        loop {
            match self.step(cx, &spot) {
                Step::To(next) => match known.filter(|known| known.is_at(&next)) {
                    Some(known) => return (known.value.clone(), known.compare),
                    None => spot = next,
                },
                Step::Here => {
                    let value = self.value_so_far(cx, &spot);
                    let shown = value.filter(|value| !H::is_unset(cx, value));
                    return (shown, spot.row.compare);
                }
                _ => return (None, spot.row.compare),
            }
        }
    }

    /// Tells whether a slot holds a value of its own, or its default, so that a copy must carry it.
    pub fn own_value(&self, cx: H::Cx<'_>, object: &H::Object, name: Name) -> Option<H::Object> {
        self.value_so_far(cx, &self.spot(cx, object, name, usize::MAX)?)
    }

    /// Tells whether a slot's factory has not run yet.
    pub fn is_pending(&self, cx: H::Cx<'_>, object: &H::Object, name: Name) -> bool {
        self.spot(cx, object, name, usize::MAX).is_some_and(|spot| {
            spot.row.flags.has(SlotFlags::FACTORY)
                && H::load(object, spot.row.place).is_none()
                && !self.is_spent(object, name)
        })
    }

    /// Visits what the slots of an object show, in the order of `slots(A)`: those that are unset or
    /// lead nowhere are left out, and no factory is called.
    ///
    /// # Errors
    ///
    /// Those of `visit`; memory ran out; DelegationError for a name that would come back to itself.
    pub fn each_shown(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        visit: &mut dyn FnMut(Name, H::Object) -> Result<(), H::Error>,
    ) -> Result<(), H::Error> {
        self.relink_all(cx, object)?;
        let class = H::class_of(cx, object);
        let Some(parts) = class.as_ref().and_then(H::class) else {
            return Ok(());
        };
        let mut result = Ok(());
        parts.each_visible(&mut |_, row| {
            if result.is_ok()
                && let Some(value) = self.peek(cx, object, row.name)
            {
                result = visit(row.name, value);
            }
        });
        result
    }

    /// Writes a slot of an object, which has it, or deletes it where no value is given.
    ///
    /// # Errors
    ///
    /// What the slot's rules raise, and then nothing changed; what observers raise, and then the
    /// value stays written. Deleting an unset slot is an AttributeError.
    pub fn set(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
        value: Option<&H::Object>,
    ) -> Result<(), H::Error> {
        if let Some(value) = value
            && let Some(done) = self.quick_write(cx, object, name, hint, value)
        {
            return done;
        }
        let Some(spot) = self.spot(cx, object, name, hint) else {
            let problem = match value {
                Some(_) => Problem::Unset { object, name },
                None => Problem::NothingToDelete { object, name },
            };
            return Err(H::problem(cx, problem));
        };
        let spot = self.resolve(cx, spot)?;
        self.write(cx, spot, value, Hearing::Observers)
    }

    /// Writes a slot for the constructor: silently, unless the slot is delegated at this moment.
    ///
    /// # Errors
    ///
    /// As for [`Engine::set`].
    pub fn construct(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        value: &H::Object,
    ) -> Result<(), H::Error> {
        let Some(spot) = self.spot(cx, object, name, usize::MAX) else {
            return Err(H::problem(cx, Problem::NoSlot { object, name }));
        };
        match self.step(cx, &spot) {
            Step::Here => self.write(cx, spot, Some(value), Hearing::Nobody),
            _ => self.set(cx, object, name, usize::MAX, Some(value)),
        }
    }

    /// Writes a slot of a copy as the constructor does, unless that would write a place that the
    /// original shows too.
    ///
    /// # Errors
    ///
    /// DelegationError for a place that both show; else as for [`Engine::construct`].
    pub fn replace(
        &self,
        cx: H::Cx<'_>,
        original: &H::Object,
        copied: &H::Object,
        name: Name,
        value: &H::Object,
    ) -> Result<(), H::Error> {
        let end = self.place_shown(cx, original, name)?;
        if let (Some(end), Some(other)) = (end, self.place_shown(cx, copied, name)?)
            && end.row.name == other.row.name
            && H::same(&end.object, &other.object)
        {
            let problem = Problem::Shared {
                object: copied,
                name,
                target: &end.object,
                target_name: end.row.name,
            };
            return Err(H::problem(cx, problem));
        }
        self.construct(cx, copied, name, value)
    }

    /// The place at the end of a slot's delegations as they are; nothing where they lead nowhere.
    fn place_shown(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<Option<Spot<H>>, H::Error> {
        self.relink_all(cx, object)?;
        let mut at = self.visible_spot(cx, object, name);
        while let Some(spot) = at {
            at = match self.step(cx, &spot) {
                Step::Here => return Ok(Some(spot)),
                Step::To(next) => Some(next),
                Step::NoTarget | Step::Unfit(..) => None,
            };
        }
        Ok(None)
    }

    /// Gives an object's own place a value, or none for good, without rules, delegations or events:
    /// for copies.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub fn restore(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        value: Option<&H::Object>,
    ) -> Result<(), H::Error> {
        let Some(spot) = self.spot(cx, object, name, usize::MAX) else {
            return Err(H::problem(cx, Problem::NoSlot { object, name }));
        };
        if spot.row.place == Row::NO_PLACE {
            return Ok(());
        }
        self.write(cx, spot, value, Hearing::NobodyUnchecked)
    }

    /// Lets neither default nor factory of a slot return.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub fn forget_default(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
    ) -> Result<(), H::Error> {
        let companion = H::ensure_companion(cx, object)?;
        match H::watch(&companion) {
            Some(watch) if watch.of_role(name, Role::Spent).is_none() => {
                let entry = self.entry(name, Role::Spent);
                Self::add_entry(cx, object, &companion, entry, None)
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn write(
        &self,
        cx: H::Cx<'_>,
        mut spot: Spot<H>,
        value: Option<&H::Object>,
        hearing: Hearing,
    ) -> Result<(), H::Error> {
        let name = spot.row.name;
        let mut new = value.cloned();
        if let Some(value) = value
            && hearing != Hearing::NobodyUnchecked
            && spot.row.flags.has(SlotFlags::RULES)
            && let Some(definition) = spot.definition()
        {
            new = Some(H::apply_rules(cx, &definition, &spot.object, value)?);
            // The rules are the program's: the class may be another one now.
            let object = spot.object.clone();
            match self.spot(cx, &object, name, spot.index) {
                Some(again) => spot = again,
                None => {
                    let object = &object;
                    return Err(H::problem(cx, Problem::NoSlot { object, name }));
                }
            }
        }
        if new.is_none() && hearing != Hearing::NobodyUnchecked {
            self.check_delete(cx, &spot)?;
        }
        let place = spot.row.place;
        let is_told = hearing == Hearing::Observers;
        let matters = self.has_dependents(&spot) || (is_told && self.is_heard(cx, &spot));
        if !matters {
            if new.is_none() {
                self.spend(cx, &spot)?;
            }
            drop(H::store(&spot.object, place, new));
            return Ok(());
        }
        // What the places show now is asked before a default is gone.
        let affected = Affected::gather(self, cx, &spot.object, name, is_told)?;
        if new.is_none()
            && let Err(error) = self.spend(cx, &spot)
        {
            affected.abandon(self, cx);
            return Err(error);
        }
        let old = H::store(&spot.object, place, new);
        affected.settle(self, cx, || {
            drop(H::store(&spot.object, place, old.clone()));
        })?;
        let told = self.run_queue(cx);
        // What goes now may run code of the program, whose own writes raise on their own.
        drop((old, affected));
        told
    }

    /// Refuses to delete what is not there.
    fn check_delete(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Result<(), H::Error> {
        let (object, name) = (&spot.object, spot.row.name);
        let is_set = H::load(object, spot.row.place).is_some();
        let returns = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);
        let has_default = spot.row.flags.has(returns) && !self.is_spent(object, name);
        if !is_set && !has_default {
            return Err(H::problem(cx, Problem::NothingToDelete { object, name }));
        }
        Ok(())
    }

    /// Remembers that neither default nor factory returns.
    fn spend(&self, cx: H::Cx<'_>, spot: &Spot<H>) -> Result<(), H::Error> {
        let returns = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);
        if !spot.row.flags.has(returns) || self.is_spent(&spot.object, spot.row.name) {
            return Ok(());
        }
        let companion = H::ensure_companion(cx, &spot.object)?;
        let entry = self.entry(spot.row.name, Role::Spent);
        Self::add_entry(cx, &spot.object, &companion, entry, None)
    }

    /// An entry without a partner.
    pub(crate) fn entry(&self, name: Name, role: Role) -> Entry {
        Entry {
            serial: self.next_serial(),
            partner: 0,
            name,
            other: Name::NONE,
            role,
            life: Life::Live,
        }
    }
}
