//! The operators: what `a + b`, `a < b`, `len(a)`, `hash(a)` and their like mean.

mod binary;
mod compare;
mod hash;
mod item;
mod iterate;

use crate::slot_id::SlotId;
use crate::{Args, Borrowed, Context, Object, Result, builtin, text};

impl Context {
    /// Calls a unary slot; `None` where the type has none.
    #[inline]
    pub fn unary(&self, object: &Object, slot: SlotId) -> Option<Result<Object>> {
        self.slot_of(object, slot).map(|function| {
            self.check_stack("")?;
            function(self, Args::new(&[object.borrow()]))
        })
    }

    /// `bool(a)`: `__bool__`, then `__len__`, else true.
    ///
    /// # Errors
    ///
    /// What those raise.
    #[inline]
    pub fn truth(&self, object: &Object) -> Result<bool> {
        if self.is_true_object(object) {
            return Ok(true);
        }
        if self.is_false_object(object) || self.is_none(object) {
            return Ok(false);
        }
        if let Some(value) = object.as_small() {
            return Ok(value != 0);
        }
        if let Some(function) = self.slot_of(object, SlotId::Bool) {
            self.check_stack("")?;
            let result = function(self, Args::new(&[object.borrow()]))?;
            return Ok(self.is_true_object(&result));
        }
        if self.slot_of(object, SlotId::Len).is_some() {
            return Ok(self.length(object)? != 0);
        }
        Ok(true)
    }

    /// `len(a)`.
    ///
    /// # Errors
    ///
    /// TypeError where there is no length; ValueError and OverflowError for an odd result.
    pub fn length(&self, object: &Object) -> Result<usize> {
        match self.unary(object, SlotId::Len) {
            Some(result) => {
                let result = builtin::int::length_result(self, &result?)?;
                Ok(result
                    .as_small()
                    .and_then(|value| usize::try_from(value).ok())
                    .unwrap_or(0))
            }
            None => Err(self.type_error(format_args!(
                "object of type '{}' has no len()",
                self.type_name(object)
            ))),
        }
    }

    /// `repr(a)`.
    ///
    /// # Errors
    ///
    /// What `__repr__` raises; TypeError where it returns no `str`.
    pub fn repr(&self, object: &Object) -> Result<Object> {
        let _level = self.enter(" while getting the repr of an object")?;
        match self.unary(object, SlotId::Repr) {
            Some(result) => self.expect_text(object, "__repr__", result?),
            None => builtin::object::default_repr(self, object),
        }
    }

    /// `str(a)`.
    ///
    /// # Errors
    ///
    /// What `__str__` or `__repr__` raises; TypeError where it returns no `str`.
    pub fn str(&self, object: &Object) -> Result<Object> {
        if self.is_exactly(object, &builtin::STR) {
            return Ok(object.clone());
        }
        let _level = self.enter(" while getting the str of an object")?;
        match self.unary(object, SlotId::Str) {
            Some(result) => self.expect_text(object, "__str__", result?),
            None => self.repr(object),
        }
    }

    fn expect_text(&self, object: &Object, method: &str, result: Object) -> Result<Object> {
        if text(&result).is_some() {
            return Ok(result);
        }
        Err(self.wrong_result(object, method, "a str", &result))
    }

    /// The TypeError for a special method that returned something else; AttributeError where a class has
    /// no `__module__`, since it is told by its full name.
    #[cold]
    pub(crate) fn wrong_result(
        &self,
        object: &Object,
        method: &str,
        wanted: &str,
        result: &Object,
    ) -> crate::Raised {
        let told = |object| self.told_name(object);
        match told(object).and_then(|class| Ok((class, told(result)?))) {
            Ok((class, found)) => self.type_error(format_args!(
                "{class}.{method}() must return {wanted}, not {found}"
            )),
            Err(raised) => raised,
        }
    }

    /// `isinstance(object, class)`.
    ///
    /// # Errors
    ///
    /// TypeError where `class` is no class, and what `__instancecheck__` raises.
    pub fn is_instance(&self, object: &Object, class: &Object) -> Result<bool> {
        builtin::checks::is_instance(self, object, class)
    }

    /// `issubclass(derived, class)`.
    ///
    /// # Errors
    ///
    /// TypeError where either is no class, and what `__subclasscheck__` raises.
    pub fn is_subclass(&self, derived: &Object, class: &Object) -> Result<bool> {
        builtin::checks::is_subclass(self, derived, class)
    }

    /// An object's value as an index (`operator.index`), as an `int` object.
    ///
    /// # Errors
    ///
    /// TypeError where it has none.
    pub fn index(&self, object: &Object) -> Result<Object> {
        if object.is_small() || self.flags_of(object) & crate::native::flags::INT != 0 {
            return Ok(object.clone());
        }
        match self.unary(object, SlotId::Index) {
            Some(result) => {
                let result = result?;
                if self.flags_of(&result) & crate::native::flags::INT == 0 {
                    return Err(self.wrong_result(object, "__index__", "an int", &result));
                }
                if self.type_of(&result).is(self.builtin_ref(&builtin::INT)) {
                    return Ok(result);
                }
                // CPython warns of this, and the warning needs the full name.
                self.told_name(object)?;
                Ok(result)
            }
            None => Err(self.type_error(format_args!(
                "'{}' object cannot be interpreted as an integer",
                self.type_name(object)
            ))),
        }
    }

    /// An `int` object of any value.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn int(&self, value: i64) -> Result<Object> {
        match Object::small(value) {
            Some(small) => Ok(small),
            None => builtin::int::from_big(self, value.into()),
        }
    }

    /// Arguments for a call, from references.
    #[inline]
    pub fn pair<'a>(first: &'a Object, second: &'a Object) -> [Borrowed<'a>; 2] {
        [first.borrow(), second.borrow()]
    }
}
