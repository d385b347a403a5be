//! Creating, reporting and ending instances of any type.
//!
//! One set of functions serves all types, because everything they need stands in the type object:
//! the chain of native sections, the range of `__slots__` cells, and whether items are objects.

use super::body::section_offset;
use super::tuple::TupleBody;
use super::type_body::{Type, TypeBody};
use crate::native::NativeType;
use crate::{Context, Object, Result};
use mortice_gc::header::HEADER_BYTES;
use mortice_gc::{Heap, KindFlags, Pointer, Slot, Trace, Visitor};

impl Context {
    /// Allocates an instance of any type: each native section starts empty, slots are unset, items
    /// are zero; the collector sees it where its type can be part of a cycle.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn instance(&self, of: &Type, item_count: usize) -> Result<Object> {
        self.allocate(of, item_count, true)
    }

    pub(super) fn allocate(&self, of: &Type, item_count: usize, track: bool) -> Result<Object> {
        of.close();
        let item_bytes = self.item_bytes(of, item_count)?;
        // SAFETY: type-object: a `Type` is alive; section-in-place: the sections are started below,
        // before anything else sees the object.
        let object = unsafe {
            let kind = of.object().address() as *const mortice_gc::Kind;
            self.heap()
                .allocate(kind, item_bytes)
                .map_err(|_| self.out_of_memory())?
        };
        if let Some(pointer) = object.pointer() {
            let mut native = of.native();
            while let Some(at) = native {
                if let Some(table) = &at.body {
                    // SAFETY: section-in-place: the layout has room for the section here.
                    unsafe { (table.start)(pointer.as_ptr().add(section_offset(at))) }
                }
                native = at.base;
            }
        }
        if track {
            self.heap().track(&object);
        }
        Ok(object)
    }

    fn item_bytes(&self, of: &Type, item_count: usize) -> Result<usize> {
        if item_count == 0 {
            return Ok(0);
        }
        let layout = of.state(self).layout.0.get();
        layout
            .and_then(|layout| {
                let with = layout.size_bytes(item_count)?;
                with.checked_sub(layout.size_bytes(0)?)
            })
            .ok_or_else(|| self.out_of_memory())
    }
}

/// Calls `visit` with every native section of an instance, the most derived first.
///
/// # Safety
///
/// - `pointer` is the address of an instance of `type_body`.
unsafe fn each_section(
    pointer: Pointer,
    type_body: &TypeBody,
    mut visit: impl FnMut(&'static NativeType, *mut u8),
) {
    let mut native = type_body.native.get();
    while let Some(at) = native {
        if at.body.is_some() {
            // SAFETY: section-in-place.
            visit(at, unsafe { pointer.as_ptr().add(section_offset(at)) });
        }
        native = at.base;
    }
}

/// The cells of `__slots__` of an instance.
///
/// # Safety
///
/// - `pointer` is the address of an instance of `type_body` whose sections are not dropped yet.
unsafe fn cells<'a>(pointer: Pointer, type_body: &TypeBody) -> &'a [Slot] {
    let count = type_body.cells_count.get() as usize;
    if count == 0 {
        return &[];
    }
    let mut offset = type_body.cells_offset.get() as usize;
    if type_body.cells_after_items.get() {
        // SAFETY: section-in-place: only subclasses of tuple have cells behind their items.
        offset += unsafe { (*pointer.as_ptr().cast::<TupleBody>()).len() } * size_of::<Slot>();
    }
    // SAFETY: section-in-place, zeroed-body: the layout placed `count` cells here.
    unsafe { std::slice::from_raw_parts(pointer.as_ptr().add(offset).cast::<Slot>(), count) }
}

/// The cell that lies `offset` bytes from the start of the header of an instance, behind the items
/// if the cells of its type lie there; `None` where the type has no cell at that place.
pub(crate) fn cell(object: &Object, offset: usize) -> Option<&Slot> {
    let pointer = object.pointer()?;
    let kind = object.kind()?;
    // SAFETY: type-object, section-in-place: the place is checked against the range of cells.
    unsafe {
        let type_body = &*kind.cast::<TypeBody>();
        let first = type_body.cells_offset.get() as usize;
        let index = offset.checked_sub(HEADER_BYTES)?.checked_sub(first)? / size_of::<Slot>();
        cells(pointer, type_body).get(index)
    }
}

/// The words of observable slots of an instance.
///
/// # Safety
///
/// - `pointer` is the address of an instance of `type_body` whose sections are not dropped yet.
pub(super) unsafe fn observable<'a>(pointer: Pointer, type_body: &TypeBody) -> &'a [Slot] {
    let count = type_body.observable_words.get() as usize;
    if count == 0 {
        return &[];
    }
    let offset = type_body.observable_offset.get() as usize;
    // SAFETY: section-in-place, zeroed-body: the layout placed `count` words here, and the number
    // changes only before the first instance.
    unsafe { std::slice::from_raw_parts(pointer.as_ptr().add(offset).cast::<Slot>(), count) }
}

/// The word of observable slots at `index` in an instance; `None` where its type has no such word.
#[inline]
pub fn observable_word(object: &Object, index: usize) -> Option<&Slot> {
    let pointer = object.pointer()?;
    let kind = object.kind()?;
    // SAFETY: type-object: the object keeps its type alive, and itself.
    unsafe { observable(pointer, &*kind.cast::<TypeBody>()).get(index) }
}

/// # Safety
///
/// - `pointer` is the address of a live instance.
pub(crate) unsafe fn traverse_instance(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: type-object, section-in-place, exact-traverse: sections, cells, items and the dict
    // are disjoint, and each reports itself once.
    unsafe {
        let type_body = type_body_of(pointer);
        each_section(pointer, type_body, |native, place| {
            if let Some(table) = &native.body {
                (table.traverse)(place, visitor);
            }
        });
        for cell in cells(pointer, type_body) {
            cell.traverse(visitor);
        }
        for word in observable(pointer, type_body) {
            word.traverse(visitor);
        }
        if has_object_items(type_body) {
            for item in super::tuple::items_at(pointer).iter().rev() {
                item.traverse(visitor);
            }
        }
        if let Some(dict) = dict_slot(pointer) {
            traverse_dict(dict, visitor);
        }
    }
}

/// Reports an instance's dict. One that no program has seen is not tracked and belongs to the
/// instance alone: its values count as the instance's own, as CPython's inline values do.
fn traverse_dict(dict: &Slot, visitor: &mut Visitor<'_>) {
    let Some(object) = dict.get() else { return };
    #[cfg(feature = "canary")]
    if Heap::of_object(&object)
        .is_some_and(|heap| (heap.memory()).has_fault(mortice_mem::fault::Fault::MissingTraverse))
    {
        return;
    }
    // The handle made here is the second reference.
    let private = object.refcount() == 2
        && Heap::of_object(&object).is_some_and(|heap| !heap.is_tracked(&object));
    match (private, crate::dict_view(&object)) {
        (true, Some(view)) => view.traverse_values(visitor),
        _ => dict.traverse(visitor),
    }
}

/// # Safety
///
/// - `pointer` is the address of a live instance that a handle keeps alive.
pub(crate) unsafe fn clear_instance(_: &Heap, pointer: Pointer) {
    // SAFETY: type-object, section-in-place.
    unsafe {
        let type_body = type_body_of(pointer);
        super::companion::part(observable(pointer, type_body));
        for word in observable(pointer, type_body) {
            drop(word.take());
        }
        each_section(pointer, type_body, |native, place| {
            if let Some(table) = &native.body {
                (table.clear)(place);
            }
        });
        for cell in cells(pointer, type_body) {
            drop(cell.take());
        }
        if let Some(dict) = dict_slot(pointer) {
            drop(dict.take());
        }
    }
}

/// # Safety
///
/// - `pointer` is the address of an instance that nothing refers to any more.
pub(crate) unsafe fn teardown_instance(_heap: &Heap, pointer: Pointer) {
    // SAFETY: type-object, section-in-place: everything is dropped once, the subclass's parts
    // first, as CPython's nested deallocators do. The type lives until the memory is released.
    unsafe {
        let type_body = type_body_of(pointer);
        super::companion::part(observable(pointer, type_body));
        for word in observable(pointer, type_body) {
            drop(word.take());
        }
        for cell in cells(pointer, type_body) {
            drop(cell.take());
        }
        if let Some(dict) = dict_slot(pointer) {
            #[cfg(feature = "canary")]
            if (_heap.memory()).has_fault(mortice_mem::fault::Fault::RefcountLeak) {
                let _ = dict.take().map(mortice_gc::Object::into_word);
            }
            drop(dict.take());
        }
        if has_object_items(type_body) {
            for item in super::tuple::items_at(pointer).iter().rev() {
                drop(item.take());
            }
        }
        each_section(pointer, type_body, |native, place| {
            if let Some(table) = &native.body {
                (table.drop)(place);
            }
        });
    }
}

/// Calls the finalizer slot of an instance.
pub(crate) fn finalize_hook(heap: &Heap, object: &Object) {
    if let Some(cx) = super::context_of(heap) {
        crate::finalize::finalize(cx, object);
    }
}

fn has_object_items(type_body: &TypeBody) -> bool {
    type_body.flags.get() & crate::native::flags::TUPLE != 0
}

/// # Safety
///
/// - `pointer` is the address of an instance.
unsafe fn type_body_of<'a>(pointer: Pointer) -> &'a TypeBody {
    // SAFETY: type-object: every kind in this crate begins a TypeBody.
    unsafe { &*mortice_gc::Header::of(pointer).kind().cast::<TypeBody>() }
}

/// # Safety
///
/// - `pointer` is the address of an instance whose memory is still there.
unsafe fn dict_slot<'a>(pointer: Pointer) -> Option<&'a Slot> {
    // SAFETY: prefix-words.
    unsafe {
        mortice_gc::Header::of(pointer).has_prefix().then(|| {
            &*pointer
                .as_ptr()
                .sub(HEADER_BYTES + size_of::<Slot>())
                .cast::<Slot>()
        })
    }
}

/// Tells whether instances of a type with these flags are collected.
pub(crate) fn kind_flags(flags: u64, prefix: bool, heap_type: bool, noticed: bool) -> KindFlags {
    let mut result = KindFlags(0);
    if flags & crate::native::flags::COLLECTED != 0 {
        result = result.with(KindFlags::COLLECTED);
    }
    if prefix {
        result = result.with(KindFlags::PREFIX);
    }
    if heap_type {
        result = result.with(KindFlags::HEAP_TYPE);
    }
    if noticed {
        result = result.with(KindFlags::NOTICED);
    }
    result
}
