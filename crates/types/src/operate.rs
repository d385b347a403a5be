//! The operators: what `a + b`, `a < b`, `len(a)`, `hash(a)` and their like mean.

use crate::raw::Type;
use crate::slot_id::{SlotFn, SlotId};
use crate::{Args, Borrowed, Context, Object, Result, builtin, text};

/// The sign of a binary operation, for error messages.
fn sign(slot: SlotId) -> &'static str {
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
    /// Calls a unary slot; `None` where the type has none.
    #[inline]
    pub fn unary(&self, object: &Object, slot: SlotId) -> Option<Result<Object>> {
        self.slot_of(object, slot)
            .map(|function| function(self, Args::new(&[object.borrow()])))
    }

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
        match self.str(raised.exception()) {
            Ok(message) => self.type_error(format_args!(
                "cannot use '{}' as a {use_as} ({})",
                self.type_name(object),
                text(&message).unwrap_or("?")
            )),
            Err(raised) => raised,
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
        Err(self.type_error(format_args!(
            "{}.{method}() must return a str, not {}",
            self.type_name(object),
            self.type_name(&result)
        )))
    }

    /// `a[key]`.
    ///
    /// # Errors
    ///
    /// TypeError where it cannot be subscripted, and what the operation raises.
    pub fn get_item(&self, object: &Object, key: &Object) -> Result<Object> {
        if let Some(function) = self.slot_of(object, SlotId::GetItem) {
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

    /// `iter(a)`.
    ///
    /// # Errors
    ///
    /// TypeError where it is not iterable, and what `__iter__` raises.
    pub fn iterate(&self, object: &Object) -> Result<Object> {
        if let Some(function) = self.slot_of(object, SlotId::Iter) {
            let iterator = function(self, Args::new(&[object.borrow()]))?;
            if self.slot_of(&iterator, SlotId::Next).is_none() {
                return Err(self.type_error(format_args!(
                    "{}.__iter__() must return an iterator, not {}",
                    self.type_name(object),
                    self.type_name(&iterator)
                )));
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

    /// `item in container`.
    ///
    /// # Errors
    ///
    /// TypeError where it is no container, and what the operation raises.
    pub fn contains(&self, container: &Object, item: &Object) -> Result<bool> {
        if let Some(function) = self.slot_of(container, SlotId::Contains) {
            let result = function(self, Args::new(&[container.borrow(), item.borrow()]))?;
            return self.truth(&result);
        }
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
                    return Err(self.type_error(format_args!(
                        "{}.__index__() must return an int, not {}",
                        self.type_name(object),
                        self.type_name(&result)
                    )));
                }
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
