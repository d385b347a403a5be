//! Calling.

use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Borrowed, Context, Object, Result, builtin};

/// Values that are copied without asking for memory: most calls have few arguments.
const SHORT: usize = 6;

impl Context {
    /// Calls an object with positional arguments.
    ///
    /// # Errors
    ///
    /// TypeError where it is not callable, and what the call raises.
    #[inline]
    pub fn call(&self, callable: &Object, arguments: &[Borrowed<'_>]) -> Result<Object> {
        self.call_args(callable, Args::new(arguments))
    }

    /// Calls an object. The arguments do not include the callable.
    ///
    /// # Errors
    ///
    /// TypeError where it is not callable, and what the call raises.
    pub fn call_args(&self, callable: &Object, args: Args<'_>) -> Result<Object> {
        // The call slot takes the callable as its receiver.
        let values = args.values();
        if values.len() < SHORT {
            let mut with: [Borrowed<'_>; SHORT] = [callable.borrow(); SHORT];
            with[1..=values.len()].copy_from_slice(values);
            return self.call_with_receiver(Args::with_names(&with[..=values.len()], args.names()));
        }
        let mut with = allocator_api2::vec::Vec::new_in(self.memory());
        with.try_reserve_exact(values.len() + 1)
            .map_err(|_| self.out_of_memory())?;
        with.push(callable.borrow());
        with.extend_from_slice(values);
        self.call_with_receiver(Args::with_names(&with, args.names()))
    }

    /// Calls a function with other arguments: the first value is replaced.
    #[inline]
    pub(crate) fn with_receiver(
        &self,
        args: Args<'_>,
        receiver: Borrowed<'_>,
        function: impl for<'b> FnOnce(&Context, Args<'b>) -> Result<Object>,
    ) -> Result<Object> {
        let values = args.values();
        if values.len() <= SHORT {
            let mut with = [receiver; SHORT];
            if let [_, rest @ ..] = values {
                with[1..values.len()].copy_from_slice(rest);
            }
            let with = &with[..values.len()];
            return function(self, Args::with_names(with, args.names()));
        }
        let mut with = allocator_api2::vec::Vec::new_in(self.memory());
        with.try_reserve_exact(values.len())
            .map_err(|_| self.out_of_memory())?;
        with.push(receiver);
        with.extend_from_slice(&values[1..]);
        function(self, Args::with_names(&with, args.names()))
    }

    /// Calls the first value with the others as arguments: the vectorcall shape, which the
    /// evaluator's stack already has.
    ///
    /// # Errors
    ///
    /// TypeError where it is not callable, and what the call raises.
    #[inline]
    pub fn call_with_receiver(&self, args: Args<'_>) -> Result<Object> {
        let callable = args.receiver();
        match self.slot_of(&callable, SlotId::Call) {
            Some(function) => {
                self.enter_native()?;
                function(self, args)
            }
            None => Err(self.type_error(format_args!(
                "'{}' object is not callable",
                self.type_name(&callable)
            ))),
        }
    }

    fn enter_native(&self) -> Result<()> {
        self.check_stack(" while calling a Python object")
    }

    /// Calls a method found by the rules of attribute access.
    ///
    /// # Errors
    ///
    /// AttributeError, and what the call raises.
    pub fn call_method(
        &self,
        object: &Object,
        name: &Object,
        arguments: &[Borrowed<'_>],
    ) -> Result<Object> {
        let method = self.get_attribute(object, name)?;
        self.call(&method, arguments)
    }

    /// Calls what was found on a type with a receiver, without making a bound method where the
    /// type of what was found allows that.
    ///
    /// # Errors
    ///
    /// What binding or the call raises.
    pub fn call_unbound(&self, found: &Object, of: &Type, args: Args<'_>) -> Result<Object> {
        if self.is_unbound_method(found) {
            return self.call_args(found, args);
        }
        let receiver = args.receiver();
        match self.slot_of(found, SlotId::Get) {
            Some(getter) => {
                let bound = self.bind(getter, found, Some(&receiver), of)?;
                self.call_args(&bound, args.rest())
            }
            None => self.call_args(found, args.rest()),
        }
    }

    /// Whether an object found on a type is called with the receiver first instead of being bound.
    #[inline]
    pub(crate) fn is_unbound_method(&self, found: &Object) -> bool {
        self.flags_of(found) & crate::native::flags::METHOD_DESCRIPTOR != 0
    }

    /// As [`Context::call_unbound`]; nothing where binding ends in AttributeError.
    ///
    /// # Errors
    ///
    /// What binding otherwise, or the call, raises.
    pub(crate) fn call_unless_refused(
        &self,
        found: &Object,
        of: &Type,
        args: Args<'_>,
    ) -> Result<Option<Object>> {
        if self.is_unbound_method(found) {
            return self.call_args(found, args).map(Some);
        }
        let Some(getter) = self.slot_of(found, SlotId::Get) else {
            return self.call_args(found, args.rest()).map(Some);
        };
        match self.bind(getter, found, Some(&args.receiver()), of) {
            Ok(bound) => self.call_args(&bound, args.rest()).map(Some),
            Err(raised) if raised.is(self, &builtin::ATTRIBUTE_ERROR) => Ok(None),
            Err(raised) => Err(raised),
        }
    }

    /// Creates an instance as calling the type would.
    ///
    /// # Errors
    ///
    /// What `__new__` and `__init__` raise.
    pub fn construct(&self, of: &Type, arguments: &[Borrowed<'_>]) -> Result<Object> {
        self.call(of.object(), arguments)
    }

    /// Tells whether an object can be called.
    pub fn is_callable(&self, object: &Object) -> bool {
        self.slot_of(object, SlotId::Call).is_some()
    }
}

/// `type.__call__`: `__new__`, then `__init__` of what it returned.
pub(crate) fn type_call(cx: &Context, args: Args<'_>) -> Result<Object> {
    let receiver = args.receiver();
    let Some(of) = Type::view(&receiver) else {
        return Err(cx.type_error(format_args!(
            "descriptor '__call__' requires a 'type' object"
        )));
    };
    if of.is(cx.builtin_ref(&builtin::TYPE)) {
        let rest = args.rest();
        if rest.positional().len() == 1 && !rest.has_keywords() {
            return Ok(cx.type_of(&rest.receiver()).into_object());
        }
        if rest.positional().len() != 3 {
            return Err(cx.type_error(format_args!("type() takes 1 or 3 arguments")));
        }
    }
    let Some(new) = of.slot(SlotId::New) else {
        return Err(cx.type_error(format_args!(
            "cannot create '{}' instances",
            crate::class::full_name(cx, of)
        )));
    };
    let instance = new(cx, args)?;
    let made = cx.type_of(&instance);
    if !made.is(of) && !made.is_subtype(cx, of) {
        return Ok(instance);
    }
    if let Some(init) = made.slot(SlotId::Init) {
        cx.with_receiver(args, instance.borrow(), init)?;
    }
    Ok(instance)
}
