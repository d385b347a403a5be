//! Hashes, and the words for what has none.

use crate::slot_id::SlotId;
use crate::{Context, Object, Result, builtin, text};

impl Context {
    /// `hash(a)`.
    ///
    /// # Errors
    ///
    /// TypeError for an unhashable type.
    pub fn hash(&self, object: &Object) -> Result<i64> {
        if let Some(body) = crate::body::<builtin::string::StrBody>(object)
            && self.is_exactly(object, &builtin::STR)
        {
            return Ok(body.hash());
        }
        match self.unary(object, SlotId::Hash) {
            Some(result) => Ok(builtin::int::hash_value(self, &result?)),
            None => Err(self.type_error(format_args!(
                "unhashable type: '{}'",
                self.type_name(object)
            ))),
        }
    }

    /// The hash of a key of a dict.
    ///
    /// # Errors
    ///
    /// TypeError that names the use, for an unhashable type.
    #[inline]
    pub fn hash_key(&self, key: &Object) -> Result<i64> {
        self.hash(key)
            .map_err(|raised| self.unhashable(raised, key, "dict key"))
    }

    /// Tells in an exact TypeError what the object was to be hashed for.
    #[cold]
    pub(crate) fn unhashable(
        &self,
        raised: crate::Raised,
        object: &Object,
        use_as: &str,
    ) -> crate::Raised {
        if !self.is_exactly(raised.exception(), &builtin::TYPE_ERROR) {
            return raised;
        }
        let words = self
            .told_name(object)
            .and_then(|class| Ok((class, self.str(raised.exception())?)));
        match words {
            Ok((class, message)) => self.type_error(format_args!(
                "cannot use '{class}' as a {use_as} ({})",
                text(&message).unwrap_or("?")
            )),
            Err(raised) => raised,
        }
    }
}
