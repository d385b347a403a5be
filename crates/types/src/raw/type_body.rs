//! Type objects: the table of functions, and the state behind it.
//!
//! ```text
//! Kind (what the heap calls) │ slots (79 functions) │ flags │ native │ cells │ state
//! ```
//!
//! The body of a static type is written once, when its storage is installed, and shared by all
//! runtimes. What a runtime changes about a type lies in its [`TypeState`]: for a heap type in the
//! type object, for a static type in the context, by index.

use crate::cache::Cache;
use crate::layout::Layout;
use crate::native::NativeType;
use crate::slot_id::{SLOT_COUNT, SlotFn, SlotId};
use crate::{Context, Object};
use allocator_api2::boxed::Box;
use mortice_gc::trace::Plain;
use mortice_gc::{Borrowed, Items, Kind, Slot, Trace, Visitor};
use mortice_mem::MemoryRef;
use std::cell::{Cell, OnceCell};
use std::fmt;
use std::ops::Deref;

/// Identifies a type object in a layout; it keeps nothing alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TypeKey(pub(crate) usize);

/// The layout of a type's instances.
pub type TypeLayout = Layout<TypeKey, MemoryRef>;

/// The index of types that lie on the heap.
pub(crate) const NO_INDEX: u32 = u32::MAX;

/// The body of a type object.
#[repr(C)]
pub struct TypeBody {
    pub(crate) kind: Kind,
    slots: [Cell<Option<SlotFn>>; SLOT_COUNT],
    /// `tp_flags`, with CPython's bits.
    pub(crate) flags: Cell<u64>,
    /// The nearest native type: the type itself, or the one it inherits its body from.
    pub(crate) native: Cell<Option<&'static NativeType>>,
    /// Offset from the address to the first cell of `__slots__`.
    pub(crate) cells_offset: Cell<u32>,
    /// Number of cells.
    pub(crate) cells_count: Cell<u32>,
    /// The cells lie behind the items.
    pub(crate) cells_after_items: Cell<bool>,
    /// Offset from the address to the first word of observable slots.
    pub(crate) observable_offset: Cell<u32>,
    /// Number of words of observable slots.
    pub(crate) observable_words: Cell<u32>,
    /// No instance was ever made, so the number of words may change.
    pub(crate) is_open: Cell<bool>,
    /// Static types: the place of the state in the context.
    pub(crate) index: Cell<u32>,
    pub(crate) state: OnceCell<Box<TypeState, MemoryRef>>,
}

crate::body! {
    /// What a runtime may change about a type.
    pub struct TypeState {
        /// `__name__`.
        pub name: Slot,
        /// `__qualname__`.
        pub qualname: Slot,
        /// The namespace.
        pub dict: Slot,
        /// `__mro__`.
        pub mro: Slot,
        /// `__bases__`.
        pub bases: Slot,
        /// `__base__`.
        pub base: Slot,
        /// Weak references to the direct subclasses.
        pub subclasses: Items<Object>,
        /// Static types, which have no list of weak references: the one that is shared.
        pub(crate) weak: Slot,
        /// Where names were found.
        pub(crate) cache: Cache,
        /// The layout of instances.
        pub layout: Plain<OnceCell<TypeLayout>>,
        /// The last change of a class that this type has been told about.
        pub(crate) last_change: Cell<u64>,
        /// The next type to be told, while a change is passed on.
        pub(crate) told_next: Slot,
    }
}

impl Default for TypeBody {
    fn default() -> TypeBody {
        TypeBody {
            kind: Kind::atomic(0),
            slots: [const { Cell::new(None) }; SLOT_COUNT],
            flags: Cell::new(0),
            native: Cell::new(None),
            cells_offset: Cell::new(0),
            cells_count: Cell::new(0),
            cells_after_items: Cell::new(false),
            observable_offset: Cell::new(0),
            observable_words: Cell::new(0),
            is_open: Cell::new(false),
            index: Cell::new(NO_INDEX),
            state: OnceCell::new(),
        }
    }
}

// SAFETY: exact-traverse: the state is the only owner of references in a type body.
unsafe impl Trace for TypeBody {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(state) = self.state.get() {
            state.traverse(visitor);
        }
    }

    fn clear(&self) {
        // As in CPython, dict and MRO go; the rest stays valid for instances that still end.
        if let Some(state) = self.state.get() {
            state.dict.clear();
            state.mro.clear();
            state.bases.clear();
            state.subclasses.clear();
            state.cache.forget();
        }
    }
}

impl TypeBody {
    /// The function in a slot.
    #[inline(always)]
    pub fn slot(&self, slot: SlotId) -> Option<SlotFn> {
        self.slots[slot as usize].get()
    }

    /// Fills or empties a slot. A static type's slots are only written while it is installed.
    pub(crate) fn set_slot(&self, slot: SlotId, function: Option<SlotFn>) {
        debug_assert!(!self.is_static() || self.flags.get() & crate::native::flags::READY == 0);
        self.slots[slot as usize].set(function);
    }

    /// Tells whether the type object lies in static storage.
    #[inline(always)]
    pub fn is_static(&self) -> bool {
        self.index.get() != NO_INDEX
    }

    /// Bits of `tp_flags`.
    #[inline(always)]
    pub fn flags(&self) -> u64 {
        self.flags.get()
    }

    /// Tells whether all bits of `flags` are set.
    #[inline(always)]
    pub fn has(&self, flags: u64) -> bool {
        self.flags.get() & flags == flags
    }

    /// Tells whether an instance was ever made: observable slots cannot be added any more.
    pub fn is_instantiated(&self) -> bool {
        !self.is_open.get()
    }

    /// Remembers that an instance was made.
    #[inline(always)]
    pub(crate) fn close(&self) {
        // A static type's body is shared, and never open.
        if self.is_open.get() {
            self.is_open.set(false);
        }
    }

    /// Number of words of observable slots of an instance: one for its companion and one for each
    /// slot, or none.
    #[inline(always)]
    pub fn observable_words(&self) -> usize {
        self.observable_words.get() as usize
    }

    /// The nearest native type.
    #[inline(always)]
    pub fn native(&self) -> Option<&'static NativeType> {
        self.native.get()
    }

    /// What the runtime may change about the type.
    #[inline(always)]
    pub fn state<'a>(&'a self, cx: &'a Context) -> &'a TypeState {
        match self.state.get() {
            Some(state) => state,
            None => cx.static_state(self.index.get()),
        }
    }

    /// What identifies the type in layouts.
    pub fn key(&self) -> TypeKey {
        TypeKey(std::ptr::from_ref(self) as usize)
    }
}

/// An owned reference to a type object.
#[derive(Clone)]
#[repr(transparent)]
pub struct Type(Object);

impl Type {
    /// The object as a type, where it is one.
    pub fn of(object: &Object) -> Option<Type> {
        Type::view(object).cloned()
    }

    /// Views an object as a type, where it is one.
    #[inline]
    pub fn view(object: &Object) -> Option<&Type> {
        let kind = object.kind()?;
        // SAFETY: type-object: every kind begins a TypeBody; an object whose type carries the
        // flag is a type object itself. Both views are a transparent word.
        unsafe {
            ((*kind.cast::<TypeBody>()).flags.get() & crate::native::flags::TYPE != 0)
                .then(|| &*std::ptr::from_ref(object).cast::<Type>())
        }
    }

    /// The type of an object that is no small integer.
    #[inline]
    pub(crate) fn of_instance(object: &Object) -> Option<Type> {
        let kind = object.kind()?;
        // SAFETY: type-object, owned-reference: the object keeps its type alive.
        unsafe {
            let pointer = mortice_gc::Pointer::new_unchecked(kind as *mut u8);
            Some(Type(Object::from_borrowed(pointer)))
        }
    }

    /// The type whose key this is.
    ///
    /// # Safety
    ///
    /// - The type object is alive.
    pub(crate) unsafe fn of_key(key: TypeKey) -> Type {
        // SAFETY: type-object, by the caller.
        unsafe {
            let pointer = mortice_gc::Pointer::new_unchecked(key.0 as *mut u8);
            Type(Object::from_borrowed(pointer))
        }
    }

    /// The type as an object.
    #[inline(always)]
    pub fn object(&self) -> &Object {
        &self.0
    }

    /// The type as an owned object.
    #[inline(always)]
    pub fn into_object(self) -> Object {
        self.0
    }

    /// Tells whether both are the same type.
    #[inline(always)]
    pub fn is(&self, other: &Type) -> bool {
        self.0.is(&other.0)
    }

    /// A borrowed copy.
    #[inline(always)]
    pub fn borrow(&self) -> Borrowed<'_> {
        self.0.borrow()
    }

    /// Wraps an object that is known to be a type object by construction.
    ///
    /// # Safety
    ///
    /// - The object's body at offset 0 is a [`TypeBody`].
    pub(crate) unsafe fn wrap(object: Object) -> Type {
        Type(object)
    }
}

impl Deref for Type {
    type Target = TypeBody;

    #[inline(always)]
    fn deref(&self) -> &TypeBody {
        // SAFETY: type-object: a `Type` is only made of type objects, whose word is an address.
        unsafe { &*(self.0.address() as *const TypeBody) }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.native() {
            Some(native) if self.is_static() => write!(formatter, "Type({})", native.name),
            _ => write!(formatter, "Type(at {:#x})", self.0.address()),
        }
    }
}

/// The slot function of an object's type, without a reference to the type.
#[inline(always)]
pub(crate) fn slot_of(cx: &Context, object: &Object, slot: SlotId) -> Option<SlotFn> {
    match object.kind() {
        // SAFETY: type-object: the object keeps its type alive; the function is copied out.
        Some(kind) => unsafe { (*kind.cast::<TypeBody>()).slot(slot) },
        None => cx.int_type().slot(slot),
    }
}

/// The flags of an object's type, without a reference to the type.
#[inline(always)]
pub(crate) fn type_flags_of(cx: &Context, object: &Object) -> u64 {
    match object.kind() {
        // SAFETY: type-object: the object keeps its type alive.
        Some(kind) => unsafe { (*kind.cast::<TypeBody>()).flags() },
        None => cx.int_type().flags(),
    }
}

/// Tells whether the object's type is exactly this one.
#[inline(always)]
pub(crate) fn is_exactly(object: &Object, exact: &Type) -> bool {
    object
        .kind()
        .is_some_and(|kind| kind as usize == exact.0.address())
}
