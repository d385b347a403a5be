//! Iteration.

use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin};

impl Context {
    /// `iter(a)`.
    ///
    /// # Errors
    ///
    /// TypeError where it is not iterable, and what `__iter__` raises.
    pub fn iterate(&self, object: &Object) -> Result<Object> {
        if let Some(function) = self.slot_of(object, SlotId::Iter) {
            self.check_stack("")?;
            let iterator = function(self, Args::new(&[object.borrow()]))?;
            if self.slot_of(&iterator, SlotId::Next).is_none() {
                return Err(self.wrong_result(object, "__iter__", "an iterator", &iterator));
            }
            return Ok(iterator);
        }
        if self.slot_of(object, SlotId::GetItem).is_some()
            && !self.is_instance_of(object, &builtin::DICT)
        {
            return builtin::iterator::sequence_iterator(self, object);
        }
        Err(self.type_error(format_args!(
            "'{}' object is not iterable",
            self.type_name(object)
        )))
    }

    /// Tells whether `iter()` accepts an object.
    pub fn is_iterable(&self, object: &Object) -> bool {
        self.slot_of(object, SlotId::Iter).is_some()
            || self.slot_of(object, SlotId::GetItem).is_some()
    }

    /// The next value of an iterator; `None` where nothing is left.
    ///
    /// # Errors
    ///
    /// What the iterator raises, StopIteration aside.
    #[inline]
    pub fn next(&self, iterator: &Object) -> Result<Option<Object>> {
        match self.unary(iterator, SlotId::Next) {
            Some(Ok(value)) if self.is_exhausted(&value) => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(raised)) if raised.is(self, &builtin::STOP_ITERATION) => Ok(None),
            Some(Err(raised)) => Err(raised),
            None => Err(self.type_error(format_args!(
                "'{}' object is not an iterator",
                self.type_name(iterator)
            ))),
        }
    }

    /// Calls `visit` with every item of an iterable, until it returns false.
    ///
    /// # Errors
    ///
    /// What iterating or `visit` raises.
    pub fn each(
        &self,
        iterable: &Object,
        mut visit: impl FnMut(Object) -> Result<bool>,
    ) -> Result<()> {
        let iterator = self.iterate(iterable)?;
        while let Some(item) = self.next(&iterator)? {
            if !visit(item)? {
                break;
            }
        }
        Ok(())
    }

    /// All items of an iterable.
    ///
    /// # Errors
    ///
    /// What iterating raises; MemoryError.
    pub fn collect(&self, iterable: &Object) -> Result<crate::Buffer<Object>> {
        let mut items = crate::Buffer::new();
        if self.is_exactly(iterable, &builtin::TUPLE) || self.is_exactly(iterable, &builtin::LIST) {
            return builtin::list::sequence_snapshot(self, iterable);
        }
        self.each(iterable, |item| {
            self.fallible(items.push(self.heap(), item))?;
            Ok(true)
        })?;
        Ok(items)
    }
}
