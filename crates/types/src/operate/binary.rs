//! Binary operators: which operand's function is asked, in which order, and what is said when both
//! decline.

use crate::raw::Type;
use crate::slot_id::{SlotFn, SlotId};
use crate::{Args, Context, Object, Result};

/// The sign of a binary operation, for error messages.
pub(super) fn sign(slot: SlotId) -> &'static str {
    match slot {
        SlotId::Add => "+",
        SlotId::Sub => "-",
        SlotId::Mul => "*",
        SlotId::MatMul => "@",
        SlotId::TrueDiv => "/",
        SlotId::FloorDiv => "//",
        SlotId::Mod => "%",
        SlotId::DivMod => "divmod()",
        SlotId::Pow => "** or pow()",
        SlotId::LShift => "<<",
        SlotId::RShift => ">>",
        SlotId::And => "&",
        SlotId::Xor => "^",
        SlotId::Or => "|",
        SlotId::Lt => "<",
        SlotId::Le => "<=",
        SlotId::Gt => ">",
        SlotId::Ge => ">=",
        SlotId::Eq => "==",
        SlotId::Ne => "!=",
        SlotId::IAdd => "+=",
        SlotId::ISub => "-=",
        SlotId::IMul => "*=",
        SlotId::IMatMul => "@=",
        SlotId::ITrueDiv => "/=",
        SlotId::IFloorDiv => "//=",
        SlotId::IMod => "%=",
        SlotId::IPow => "**=",
        SlotId::ILShift => "<<=",
        SlotId::IRShift => ">>=",
        SlotId::IAnd => "&=",
        SlotId::IXor => "^=",
        SlotId::IOr => "|=",
        _ => "?",
    }
}

fn same(a: Option<SlotFn>, b: Option<SlotFn>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => std::ptr::fn_addr_eq(a, b),
        (None, None) => true,
        _ => false,
    }
}

impl Context {
    /// `-a`, `+a`, `~a`.
    ///
    /// # Errors
    ///
    /// TypeError where the type has no such operation.
    pub fn unary_operator(&self, object: &Object, slot: SlotId) -> Result<Object> {
        self.unary(object, slot).unwrap_or_else(|| {
            let sign = match slot {
                SlotId::Neg => "unary -",
                SlotId::Pos => "unary +",
                SlotId::Invert => "unary ~",
                _ => "abs()",
            };
            let name = self.type_name(object);
            Err(self.type_error(format_args!("bad operand type for {sign}: '{name}'")))
        })
    }

    /// A binary operation: the left operand's slot, then the right one's reflected slot; a subclass
    /// on the right that overrides it goes first. NotImplemented where both decline.
    fn try_binary(&self, left: &Object, right: &Object, slot: SlotId) -> Result<Object> {
        let Some(reflected) = slot.reflected() else {
            return Ok(self.not_implemented());
        };
        self.check_stack("")?;
        let forward = self.slot_of(left, slot);
        let backward = self.slot_of(right, reflected);
        let mut try_backward = backward;
        if let Some(backward) = backward {
            let (left_type, right_type) = (self.type_of(left), self.type_of(right));
            if left_type.is(&right_type) {
                try_backward = None;
            } else if right_type.is_subtype(self, &left_type)
                && self.overrides(&left_type, &right_type, reflected)?
            {
                let result = backward(self, Args::new(&[right.borrow(), left.borrow()]))?;
                if !self.is_not_implemented(&result) {
                    return Ok(result);
                }
                try_backward = None;
            }
        }
        if let Some(forward) = forward {
            let result = forward(self, Args::new(&[left.borrow(), right.borrow()]))?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        if let Some(backward) = try_backward {
            return backward(self, Args::new(&[right.borrow(), left.borrow()]));
        }
        Ok(self.not_implemented())
    }

    fn overrides(&self, base: &Type, derived: &Type, slot: SlotId) -> Result<bool> {
        if !same(base.slot(slot), derived.slot(slot)) {
            return Ok(true);
        }
        let name = self.names().slot(slot);
        Ok(
            match (base.lookup(self, name)?, derived.lookup(self, name)?) {
                (Some(base), Some(derived)) => !base.is(&derived),
                (None, None) => false,
                _ => true,
            },
        )
    }

    /// `left + right` and its like.
    ///
    /// # Errors
    ///
    /// TypeError where neither operand knows the operation, and what they raise.
    pub fn binary(&self, left: &Object, right: &Object, slot: SlotId) -> Result<Object> {
        let result = self.try_binary(left, right, slot)?;
        if !self.is_not_implemented(&result) {
            return Ok(result);
        }
        if let Some(result) = self.sequence_operator(left, right, slot)? {
            return Ok(result);
        }
        Err(self.unsupported(left, right, slot))
    }

    /// Concatenation and repetition, after the number slots declined.
    fn sequence_operator(
        &self,
        left: &Object,
        right: &Object,
        slot: SlotId,
    ) -> Result<Option<Object>> {
        match slot {
            SlotId::Add => match self.slot_of(left, SlotId::Concat) {
                Some(function) => {
                    function(self, Args::new(&[left.borrow(), right.borrow()])).map(Some)
                }
                None => Ok(None),
            },
            SlotId::Mul => {
                if let Some(function) = self.slot_of(left, SlotId::Repeat) {
                    return self.repeat(function, left, right).map(Some);
                }
                if let Some(function) = self.slot_of(right, SlotId::Repeat) {
                    return self.repeat(function, right, left).map(Some);
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn repeat(&self, function: SlotFn, sequence: &Object, count: &Object) -> Result<Object> {
        if !count.is_small() && self.slot_of(count, SlotId::Index).is_none() {
            let name = self.type_name(count);
            return Err(self.type_error(format_args!(
                "can't multiply sequence by non-int of type '{name}'"
            )));
        }
        function(self, Args::new(&[sequence.borrow(), count.borrow()]))
    }

    #[cold]
    fn unsupported(&self, left: &Object, right: &Object, slot: SlotId) -> crate::Raised {
        let (left_name, right_name) = (self.type_name(left), self.type_name(right));
        let sign = sign(slot);
        self.type_error(format_args!(
            "unsupported operand type(s) for {sign}: '{left_name}' and '{right_name}'"
        ))
    }

    /// `left += right` and its like: the in-place slot, else the binary operation. `slot` is the
    /// in-place one.
    ///
    /// # Errors
    ///
    /// As for [`Context::binary`].
    pub fn in_place(&self, left: &Object, right: &Object, slot: SlotId) -> Result<Object> {
        if let Some(function) = self.slot_of(left, slot) {
            let result = function(self, Args::new(&[left.borrow(), right.borrow()]))?;
            if !self.is_not_implemented(&result) {
                return Ok(result);
            }
        }
        let plain = match slot {
            SlotId::IAdd => SlotId::Add,
            SlotId::ISub => SlotId::Sub,
            SlotId::IMul => SlotId::Mul,
            SlotId::IMatMul => SlotId::MatMul,
            SlotId::ITrueDiv => SlotId::TrueDiv,
            SlotId::IFloorDiv => SlotId::FloorDiv,
            SlotId::IMod => SlotId::Mod,
            SlotId::IPow => SlotId::Pow,
            SlotId::ILShift => SlotId::LShift,
            SlotId::IRShift => SlotId::RShift,
            SlotId::IAnd => SlotId::And,
            SlotId::IXor => SlotId::Xor,
            _ => SlotId::Or,
        };
        let result = self.try_binary(left, right, plain)?;
        if !self.is_not_implemented(&result) {
            return Ok(result);
        }
        let own = match slot {
            SlotId::IAdd => self.slot_of(left, SlotId::IConcat),
            SlotId::IMul => self.slot_of(left, SlotId::IRepeat),
            _ => None,
        };
        if let Some(function) = own {
            if slot == SlotId::IMul {
                return self.repeat(function, left, right);
            }
            return function(self, Args::new(&[left.borrow(), right.borrow()]));
        }
        if let Some(result) = self.sequence_operator(left, right, plain)? {
            return Ok(result);
        }
        Err(self.unsupported(left, right, slot))
    }
}
