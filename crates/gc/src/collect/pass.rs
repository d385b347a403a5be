//! What counts references and marks what is reachable: the state of phases 1 and 2.
//!
//! A candidate's count of internal references stands in its side byte; what does not fit goes to a
//! table. The mark stack keeps a few places that need no memory.
//!
//! Marking follows a *cursor*, the address that the sweep has come to. What is marked ahead of it is scanned when the
//! sweep gets there; only what lies behind goes to the stack. A heap whose references mostly lead to younger objects
//! is so marked from one end to the other.
//!
//! Counting follows it, too: a reference that leads beyond the cursor makes its object's side byte a witness, from which
//! `prove.rs` concludes.

use super::Generation;
use super::sweep::{self, Pools};
use crate::Heap;
use crate::header::{FLAG_GARBAGE, Header};
use crate::heap::block_of;
use crate::kind::{Kind, KindFlags, Run};
use crate::object::Pointer;
use crate::side::{self, Act, COUNT_MASK, Map, OVERFLOW, REACHABLE, REST, Step, Steps, WITNESS};
use crate::trace::Visitor;
use allocator_api2::vec::Vec;
use hashbrown::{DefaultHashBuilder, HashMap};
use mortice_mem::{Memory, MemoryRef, Pool};
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

/// What counting and marking need for each word: copies of a pass's own, which stay in registers while side bytes are
/// written.
#[derive(Clone, Copy)]
pub(crate) struct Stepping {
    map: Map,
    /// For what lies at the cursor or behind it.
    steps: &'static Steps,
    /// For what lies beyond the cursor.
    beyond: &'static Steps,
    /// See the module.
    cursor: usize,
}

impl Stepping {
    #[inline(always)]
    pub(super) fn at(self, cursor: usize) -> Stepping {
        Stepping { cursor, ..self }
    }

    /// Takes the step of what a word leads to, which is another one beyond the cursor.
    ///
    /// # Safety
    ///
    /// - As for [`Map::step`].
    #[inline(always)]
    unsafe fn step_by_cursor(self, word: *mut u8) -> Step {
        let is_beyond = word as usize > self.cursor;
        let steps = if is_beyond { self.beyond } else { self.steps };
        // SAFETY: live-header, by the caller.
        unsafe { self.map.step(word, steps) }
    }
}

/// The state of phases 1 and 2.
pub(crate) struct Pass {
    /// The memory whose objects may be candidates; it is compared only.
    memory: *const Memory,
    map: Map,
    /// What a candidate's side byte less one is below.
    limit: u8,
    /// Only members of the list of garbage are candidates.
    within_garbage: bool,
    counting: Stepping,
    marking: Stepping,
    retracting: Stepping,
    pub(super) generation: Generation,
    /// Candidates that are marked.
    pub(super) reached: Cell<usize>,
    stack: RefCell<MarkStack>,
    /// The stack may hold something.
    has_waiting: Cell<bool>,
    /// Marked objects that found no room on the stack.
    pub(super) missed: Cell<bool>,
    /// Counts that do not fit a side byte.
    overflow: RefCell<HashMap<usize, u32, DefaultHashBuilder, MemoryRef>>,
}

impl Pass {
    pub(super) fn new(heap: &Heap, scope: Scope) -> Pass {
        // SAFETY: heap-outlives-objects: a pass ends within a method of its heap.
        let memory = unsafe { MemoryRef::new(heap.memory()) };
        let (generation, within_garbage) = match scope {
            Scope::Generation(generation) => (generation, false),
            Scope::Garbage => (Generation::Full, true),
        };
        let map = Map::of(heap);
        let stepping = |act, beyond| Stepping {
            map,
            steps: side::steps_of(generation, act, within_garbage),
            beyond: side::steps_of(generation, beyond, within_garbage),
            cursor: usize::MAX,
        };
        Pass {
            memory: heap.memory(),
            map,
            limit: side::limit(generation),
            within_garbage,
            counting: stepping(Act::Count, Act::CountForward),
            marking: stepping(Act::Mark, Act::Mark),
            retracting: stepping(Act::Retract, Act::Retract),
            generation,
            reached: Cell::new(0),
            stack: RefCell::new(MarkStack::new(memory)),
            has_waiting: Cell::new(false),
            missed: Cell::new(false),
            overflow: RefCell::new(HashMap::with_hasher_in(
                DefaultHashBuilder::default(),
                memory,
            )),
        }
    }

    /// The side byte of an object if it is a candidate.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object.
    unsafe fn candidate(&self, pointer: Pointer) -> Option<&Cell<u8>> {
        // SAFETY: live-header, by the caller.
        unsafe {
            let header = Header::of(pointer);
            if header.is_static() {
                return None;
            }
            let block = block_of(pointer);
            // References to another heap count as held from outside there, and its side bytes are its own.
            if !std::ptr::eq(Memory::owner(block.start, block.space), self.memory) {
                return None;
            }
            let side = Memory::side(block.start, block.space);
            let is_meant = side::is_candidate(side.get(), self.limit)
                && (!self.within_garbage || header.has(FLAG_GARBAGE));
            is_meant.then_some(side)
        }
    }

    /// What counting needs, where the sweep has come to `cursor`.
    #[inline(always)]
    pub(crate) fn counting(&self, cursor: usize) -> Stepping {
        self.counting.at(cursor)
    }

    /// What marking needs, where the sweep has come to `cursor`.
    #[inline(always)]
    pub(crate) fn marking(&self, cursor: usize) -> Stepping {
        self.marking.at(cursor)
    }

    /// The cursor at an object of a pool, or one that nothing is beyond where the pool is not swept by address: outside
    /// the map.
    pub(super) fn cursor_bits(&self, pool: &Pool<'_>) -> usize {
        if self.map.holds(pool.start.as_ptr() as usize) {
            0
        } else {
            usize::MAX
        }
    }

    /// Counts the internal references of a run of words.
    ///
    /// # Safety
    ///
    /// - Each of the words is a live object's address, a small integer or null.
    #[inline(always)]
    unsafe fn subtract(&self, by: Stepping, first: *const *mut u8, count: usize) {
        let end = first.wrapping_add(count);
        let mut next = first;
        while next != end {
            // SAFETY: live-header, by the caller; heap-outlives-objects: a pass ends within a method of its heap.
            unsafe {
                let word = next.read();
                next = next.add(1);
                match by.step_by_cursor(word) {
                    Step::Taken | Step::Nothing => {}
                    Step::None(value) if !side::is_candidate(value, self.limit) => {}
                    Step::None(_) | Step::Apart => {
                        let is_beyond = word as usize > by.cursor;
                        self.subtract_slowly(Pointer::new_unchecked(word), is_beyond)
                    }
                }
            }
        }
    }

    /// Counts the references that a traverse function reports.
    ///
    /// # Safety
    ///
    /// - As for [`Pass::subtract`].
    #[inline(never)]
    pub(crate) unsafe fn subtract_run(&self, cursor: usize, first: *const *mut u8, count: usize) {
        // SAFETY: live-header, by the caller.
        unsafe { self.subtract(self.counting(cursor), first, count) }
    }

    /// Marks what a traverse function reports.
    ///
    /// # Safety
    ///
    /// - As for [`Pass::mark`].
    #[inline(never)]
    pub(crate) unsafe fn mark_run(&self, cursor: usize, first: *const *mut u8, count: usize) {
        // SAFETY: live-header, by the caller.
        unsafe { self.mark(self.marking(cursor), first, count) }
    }

    /// Counts a reference where that is not simple.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object.
    #[cold]
    #[inline(never)]
    unsafe fn subtract_slowly(&self, pointer: Pointer, is_beyond: bool) {
        // SAFETY: live-header, by the caller.
        let Some(side) = (unsafe { self.candidate(pointer) }) else {
            return;
        };
        if is_beyond && self.map.holds(pointer.as_ptr() as usize) {
            side.set(side.get() | WITNESS);
        }
        let value = side.get();
        if value & COUNT_MASK < OVERFLOW - 1 {
            side.set(value + 1);
        } else {
            self.count_overflow(pointer, side);
        }
    }

    fn count_overflow(&self, pointer: Pointer, side: &Cell<u8>) {
        let value = side.get();
        let key = pointer.as_ptr() as usize;
        let mut overflow = self.overflow.borrow_mut();
        match value & COUNT_MASK {
            REACHABLE => {}
            OVERFLOW => {
                if let Some(count) = overflow.get_mut(&key) {
                    *count += 1;
                }
            }
            count if overflow.try_reserve(1).is_ok() => {
                overflow.insert(key, u32::from(count - REST) + 1);
                side.set((value & !COUNT_MASK) | OVERFLOW);
            }
            // Without memory for its count, an object counts as reachable.
            _ => {
                side.set(value | REACHABLE);
                self.reached.set(self.reached.get() + 1);
            }
        }
    }

    #[inline(always)]
    pub(super) fn internal_references(&self, pointer: Pointer, value: u8) -> u32 {
        match value & COUNT_MASK {
            OVERFLOW => self.overflowed_references(pointer),
            count => u32::from(count - REST),
        }
    }

    #[cold]
    #[inline(never)]
    fn overflowed_references(&self, pointer: Pointer) -> u32 {
        let key = pointer.as_ptr() as usize;
        let overflow = self.overflow.borrow();
        overflow.get(&key).copied().unwrap_or(u32::MAX)
    }

    /// Marks what a run of words leads to as reachable, and remembers to scan it unless the sweep will come to it: what
    /// lies beyond the cursor and in the map.
    ///
    /// # Safety
    ///
    /// - Each of the words is a live object's address, a small integer or null.
    #[inline(always)]
    unsafe fn mark(&self, by: Stepping, first: *const *mut u8, count: usize) {
        let end = first.wrapping_add(count);
        let mut next = first;
        while next != end {
            // SAFETY: live-header, by the caller; heap-outlives-objects: a pass ends within a method of its heap.
            unsafe {
                let word = next.read();
                next = next.add(1);
                match by.map.step(word, by.steps) {
                    Step::Taken => {
                        self.reached.set(self.reached.get() + 1);
                        if word as usize <= by.cursor {
                            self.push(Pointer::new_unchecked(word));
                        }
                    }
                    Step::Nothing => {}
                    Step::None(_) if !self.within_garbage => {}
                    Step::None(_) | Step::Apart => self.mark_slowly(Pointer::new_unchecked(word)),
                }
            }
        }
    }

    /// Marks an object where that is not simple.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object.
    #[cold]
    #[inline(never)]
    unsafe fn mark_slowly(&self, pointer: Pointer) {
        // SAFETY: live-header, by the caller.
        let Some(side) = (unsafe { self.candidate(pointer) }) else {
            return;
        };
        let value = side.get();
        if value & COUNT_MASK != REACHABLE {
            side.set(value | REACHABLE);
            self.reached.set(self.reached.get() + 1);
            self.push(pointer);
        }
    }

    #[inline(never)]
    fn push(&self, pointer: Pointer) {
        self.has_waiting.set(true);
        if !self.stack.borrow_mut().push(pointer) {
            self.missed.set(true);
        }
    }

    /// Counts the references that an object owns.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object, and nothing changes now.
    #[inline(always)]
    pub(super) unsafe fn count_references(&self, by: Stepping, pointer: Pointer) {
        // SAFETY: exact-traverse, by the caller.
        unsafe {
            match run_of(pointer) {
                Some((first, count)) => self.subtract(by, first, count),
                None => traverse(pointer, &mut Visitor::subtracting(self, by.cursor)),
            }
        }
    }

    /// Marks what an object refers to.
    #[inline(always)]
    pub(super) fn scan(&self, by: Stepping, pointer: Pointer) {
        // SAFETY: exact-traverse, phase-exclusive: a marked object is live, nothing changes now.
        unsafe {
            match run_of(pointer) {
                Some((first, count)) => self.mark(by, first, count),
                None => traverse(pointer, &mut Visitor::marking(self, by.cursor)),
            }
        }
    }

    /// Takes back that an object is a witness for those beyond it.
    pub(super) fn retract(&self, cursor: usize, pointer: Pointer) {
        // SAFETY: exact-traverse, phase-exclusive: a candidate is live, nothing changes now.
        unsafe {
            match run_of(pointer) {
                Some((first, count)) => self.retract_run(cursor, first, count),
                None => traverse(pointer, &mut Visitor::retracting(self, cursor)),
            }
        }
    }

    /// Takes back what a run of words said of those beyond the cursor.
    ///
    /// # Safety
    ///
    /// - Each of the words is a live object's address, a small integer or null.
    pub(crate) unsafe fn retract_run(&self, cursor: usize, first: *const *mut u8, count: usize) {
        let by = self.retracting;
        for index in 0..count {
            // SAFETY: live-header, by the caller.
            unsafe {
                let word = first.add(index).read();
                if word as usize > cursor {
                    by.map.step(word, by.steps);
                }
            }
        }
    }

    /// Takes an object that is marked and not yet scanned.
    pub(super) fn take_waiting(&self) -> Option<Pointer> {
        if !self.has_waiting.get() {
            return None;
        }
        let next = self.stack.borrow_mut().pop();
        self.has_waiting.set(next.is_some());
        next
    }

    /// Scans what waits on the stack.
    #[inline(never)]
    pub(super) fn drain(&self, cursor: usize) {
        let by = self.marking(cursor);
        loop {
            let next = self.stack.borrow_mut().pop();
            match next {
                Some(pointer) => self.scan(by, pointer),
                None => return self.has_waiting.set(false),
            }
        }
    }

    /// Compares what was counted with an object's reference count.
    #[cfg(feature = "zeal")]
    pub(super) fn compare(&self, pointer: Pointer, value: u8) {
        if value & COUNT_MASK == REACHABLE {
            return;
        }
        // SAFETY: live-header: a tracked object is live.
        let header = unsafe { Header::of(pointer) };
        let (internal, references) = (
            self.internal_references(pointer, value),
            header.refcount.get(),
        );
        assert!(
            internal <= references,
            "the object at {pointer:p} has {references} references, and {internal} were counted"
        );
    }

    /// Phase 1: counts the references of all candidates, and those.
    pub(super) fn count_all(&self, pools: &Pools<'_>) -> usize {
        let mut candidates = 0;
        let by = self.counting(usize::MAX);
        // SAFETY: live-header, phase-exclusive: a tracked object is live, nothing changes now.
        let count = |pointer| unsafe { self.count_references(by, pointer) };
        pools.each(|pool| candidates += self.count_pool(pool));
        pools.each_large(|pointer, _| {
            candidates += 1;
            count(pointer);
        });
        candidates
    }

    #[inline(never)]
    fn count_pool(&self, pool: Pool<'_>) -> usize {
        let by = self.counting(usize::MAX);
        let bits = self.cursor_bits(&pool);
        // Most neighbours are of one kind.
        let mut known = std::ptr::null();
        let mut run = Run::default();
        sweep::objects(pool, self.limit, |pointer| {
            let cursor = pointer.as_ptr() as usize | bits;
            // SAFETY: live-header, exact-traverse, phase-exclusive: a tracked object is live, nothing changes now.
            unsafe {
                let kind = Header::of(pointer).kind.get();
                if kind != known {
                    known = kind;
                    run = run_of_kind(kind).unwrap_or_default();
                }
                if run.count == 0 {
                    traverse(pointer, &mut Visitor::subtracting(self, cursor));
                } else {
                    let (first, count) = run.at(pointer);
                    self.subtract(by.at(cursor), first, count);
                }
            }
        })
    }

    /// Phase 2: marks what is reachable.
    pub(super) fn mark_all(&self, pools: &Pools<'_>) {
        pools.each(|pool| self.mark_pool(pool));
        pools.each_large(|pointer, side| {
            self.decide(self.marking(usize::MAX), pointer, side, side.get())
        });
    }

    #[inline(never)]
    fn mark_pool(&self, pool: Pool<'_>) {
        let bits = self.cursor_bits(&pool);
        let by = self.marking(usize::MAX);
        sweep::objects(pool, self.limit, |pointer| {
            let side = sweep::side_in(pool, pointer);
            let cursor = pointer.as_ptr() as usize | bits;
            self.decide(by.at(cursor), pointer, side, side.get());
        });
    }

    /// Tells whether somebody outside holds a candidate whose count is complete.
    #[inline(always)]
    pub(super) fn is_held(&self, pointer: Pointer, value: u8) -> bool {
        // SAFETY: live-header: a tracked object is live.
        let header = unsafe { Header::of(pointer) };
        let references = header.refcount.get();
        let internal = self.internal_references(pointer, value);
        debug_assert!(
            internal <= references,
            "exact-traverse: {internal} counted of {references}"
        );
        // An immortal object's count says nothing, whatever was counted.
        references != internal || header.is_immortal()
    }

    /// Decides about one candidate after the counts are complete: what is held from outside is marked, and what is
    /// marked is scanned. Behind the cursor, or at it, nothing will be swept any more.
    #[inline(always)]
    pub(super) fn decide(&self, by: Stepping, pointer: Pointer, side: &Cell<u8>, value: u8) {
        if value & COUNT_MASK != REACHABLE {
            if !self.is_held(pointer, value) {
                return;
            }
            side.set(value | REACHABLE);
            self.reached.set(self.reached.get() + 1);
        }
        self.scan(by, pointer);
        if self.has_waiting.get() {
            self.drain(by.cursor);
        }
    }
}

/// The words of an object that are all its references, where its kind promises that.
///
/// # Safety
///
/// - `pointer` is the address of a live object.
#[inline(always)]
unsafe fn run_of(pointer: Pointer) -> Option<(*const *mut u8, usize)> {
    // SAFETY: live-header: the object keeps its type alive.
    unsafe { Some(run_of_kind(Header::of(pointer).kind.get())?.at(pointer)) }
}

/// Where the references of a kind's instances lie, where it promises that those are all.
///
/// # Safety
///
/// - `kind` is the kind of a live object.
#[inline(always)]
unsafe fn run_of_kind(kind: *const Kind) -> Option<Run> {
    // SAFETY: live-header, by the caller.
    unsafe {
        let run = (*kind).run.get();
        (run.count != 0 && !(*kind).has(KindFlags::HEAP_TYPE)).then_some(run)
    }
}

impl Run {
    /// The words of an instance.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of a live object whose kind has this run.
    #[inline(always)]
    unsafe fn at(self, pointer: Pointer) -> (*const *mut u8, usize) {
        // SAFETY: exact-traverse: the run lies in the body.
        let first = unsafe { pointer.as_ptr().add(self.offset as usize) };
        (first.cast_const().cast(), self.count as usize)
    }
}

/// Reports the references of the object at `pointer`.
///
/// # Safety
///
/// - `pointer` is the address of a live object.
#[inline(always)]
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
