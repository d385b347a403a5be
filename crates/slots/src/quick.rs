//! The shortest ways: accesses that nothing else hangs on.
//!
//! Most reads find a value in the object's own place, and most writes are heard by nobody, or by those
//! who watch that object or its classes. Such an access is recognized by the row of the slot and the
//! summary of the watch, without the search for everything that might hang on the slot. What is not
//! recognized goes the long way; both answer alike.

use crate::class::{Compare, Row, SlotFlags};
use crate::engine::Engine;
use crate::host::{Host, Name, Rows};

/// What makes an access ask more than its own place.
const ASKS: SlotFlags = SlotFlags::DELEGATED
    .with(SlotFlags::RULES)
    .with(SlotFlags::CARRIER);

/// What stands behind a place without a value.
const DEFAULTS: SlotFlags = SlotFlags::DEFAULT.with(SlotFlags::FACTORY);

impl<H: Host> Engine<H> {
    /// The value in a slot's own place, where nothing else is to be asked.
    #[inline]
    pub fn quick_value(
        &self,
        cx: H::Cx<'_>,
        object: &H::Object,
        name: Name,
        hint: usize,
    ) -> Option<H::Object> {
        let row = H::row(cx, object, name, hint)?;
        if row.flags.has(SlotFlags::DELEGATED) || row.place == Row::NO_PLACE {
            return None;
        }
        if let Some(companion) = H::companion(object)
            && H::watch(&companion).is_none_or(|watch| watch.may_delegate(name))
        {
            return None;
        }
        H::load(object, row.place)
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
        let row = H::row(cx, object, name, hint)?;
        if row.flags.has(ASKS) || row.place == Row::NO_PLACE || self.is_holding() {
            return None;
        }
        let is_heard = match H::companion(object) {
            None => self.is_noted(name),
            Some(companion) => {
                let watch = H::watch(&companion)?;
                if watch.may_delegate(name) || watch.has_delegators() {
                    return None;
                }
                watch.may_have(name) || self.is_noted(name)
            }
        };
        if !is_heard {
            drop(H::store(object, row.place, Some(value.clone())));
            return Some(Ok(()));
        }
        if self.is_running.get() || !self.queue.rows.is_empty() {
            return None;
        }
        let before = H::load(object, row.place);
        match &before {
            // What reading gives is to be asked.
            None if row.flags.has(DEFAULTS) => return None,
            Some(old) if row.compare != Compare::Always && H::same(old, value) => {
                return Some(Ok(()));
            }
            _ => {}
        }
        drop(before);
        let serial = self.next_serial();
        let old = H::store(object, row.place, Some(value.clone()));
        let shown = |value: Option<H::Object>| value.filter(|value| !H::is_unset(cx, value));
        let new = shown(Some(value.clone()));
        Some(self.tell_now(
            cx,
            object.clone(),
            name,
            row.compare,
            serial,
            (shown(old), new),
        ))
    }
}
