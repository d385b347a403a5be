//! What counts references and marks what is reachable: the state of phases 1 and 2.
//!
//! A candidate's count of internal references stands in its side byte; what does not fit goes to a
//! table. The mark stack keeps a few places that need no memory.

use super::Generation;
use crate::Heap;
use crate::header::{FLAG_GARBAGE, Header};
use crate::object::Pointer;
use crate::trace::{Mode, Visitor};
use crate::track::{COUNT_MASK, COUNT_MAX, OLD, OVERFLOW, PERMANENT, REACHABLE, TRACKED, side_of};
use allocator_api2::vec::Vec;
use hashbrown::{DefaultHashBuilder, HashMap};
use mortice_mem::MemoryRef;
use std::cell::{Cell, RefCell};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Generation(Generation),
    /// The objects that phase 3 gathered: those with the garbage flag.
    Garbage,
}

/// Places of the mark stack that need no memory.
const RESERVE: usize = 64;

/// Objects that are marked and not yet scanned.
struct MarkStack {
    grown: Vec<Pointer, MemoryRef>,
    /// Used while `grown` finds no memory.
    reserve: [Option<Pointer>; RESERVE],
    reserved: usize,
}

impl MarkStack {
    fn new(memory: MemoryRef) -> MarkStack {
        MarkStack {
            grown: Vec::new_in(memory),
            reserve: [None; RESERVE],
            reserved: 0,
        }
    }

    /// Adds an object; false where there is no room.
    #[inline]
    fn push(&mut self, pointer: Pointer) -> bool {
        if self.grown.len() < self.grown.capacity() || self.grown.try_reserve(1).is_ok() {
            self.grown.push(pointer);
            return true;
        }
        match self.reserve.get_mut(self.reserved) {
            Some(place) => {
                *place = Some(pointer);
                self.reserved += 1;
                true
            }
            None => false,
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<Pointer> {
        if let Some(pointer) = self.grown.pop() {
            return Some(pointer);
        }
        self.reserved = self.reserved.checked_sub(1)?;
        self.reserve[self.reserved].take()
    }
}

/// The state of phases 1 and 2.
pub(crate) struct Pass {
    scope: Scope,
    stack: RefCell<MarkStack>,
    /// Marked objects that found no room on the stack.
    pub(super) missed: Cell<bool>,
    /// Counts that do not fit a side byte.
    overflow: RefCell<HashMap<usize, u32, DefaultHashBuilder, MemoryRef>>,
    /// An overflowing count found no memory; its object was marked reachable.
    gave_up: Cell<bool>,
}

impl Pass {
    pub(super) fn new(heap: &Heap, scope: Scope) -> Pass {
        // SAFETY: heap-outlives-objects: a pass ends within a method of its heap.
        let memory = unsafe { MemoryRef::new(heap.memory()) };
        Pass {
            scope,
            stack: RefCell::new(MarkStack::new(memory)),
            missed: Cell::new(false),
            overflow: RefCell::new(HashMap::with_hasher_in(
                DefaultHashBuilder::default(),
                memory,
            )),
            gave_up: Cell::new(false),
        }
    }

    /// # Safety
    ///
    /// - `pointer` is the address of a live object on a heap with this side byte.
    #[inline]
    pub(super) unsafe fn is_candidate(&self, pointer: Pointer, side: u8) -> bool {
        if side & TRACKED == 0 {
            return false;
        }
        // SAFETY: live-header, by the caller.
        let header = unsafe { Header::of(pointer) };
        match self.scope {
            Scope::Generation(Generation::Young) => side & OLD == 0,
            Scope::Generation(Generation::Middle) => side & OLD == 0 || header.generation() <= 1,
            Scope::Generation(Generation::Full) => {
                side & OLD == 0 || header.generation() != PERMANENT
            }
            Scope::Garbage => header.has(FLAG_GARBAGE),
        }
    }

    /// Counts one internal reference.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object.
    #[inline]
    pub(crate) unsafe fn subtract(&self, pointer: Pointer) {
        // SAFETY: live-header, by the caller.
        unsafe {
            if Header::of(pointer).is_static() {
                return;
            }
            let side = side_of(pointer);
            let value = side.get();
            if !self.is_candidate(pointer, value) {
                return;
            }
            match value & COUNT_MASK {
                count if count < COUNT_MAX => side.set(value + 1),
                REACHABLE => {}
                count => self.count_overflow(pointer, side, count),
            }
        }
    }

    #[cold]
    fn count_overflow(&self, pointer: Pointer, side: &Cell<u8>, count: u8) {
        let mut overflow = self.overflow.borrow_mut();
        let key = pointer.as_ptr() as usize;
        let rest = side.get() & !COUNT_MASK;
        if count == OVERFLOW {
            if let Some(count) = overflow.get_mut(&key) {
                *count += 1;
            }
        } else if overflow.try_reserve(1).is_ok() {
            overflow.insert(key, u32::from(COUNT_MAX) + 1);
            side.set(rest | OVERFLOW);
        } else {
            side.set(rest | REACHABLE);
            self.gave_up.set(true);
        }
    }

    fn internal_references(&self, pointer: Pointer, side: u8) -> u32 {
        match side & COUNT_MASK {
            OVERFLOW => {
                let key = pointer.as_ptr() as usize;
                self.overflow
                    .borrow()
                    .get(&key)
                    .copied()
                    .unwrap_or(u32::MAX)
            }
            count => u32::from(count),
        }
    }

    /// Marks an object as reachable and remembers to scan it.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object.
    #[inline]
    pub(crate) unsafe fn mark(&self, pointer: Pointer) {
        // SAFETY: live-header, by the caller.
        unsafe {
            if Header::of(pointer).is_static() {
                return;
            }
            let side = side_of(pointer);
            let value = side.get();
            if value & COUNT_MASK == REACHABLE || !self.is_candidate(pointer, value) {
                return;
            }
            side.set(value | REACHABLE);
        }
        self.push(pointer);
    }

    fn push(&self, pointer: Pointer) {
        if !self.stack.borrow_mut().push(pointer) {
            self.missed.set(true);
        }
    }

    pub(super) fn scan(&self, pointer: Pointer) {
        // SAFETY: exact-traverse, phase-exclusive: a marked object is live, nothing changes now.
        unsafe {
            traverse(
                pointer,
                &mut Visitor {
                    mode: Mode::Mark(self),
                },
            )
        }
    }

    pub(super) fn drain(&self) {
        loop {
            let next = self.stack.borrow_mut().pop();
            match next {
                Some(pointer) => self.scan(pointer),
                None => return,
            }
        }
    }

    /// Compares what was counted with an object's reference count.
    #[cfg(feature = "zeal")]
    pub(super) fn compare(&self, pointer: Pointer, side: u8) {
        if side & COUNT_MASK == REACHABLE {
            return;
        }
        // SAFETY: live-header: a tracked object is live.
        let header = unsafe { Header::of(pointer) };
        let (internal, references) = (
            self.internal_references(pointer, side),
            header.refcount.get(),
        );
        assert!(
            internal <= references,
            "the object at {pointer:p} has {references} references, and {internal} were counted"
        );
    }

    /// Decides about one candidate after the counts are complete.
    pub(super) fn decide(&self, pointer: Pointer, side: &Cell<u8>) {
        let value = side.get();
        if value & COUNT_MASK == REACHABLE {
            if self.gave_up.get() {
                self.scan(pointer);
                self.drain();
            }
            return;
        }
        // SAFETY: live-header: a tracked object is live.
        let header = unsafe { Header::of(pointer) };
        let references = header.refcount.get();
        let internal = self.internal_references(pointer, value);
        debug_assert!(
            internal <= references,
            "exact-traverse: {internal} counted of {references}"
        );
        // An immortal object's count says nothing, whatever was counted.
        if references != internal || header.is_immortal() {
            side.set(value | REACHABLE);
            self.push(pointer);
            self.drain();
        }
    }
}

/// Reports the references of the object at `pointer`.
///
/// # Safety
///
/// - `pointer` is the address of a live object.
pub(super) unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: live-header, exact-traverse: an instance of a heap type also owns its type.
    unsafe {
        let kind = Header::of(pointer).kind.get();
        ((*kind).traverse.get())(pointer, visitor);
        if (*kind).has(crate::KindFlags::HEAP_TYPE) {
            visitor.visit_pointer(Pointer::new_unchecked(kind as *mut u8));
        }
    }
}
