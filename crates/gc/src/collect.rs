//! Finding and ending what only cycles keep alive.
//!
//! The phases, over the candidates of a generation (here `a ⇄ b`, and `c` held by a variable that
//! also refers to `b`):
//!
//! 1. *subtract*: every candidate's references are reported; each one that leads to a candidate is
//!    counted in that one's side byte. Counts: a 1, b 2, c 0; reference counts: a 1, b 2, c 1.
//! 2. *mark*: a candidate with more references than were counted is held from outside (`c`). What
//!    it reaches is reachable too (`b`, then `a`). Nothing is garbage here; without `c`, a and b are.
//! 3. *settle*: side bytes go back to rest, survivors grow older, garbage is gathered in tracking
//!    order and held by handles.
//! 4. *weak references* from outside that have a callback are cleared, and the callbacks run.
//! 5. *finalizers* run, in tracking order, each once per object (PEP 442).
//! 6. *resurrection*: phases 1 and 2 again, within the garbage only. What became reachable survives.
//! 7. *clear*: remaining weak references are cleared; each dead object drops its references and
//!    goes when its last one does.
//!
//! Phases 1 and 2 walk the side bytes in address order. The mark stack may fail to grow: the
//! object stays marked, and the candidates are scanned again until nothing was missed. A few places
//! of the stack need no memory, so that a chain is followed to its end all the same. Where the
//! list of garbage finds no memory, the collection changes nothing and says so.

use crate::header::{FLAG_FINALIZED, FLAG_GARBAGE, Header};
use crate::object::{Object, Pointer};
use crate::trace::{Mode, Visitor};
use crate::track::{COUNT_MASK, COUNT_MAX, OLD, OVERFLOW, PERMANENT, REACHABLE, TRACKED, side_of};
use crate::weak::{self, WeakBody};
use crate::{Buffer, Heap, OutOfMemory};
use allocator_api2::vec::Vec;
use hashbrown::{DefaultHashBuilder, HashMap};
use mortice_mem::MemoryRef;
use std::cell::{Cell, RefCell};

/// How far a collection looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// The youngest objects.
    Young = 0,
    /// Also those that survived one collection.
    Middle = 1,
    /// Everything but the permanent generation.
    Full = 2,
}

impl Generation {
    /// The generation of this number.
    pub fn from_number(number: i64) -> Option<Generation> {
        match number {
            0 => Some(Generation::Young),
            1 => Some(Generation::Middle),
            2 => Some(Generation::Full),
            _ => None,
        }
    }
}

/// What a collection found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Unreachable objects that were freed (or saved, with `save_all`).
    pub collected: usize,
    /// Unreachable objects that cannot be freed.
    pub uncollectable: usize,
}

/// Why a collection did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CollectError {
    /// A collection runs already (a finalizer or callback asked for one).
    #[error("a collection is running already")]
    Running,
    /// The list of garbage found no memory.
    #[error("out of memory while listing garbage")]
    OutOfMemory,
}

impl From<OutOfMemory> for CollectError {
    fn from(_: OutOfMemory) -> CollectError {
        CollectError::OutOfMemory
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
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
    missed: Cell<bool>,
    /// Counts that do not fit a side byte.
    overflow: RefCell<HashMap<usize, u32, DefaultHashBuilder, MemoryRef>>,
    /// An overflowing count found no memory; its object was marked reachable.
    gave_up: Cell<bool>,
}

impl Pass {
    fn new(heap: &Heap, scope: Scope) -> Pass {
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
    unsafe fn is_candidate(&self, pointer: Pointer, side: u8) -> bool {
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

    fn scan(&self, pointer: Pointer) {
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

    fn drain(&self) {
        loop {
            let next = self.stack.borrow_mut().pop();
            match next {
                Some(pointer) => self.scan(pointer),
                None => return,
            }
        }
    }

    /// Decides about one candidate after the counts are complete.
    fn decide(&self, pointer: Pointer, side: &Cell<u8>, own_references: u32) {
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
        let references = header.refcount.get() - own_references;
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
unsafe fn traverse(pointer: Pointer, visitor: &mut Visitor<'_>) {
    // SAFETY: live-header, exact-traverse: an instance of a heap type also owns its type.
    unsafe {
        let kind = Header::of(pointer).kind.get();
        ((*kind).traverse.get())(pointer, visitor);
        if (*kind).has(crate::KindFlags::HEAP_TYPE) {
            visitor.visit_pointer(Pointer::new_unchecked(kind as *mut u8));
        }
    }
}

impl Heap {
    /// Collects if the counters ask for it; called at safe points. Returns the generation and what
    /// was found, or `None`.
    pub fn collect_if_due(
        &self,
        around: impl FnMut(Generation, Option<Collected>),
    ) -> Option<Collected> {
        if !self.requested.replace(false) || !self.enabled.get() || self.collecting.get() {
            return None;
        }
        let exceeded = |index: usize| self.counts[index].get() > self.thresholds[index].get();
        let enough_pending = self.long_lived_pending.get() > self.long_lived_total.get() / 4;
        let generation = if exceeded(2) && enough_pending {
            Generation::Full
        } else if exceeded(1) {
            Generation::Middle
        } else {
            Generation::Young
        };
        Some(self.collect_around(generation, around).unwrap_or_default())
    }

    /// Collects, and calls `around` before and after; what it allocates starts no other collection.
    ///
    /// # Errors
    ///
    /// [`CollectError`]; `around` is not called where a collection runs already.
    pub fn collect_around(
        &self,
        generation: Generation,
        mut around: impl FnMut(Generation, Option<Collected>),
    ) -> Result<Collected, CollectError> {
        if self.collecting.replace(true) {
            return Err(CollectError::Running);
        }
        around(generation, None);
        self.collecting.set(false);
        let result = self.collect(generation);
        self.collecting.set(true);
        around(generation, Some(result.unwrap_or_default()));
        self.collecting.set(false);
        result
    }

    /// Tells whether a collection runs.
    pub fn is_collecting(&self) -> bool {
        self.collecting.get()
    }

    /// Collects a generation and the younger ones.
    ///
    /// # Errors
    ///
    /// [`CollectError`]; nothing was changed then.
    pub fn collect(&self, generation: Generation) -> Result<Collected, CollectError> {
        if self.collecting.replace(true) {
            return Err(CollectError::Running);
        }
        self.requested.set(false);
        let result = self
            .find_garbage(generation)
            .map(|garbage| self.end_garbage(garbage));
        let index = generation as usize;
        if let Some(next) = self.counts.get(index + 1) {
            next.set(next.get().saturating_add(1));
        }
        for count in &self.counts[..=index] {
            count.set(0);
        }
        self.collecting.set(false);
        result.map_err(CollectError::from)
    }

    /// Phases 1 to 3.
    fn find_garbage(&self, generation: Generation) -> Result<Buffer<Object>, OutOfMemory> {
        let scope = Scope::Generation(generation);
        let pass = Pass::new(self, scope);
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header, phase-exclusive: a tracked object is live, nothing changes now.
            unsafe {
                if pass.is_candidate(pointer, side.get()) {
                    traverse(
                        pointer,
                        &mut Visitor {
                            mode: Mode::Subtract(&pass),
                        },
                    );
                }
            }
        });
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            if unsafe { pass.is_candidate(pointer, side.get()) } {
                pass.decide(pointer, side, 0);
            }
        });
        while pass.missed.replace(false) {
            self.each_candidate(generation, &mut |pointer, side| {
                if side.get() & COUNT_MASK == REACHABLE {
                    pass.scan(pointer);
                    pass.drain();
                }
            });
        }
        let mut count = 0;
        self.each_candidate(generation, &mut |pointer, side| {
            // SAFETY: live-header: a tracked object is live.
            let candidate = unsafe { pass.is_candidate(pointer, side.get()) };
            count += usize::from(candidate && side.get() & COUNT_MASK != REACHABLE);
        });
        let mut garbage = Buffer::with_capacity(self, count);
        let mut survivors = 0;
        self.each_candidate(generation, &mut |pointer, side| {
            let value = side.get();
            // SAFETY: live-header: a tracked object is live; a handle keeps garbage alive.
            unsafe {
                if !pass.is_candidate(pointer, value) {
                    return;
                }
                let header = Header::of(pointer);
                side.set(value & !COUNT_MASK);
                if value & COUNT_MASK == REACHABLE {
                    survivors += usize::from(self.grow_older(pointer, header, side, generation));
                } else if let Ok(garbage) = &mut garbage {
                    header.set(FLAG_GARBAGE);
                    let pushed = garbage.push(self, Object::from_borrowed(pointer));
                    debug_assert!(pushed.is_ok(), "the buffer has room for all garbage");
                }
            }
        });
        if generation == Generation::Full {
            self.long_lived_pending.set(0);
            self.long_lived_total.set(survivors);
        } else if generation == Generation::Middle {
            self.long_lived_pending
                .set(self.long_lived_pending.get() + survivors);
        }
        let mut garbage = garbage?;
        garbage.sort_unstable_by_key(|object| {
            (object.header().map_or(0, Header::serial), object.address())
        });
        Ok(garbage)
    }

    /// Moves a survivor to the next generation; false where it needs no tracking any more.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live tracked object with that header and side byte.
    unsafe fn grow_older(
        &self,
        pointer: Pointer,
        header: &Header,
        side: &Cell<u8>,
        generation: Generation,
    ) -> bool {
        // SAFETY: live-header, by the caller.
        unsafe {
            if let Some(settled) = (*header.kind.get()).settled.get()
                && settled(pointer)
            {
                side.set(0);
                return false;
            }
        }
        let older = (generation as u32 + 1).min(2);
        if header.generation() != older {
            header.set_generation(older);
        }
        side.set(side.get() | OLD);
        true
    }

    /// Phases 4 to 7.
    fn end_garbage(&self, mut garbage: Buffer<Object>) -> Collected {
        let count = garbage.len();
        if count == 0 {
            return Collected::default();
        }
        if let Some(found) = self.found.get() {
            for object in garbage.iter() {
                found(self, object);
            }
        }
        self.call_weak_callbacks(&garbage);
        for object in garbage.iter() {
            self.finalize_once(object);
        }
        self.keep_resurrected(&mut garbage);
        let collected = Collected {
            collected: garbage.len(),
            uncollectable: 0,
        };
        for object in garbage.iter() {
            if let Some(pointer) = object.pointer() {
                // SAFETY: weak-linked: a handle keeps the object alive.
                unsafe { weak::detach_all(pointer) }
            }
        }
        for object in garbage.iter() {
            if let Some(header) = object.header() {
                header.unset(FLAG_GARBAGE);
            }
        }
        for object in garbage {
            if self.save_all.get() {
                (self.hooks.get().garbage)(self, object);
            } else {
                self.clear_cycle(object);
            }
        }
        collected
    }

    /// Phase 4: references from outside the garbage that have a callback.
    fn call_weak_callbacks(&self, garbage: &Buffer<Object>) {
        // Garbage references are silenced first: their callbacks never run. That goes for targets
        // outside the garbage too, for clearing may end those, and the callback would find garbage
        // that is cleared already.
        for object in garbage.iter() {
            // SAFETY: live-header: the object keeps its type alive.
            let flags = object.kind().map(|kind| unsafe { (*kind).flags.get() });
            if flags.is_some_and(|flags| flags.has(crate::KindFlags::WEAK_REFERENCE)) {
                with_weak(object, |body| {
                    if body.callback.is_some() {
                        body.detach();
                    }
                });
            }
        }
        let mut calls: Buffer<(Object, Object)> = Buffer::new();
        for object in garbage.iter() {
            let Some(pointer) = object.pointer() else {
                continue;
            };
            weak::each(pointer, &mut |reference, body| {
                // SAFETY: weak-linked: what is linked has a valid header; the dead are left alone.
                let reference = unsafe {
                    if Header::of(reference).is_dead() {
                        return true;
                    }
                    Object::from_borrowed(reference)
                };
                if let Some(callback) = body.callback.get() {
                    // Without memory the callback is lost, as its event cannot be kept.
                    let _ = calls.push(self, (callback, reference));
                }
                true
            });
        }
        for (_, reference) in calls.iter() {
            drop(with_weak(reference, |body| {
                body.detach();
                body.callback.take()
            }));
        }
        for (callback, reference) in calls {
            (self.hooks.get().weak_callback)(self, &callback, &reference);
        }
    }

    /// Phase 5 for one object.
    fn finalize_once(&self, object: &Object) {
        let (Some(header), Some(kind)) = (object.header(), object.kind()) else {
            return;
        };
        // SAFETY: live-header: the object keeps its type alive.
        if let Some(finalize) = unsafe { (*kind).finalize.get() }
            && !header.has(FLAG_FINALIZED)
        {
            header.set(FLAG_FINALIZED);
            finalize(self, object);
        }
    }

    /// Phase 6: what finalizers made reachable leaves the garbage.
    fn keep_resurrected(&self, garbage: &mut Buffer<Object>) {
        let pass = Pass::new(self, Scope::Garbage);
        let members = || garbage.iter().filter_map(Object::pointer);
        for pointer in members() {
            // SAFETY: exact-traverse, phase-exclusive: handles keep the garbage alive.
            unsafe {
                if side_of(pointer).get() & TRACKED != 0 {
                    traverse(
                        pointer,
                        &mut Visitor {
                            mode: Mode::Subtract(&pass),
                        },
                    );
                }
            }
        }
        for pointer in members() {
            // SAFETY: live-header: handles keep the garbage alive.
            let side = unsafe { side_of(pointer) };
            if side.get() & TRACKED != 0 {
                pass.decide(pointer, side, 1);
            }
        }
        while pass.missed.replace(false) {
            for pointer in members() {
                // SAFETY: live-header: handles keep the garbage alive.
                if unsafe { side_of(pointer) }.get() & COUNT_MASK == REACHABLE {
                    pass.scan(pointer);
                    pass.drain();
                }
            }
        }
        let is_dead = |object: &Object| {
            object.pointer().is_some_and(|pointer| {
                // SAFETY: live-header: handles keep the garbage alive.
                let side = unsafe { side_of(pointer) }.get();
                side & TRACKED != 0 && side & COUNT_MASK != REACHABLE
            })
        };
        // The dead keep their order at the front; survivors move to the end.
        let dead = garbage.iter().filter(|object| is_dead(object)).count();
        garbage.sort_unstable_by_key(|object| {
            let serial = object.header().map_or(0, Header::serial);
            (!is_dead(object), serial, object.address())
        });
        for object in garbage.iter() {
            if let Some(pointer) = object.pointer() {
                // SAFETY: live-header: handles keep the garbage alive.
                let side = unsafe { side_of(pointer) };
                if side.get() & TRACKED != 0 {
                    side.set(side.get() & !COUNT_MASK);
                }
            }
        }
        for object in &garbage[dead..] {
            if let Some(header) = object.header() {
                header.unset(FLAG_GARBAGE);
                header.set_generation(2);
                // SAFETY: live-header: handles keep the garbage alive.
                if let Some(side) = object.pointer().map(|pointer| unsafe { side_of(pointer) })
                    && side.get() & TRACKED != 0
                {
                    side.set(side.get() | OLD);
                }
            }
        }
        garbage.truncate(dead);
    }

    /// Phase 7 for one object.
    fn clear_cycle(&self, object: Object) {
        let (Some(header), Some(kind)) = (object.header(), object.kind()) else {
            return;
        };
        if header.refcount.get() > 1
            && let Some(pointer) = object.pointer()
        {
            // SAFETY: live-header, owned-reference: the handle keeps the object alive, and a handle
            // of its own the type: what the clearing runs may give the object another type.
            unsafe {
                let _of = (*kind)
                    .has(crate::KindFlags::HEAP_TYPE)
                    .then(|| Object::from_borrowed(Pointer::new_unchecked(kind as *mut u8)));
                ((*kind).clear.get())(self, pointer);
            }
        }
        drop(object);
    }
}

fn with_weak<R>(reference: &Object, act: impl FnOnce(&WeakBody) -> R) -> R {
    let pointer = reference.pointer().unwrap_or(Pointer::dangling());
    // SAFETY: weak-linked: only weak references get here, and the handle keeps this one alive.
    act(unsafe { &*pointer.as_ptr().cast::<WeakBody>() })
}
