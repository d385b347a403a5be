//! Heap types: type objects that a program makes.

use super::instance::{
    clear_instance, finalize_hook, kind_flags, teardown_instance, traverse_instance,
};
use super::type_body::{Type, TypeBody, TypeKey, TypeLayout, TypeState};
use crate::layout::{self, Storage};
use crate::native::flags;
use crate::{Context, Object, Result, text};
use mortice_gc::KindFlags;
use mortice_gc::header::HEADER_BYTES;
use mortice_mem::MemoryRef;

/// Gives a fresh type object its state and the functions that the heap calls.
pub(crate) fn start_heap_type(cx: &Context, class: &Type) -> Result<()> {
    let state = allocator_api2::boxed::Box::try_new_in(TypeState::default(), cx.memory())
        .map_err(|_| cx.out_of_memory())?;
    let _ = class.state.set(state);
    class.kind.traverse.set(traverse_instance);
    class.kind.clear.set(clear_instance);
    class.kind.teardown.set(teardown_instance);
    class.is_open.set(true);
    Ok(())
}

/// Tells a type object the layout of its instances. Nothing has been instantiated yet.
pub(crate) fn configure_heap_type(cx: &Context, class: &Type, base: &Type, layout: TypeLayout) {
    let mut bits = base.flags()
        & (flags::KINSHIP
            | flags::MATCH_SELF
            | flags::SEQUENCE
            | flags::MAPPING
            | flags::ITEMS_AT_END);
    bits |= flags::READY | flags::HEAP | flags::BASE | flags::COLLECTED;
    if layout.dict() == Storage::Managed {
        bits |= flags::HAS_DICT;
    }
    if layout.dictoffset() == layout::MANAGED_DICT_OFFSET {
        bits |= flags::MANAGED_DICT;
    }
    if layout.weakref() == Storage::Managed {
        bits |= flags::HAS_WEAKREF;
    }
    if layout.weaklistoffset() == layout::MANAGED_WEAKREF_OFFSET {
        bits |= flags::MANAGED_WEAKREF;
    }
    class.flags.set(bits);
    class.native.set(base.native());
    let prefix = layout.presize_bytes() != 0;
    let weak = base.kind.flags.get().0 & KindFlags::WEAK_REFERENCE.0;
    let kind = kind_flags(bits, prefix, true, true);
    class.kind.flags.set(kind.with(KindFlags(weak)));
    set_body_bytes(class, &layout);
    if let Some(first) = layout.slots().first() {
        class
            .cells_offset
            .set((first.place.offset - HEADER_BYTES) as u32);
        class.cells_count.set(layout.slots().len() as u32);
        class.cells_after_items.set(first.place.after_items);
        debug_assert!(
            layout.slots().iter().enumerate().all(|(index, slot)| {
                slot.place.offset == first.place.offset + index * layout::SLOT_BYTES
            }),
            "section-in-place: the cells of a class are one run"
        );
    }
    let _ = class.state(cx).layout.0.set(layout);
}

/// Takes the size of instances from their layout.
fn set_body_bytes(class: &Type, layout: &TypeLayout) {
    let body = layout
        .size_bytes(0)
        .unwrap_or(HEADER_BYTES)
        .max(layout.basicsize());
    class.kind.body_bytes.set((body - HEADER_BYTES) as u32);
}

/// Gives the instances of a class words of observable slots behind everything else.
///
/// # Errors
///
/// TypeError where an instance was ever made or the class keeps items in its instances, SystemError
/// for a class that is not laid out.
pub(crate) fn set_observable_words(
    cx: &Context,
    class: &Type,
    words: usize,
    key: u64,
) -> Result<()> {
    let Some(layout) = class.state(cx).layout.0.get() else {
        return Err(cx.system_error(format_args!("a class without a layout")));
    };
    let place = layout.observable_place();
    let end = place.offset + words * layout::SLOT_BYTES;
    if class.is_instantiated() || place.after_items || u32::try_from(end).is_err() {
        return Err(cx.type_error(format_args!(
            "instances of '{}' have no room for observable slots",
            crate::class::full_name(cx, class)
        )));
    }
    layout.set_observable_words(words, key);
    class
        .observable_offset
        .set((place.offset - HEADER_BYTES) as u32);
    class.observable_words.set(words as u32);
    set_body_bytes(class, layout);
    Ok(())
}

impl Type {
    /// Tells the heap whether instances have a finalizer.
    pub(crate) fn set_finalizer(&self, finalizes: bool) {
        self.kind.finalize.set(finalizes.then_some(finalize_hook));
    }
}

/// Classes as the layout engine asks about them.
pub(crate) struct Classes<'a> {
    pub(crate) cx: &'a Context,
}

impl Classes<'_> {
    fn body(&self, key: TypeKey) -> &TypeBody {
        // SAFETY: type-object: keys are made of classes that the caller keeps alive, or that a
        // class it keeps alive refers to.
        unsafe { &*(key.0 as *const TypeBody) }
    }

    /// A new reference to the class.
    pub(crate) fn object(&self, key: TypeKey) -> Object {
        // SAFETY: type-object: as above.
        unsafe { Type::of_key(key) }.into_object()
    }

    /// The class's name.
    pub(crate) fn name(&self, key: TypeKey) -> &str {
        let body = self.body(key);
        if let (true, Some(native)) = (body.is_static(), body.native()) {
            return native.name;
        }
        let name = body.state(self.cx).name.get();
        match name.as_ref().and_then(text) {
            // SAFETY: owned-reference: the class's state owns the name, and the class is kept alive.
            Some(name) => unsafe { &*std::ptr::from_ref(name) },
            None => "?",
        }
    }
}

impl layout::Classes for Classes<'_> {
    type Id = TypeKey;
    type Alloc = MemoryRef;

    fn layout(&self, class: TypeKey) -> &TypeLayout {
        let body = self.body(class);
        match body.state(self.cx).layout.0.get() {
            Some(layout) => layout,
            None => self.cx.object_layout(),
        }
    }

    fn base(&self, class: TypeKey) -> Option<TypeKey> {
        let base = self.body(class).state(self.cx).base.get()?;
        Type::view(&base).map(|base| base.key())
    }

    fn is_acceptable(&self, class: TypeKey) -> bool {
        self.body(class).has(flags::BASE)
    }
}

impl Context {
    /// The layout of `object`, which every class extends.
    fn object_layout(&self) -> &TypeLayout {
        match self
            .static_state(crate::index::OBJECT as u32)
            .layout
            .0
            .get()
        {
            Some(layout) => layout,
            None => unreachable!("static types are laid out before a class is made"),
        }
    }
}

/// Links a weak reference to its target; false where the target cannot be referred to.
pub(crate) fn link_weak(reference: &Object, target: &Object) -> bool {
    let body = super::body::<mortice_gc::WeakBody>(reference);
    // At offset 0, where the heap looks for it; a native type may have the section elsewhere.
    if body.is_none_or(|body| std::ptr::from_ref(body).addr() != reference.address()) {
        return false;
    }
    // SAFETY: weak-linked: the reference's section at offset 0 is a weak body, and objects of one
    // context lie on one heap or are immortal.
    unsafe {
        mortice_gc::weak::link(reference, target)
            || mortice_gc::weak::link_immortal(reference, target)
    }
}

/// Changes the type of an object to one whose instances have the same layout.
pub(crate) fn assign_type(object: &Object, old: &Type, new: &Type) {
    // SAFETY: type-object: the caller compared the layouts; `old` and `new` are held meanwhile.
    unsafe {
        object.set_kind(new.object().address() as *const mortice_gc::Kind);
        new.close();
        if !new.is_static() {
            // owned-reference: the instance owns one count of a heap type.
            let _ = new.object().clone().into_word();
        }
        if !old.is_static()
            && let Some(pointer) = old.object().pointer()
        {
            drop(Object::from_owned(pointer));
        }
    }
}

/// Makes a heap type immutable.
pub(crate) fn set_immutable(class: &Type) {
    if !class.is_static() {
        class.flags.set(class.flags.get() | flags::IMMUTABLE);
    }
}

/// Sets the flag of classes with abstract methods.
pub(crate) fn set_abstract(class: &Type, is_abstract: bool) {
    let bits = class.flags.get() & !flags::ABSTRACT;
    class.flags.set(if is_abstract {
        bits | flags::ABSTRACT
    } else {
        bits
    });
}
