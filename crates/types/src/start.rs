//! What a context makes of the native types when it starts: their state and their namespaces.

use crate::builtin;
use crate::context::{StartError, Tables};
use crate::descriptor::{self};
use crate::layout::Layout;
use crate::native::{Binding, NativeType};
use crate::raw::Type;
use crate::slot_id::SlotId;
use crate::{Context, Object, Result, index};

type Started = std::result::Result<(), StartError>;

/// Gives every static type its layout; nothing can be instantiated before.
pub(crate) fn start_types(cx: &Context, tables: Tables) -> Started {
    for native in tables.iter().copied().flatten() {
        let of = cx.type_at(native.index);
        let base = native.base.map(|base| cx.type_at(base.index));
        let base_layout = base.and_then(|base| base.state(cx).layout.0.get());
        let layout = Layout::native(of.key(), base_layout, &native.layout, cx.memory())
            .map_err(|_| StartError::OutOfMemory)?;
        let _ = of.state(cx).layout.0.set(layout);
    }
    Ok(())
}

/// Names, MRO and namespace of every static type.
pub(crate) fn fill_types(cx: &Context, tables: Tables) -> Started {
    for native in tables.iter().copied().flatten() {
        describe(cx, native)?;
    }
    for native in tables.iter().copied().flatten() {
        fill_namespace(cx, native)?;
    }
    forget_lookups(cx, tables);
    for native in tables.iter().copied().flatten() {
        add_static_methods(cx, native)?;
    }
    forget_lookups(cx, tables);
    Ok(())
}

/// What was not found while a namespace was still empty must be looked for again.
fn forget_lookups(cx: &Context, tables: Tables) {
    for native in tables.iter().copied().flatten() {
        cx.type_at(native.index).state(cx).cache.forget();
    }
}

/// A static method copies the attributes of its function, so it is made once the types of both are
/// filled.
fn add_static_methods(cx: &Context, native: &'static NativeType) -> Result<()> {
    let of = cx.type_at(native.index);
    for method in native.methods {
        if method.binding == Binding::Static {
            let function = descriptor::new_builtin(cx, method, Some(of.object()), None)?;
            let wrapped = builtin::static_method::new_static_method(cx, &function)?;
            of.define(cx, method.name, wrapped)?;
        }
    }
    Ok(())
}

fn describe(cx: &Context, native: &'static NativeType) -> Result<()> {
    let of = cx.type_at(native.index);
    let state = of.state(cx);
    state
        .name
        .set(cx.intern(native.name.rsplit('.').next().unwrap_or(native.name))?);
    state.qualname.set(cx.intern(native.name)?);
    state.dict.set(builtin::dict::new_dict(cx)?);
    let tuple = cx.type_at(index::TUPLE);
    let object = |class: &NativeType| cx.type_at(class.index).object().clone();
    let mro = cx.tuple_of(tuple, order(native).count(), order(native).map(object))?;
    state.mro.set(mro);
    let bases = || native.base.into_iter().chain(native.also);
    state
        .bases
        .set(cx.tuple_of(tuple, bases().count(), bases().map(object))?);
    if let Some(also) = native.also {
        crate::class::add_subclass(cx, cx.type_at(also.index), of)?;
    }
    if let Some(base) = native.base {
        let base = cx.type_at(base.index);
        state.base.set(base.object().clone());
        crate::class::add_subclass(cx, base, of)?;
    }
    Ok(())
}

/// The method resolution order: the chain of bases, into which a second base's chain is put before
/// what both have in common.
fn order(native: &'static NativeType) -> impl Iterator<Item = &'static NativeType> {
    let chain = |from| std::iter::successors(from, |class: &&'static NativeType| class.base);
    let also = native.also;
    let own = chain(Some(native));
    let first = own.take_while(move |class| also.is_none_or(|also| !also.derives_from(class)));
    first.chain(chain(also))
}

fn fill_namespace(cx: &Context, native: &'static NativeType) -> Result<()> {
    let of = cx.type_at(native.index);
    define_native(cx, native, of)
}

/// Binds the slots, methods and computed attributes of a native type's description in a namespace.
fn define_native(cx: &Context, native: &'static NativeType, of: &Type) -> Result<()> {
    if of.slot(SlotId::New).is_some() && native.slots.iter().any(|(slot, _)| *slot == SlotId::New) {
        let new = descriptor::new_constructor(cx, of)?;
        of.place(cx, SlotId::New.name(), new)?;
    }
    for (slot, function) in native.slots {
        if matches!(slot, SlotId::New) {
            continue;
        }
        if of
            .namespace(cx)
            .is_some_and(|dict| dict.find_text(slot.name()).is_some())
        {
            continue;
        }
        let wrapper = descriptor::new_wrapper(cx, of, *slot, *function)?;
        of.place(cx, slot.name(), wrapper)?;
    }
    define_comparisons(cx, native, of)?;
    if native.slots.iter().any(|(slot, _)| *slot == SlotId::Eq)
        && !native.slots.iter().any(|(slot, _)| *slot == SlotId::Hash)
    {
        of.place(cx, "__hash__", cx.none())?;
    }
    for method in native.methods {
        let object = match method.binding {
            Binding::Instance => descriptor::new_method(cx, of, method)?,
            Binding::Class => descriptor::new_class_method(cx, of, method)?,
            Binding::Static => continue,
        };
        of.place(cx, method.name, object)?;
    }
    for getset in native.getsets {
        let object = descriptor::new_getset(cx, of, getset)?;
        of.place(cx, getset.name, object)?;
    }
    let doc = match native.doc {
        Some(doc) => cx.string(doc)?,
        None => cx.none(),
    };
    // A type whose instances have a computed `__doc__` keeps that descriptor under the name.
    if native.getsets.iter().all(|getset| getset.name != "__doc__") {
        of.place(cx, "__doc__", doc)?;
    }
    Ok(())
}

/// A type that compares shows all six comparisons, as on CPython, where they are one function.
fn define_comparisons(cx: &Context, native: &'static NativeType, of: &Type) -> Result<()> {
    const ALL: [SlotId; 6] = [
        SlotId::Lt,
        SlotId::Le,
        SlotId::Eq,
        SlotId::Ne,
        SlotId::Gt,
        SlotId::Ge,
    ];
    let fills = |wanted: &SlotId| native.slots.iter().any(|(slot, _)| slot == wanted);
    if !ALL.iter().any(fills) {
        return Ok(());
    }
    for slot in ALL.into_iter().filter(|slot| !fills(slot)) {
        if let Some(function) = of.slot(slot) {
            let wrapper = descriptor::new_wrapper(cx, of, slot, function)?;
            of.place(cx, slot.name(), wrapper)?;
        }
    }
    Ok(())
}

impl Type {
    /// Gives a class that is being made the attributes of a native description: for classes of an
    /// upper layer that need a metaclass or a heap type's abilities. The description's layout, its
    /// bases and its constructor are not looked at.
    ///
    /// # Errors
    ///
    /// TypeError for a class that had instances; MemoryError.
    pub fn adopt_native(&self, cx: &Context, native: &'static NativeType) -> Result<()> {
        if self.is_instantiated() {
            return Err(cx.type_error(format_args!("the class is in use")));
        }
        define_native(cx, native, self)?;
        // Making the class has looked names up, and cached what a base has for them.
        self.modified(cx);
        self.refresh_slots(cx)
    }

    /// Gives the instances of the class words of observable slots: one for the companion, and one
    /// for each slot. The words lie behind everything else and start empty.
    ///
    /// # Errors
    ///
    /// TypeError where an instance was ever made or the class keeps items in its instances.
    pub fn set_observable_words(&self, cx: &Context, words: usize, key: u64) -> Result<()> {
        crate::raw::set_observable_words(cx, self, words, key)
    }

    /// Refuses attributes that are set from now on, as built-in types do.
    pub fn make_immutable(&self) {
        crate::raw::set_immutable(self);
    }

    /// Binds a name in a type's own namespace while the type is being made.
    pub(crate) fn define(&self, cx: &Context, name: &str, value: Object) -> Result<()> {
        self.place(cx, name, value)?;
        // A look-up may have cached meanwhile that the name is nowhere.
        self.modified(cx);
        Ok(())
    }

    /// Binds a name without telling the caches.
    fn place(&self, cx: &Context, name: &str, value: Object) -> Result<()> {
        let name = cx.intern(name)?;
        match self.namespace(cx) {
            Some(namespace) => namespace.set(cx, &name, value),
            None => Err(cx.system_error(format_args!("a type without a namespace"))),
        }
    }
}
