//! Making classes: what `type.__new__` does.
//!
//! The path of a class statement: the metaclass is chosen; the layout engine answers for the bases
//! and `__slots__`; a type object is allocated and told that layout; the namespace is copied into
//! it and completed with descriptors; the MRO is computed; the slots are filled from the names that
//! it leads to; `__set_name__` and `__init_subclass__` are told.

mod rebase;

use crate::attribute::Namespace;
use crate::builtin::{self, dict};
use crate::descriptor::SharedGetSet;
use crate::format::ToldName;
use crate::layout::{self, LayoutConflict, Policy, Request, Requested};
use crate::mro::{self, MroError};
use crate::raw::{Classes, Type, TypeKey};
use crate::slot_id::SlotId;
use crate::{Args, Borrowed, Buffer, Context, Object, Result, descriptor, text, tuple_items};

pub(crate) use rebase::assign_bases;

/// A type's name as `tp_name` shows it: with the module, except for built-in types.
pub fn full_name(cx: &Context, of: &Type) -> String {
    // std: error messages only
    let name = of.name(cx);
    let name = text(&name).unwrap_or("?");
    match (of.is_static(), of.native()) {
        (true, Some(native)) if native.module != "builtins" => format!("{}.{name}", native.module), // std: error messages only
        _ => name.to_string(), // std: error messages only
    }
}

/// Chooses the metaclass: the most derived of `first` and the types of the bases.
///
/// # Errors
///
/// TypeError where none derives from all others.
pub fn choose_metaclass(cx: &Context, first: &Type, bases: &[Object]) -> Result<Type> {
    let mut winner = first.clone();
    for base in bases {
        let candidate = cx.type_of(base);
        if winner.is_subtype(cx, &candidate) {
            continue;
        }
        if candidate.is_subtype(cx, &winner) {
            winner = candidate;
            continue;
        }
        return Err(cx.type_error(format_args!(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
        )));
    }
    Ok(winner)
}

/// `type.__new__(metatype, name, bases, namespace, **keywords)`.
pub(crate) fn type_new(cx: &Context, args: Args<'_>) -> Result<Object> {
    new_class(cx, args, &mut |_| Ok(()))
}

/// Makes a class as `type.__new__` does, with the same arguments. `finish` completes the class when
/// its layout, its namespace and its MRO are known, and before any hook of the program sees it.
///
/// # Errors
///
/// Those of `type.__new__`, and of `finish`.
pub fn new_class(
    cx: &Context,
    args: Args<'_>,
    finish: &mut dyn FnMut(&Type) -> Result<()>,
) -> Result<Object> {
    let receiver = args.receiver();
    let Some(metatype) = Type::of(&receiver) else {
        return Err(cx.type_error(format_args!("type.__new__(X): X is not a type object")));
    };
    let rest = args.rest();
    let positional = rest.positional();
    if positional.len() != 3 {
        return Err(cx.type_error(format_args!(
            "type.__new__() takes exactly 3 arguments ({} given)",
            positional.len()
        )));
    }
    let (name, bases, namespace) = (positional[0], positional[1], positional[2]);
    for (index, (value, is_right, wanted)) in [
        (name, text(&name).is_some(), "str"),
        (bases, tuple_items(&bases).is_some(), "tuple"),
        (
            namespace,
            dict::view(&namespace).is_some(),
            "dict or frozendict",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        if !is_right {
            let index = index + 1;
            if index < 3 && cx.is_none(&value) {
                return Err(cx.type_error(format_args!(
                    "type.__new__() argument {index} must be {wanted}, not None"
                )));
            }
            if index == 3 {
                let found = cx.told_name(&value)?;
                return Err(cx.type_error(format_args!(
                    "type.__new__() argument {index} must be {wanted}, not {found}"
                )));
            }
            return Err(cx.type_error(format_args!(
                "type.__new__() argument {index} must be {wanted}, not {}",
                cx.type_name(&value)
            )));
        }
    }
    let base_items = tuple_items(&bases).unwrap_or_default();
    let name_text = text(&name).unwrap_or_default();
    if name_text.contains('\0') {
        return Err(cx.value_error(format_args!("type name must not contain null characters")));
    }
    for base in base_items {
        if Type::view(base).is_none() && cx.find_attribute(base, &cx.names().mro_entries)?.is_some()
        {
            return Err(cx.type_error(format_args!(
                "type() doesn't support MRO entry resolution; use types.new_class()"
            )));
        }
    }
    let winner = choose_metaclass(cx, &metatype, base_items)?;
    if !winner.is(&metatype)
        && let Some(new) = winner.slot(SlotId::New)
        && Some(new as usize) != metatype.slot(SlotId::New).map(|new| new as usize)
    {
        let mut values: [Borrowed<'_>; 4] = [winner.borrow(); 4];
        values[1..].copy_from_slice(positional);
        if !rest.has_keywords() {
            return new(cx, Args::new(&values));
        }
    }
    let object_type = cx.builtin(&builtin::OBJECT);
    let default_bases;
    let (bases, base_items) = if base_items.is_empty() {
        default_bases = cx.tuple_of(
            cx.builtin_ref(&builtin::TUPLE),
            1,
            std::iter::once(object_type.object().clone()),
        )?;
        (
            default_bases.borrow(),
            tuple_items(&default_bases).unwrap_or_default(),
        )
    } else {
        (bases, base_items)
    };
    for base in base_items {
        if Type::view(base).is_none() {
            return Err(cx.type_error(format_args!("bases must be types")));
        }
    }
    let class = Builder {
        cx,
        metatype: &winner,
        name: &name,
        bases: &bases,
        base_items,
    }
    .build(&namespace)?;
    finish(&class)?;
    announce(cx, &class, &rest)?;
    Ok(class.into_object())
}

struct Builder<'a> {
    cx: &'a Context,
    metatype: &'a Type,
    name: &'a Object,
    bases: &'a Object,
    base_items: &'a [Object],
}

impl Builder<'_> {
    fn build(&self, namespace: &Object) -> Result<Type> {
        let cx = self.cx;
        let own = dict::new_dict(cx)?;
        if let (Some(own), Some(given)) = (dict::view(&own), dict::view(namespace)) {
            own.update(cx, given)?;
        }
        let own = Namespace(own);
        let slots = own.get_text("__slots__");
        let entries = match &slots {
            Some(slots) => {
                // Iterating over them may raise, which comes after what is wrong with the bases.
                let conflict = layout::best_base(&Classes { cx }, &self.base_keys()?).err();
                if let Some(conflict) = conflict {
                    return Err(layout_error(cx, &conflict));
                }
                Some(self.slot_names(slots)?)
            }
            None => None,
        };
        let object = cx.instance(self.metatype, 0)?;
        let Some(class) = Type::of(&object) else {
            return Err(cx.system_error(format_args!("a metaclass that makes no types")));
        };
        crate::raw::start_heap_type(cx, &class)?;
        let base = self.lay_out(&class, &own, entries.as_deref())?;
        let state = class.state(cx);
        state.name.set(cx.intern_object(self.name)?);
        state.bases.set(self.bases.clone());
        state.base.set(base.object().clone());
        state.dict.set(own.0.clone());
        self.qualify(&class, &own)?;
        self.complete(&class, &own)?;
        compute_mro(cx, &class)?;
        self.describe_slots(&class, &own)?;
        // The hash and the comparisons come together from the rest of the MRO, so that a class that
        // compares by itself has no hash.
        let inherits = own.get_text("__eq__").is_none() && inherits_hash(cx, &class)?;
        if own.get_text("__hash__").is_none() && !inherits {
            class.define(cx, "__hash__", cx.none())?;
        }
        class.refresh_slots(cx)?;
        for base in self.base_items {
            if let Some(base) = Type::view(base) {
                add_subclass(cx, base, &class)?;
            }
        }
        Ok(class)
    }

    /// The entries of `__slots__` as objects.
    fn slot_names(&self, slots: &Object) -> Result<Buffer<Object>> {
        let cx = self.cx;
        if text(slots).is_some() {
            return cx.fallible(Buffer::copied(cx.heap(), std::slice::from_ref(slots)));
        }
        cx.collect(slots)
    }

    fn base_keys(&self) -> Result<allocator_api2::vec::Vec<TypeKey, mortice_mem::MemoryRef>> {
        let cx = self.cx;
        let mut keys = allocator_api2::vec::Vec::new_in(cx.memory());
        keys.try_reserve_exact(self.base_items.len())
            .map_err(|_| cx.out_of_memory())?;
        keys.extend(
            self.base_items
                .iter()
                .filter_map(Type::view)
                .map(|base| base.key()),
        );
        Ok(keys)
    }

    fn lay_out(&self, class: &Type, own: &Namespace, entries: Option<&[Object]>) -> Result<Type> {
        let cx = self.cx;
        let class_name = text(self.name).unwrap_or_default();
        let mut type_names: Buffer<Object> = Buffer::new();
        for entry in entries.unwrap_or_default() {
            let name = cx.type_of(entry).name(cx);
            cx.fallible(type_names.push(cx.heap(), name))?;
        }
        let mut requested = allocator_api2::vec::Vec::new_in(cx.memory());
        let count = entries.map_or(0, <[Object]>::len);
        requested
            .try_reserve_exact(count)
            .map_err(|_| cx.out_of_memory())?;
        for (entry, type_name) in entries.unwrap_or_default().iter().zip(type_names.iter()) {
            requested.push(match text(entry) {
                Some(name) => Requested::Name(name),
                None => Requested::Other {
                    type_name: text(type_name).unwrap_or("?"),
                },
            });
        }
        let keys = self.base_keys()?;
        let in_body = |name: &str| own.find_text(name).is_some();
        let request = Request {
            class_name,
            slots: entries.map(|_| &requested[..]),
            in_body: &in_body,
        };
        let classes = Classes { cx };
        let laid_out = layout::lay_out(
            &classes,
            class.key(),
            &keys,
            &request,
            Policy::CPython,
            cx.memory(),
        )
        .map_err(|conflict| match (&conflict, self.own_qualname(own)) {
            // This alone is found after the name.
            (LayoutConflict::Arbitrary { .. }, Err(raised)) => raised,
            _ => layout_error(cx, &conflict),
        })?;
        let base = self.base_items.get(laid_out.base).and_then(Type::of);
        let Some(base) = base else {
            return Err(cx.system_error(format_args!("a class without a base")));
        };
        crate::raw::configure_heap_type(cx, class, &base, laid_out.layout);
        Ok(base)
    }

    /// The `__qualname__` of the body.
    fn own_qualname(&self, own: &Namespace) -> Result<Option<Object>> {
        let cx = self.cx;
        match own.get_text("__qualname__") {
            Some(qualname) if text(&qualname).is_none() => Err(cx.type_error(format_args!(
                "type __qualname__ must be a str, not {}",
                cx.type_name(&qualname)
            ))),
            found => Ok(found),
        }
    }

    /// `__qualname__` and `__module__`.
    fn qualify(&self, class: &Type, own: &Namespace) -> Result<()> {
        let cx = self.cx;
        let qualname = match self.own_qualname(own)? {
            Some(qualname) => {
                let key = cx.intern("__qualname__")?;
                own.remove(cx, &key)?;
                qualname
            }
            None => self.name.clone(),
        };
        class.state(cx).qualname.set(qualname);
        if own.get_text("__module__").is_none()
            && let Some(module) = cx.calling_module()
        {
            class.define(cx, "__module__", module)?;
        }
        Ok(())
    }

    /// What the language adds to the namespace.
    fn complete(&self, class: &Type, own: &Namespace) -> Result<()> {
        let cx = self.cx;
        if let Some(new) = own.get_text("__new__")
            && cx.is_exactly(&new, &builtin::FUNCTION)
        {
            let wrapped = builtin::static_method::new_static_method(cx, &new)?;
            class.define(cx, "__new__", wrapped)?;
        }
        for name in ["__init_subclass__", "__class_getitem__"] {
            if let Some(function) = own.get_text(name)
                && cx.is_exactly(&function, &builtin::FUNCTION)
            {
                let wrapped = builtin::class_method::new_class_method(cx, &function)?;
                class.define(cx, name, wrapped)?;
            }
        }
        let dict = class.state(cx).dict.get();
        let cells = [
            ("__classcell__", Some(class.object())),
            ("__classdictcell__", dict.as_ref()),
        ];
        for (name, content) in cells {
            let (Some(cell), Some(content)) = (own.get_text(name), content) else {
                continue;
            };
            if !builtin::cell::set_cell(&cell, content) {
                return Err(cx.type_error(format_args!(
                    "{name} must be a nonlocal cell, not {}",
                    cx.type_of(&cell).debug_repr(cx)?
                )));
            }
            own.remove(cx, &cx.intern(name)?)?;
        }
        Ok(())
    }

    /// Descriptors of the slots, of `__dict__` and `__weakref__`.
    fn describe_slots(&self, class: &Type, own: &Namespace) -> Result<()> {
        let cx = self.cx;
        let (adds_dict, adds_weakref) = match class.state(cx).layout.0.get() {
            Some(layout) => (layout.adds_dict(), layout.adds_weakref()),
            None => (false, false),
        };
        if adds_dict && own.get_text("__dict__").is_none() {
            let getset = descriptor::shared_getset(cx, SharedGetSet::Dict)?;
            class.define(cx, "__dict__", getset)?;
        }
        if adds_weakref && own.get_text("__weakref__").is_none() {
            let getset = descriptor::shared_getset(cx, SharedGetSet::Weakref)?;
            class.define(cx, "__weakref__", getset)?;
        }
        descriptor::add_slot_members(cx, class)?;
        if own.get_text("__doc__").is_none() {
            class.define(cx, "__doc__", cx.none())?;
        }
        Ok(())
    }
}

fn layout_error(cx: &Context, conflict: &LayoutConflict<'_, TypeKey>) -> crate::Raised {
    if matches!(conflict, LayoutConflict::OutOfMemory) {
        return cx.out_of_memory();
    }
    let classes = Classes { cx };
    let name =
        |key| Type::of(&classes.object(key)).map_or_else(String::new, |of| full_name(cx, &of)); // std: error messages only
    let message = conflict.explain(name);
    if conflict.is_value_error() {
        cx.value_error(format_args!("{message}"))
    } else {
        cx.type_error(format_args!("{message}"))
    }
}

/// The MRO by C3.
///
/// # Errors
///
/// TypeError for duplicate bases and inconsistent orders.
pub fn linearize(cx: &Context, class: &Type) -> Result<Object> {
    let bases = class.state(cx).bases.get();
    let base_items = bases.as_ref().and_then(tuple_items).unwrap_or_default();
    let mut keys = allocator_api2::vec::Vec::new_in(cx.memory());
    keys.try_reserve_exact(base_items.len())
        .map_err(|_| cx.out_of_memory())?;
    keys.extend(
        base_items
            .iter()
            .filter_map(Type::view)
            .map(|base| base.key()),
    );
    #[cfg(feature = "canary")]
    if (cx.heap().memory()).has_fault(mortice_mem::fault::Fault::MroMerge) {
        keys.reverse();
    }
    // The linearizations as keys, held for the time of the merge.
    let mut lists: allocator_api2::vec::Vec<(TypeKey, Buffer<TypeKey>), _> =
        allocator_api2::vec::Vec::new_in(cx.memory());
    lists
        .try_reserve_exact(base_items.len())
        .map_err(|_| cx.out_of_memory())?;
    for base in base_items.iter().filter_map(Type::view) {
        let Some(mro) = base.mro(cx) else {
            return Err(cx.type_error(format_args!(
                "Cannot extend an incomplete type '{}'",
                full_name(cx, base)
            )));
        };
        let mut list = Buffer::new();
        for class in tuple_items(&mro).unwrap_or_default() {
            if let Some(class) = Type::view(class) {
                cx.fallible(list.push(cx.heap(), class.key()))?;
            }
        }
        lists.push((base.key(), list));
    }
    let find = |key: TypeKey| {
        lists
            .iter()
            .find(|(known, _)| *known == key)
            .map_or(&[][..], |(_, list)| &list[..])
    };
    let merged =
        mro::merge(class.key(), &keys, find, cx.memory()).map_err(|error| match error {
            MroError::OutOfMemory => cx.out_of_memory(),
            error => {
                let classes = Classes { cx };
                let message = error.explain(|key| classes.name(key));
                cx.type_error(format_args!("{message}"))
            }
        })?;
    let classes = Classes { cx };
    cx.tuple_of(
        cx.builtin_ref(&builtin::TUPLE),
        merged.len(),
        merged.iter().map(|key| classes.object(*key)),
    )
}

/// Computes and sets the MRO, asking a metaclass's own `mro()`.
///
/// # Errors
///
/// TypeError as for [`linearize`], and for an unfit custom answer.
pub fn compute_mro(cx: &Context, class: &Type) -> Result<()> {
    let metatype = cx.type_of(class.object());
    let type_type = cx.builtin(&builtin::TYPE);
    let custom = if metatype.is(&type_type) {
        None
    } else {
        let own = metatype.lookup(cx, &cx.names().mro_method)?;
        let standard = type_type.lookup(cx, &cx.names().mro_method)?;
        match (own, standard) {
            (Some(own), Some(standard)) if !own.is(&standard) => Some(own),
            _ => None,
        }
    };
    let mro = match custom {
        None => linearize(cx, class)?,
        Some(method) => {
            let answer = cx.call_unbound(&method, &metatype, Args::new(&[class.borrow()]))?;
            let items = cx.collect(&answer)?;
            if items.is_empty() {
                return Err(cx.type_error(format_args!("type MRO must not be empty")));
            }
            check_custom_mro(cx, class, &items)?;
            cx.tuple_of(
                cx.builtin_ref(&builtin::TUPLE),
                items.len(),
                items.iter().cloned(),
            )?
        }
    };
    class.state(cx).mro.set(mro);
    class.modified(cx);
    Ok(())
}

fn check_custom_mro(cx: &Context, class: &Type, items: &[Object]) -> Result<()> {
    let classes = Classes { cx };
    for item in items {
        let Some(member) = Type::view(item) else {
            return Err(cx.type_error(format_args!(
                "{}.mro() returned a non-class ('{}')",
                ToldName::of(cx, class)?,
                cx.told_name(item)?
            )));
        };
        if !layout::is_suitable(&classes, class.key(), member.key()) {
            return Err(cx.type_error(format_args!(
                "{}.mro() returned base with unsuitable layout ('{}')",
                ToldName::of(cx, class)?,
                ToldName::of(cx, member)?
            )));
        }
    }
    Ok(())
}

/// Lists `class` among the subclasses of `base`, weakly.
pub(crate) fn add_subclass(cx: &Context, base: &Type, class: &Type) -> Result<()> {
    let entry = if class.is_static() {
        class.object().clone()
    } else {
        builtin::weakref::new_reference(cx, class.object())?
    };
    let subclasses = &base.state(cx).subclasses;
    let mut index = 0;
    while let Some(known) = subclasses.get(index) {
        if subclass_target(cx, &known).is_none() {
            // The place of a dead subclass; the order of the others stays.
            drop(subclasses.with(|entries| entries.remove(index)));
        } else {
            index += 1;
        }
    }
    cx.fallible(subclasses.push(cx.heap(), entry))
}

/// Removes `class` from the subclasses of `base`.
pub(crate) fn remove_subclass(cx: &Context, base: &Type, class: &Type) {
    let subclasses = &base.state(cx).subclasses;
    let mut index = 0;
    while let Some(known) = subclasses.get(index) {
        if subclass_target(cx, &known).is_some_and(|known| known.is(class)) {
            drop(subclasses.with(|entries| entries.remove(index)));
            return;
        }
        index += 1;
    }
}

/// The live subclass that an entry stands for.
pub(crate) fn subclass_target(cx: &Context, entry: &Object) -> Option<Type> {
    let _ = cx;
    if let Some(class) = Type::of(entry) {
        return Some(class);
    }
    let target = crate::body::<mortice_gc::WeakBody>(entry)?.target()?;
    Type::of(&target)
}

/// Tells the namespace's values their names, then the bases about the new class.
fn announce(cx: &Context, class: &Type, args: &Args<'_>) -> Result<()> {
    let Some(own) = class.namespace(cx) else {
        return Ok(());
    };
    // A snapshot: a `__set_name__` may change the namespace.
    let mut entries: Buffer<(Object, Object)> = Buffer::new();
    let mut at = 0;
    while let Some((index, name, value)) = own.next_entry(at) {
        cx.fallible(entries.push(cx.heap(), (name, value)))?;
        at = index + 1;
    }
    for (name, value) in entries.iter() {
        let Some(method) = cx.special_method(value, &cx.names().set_name)? else {
            continue;
        };
        if let Err(raised) = cx.call(&method, &[class.borrow(), name.borrow()]) {
            let note = cx.format(format_args!(
                "Error calling __set_name__ on '{}' instance '{}' in '{}'",
                cx.type_name(value),
                text(name).unwrap_or("?"),
                text(&class.name(cx)).unwrap_or("?")
            ))?;
            builtin::exception::add_note(cx, raised.exception(), &note)?;
            return Err(raised);
        }
    }
    let parent = builtin::super_object::new_super(cx, class.object(), class.object())?;
    let method = cx.get_attribute(&parent, &cx.names().init_subclass)?;
    let positional = args.positional().len();
    let keywords = &args.values()[positional..];
    cx.call_args(&method, Args::with_names(keywords, args.names()))?;
    Ok(())
}

/// Tells whether the first class behind a new one that has a hash or comparisons has a hash. Behind one
/// there may be none: its MRO can be one without `object`.
fn inherits_hash(cx: &Context, class: &Type) -> Result<bool> {
    let mro = class.mro(cx);
    let mro = mro.as_ref().and_then(tuple_items).unwrap_or_default();
    let hash = cx.intern(SlotId::Hash.name())?;
    for base in mro.iter().skip(1).filter_map(Type::view) {
        if base.lookup(cx, &hash)?.is_some() {
            return Ok(true);
        }
        use SlotId::{Eq, Ge, Gt, Le, Lt, Ne};
        for comparison in [Lt, Le, Eq, Ne, Gt, Ge] {
            if base.lookup(cx, &cx.intern(comparison.name())?)?.is_some() {
                return Ok(false);
            }
        }
    }
    Ok(false)
}
