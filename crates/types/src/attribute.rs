//! How attributes are found, set and deleted.
//!
//! A read asks the type first: a data descriptor found along the MRO wins, then the instance's
//! dict, then whatever else the MRO gave. Look-ups along the MRO go through the type's cache.

use crate::builtin::dict::{self, DictBody};
use crate::cache::Found;
use crate::native::flags;
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Args, Context, Object, Result, builtin, text, tuple_items};
#[cfg(feature = "canary")]
use mortice_mem::fault::Fault;

impl Type {
    /// `__name__`.
    pub fn name(&self, cx: &Context) -> Object {
        self.state(cx).name.get().unwrap_or_else(|| cx.none())
    }

    /// The MRO as a tuple.
    pub fn mro(&self, cx: &Context) -> Option<Object> {
        self.state(cx).mro.get()
    }

    /// `__base__`.
    pub fn base(&self, cx: &Context) -> Option<Type> {
        self.state(cx).base.get().and_then(|base| Type::of(&base))
    }

    /// The type's own namespace.
    pub fn namespace(&self, cx: &Context) -> Option<Namespace> {
        self.state(cx).dict.get().map(Namespace)
    }

    /// Tells whether this type is `other` or has it in its MRO.
    pub fn is_subtype(&self, cx: &Context, other: &Type) -> bool {
        if self.is(other) {
            return true;
        }
        match self.mro(cx) {
            Some(mro) => tuple_items(&mro)
                .is_some_and(|classes| classes.iter().any(|class| class.is(other.object()))),
            None => {
                // An unfinished type: go by its best base.
                let mut at = self.base(cx);
                while let Some(class) = at {
                    if class.is(other) {
                        return true;
                    }
                    at = class.base(cx);
                }
                false
            }
        }
    }

    /// Looks a name up along the MRO; the name is a `str`. Descriptors are not bound.
    ///
    /// # Errors
    ///
    /// What comparing a name with an odd key raises.
    pub fn lookup(&self, cx: &Context, name: &Object) -> Result<Option<Object>> {
        Ok(self.lookup_with_class(cx, name)?.map(|(value, _)| value))
    }

    /// As [`Type::lookup`], also telling the place in the MRO.
    pub(crate) fn lookup_with_class(
        &self,
        cx: &Context,
        name: &Object,
    ) -> Result<Option<(Object, usize)>> {
        let interned = match crate::body::<builtin::string::StrBody>(name) {
            Some(body) if body.is_interned() => name.clone(),
            Some(body) => match cx.find_interned(body.as_str()) {
                Some(interned) => interned,
                None => return self.lookup_slowly(cx, name),
            },
            None => return self.lookup_slowly(cx, name),
        };
        let state = self.state(cx);
        match state.cache.get(&interned) {
            Some(Found::Nowhere) => return Ok(None),
            Some(Found::At { class, entry }) => {
                if let Some(mro) = state.mro.get()
                    && let Some(found) = tuple_items(&mro)
                        .and_then(|classes| classes.get(class as usize))
                        .and_then(Type::view)
                        .and_then(|class| class.state(cx).dict.get())
                        .and_then(|dict| dict::view(&dict)?.value_at(entry, &interned))
                {
                    return Ok(Some((found, class as usize)));
                }
            }
            None => {}
        }
        let Some(mro) = state.mro.get() else {
            return Ok(None);
        };
        let classes = tuple_items(&mro).unwrap_or_default();
        for (place, class) in classes.iter().enumerate() {
            let Some(dict) = Type::view(class).and_then(|class| class.state(cx).dict.get()) else {
                continue;
            };
            let Some(view) = dict::view(&dict) else {
                continue;
            };
            let wanted = text(&interned).unwrap_or_default();
            if let Some(entry) = view.find_text(wanted)
                && let Some((_, value)) = view.entry(entry as usize)
            {
                if view.value_at(entry, &interned).is_some() {
                    let class = place as u32;
                    state
                        .cache
                        .put(cx.heap(), &interned, Found::At { class, entry });
                }
                return Ok(Some((value, place)));
            }
        }
        state.cache.put(cx.heap(), &interned, Found::Nowhere);
        Ok(None)
    }

    fn lookup_slowly(&self, cx: &Context, name: &Object) -> Result<Option<(Object, usize)>> {
        let Some(mro) = self.mro(cx) else {
            return Ok(None);
        };
        for (place, class) in tuple_items(&mro).unwrap_or_default().iter().enumerate() {
            if let Some(namespace) = Type::view(class).and_then(|class| class.namespace(cx))
                && let Some(value) = namespace.get(cx, name)?
            {
                return Ok(Some((value, place)));
            }
        }
        Ok(None)
    }

    /// Tells all caches that this type changed: its own and its subclasses'.
    pub fn modified(&self, cx: &Context) {
        // Those that wait are linked through their states: a hierarchy of any depth needs neither
        // stack nor memory, and whoever is reached in several ways is told once.
        let change = cx.type_changes.get().wrapping_add(1);
        cx.type_changes.set(change);
        self.state(cx).last_change.set(change);
        let mut first = Some(self.clone());
        while let Some(class) = first {
            let state = class.state(cx);
            first = state.told_next.take().as_ref().and_then(Type::of);
            state.cache.forget();
            #[cfg(feature = "canary")]
            if cx.heap().memory().has_fault(Fault::StaleCache) {
                return;
            }
            class.each_subclass(cx, &mut |subclass| {
                let state = subclass.state(cx);
                if state.last_change.replace(change) != change {
                    if let Some(next) = first.take() {
                        state.told_next.set(next.into_object());
                    }
                    first = Some(subclass.clone());
                }
            });
        }
    }

    /// Visits the live direct subclasses in the order of their definition.
    pub fn each_subclass(&self, cx: &Context, visit: &mut dyn FnMut(&Type)) {
        let subclasses = &self.state(cx).subclasses;
        let mut index = 0;
        while let Some(reference) = subclasses.get(index) {
            if let Some(subclass) = crate::class::subclass_target(cx, &reference) {
                visit(&subclass);
            }
            index += 1;
        }
    }
}

/// A namespace: an object that is a dict.
#[derive(Clone, Debug)]
pub struct Namespace(pub Object);

impl std::ops::Deref for Namespace {
    type Target = DictBody;

    fn deref(&self) -> &DictBody {
        match dict::view(&self.0) {
            Some(view) => view,
            None => unreachable!("namespaces are made of dicts only"),
        }
    }
}

impl Namespace {
    /// A namespace over a dict; `None` for anything else.
    pub fn of(object: &Object) -> Option<Namespace> {
        dict::view(object).map(|_| Namespace(object.clone()))
    }
}

impl Context {
    /// Reads an attribute; `name` is a `str`.
    ///
    /// # Errors
    ///
    /// AttributeError, and whatever descriptors and hooks raise.
    #[inline]
    pub fn get_attribute(&self, object: &Object, name: &Object) -> Result<Object> {
        match self.slot_of(object, SlotId::GetAttribute) {
            Some(function) => {
                self.check_stack("")?;
                function(self, Args::new(&[object.borrow(), name.borrow()]))
            }
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// Reads an attribute by text.
    ///
    /// # Errors
    ///
    /// As for [`Context::get_attribute`].
    pub fn get_attribute_text(&self, object: &Object, name: &str) -> Result<Object> {
        let name = self.intern(name)?;
        self.get_attribute(object, &name)
    }

    /// Reads an attribute; AttributeError becomes `None`.
    ///
    /// # Errors
    ///
    /// Any other exception.
    pub fn find_attribute(&self, object: &Object, name: &Object) -> Result<Option<Object>> {
        match self.get_attribute(object, name) {
            Ok(value) => Ok(Some(value)),
            Err(raised) if raised.is(self, &builtin::ATTRIBUTE_ERROR) => Ok(None),
            Err(raised) => Err(raised),
        }
    }

    /// Sets an attribute.
    ///
    /// # Errors
    ///
    /// AttributeError where it cannot be set, and whatever descriptors and hooks raise.
    #[inline]
    pub fn set_attribute(&self, object: &Object, name: &Object, value: &Object) -> Result<()> {
        match self.slot_of(object, SlotId::SetAttr) {
            Some(function) => {
                self.check_stack("")?;
                function(
                    self,
                    Args::new(&[object.borrow(), name.borrow(), value.borrow()]),
                )?;
                Ok(())
            }
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// Deletes an attribute.
    ///
    /// # Errors
    ///
    /// AttributeError where there is none, and whatever descriptors and hooks raise.
    pub fn delete_attribute(&self, object: &Object, name: &Object) -> Result<()> {
        match self.slot_of(object, SlotId::DelAttr) {
            Some(function) => {
                self.check_stack("")?;
                function(self, Args::new(&[object.borrow(), name.borrow()]))?;
                Ok(())
            }
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// AttributeError for a missing attribute, with CPython's `name` and `obj`.
    #[cold]
    pub fn no_attribute(&self, object: &Object, name: &Object) -> crate::Raised {
        let raised = self.attribute_error(format_args!(
            "'{}' object has no attribute '{}'",
            self.type_name(object),
            text(name).unwrap_or("?")
        ));
        builtin::exception::set_attribute_context(self, &raised, object, name);
        raised
    }

    /// The rule of `object.__getattribute__`.
    ///
    /// # Errors
    ///
    /// AttributeError, and whatever a descriptor raises.
    pub fn generic_get(&self, object: &Object, name: &Object) -> Result<Object> {
        match self.generic_find(object, name)? {
            Some(value) => Ok(value),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// The rule of `object.__getattribute__`, without AttributeError for what is nowhere.
    ///
    /// # Errors
    ///
    /// Whatever a descriptor raises.
    pub fn generic_find(&self, object: &Object, name: &Object) -> Result<Option<Object>> {
        let of = self.type_of(object);
        let found = of.lookup(self, name)?;
        let getter = found
            .as_ref()
            .and_then(|found| self.slot_of(found, SlotId::Get));
        #[cfg(feature = "canary")]
        let is_planted = (self.heap().memory()).has_fault(Fault::DescriptorPrecedence);
        #[cfg(not(feature = "canary"))]
        let is_planted = false;
        if let (Some(found), Some(getter)) = (&found, getter)
            && !is_planted
            && self.is_data_descriptor(found)
        {
            return self.bind(getter, found, Some(object), &of).map(Some);
        }
        if let Some(dict) = self.instance_dict(object)
            && let Some(view) = dict::view(&dict)
            && let Some(value) = view.get(self, name)?
        {
            return Ok(Some(value));
        }
        match (found, getter) {
            (Some(found), Some(getter)) => self.bind(getter, &found, Some(object), &of).map(Some),
            (found, _) => Ok(found),
        }
    }

    /// Tells whether a descriptor also takes part in writing.
    pub fn is_data_descriptor(&self, descriptor: &Object) -> bool {
        self.slot_of(descriptor, SlotId::Set).is_some()
            || self.slot_of(descriptor, SlotId::Delete).is_some()
    }

    /// Calls a descriptor's get slot. Without an instance that argument is None; where the instance
    /// is None itself, which only native descriptors are ever bound to, the owner is left out.
    pub(crate) fn bind(
        &self,
        getter: crate::SlotFn,
        descriptor: &Object,
        instance: Option<&Object>,
        owner: &Type,
    ) -> Result<Object> {
        let none = self.none();
        let args = [
            descriptor.borrow(),
            instance.unwrap_or(&none).borrow(),
            owner.borrow(),
        ];
        let count = match instance {
            Some(instance) if self.is_none(instance) => 2,
            _ => 3,
        };
        getter(self, Args::new(&args[..count]))
    }

    /// The dict of an instance, where it has one already.
    #[inline]
    pub fn instance_dict(&self, object: &Object) -> Option<Object> {
        if self.flags_of(object) & flags::HAS_DICT == 0 {
            return None;
        }
        object.dict_slot()?.get()
    }

    /// Tells whether instances of the object's type may have a dict.
    pub fn has_dict(&self, object: &Object) -> bool {
        self.flags_of(object) & flags::HAS_DICT != 0
    }

    /// The dict of an instance, made if need be; `None` where it cannot have one.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn ensure_dict(&self, object: &Object) -> Result<Option<Object>> {
        if !self.has_dict(object) {
            return Ok(None);
        }
        let Some(slot) = object.dict_slot() else {
            return Ok(None);
        };
        if let Some(dict) = slot.get() {
            // Whoever asks may keep the dict: from now on the collector sees it by itself.
            self.heap().track(&dict);
            return Ok(Some(dict));
        }
        let dict = dict::new_dict(self)?;
        slot.set(dict.clone());
        Ok(Some(dict))
    }

    /// As [`Context::ensure_dict`], for a store: a dict that is made here for an instance of a class
    /// is its own until the program asks for it, and the collector sees its values only.
    fn ensure_private_dict(&self, object: &Object) -> Result<Option<Object>> {
        if let Some(dict) = self.instance_dict(object) {
            return Ok(Some(dict));
        }
        let dict = self.ensure_dict(object)?;
        if let Some(dict) = &dict
            && self.flags_of(object) & flags::MANAGED_DICT != 0
        {
            self.heap().untrack(dict);
        }
        Ok(dict)
    }

    /// The rule of `object.__setattr__` and `object.__delattr__`.
    ///
    /// # Errors
    ///
    /// AttributeError, and whatever a descriptor raises.
    pub fn generic_set(
        &self,
        object: &Object,
        name: &Object,
        value: Option<&Object>,
    ) -> Result<()> {
        let of = self.type_of(object);
        let found = of.lookup(self, name)?;
        if let Some(found) = &found {
            let slot = if value.is_some() {
                SlotId::Set
            } else {
                SlotId::Delete
            };
            match (self.slot_of(found, slot), value) {
                (Some(function), Some(value)) => {
                    let args = [found.borrow(), object.borrow(), value.borrow()];
                    function(self, Args::new(&args))?;
                    return Ok(());
                }
                (Some(function), None) => {
                    function(self, Args::new(&[found.borrow(), object.borrow()]))?;
                    return Ok(());
                }
                (None, _) if self.is_data_descriptor(found) => {
                    let missing = if value.is_some() {
                        "__set__"
                    } else {
                        "__delete__"
                    };
                    return Err(self.attribute_error(format_args!("{missing}")));
                }
                (None, _) => {}
            }
        }
        match value {
            Some(value) => match self.ensure_private_dict(object)? {
                Some(dict) => match dict::view(&dict) {
                    Some(view) => view.set(self, name, value.clone()),
                    None => Err(self.no_attribute(object, name)),
                },
                None => Err(self.cannot_set(object, &of, name, found.is_some())),
            },
            None => {
                if let Some(dict) = self.instance_dict(object)
                    && let Some(view) = dict::view(&dict)
                {
                    if view.remove(self, name)?.is_some() {
                        return Ok(());
                    }
                    return Err(self.no_attribute(object, name));
                }
                if self.has_dict(object) {
                    return Err(self.no_attribute(object, name));
                }
                Err(self.cannot_set(object, &of, name, found.is_some()))
            }
        }
    }

    #[cold]
    fn cannot_set(&self, object: &Object, of: &Type, name: &Object, found: bool) -> crate::Raised {
        let type_name = self.type_name(object);
        let attribute = text(name).unwrap_or("?");
        let generic = self.builtin_ref(&builtin::OBJECT).slot(SlotId::SetAttr);
        let raised = if found {
            self.attribute_error(format_args!(
                "'{type_name}' object attribute '{attribute}' is read-only"
            ))
        } else if of.slot(SlotId::SetAttr).map(|slot| slot as usize)
            == generic.map(|slot| slot as usize)
        {
            self.attribute_error(format_args!(
                "'{type_name}' object has no attribute '{attribute}' and no __dict__ for setting new attributes"
            ))
        } else {
            self.attribute_error(format_args!(
                "'{type_name}' object has no attribute '{attribute}'"
            ))
        };
        builtin::exception::set_attribute_context(self, &raised, object, name);
        raised
    }

    /// Looks a special method up on the type, binds it and returns it.
    ///
    /// # Errors
    ///
    /// What binding raises.
    pub fn special_method(&self, object: &Object, name: &Object) -> Result<Option<Object>> {
        let of = self.type_of(object);
        let Some(found) = of.lookup(self, name)? else {
            return Ok(None);
        };
        match self.slot_of(&found, SlotId::Get) {
            Some(getter) => self.bind(getter, &found, Some(object), &of).map(Some),
            None => Ok(Some(found)),
        }
    }

    /// As [`Context::special_method`]; nothing where binding ends in AttributeError.
    ///
    /// # Errors
    ///
    /// What binding raises otherwise.
    pub fn optional_method(&self, object: &Object, name: &Object) -> Result<Option<Object>> {
        match self.special_method(object, name) {
            Err(raised) if raised.is(self, &builtin::ATTRIBUTE_ERROR) => Ok(None),
            found => found,
        }
    }

    /// Calls a special method that has no slot; `None` where the type has none.
    ///
    /// # Errors
    ///
    /// What the method raises.
    pub fn call_special(
        &self,
        object: &Object,
        name: &Object,
        arguments: &[crate::Borrowed<'_>],
    ) -> Result<Option<Object>> {
        match self.special_method(object, name)? {
            Some(method) => self.call(&method, arguments).map(Some),
            None => Ok(None),
        }
    }
}
