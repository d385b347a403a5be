//! Subscription and containment.

use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin, text};

impl Context {
    /// `a[key]`.
    ///
    /// # Errors
    ///
    /// TypeError where it cannot be subscripted, and what the operation raises.
    pub fn get_item(&self, object: &Object, key: &Object) -> Result<Object> {
        if let Some(function) = self.slot_of(object, SlotId::GetItem) {
            self.check_stack("")?;
            return function(self, Args::new(&[object.borrow(), key.borrow()]));
        }
        if let Some(class) = Type::view(object) {
            if class.is(self.builtin_ref(&builtin::TYPE)) {
                return builtin::generic_alias::new_alias(self, object, key);
            }
            let name = &self.names().class_getitem;
            let method = self.find_attribute(object, name)?;
            if let Some(method) = method.filter(|method| !self.is_none(method)) {
                return self.call(&method, &[key.borrow()]);
            }
            let class_name = class.name(self);
            return Err(self.type_error(format_args!(
                "type '{}' is not subscriptable",
                text(&class_name).unwrap_or("?")
            )));
        }
        Err(self.type_error(format_args!(
            "'{}' object is not subscriptable",
            self.type_name(object)
        )))
    }

    /// `a[key] = value`.
    ///
    /// # Errors
    ///
    /// TypeError where items cannot be assigned, and what the operation raises.
    pub fn set_item(&self, object: &Object, key: &Object, value: &Object) -> Result<()> {
        match self.slot_of(object, SlotId::SetItem) {
            Some(function) => {
                self.check_stack("")?;
                function(
                    self,
                    Args::new(&[object.borrow(), key.borrow(), value.borrow()]),
                )?;
                Ok(())
            }
            None => Err(self.type_error(format_args!(
                "'{}' object does not support item assignment",
                self.type_name(object)
            ))),
        }
    }

    /// `del a[key]`.
    ///
    /// # Errors
    ///
    /// TypeError where items cannot be deleted, and what the operation raises.
    pub fn delete_item(&self, object: &Object, key: &Object) -> Result<()> {
        match self.slot_of(object, SlotId::DelItem) {
            Some(function) => {
                self.check_stack("")?;
                function(self, Args::new(&[object.borrow(), key.borrow()]))?;
                Ok(())
            }
            None => Err(self.type_error(format_args!(
                "'{}' object {} support item deletion",
                self.type_name(object),
                if self.is_indexed_sequence(object, key) {
                    "doesn't"
                } else {
                    "does not"
                }
            ))),
        }
    }

    /// Tells whether CPython would try the deletion as one from a sequence: the key is an index, and
    /// the type has sequence operations, as every class of a program has.
    fn is_indexed_sequence(&self, object: &Object, key: &Object) -> bool {
        let of = self.type_of(object);
        let has = |slot| of.slot(slot).is_some();
        self.slot_of(key, SlotId::Index).is_some()
            && (self.flags_of(object) & crate::native::flags::HEAP != 0
                || has(SlotId::Concat)
                || has(SlotId::Contains))
    }

    /// `item in container`.
    ///
    /// # Errors
    ///
    /// TypeError where it is no container, and what the operation raises.
    pub fn contains(&self, container: &Object, item: &Object) -> Result<bool> {
        if let Some(function) = self.slot_of(container, SlotId::Contains) {
            self.check_stack("")?;
            let result = function(self, Args::new(&[container.borrow(), item.borrow()]))?;
            return self.truth(&result);
        }
        self.search(container, item)
    }

    /// Whether iterating over a container comes to an item that is equal.
    pub(crate) fn search(&self, container: &Object, item: &Object) -> Result<bool> {
        let iterator = match self.iterate(container) {
            Ok(iterator) => iterator,
            Err(raised) if raised.is(self, &builtin::TYPE_ERROR) => {
                return Err(self.type_error(format_args!(
                    "argument of type '{}' is not a container or iterable",
                    self.type_name(container)
                )));
            }
            Err(raised) => return Err(raised),
        };
        while let Some(candidate) = self.next(&iterator)? {
            if self.equal(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
