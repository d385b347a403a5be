//! The type slots: one per special method.
//!
//! Every slot has the same shape, that of a vectorcall: the receiver is the first positional
//! argument. A slot and the special method of its name are the same thing seen from two sides:
//! built-in slots appear as wrapper descriptors, and a special method written in Python fills the
//! slot with a function that looks it up and calls it.

use crate::{Args, Context, Object, Result};

/// A type slot's function.
pub type SlotFn = for<'a> fn(&Context, Args<'a>) -> Result<Object>;

macro_rules! slots {
    ($($variant:ident $name:literal,)*) => {
        /// Names a type slot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum SlotId {
            $(
                #[doc = concat!("`", $name, "`")]
                $variant,
            )*
        }

        /// Number of type slots.
        pub const SLOT_COUNT: usize = [$($name),*].len();

        impl SlotId {
            /// All slots, in order.
            pub const ALL: [SlotId; SLOT_COUNT] = [$(SlotId::$variant),*];
            /// The special methods' names, in the order of the slots.
            pub const NAMES: [&'static str; SLOT_COUNT] = [$($name),*];

            /// The special method's name.
            pub const fn name(self) -> &'static str {
                SlotId::NAMES[self as usize]
            }
        }

        /// The functions that fill the slots of classes written in Python, by slot.
        pub(crate) const DISPATCH: [SlotFn; SLOT_COUNT] =
            [$(crate::dispatch::special::<{ SlotId::$variant as u8 }>),*];
    };
}

slots! {
    New "__new__", Init "__init__", Call "__call__", Del "__del__",
    Repr "__repr__", Str "__str__", Hash "__hash__",
    GetAttribute "__getattribute__", SetAttr "__setattr__", DelAttr "__delattr__",
    Get "__get__", Set "__set__", Delete "__delete__",
    Iter "__iter__", Next "__next__",
    Len "__len__", GetItem "__getitem__", SetItem "__setitem__", DelItem "__delitem__",
    Contains "__contains__",
    Bool "__bool__", Int "__int__", Float "__float__", Index "__index__",
    Neg "__neg__", Pos "__pos__", Abs "__abs__", Invert "__invert__",
    Lt "__lt__", Le "__le__", Eq "__eq__", Ne "__ne__", Gt "__gt__", Ge "__ge__",
    Add "__add__", Sub "__sub__", Mul "__mul__", MatMul "__matmul__", TrueDiv "__truediv__",
    FloorDiv "__floordiv__", Mod "__mod__", DivMod "__divmod__", Pow "__pow__",
    LShift "__lshift__", RShift "__rshift__", And "__and__", Xor "__xor__", Or "__or__",
    RAdd "__radd__", RSub "__rsub__", RMul "__rmul__", RMatMul "__rmatmul__",
    RTrueDiv "__rtruediv__", RFloorDiv "__rfloordiv__", RMod "__rmod__", RDivMod "__rdivmod__",
    RPow "__rpow__", RLShift "__rlshift__", RRShift "__rrshift__", RAnd "__rand__",
    RXor "__rxor__", ROr "__ror__",
    IAdd "__iadd__", ISub "__isub__", IMul "__imul__", IMatMul "__imatmul__",
    ITrueDiv "__itruediv__", IFloorDiv "__ifloordiv__", IMod "__imod__", IPow "__ipow__",
    ILShift "__ilshift__", IRShift "__irshift__", IAnd "__iand__", IXor "__ixor__",
    IOr "__ior__",
    // Sequences answer `+` and `*` only after both operands' number slots declined.
    Concat "__add__", Repeat "__mul__", RRepeat "__rmul__", IConcat "__iadd__", IRepeat "__imul__",
}

impl SlotId {
    /// The sequence slot that shares a number slot's special method.
    pub const fn sequence_twin(self) -> Option<SlotId> {
        match self {
            SlotId::Add => Some(SlotId::Concat),
            SlotId::Mul => Some(SlotId::Repeat),
            SlotId::RMul => Some(SlotId::RRepeat),
            SlotId::IAdd => Some(SlotId::IConcat),
            SlotId::IMul => Some(SlotId::IRepeat),
            _ => None,
        }
    }

    /// Tells whether this is a sequence's slot for `+` or `*`.
    pub const fn is_sequence(self) -> bool {
        matches!(
            self,
            SlotId::Concat | SlotId::Repeat | SlotId::RRepeat | SlotId::IConcat | SlotId::IRepeat
        )
    }

    /// The reflected operation of a binary one.
    pub const fn reflected(self) -> Option<SlotId> {
        let first = SlotId::Add as u8;
        let value = self as u8;
        if value >= first && value <= SlotId::Or as u8 {
            Some(SlotId::ALL[(value - first + SlotId::RAdd as u8) as usize])
        } else {
            match self {
                SlotId::Lt => Some(SlotId::Gt),
                SlotId::Gt => Some(SlotId::Lt),
                SlotId::Le => Some(SlotId::Ge),
                SlotId::Ge => Some(SlotId::Le),
                SlotId::Eq => Some(SlotId::Eq),
                SlotId::Ne => Some(SlotId::Ne),
                _ => None,
            }
        }
    }
}
