//! Comparisons.

use super::binary::sign;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result};

impl Context {
    /// `left < right` and its like, with any result.
    ///
    /// # Errors
    ///
    /// TypeError for an ordering that neither operand knows, and what they raise.
    pub fn compare(&self, left: &Object, right: &Object, slot: SlotId) -> Result<Object> {
        self.check_stack(" in comparison")?;
        let Some(reflected) = slot.reflected() else {
            return Ok(self.not_implemented());
        };
        let forward = self.slot_of(left, slot);
        let backward = self.slot_of(right, reflected);
        let mut asked_backward = false;
        if let Some(backward) = backward {
            let (left_type, right_type) = (self.type_of(left), self.type_of(right));
            if !left_type.is(&right_type) && right_type.is_subtype(self, &left_type) {
                asked_backward = true;
                let result = backward(self, Args::new(&[right.borrow(), left.borrow()]))?;
                if !self.is_not_implemented(&result) {
                    return Ok(result);
                }
            }
        }
        if let Some(forward) = forward {
            let result = forward(self, Args::new(&[left.borrow(), right.borrow()]))?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if let Some(backward) = backward
            && !asked_backward
        {
            let result = backward(self, Args::new(&[right.borrow(), left.borrow()]))?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        match slot {
            SlotId::Eq => Ok(self.bool(left.is(right))),
            SlotId::Ne => Ok(self.bool(!left.is(right))),
            _ => Err(self.type_error(format_args!(
                "'{}' not supported between instances of '{}' and '{}'",
                sign(slot),
                self.type_name(left),
                self.type_name(right)
            ))),
        }
    }

    /// Whether two objects are equal as containers see it: identical, or `==` is true.
    ///
    /// # Errors
    ///
    /// What the comparison raises.
    #[inline]
    pub fn equal(&self, left: &Object, right: &Object) -> Result<bool> {
        if left.is(right) {
            return Ok(true);
        }
        let result = self.compare(left, right, SlotId::Eq)?;
        self.truth(&result)
    }

    /// Whether `left < right` is true.
    ///
    /// # Errors
    ///
    /// What the comparison raises.
    pub fn less(&self, left: &Object, right: &Object) -> Result<bool> {
        let result = self.compare(left, right, SlotId::Lt)?;
        self.truth(&result)
    }
}
