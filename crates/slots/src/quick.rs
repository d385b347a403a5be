//! The shortest ways: accesses that nothing else hangs on.
//!
//! Most reads find a value in the object's own place, and most writes are heard by nobody, or by those
//! who watch that object or its classes. Such an access is recognized by the row of the slot and the
//! summary of the watch, without the search for everything that might hang on the slot. What is not
//! recognized goes the long way; both answer alike.

use crate::class::{Compare, Row, SlotFlags};
use crate::engine::Engine;
use crate::host::{Host, Name};
use crate::watch::{Entry, Role, Watch};

/// What makes an access ask more than its own place.
const ASKS: SlotFlags = SlotFlags::DELEGATED
    .with(SlotFlags::RULES)
    .with(SlotFlags::CARRIER);

/// What stands behind a place without a value.
const DEFAULTS: SlotFlags = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);

/// Where a slot is linked to.
enum Link<H: Host> {
    /// Nowhere.
    None,
    /// To this slot of another object.
    To(H::Object, Name),
    /// It cannot be told.
    Unknown,
}

/// The place at the end of links.
struct End<H: Host> {
    object: H::Object,
    row: Row,
    companion: Option<H::Object>,
}

/// Delegators that are looked at one by one.
const FEW: usize = 16;
/// Delegators with delegators of their own that wait for their turn.
const BRANCHES: usize = 4;

impl<H: Host> Engine<H> {
    /// The value at the end of a slot's links, where it lies there and nothing else is to be asked.
    #[inline]
    pub fn quick_value(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
    ) -> Option<H::Object> {
        match Self::link_of(H::companion(object).as_ref(), name) {
            Link::None => {
                let row = H::row(cx, object, name, hint)?;
                match row.flags.has(SlotFlags::DELEGATED) || row.place == Row::NO_PLACE {
                    true => None,
                    false => H::load(object, row.place),
                }
            }
            Link::Unknown => None,
            Link::To(target, name) => {
                let end = Self::end(cx, target, name)?;
                H::load(&end.object, end.row.place)
            }
        }
    }

    /// Where a slot of an object with this companion is linked to.
    #[inline]
    fn link_of(companion: Option<&H::Object>, name: Name) -> Link<H> {
        let Some(companion) = companion else {
            return Link::None;
        };
        match H::watch(companion) {
            None => Link::Unknown,
            Some(watch) if !watch.may_delegate(name) => Link::None,
            Some(watch) => match watch.target(name) {
                Some((target, entry)) => Link::To(target, entry.other),
                None => Link::None,
            },
        }
    }

    /// The place to which links lead over a target; nothing where it is no ordinary one.
    fn end(cx: H::Cx<'_>, target: H::Object, name: Name) -> Option<End<H>> {
        let (mut object, mut name) = (target, name);
        loop {
            let row = H::row(cx, &object, name, usize::MAX)?;
            if row.flags.has(SlotFlags::HIDDEN) {
                return None;
            }
            let companion = H::companion(&object);
            match Self::link_of(companion.as_ref(), name) {
                Link::To(target, other) => (object, name) = (target, other),
                Link::Unknown => return None,
                Link::None if row.flags.has(SlotFlags::DELEGATED) => return None,
                Link::None if row.place == Row::NO_PLACE => return None,
                Link::None => {
                    return Some(End {
                        object,
                        row,
                        companion,
                    });
                }
            }
        }
    }

    /// Tells whether nobody can hear a slot beside those who watch its object.
    #[inline]
    pub fn is_unnoted(&self, name: Name) -> bool {
        !self.is_noted(name) && !self.is_holding()
    }

    /// Tells whether those who delegate to a slot, over any number of links, are few and heard by
    /// nobody.
    #[inline]
    fn are_unheard(&self, cx: H::Cx<'_>, watch: Watch<'_, H>, name: Name) -> bool {
        // Most delegators are the last of their chain.
        let mut are_last = true;
        let mut seen = 0;
        let answer = self.each_delegator(cx, watch, name, &mut seen, |_, _| {
            are_last = false;
            false
        });
        answer || (!are_last && self.are_all_unheard(cx, watch, name))
    }

    /// As [`Engine::are_unheard`], with the delegators of delegators.
    #[inline(never)]
    fn are_all_unheard(&self, cx: H::Cx<'_>, watch: Watch<'_, H>, name: Name) -> bool {
        let mut waiting: [Option<(H::Object, Name)>; BRANCHES] = core::array::from_fn(|_| None);
        let (mut count, mut seen) = (0, 0);
        let push = |waiting: &mut [Option<(H::Object, Name)>; BRANCHES],
                    count: &mut usize,
                    delegator: H::Object,
                    name| {
            let is_room = *count < BRANCHES;
            if is_room {
                waiting[*count] = Some((delegator, name));
                *count += 1;
            }
            is_room
        };
        if !self.each_delegator(cx, watch, name, &mut seen, |delegator, name| {
            push(&mut waiting, &mut count, delegator, name)
        }) {
            return false;
        }
        while count > 0 {
            count -= 1;
            let Some((object, name)) = waiting[count].take() else {
                continue;
            };
            let companion = H::companion(&object);
            let Some(watch) = companion.as_ref().and_then(H::watch) else {
                continue;
            };
            if !self.each_delegator(cx, watch, name, &mut seen, |delegator, name| {
                push(&mut waiting, &mut count, delegator, name)
            }) {
                return false;
            }
        }
        true
    }

    /// Looks at those who delegate to a slot themselves; false where one of them may be heard, or
    /// they are many. Those that have delegators of their own are handed to `further`, which says
    /// whether to go on.
    #[inline]
    fn each_delegator(
        &self,
        cx: H::Cx<'_>,
        watch: Watch<'_, H>,
        name: Name,
        seen: &mut usize,
        mut further: impl FnMut(H::Object, Name) -> bool,
    ) -> bool {
        let points = |entry: &Entry| entry.role == Role::Delegator && entry.name == name;
        let mut at = (usize::MAX, 0);
        while let Some((place, entry, token)) = watch.next_behind(at.0, at.1, points) {
            at = (place, entry.serial);
            *seen += 1;
            let Some(delegator) = token.as_ref().and_then(H::owner) else {
                continue;
            };
            let name = entry.other;
            let Some(row) = H::row(cx, &delegator, name, usize::MAX) else {
                return false;
            };
            if *seen > FEW || row.flags.has(SlotFlags::CARRIER) || self.is_noted(name) {
                return false;
            }
            let companion = H::companion(&delegator);
            let Some(own) = companion.as_ref().and_then(H::watch) else {
                return false;
            };
            if !own.has_listeners() {
                continue;
            }
            if own.is_observed(name) || (own.has_delegators() && !further(delegator, name)) {
                return false;
            }
        }
        true
    }

    /// Writes a value that concerns its place alone, or those who watch the object or its classes;
    /// nothing where more is to be asked.
    #[inline]
    pub(crate) fn quick_write(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
        value: &H::Object,
    ) -> Option<Result<(), H::Error>> {
        self.quick_set(cx, object, H::row(cx, object, name, hint)?, value)
    }

    /// As [`Engine::set`] with a value, where the slot's row in the object's class is known; nothing
    /// where more is to be asked, and then nothing has happened.
    #[inline]
    pub fn quick_set(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        row: Row,
        value: &H::Object,
    ) -> Option<Result<(), H::Error>> {
        if self.is_holding() {
            return None;
        }
        let companion = H::companion(object);
        match Self::link_of(companion.as_ref(), row.name) {
            Link::None => self.write_place(cx, object, row, companion.as_ref(), value),
            Link::Unknown => None,
            Link::To(target, name) => {
                let end = Self::end(cx, target, name)?;
                self.write_place(cx, &end.object, end.row, end.companion.as_ref(), value)
            }
        }
    }

    /// As [`Engine::quick_set`] for the slot of an object with this companion, which is delegated to no
    /// other and is not hidden.
    #[inline]
    pub fn quick_set_here(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        row: Row,
        companion: Option<&H::Object>,
        value: &H::Object,
    ) -> Option<Result<(), H::Error>> {
        match self.is_holding() {
            true => None,
            false => self.write_place(cx, object, row, companion, value),
        }
    }

    /// As [`Engine::quick_write`], for the place at the end of all links.
    #[inline]
    fn write_place(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        row: Row,
        companion: Option<&H::Object>,
        value: &H::Object,
    ) -> Option<Result<(), H::Error>> {
        let name = row.name;
        if row.flags.has(ASKS) || row.place == Row::NO_PLACE {
            return None;
        }
        let watch = match companion {
            None => None,
            Some(companion) => Some(H::watch(companion)?),
        };
        if let Some(watch) = watch
            && watch.has_delegators()
            && !self.are_unheard(cx, watch, name)
        {
            return None;
        }
        let first = watch.and_then(|watch| watch.first_observer(name, u64::MAX));
        if first.is_none() && !self.is_noted(name) {
            drop(H::store(object, row.place, Some(value.clone())));
            return Some(Ok(()));
        }
        if row.flags.has(DEFAULTS) && H::holds(object, row.place, value).is_none() {
            // What reading gives is to be asked.
            return None;
        }
        let delivery = self.idle_delivery(cx)?;
        let old = H::store(object, row.place, Some(value.clone()));
        let is_same = old.as_ref().is_some_and(|old| H::same(old, value));
        if is_same && row.compare != Compare::Always {
            // Nothing changes for those who hear of the place.
            return Some(Ok(()));
        }
        let shown = |value: &&H::Object| !H::is_unset(cx, value);
        let told = (old.as_ref().filter(shown), Some(value).filter(shown));
        let told = self.tell_now(
            cx,
            delivery,
            object,
            (name, row.compare),
            told,
            (companion, first),
        );
        // What goes now may run code of the program, whose own writes raise on their own.
        drop(old);
        Some(told)
    }
}
