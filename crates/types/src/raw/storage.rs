//! The static types' place: storage that the caller hands in.
//!
//! A storage is written once, by the first context that uses it, and is immutable from then on, so
//! any number of runtimes in any threads share it. A type's cell has a fixed place in it; a shim
//! can give that place a symbol.

use super::instance::{
    clear_instance, finalize_hook, kind_flags, teardown_instance, traverse_instance,
};
use super::tuple::TupleBody;
use super::type_body::{Type, TypeBody};
use crate::builtin::bytes::BytesBody;
use crate::builtin::string::StrBody;
use crate::layout::Storage;
use crate::native::{NativeType, flags};
use crate::slot_id::SlotId;
use crate::{Context, Object, index};
use mortice_gc::header::HEADER_BYTES;
use mortice_gc::{Header, Heap, Kind, KindFlags};
use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::OnceLock;

/// Native types that fit a storage.
pub const MAX_STATIC_TYPES: usize = 224;

/// The immortal objects that every runtime shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Single {
    /// `None`.
    None,
    /// `NotImplemented`.
    NotImplemented,
    /// `Ellipsis`.
    Ellipsis,
    /// `False`.
    False,
    /// `True`.
    True,
    /// What an iterator's next slot answers when nothing is left; never seen by a program.
    Exhausted,
    /// `()`.
    EmptyTuple,
    /// `""`.
    EmptyText,
    /// `b""`.
    EmptyBytes,
}

/// Number of shared immortal objects.
pub(crate) const SINGLE_COUNT: usize = SINGLES.len();

const SINGLES: [(Single, usize); 9] = [
    (Single::None, index::NONE_TYPE),
    (Single::NotImplemented, index::NOT_IMPLEMENTED_TYPE),
    (Single::Ellipsis, index::ELLIPSIS_TYPE),
    (Single::False, index::BOOL),
    (Single::True, index::BOOL),
    (Single::Exhausted, index::OBJECT),
    (Single::EmptyTuple, index::TUPLE),
    (Single::EmptyText, index::STR),
    (Single::EmptyBytes, index::BYTES),
];

#[repr(C, align(16))]
struct TypeCell {
    header: Header,
    body: TypeBody,
}

#[repr(C, align(16))]
struct SingleCell {
    header: Header,
    body: [u64; SINGLE_WORDS],
}

/// Words of the largest body of a shared object.
const SINGLE_WORDS: usize = 8;
const _: () = assert!(size_of::<TupleBody>() <= 8 * SINGLE_WORDS);
const _: () = assert!(size_of::<StrBody>() <= 8 * SINGLE_WORDS);
const _: () = assert!(size_of::<BytesBody>() <= 8 * SINGLE_WORDS);

/// Room for static types and the shared immortal objects.
pub struct TypeStorage {
    cells: UnsafeCell<[MaybeUninit<TypeCell>; MAX_STATIC_TYPES]>,
    singles: UnsafeCell<[MaybeUninit<SingleCell>; SINGLES.len()]>,
    installed: OnceLock<&'static [&'static [&'static NativeType]]>,
}

// SAFETY: frozen-storage: the cells are written only inside the initialisation of `installed`,
// which happens once and before any reference into them is given out. The bodies of the empty
// objects have cells, which nothing writes: what is computed late is zero or not kept for them.
unsafe impl Sync for TypeStorage {}

impl TypeStorage {
    /// Empty storage, for a `static`.
    pub const fn new() -> TypeStorage {
        TypeStorage {
            cells: UnsafeCell::new([const { MaybeUninit::uninit() }; MAX_STATIC_TYPES]),
            singles: UnsafeCell::new([const { MaybeUninit::uninit() }; SINGLES.len()]),
            installed: OnceLock::new(),
        }
    }

    /// Writes the types once; later calls must name the same tables. The first table is this
    /// crate's, and every base stands before the types derived from it.
    ///
    /// Returns false where the storage was installed with other tables.
    ///
    /// # Panics
    ///
    /// The tables contradict themselves: instances would not have the memory that their types say.
    pub fn install(&'static self, tables: &'static [&'static [&'static NativeType]]) -> bool {
        let installed = self.installed.get_or_init(|| {
            super::check_tables::check(tables);
            for native in tables.iter().copied().flatten() {
                self.write_type(native);
            }
            for (single, index) in SINGLES {
                let header = Header::immortal(self.kind_at(index));
                let cell = SingleCell {
                    header,
                    body: [0; SINGLE_WORDS],
                };
                // SAFETY: frozen-storage: this runs once, before anything is shared.
                // section-in-place: the cell has room for the body, as asserted above.
                unsafe {
                    let cell = (*self.singles.get())[single as usize].write(cell);
                    let body = cell.body.as_mut_ptr();
                    match single {
                        Single::EmptyTuple => body.cast::<TupleBody>().write(TupleBody::empty()),
                        Single::EmptyText => body.cast::<StrBody>().write(StrBody::empty()),
                        Single::EmptyBytes => body.cast::<BytesBody>().write(BytesBody::default()),
                        _ => {}
                    }
                }
            }
            tables
        });
        std::ptr::eq(*installed, tables)
    }

    fn kind_at(&self, index: usize) -> *const Kind {
        assert!(
            index < MAX_STATIC_TYPES,
            "type index {index} exceeds the storage"
        );
        // SAFETY: frozen-storage: only an address is computed.
        unsafe {
            let cell = self.cells.get().cast::<TypeCell>().add(index);
            (&raw const (*cell).body).cast::<Kind>()
        }
    }

    fn write_type(&self, native: &'static NativeType) {
        let body = TypeBody::default();
        body.index.set(native.index as u32);
        body.native.set(Some(native));
        let mut bits = native.flags;
        if let Some(base) = native.base {
            // SAFETY: frozen-storage: bases are written before.
            let base_body = unsafe { &*self.kind_at(base.index).cast::<TypeBody>() };
            bits |= base_body.flags() & (flags::KINSHIP | flags::MATCH_SELF);
            for slot in SlotId::ALL {
                let inherits = match slot {
                    // CPython's static types on top of `object` have no `tp_new` of their own.
                    SlotId::New => base.index != index::OBJECT,
                    SlotId::Del => false,
                    _ => true,
                };
                if inherits {
                    body.set_slot(slot, base_body.slot(slot));
                }
            }
            if native.slots.iter().any(|(slot, _)| *slot == SlotId::Eq)
                && !native.slots.iter().any(|(slot, _)| *slot == SlotId::Hash)
            {
                body.set_slot(SlotId::Hash, None);
            }
        }
        for (slot, function) in native.slots {
            body.set_slot(*slot, Some(*function));
        }
        let managed =
            native.layout.dict == Storage::Managed || native.layout.weakref == Storage::Managed;
        let mut kind = kind_flags(bits, managed, false, managed);
        if super::check_tables::begins_with::<mortice_gc::WeakBody>(native) {
            kind = kind.with(KindFlags::WEAK_REFERENCE);
        }
        body.kind.flags.set(kind);
        body.kind
            .body_bytes
            .set((native.layout.basicsize.max(native_bytes(native))) as u32 - HEADER_BYTES as u32);
        body.kind.traverse.set(traverse_instance);
        body.kind.clear.set(clear_instance);
        body.kind.teardown.set(teardown_instance);
        if body.slot(SlotId::Del).is_some() {
            body.kind.finalize.set(Some(finalize_hook));
        }
        if bits & flags::TUPLE != 0 {
            body.kind.settled.set(Some(super::tuple::tuple_settled));
        }
        if native.layout.dict != Storage::None {
            bits |= flags::HAS_DICT;
        }
        if native.layout.weakref != Storage::None {
            bits |= flags::HAS_WEAKREF;
        }
        body.flags.set(bits | flags::READY | flags::IMMUTABLE);
        let header = Header::immortal(self.kind_at(index::TYPE));
        // SAFETY: frozen-storage: this runs once, before anything is shared.
        unsafe {
            (*self.cells.get())[native.index].write(TypeCell { header, body });
        }
    }

    /// The type at an index that the installed tables name.
    pub(crate) fn type_at(&'static self, index: usize) -> Type {
        assert!(
            self.installed.get().is_some(),
            "the storage is not installed"
        );
        let pointer = NonNull::new(self.kind_at(index) as *mut u8).unwrap_or(NonNull::dangling());
        // SAFETY: type-object, frozen-storage: the tables named this index, so the cell is written.
        unsafe { Type::wrap(Object::from_owned(pointer)) }
    }

    /// A shared immortal object.
    pub(crate) fn single(&'static self, single: Single) -> Object {
        assert!(
            self.installed.get().is_some(),
            "the storage is not installed"
        );
        // SAFETY: frozen-storage: the singles are written; they are immortal, so no count is owned.
        unsafe {
            let cell = self.singles.get().cast::<SingleCell>().add(single as usize);
            Object::from_owned(NonNull::new_unchecked((&raw mut (*cell).body).cast()))
        }
    }
}

impl Default for TypeStorage {
    fn default() -> TypeStorage {
        TypeStorage::new()
    }
}

/// Bytes of header and our sections, which may exceed the basicsize only where it is not checked.
fn native_bytes(native: &NativeType) -> usize {
    super::body::section_offset(native) + HEADER_BYTES + native.layout.body_bytes
}

/// The context whose heap this is.
pub fn context_of(heap: &Heap) -> Option<&Context> {
    // SAFETY: context-owns-heap: a context stores its fixed address in its heap, and takes it out
    // again before it ends.
    unsafe { heap.client().cast::<Context>().as_ref() }
}

/// Stores a context's address in its heap.
pub(crate) fn adopt(cx: &Context) {
    // SAFETY: context-owns-heap: the context has a fixed address, and takes it out before it ends.
    unsafe { cx.heap().set_client(std::ptr::from_ref(cx).cast()) };
    cx.heap().set_hooks(mortice_gc::Hooks {
        weak_callback: crate::finalize::weak_callback,
        garbage: crate::finalize::garbage,
    });
}

/// Takes a context's address out of its heap.
pub(crate) fn disown(cx: &Context) {
    // SAFETY: context-owns-heap: null is nobody's address.
    unsafe { cx.heap().set_client(std::ptr::null()) };
}

/// A handle of a heap's memory.
pub(crate) fn memory_ref(heap: &Heap) -> mortice_mem::MemoryRef {
    // SAFETY: context-owns-heap: collections with this handle belong to the context and are dropped
    // before its heap, or lie in objects, whose heap outlives them.
    unsafe { mortice_mem::MemoryRef::new(heap.memory()) }
}
