//! One runtime's state of the type system.

use crate::error::{Raised, Result};
use crate::names::Names;
use crate::native::NativeType;
use crate::raw::{SINGLE_COUNT, Single, Type, TypeState, TypeStorage};
use crate::{Object, SlotFn, SlotId, builtin, index, raw};
use allocator_api2::vec::Vec;
use hashbrown::HashTable;
use mortice_gc::{Borrowed, Buffer, Heap, Items, OutOfMemory, OwnedHeap, Slot};
use mortice_mem::{Config, MemoryError, MemoryRef};
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::marker::PhantomPinned;
use std::pin::Pin;

/// Tables of native types, bases before the types derived from them.
pub type Tables = &'static [&'static [&'static NativeType]];

/// The storage that contexts use unless the caller brings one.
pub static DEFAULT_STORAGE: TypeStorage = TypeStorage::new();
/// The tables of a context that only has this crate's types.
pub static DEFAULT_TABLES: Tables = &[builtin::TYPES];

/// Why a context could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No memory could be reserved.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// Memory ran out while the built-in types were made.
    #[error("out of memory while the built-in types were made")]
    OutOfMemory,
    /// The storage was installed with other tables of types.
    #[error("the type storage was installed with other tables")]
    Storage,
}

impl From<OutOfMemory> for StartError {
    fn from(_: OutOfMemory) -> StartError {
        StartError::OutOfMemory
    }
}

impl From<Raised> for StartError {
    fn from(_: Raised) -> StartError {
        StartError::OutOfMemory
    }
}

/// Reports an exception that has nowhere to go (`sys.unraisablehook`): the exception, the object
/// that it happened in, and CPython's words before the object's repr.
pub type Unraisable = fn(&Context, Raised, &str, Option<&Object>);

/// Finds class and first argument for `super()` without arguments.
pub type ImplicitSuper = fn(&Context) -> Result<Option<(Object, Object)>>;

/// What the type system asks the layer that runs code.
#[derive(Clone, Copy, Debug)]
pub struct Frames {
    /// `__name__` of the globals of the running code (the `__module__` of a class made by `type()`).
    pub calling_module: fn(&Context) -> Option<Object>,
    /// Class and first argument for `super()` without arguments.
    pub implicit_super: ImplicitSuper,
}

/// The state of the type system of one runtime: heap, types, interned names.
///
/// A context has a fixed address, which its heap knows, and is used by one thread at a time. It
/// cannot be moved out of its box:
///
/// ```compile_fail
/// let cx = mortice_types::Context::new().unwrap();
/// let moved = *cx;
/// ```
pub struct Context {
    storage: &'static TypeStorage,
    types: OnceCell<Vec<Type, MemoryRef>>,
    states: OnceCell<Vec<TypeState, MemoryRef>>,
    names: OnceCell<Names>,
    pub(crate) interned: RefCell<HashTable<Object, MemoryRef>>,
    singles: [Object; SINGLE_COUNT],
    memory_error: Slot,
    /// The descriptors of `__dict__` and `__weakref__` that all classes share.
    pub(crate) shared_getsets: [Slot; 2],
    /// Containers whose reprs run now.
    pub(crate) repr_running: crate::repr_guard::Running,
    /// Garbage that was found while `save_all` was set (`gc.garbage` takes it).
    pub saved_garbage: Items<Object>,
    /// The exception that is being handled; the context of the next one raised.
    pub handled: Slot,
    /// Lowest address that the native stack may reach.
    stack_limit: Cell<usize>,
    depth: Cell<u32>,
    recursion_limit: Cell<u32>,
    int_digit_limit: Cell<usize>,
    unraisable: Cell<Unraisable>,
    frames: Cell<Option<Frames>>,
    clients: [OnceCell<Box<dyn Any>>; 4],
    /// Counts changes to any type, so that other caches can tell.
    pub(crate) type_changes: Cell<u64>,
    heap: OwnedHeap,
    _pinned: PhantomPinned,
}

/// Bytes of native stack that are kept free for what does not check (drops, formatting).
const STACK_RESERVE_BYTES: usize = 96 * 1024;
/// Bytes of native stack that must be left above the limit for a deallocation that runs at once.
const STACK_DEALLOC_BYTES: usize = 32 * 1024;
/// Bytes of native stack that the end of a context counts on.
const STACK_END_BYTES: usize = 128 * 1024;
/// Bytes of native stack that a context counts on where nobody says how much there is.
const STACK_ASSUMED_BYTES: usize = 900 * 1024;

fn stack_address() -> usize {
    let here = 0u8;
    std::ptr::from_ref(std::hint::black_box(&here)) as usize
}

/// Leaves a level of recursion when it is dropped.
#[derive(Debug)]
pub struct Level<'a> {
    /// The count of Python frames, where the level is one.
    depth: Option<&'a Cell<u32>>,
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        if let Some(depth) = self.depth {
            depth.set(depth.get() - 1);
        }
    }
}

impl Context {
    /// Starts a context with this crate's types in the default storage.
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub fn new() -> std::result::Result<Pin<Box<Context>>, StartError> {
        Context::with(&DEFAULT_STORAGE, DEFAULT_TABLES, Config::default())
    }

    /// Starts a context: `storage` holds the types that `tables` describe; the first table is this
    /// crate's [`builtin::TYPES`].
    ///
    /// # Errors
    ///
    /// [`StartError`].
    pub fn with(
        storage: &'static TypeStorage,
        tables: Tables,
        config: Config,
    ) -> std::result::Result<Pin<Box<Context>>, StartError> {
        if !storage.install(tables) {
            return Err(StartError::Storage);
        }
        let heap = Heap::with_config(config)?;
        let memory = raw::memory_ref(&heap);
        // std: one for each runtime, before anything runs.
        let cx = Box::pin(Context {
            storage,
            types: OnceCell::new(),
            states: OnceCell::new(),
            names: OnceCell::new(),
            interned: RefCell::new(HashTable::new_in(memory)),
            singles: [
                storage.single(Single::None),
                storage.single(Single::NotImplemented),
                storage.single(Single::Ellipsis),
                storage.single(Single::False),
                storage.single(Single::True),
                storage.single(Single::Exhausted),
                storage.single(Single::EmptyTuple),
                storage.single(Single::EmptyText),
                storage.single(Single::EmptyBytes),
            ],
            memory_error: Slot::new(),
            shared_getsets: [Slot::new(), Slot::new()],
            repr_running: crate::repr_guard::Running::new(memory),
            saved_garbage: Items::new(),
            handled: Slot::new(),
            stack_limit: Cell::new(stack_address().saturating_sub(STACK_ASSUMED_BYTES)),
            depth: Cell::new(0),
            recursion_limit: Cell::new(1000),
            int_digit_limit: Cell::new(4300),
            unraisable: Cell::new(|_, _, _, _| {}),
            frames: Cell::new(None),
            clients: [const { OnceCell::new() }; 4],
            type_changes: Cell::new(0),
            heap,
            _pinned: PhantomPinned,
        });
        raw::adopt(&cx);
        let count = tables
            .iter()
            .copied()
            .flatten()
            .map(|native| native.index + 1)
            .max();
        let count = count.unwrap_or(0);
        let mut types = Vec::new_in(memory);
        types
            .try_reserve_exact(count)
            .map_err(|_| StartError::OutOfMemory)?;
        let mut states = Vec::new_in(memory);
        states
            .try_reserve_exact(count)
            .map_err(|_| StartError::OutOfMemory)?;
        for index in 0..count {
            let named = tables
                .iter()
                .copied()
                .flatten()
                .any(|native| native.index == index);
            types.push(storage.type_at(if named { index } else { index::OBJECT }));
            states.push(TypeState::default());
        }
        let _ = cx.types.set(types);
        let _ = cx.states.set(states);
        crate::start::start_types(&cx, tables)?;
        let names = Names::intern(&cx)?;
        let _ = cx.names.set(names);
        crate::start::fill_types(&cx, tables)?;
        let memory_error =
            builtin::exception::new_exception(&cx, &cx.builtin(&builtin::MEMORY_ERROR), &[])?;
        cx.memory_error.set(memory_error);
        Ok(cx)
    }

    /// The heap.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        &self.heap
    }

    /// A handle of the heap's memory, for collections in objects and in the context itself. It
    /// carries no lifetime, so it stays in this crate; `cx.heap().memory()` is for everybody.
    pub(crate) fn memory(&self) -> MemoryRef {
        raw::memory_ref(&self.heap)
    }

    /// Interned names.
    #[inline(always)]
    pub fn names(&self) -> &Names {
        match self.names.get() {
            Some(names) => names,
            None => unreachable!("names are interned before any type is filled"),
        }
    }

    /// A built-in type.
    #[inline(always)]
    pub fn builtin(&self, native: &'static NativeType) -> Type {
        self.type_at(native.index).clone()
    }

    /// A built-in type, borrowed.
    #[inline(always)]
    pub fn builtin_ref(&self, native: &'static NativeType) -> &Type {
        self.type_at(native.index)
    }

    /// The static type at a place of the storage.
    #[inline(always)]
    pub fn type_at(&self, index: usize) -> &Type {
        match self.types.get() {
            Some(types) => &types[index],
            None => unreachable!("types are set before anything asks for one"),
        }
    }

    #[inline(always)]
    pub(crate) fn int_type(&self) -> &Type {
        self.type_at(index::INT)
    }

    #[inline(always)]
    pub(crate) fn static_state(&self, index: u32) -> &TypeState {
        match self.states.get() {
            Some(states) => &states[index as usize],
            None => unreachable!("states are set before anything asks for one"),
        }
    }

    /// The static storage.
    pub fn storage(&self) -> &'static TypeStorage {
        self.storage
    }

    /// `None`.
    #[inline(always)]
    pub fn none(&self) -> Object {
        self.singles[Single::None as usize].clone()
    }

    /// `NotImplemented`.
    #[inline(always)]
    pub fn not_implemented(&self) -> Object {
        self.singles[Single::NotImplemented as usize].clone()
    }

    /// `Ellipsis`.
    pub fn ellipsis(&self) -> Object {
        self.singles[Single::Ellipsis as usize].clone()
    }

    /// `True` or `False`.
    #[inline(always)]
    pub fn bool(&self, value: bool) -> Object {
        self.singles[if value { Single::True } else { Single::False } as usize].clone()
    }

    /// `()`: the only empty tuple that is no instance of a subclass, as the empty text and bytes are.
    pub fn empty_tuple(&self) -> Object {
        self.singles[Single::EmptyTuple as usize].clone()
    }

    /// `""`.
    pub fn empty_text(&self) -> Object {
        self.singles[Single::EmptyText as usize].clone()
    }

    /// `b""`.
    pub fn empty_bytes(&self) -> Object {
        self.singles[Single::EmptyBytes as usize].clone()
    }

    /// What a next slot answers when nothing is left.
    #[inline(always)]
    pub fn exhausted(&self) -> Object {
        self.singles[Single::Exhausted as usize].clone()
    }

    /// Tells whether this is `None`.
    #[inline(always)]
    pub fn is_none(&self, object: &Object) -> bool {
        object.is(&self.singles[Single::None as usize])
    }

    /// Tells whether this is `True`.
    #[inline(always)]
    pub fn is_true_object(&self, object: &Object) -> bool {
        object.is(&self.singles[Single::True as usize])
    }

    /// Tells whether this is `False`.
    #[inline(always)]
    pub fn is_false_object(&self, object: &Object) -> bool {
        object.is(&self.singles[Single::False as usize])
    }

    /// Tells whether this is `NotImplemented`.
    #[inline(always)]
    pub fn is_not_implemented(&self, object: &Object) -> bool {
        object.is(&self.singles[Single::NotImplemented as usize])
    }

    /// Tells whether this is what a next slot answers when nothing is left.
    #[inline(always)]
    pub fn is_exhausted(&self, object: &Object) -> bool {
        object.is(&self.singles[Single::Exhausted as usize])
    }

    /// The type of any object.
    #[inline]
    pub fn type_of(&self, object: &Object) -> Type {
        match Type::of_instance(object) {
            Some(found) => found,
            None => self.int_type().clone(),
        }
    }

    /// The function in a slot of an object's type.
    #[inline(always)]
    pub fn slot_of(&self, object: &Object, slot: SlotId) -> Option<SlotFn> {
        raw::slot_of(self, object, slot)
    }

    /// The `tp_flags` of an object's type.
    #[inline(always)]
    pub fn flags_of(&self, object: &Object) -> u64 {
        raw::type_flags_of(self, object)
    }

    /// Tells whether the object's type is exactly this built-in type.
    #[inline(always)]
    pub fn is_exactly(&self, object: &Object, native: &'static NativeType) -> bool {
        if object.is_small() {
            return native.index == index::INT;
        }
        raw::is_exactly(object, self.type_at(native.index))
    }

    /// Tells whether the object's type is this built-in type or derives from it, by the real MRO.
    pub fn is_instance_of(&self, object: &Object, native: &'static NativeType) -> bool {
        self.type_of(object)
            .is_subtype(self, self.type_at(native.index))
    }

    /// Remembers an exception instance for when memory is out.
    pub(crate) fn spare_memory_error(&self) -> Object {
        self.memory_error.get().unwrap_or_else(|| self.none())
    }

    /// Tells the context how much native stack its thread has: the lowest address it may use.
    /// The reserve for code that does not check is taken off here.
    pub fn set_stack_bytes(&self, bytes: usize) {
        let usable = bytes.saturating_sub(STACK_RESERVE_BYTES).max(bytes / 4);
        self.limit_stack(stack_address().saturating_sub(usable));
    }

    /// Counts on as much native stack as a new context does, from here on: for the thread that the
    /// context was moved to.
    pub(crate) fn assume_stack(&self) {
        self.limit_stack(stack_address().saturating_sub(STACK_ASSUMED_BYTES));
    }

    fn limit_stack(&self, address: usize) {
        self.stack_limit.set(address);
        // Earlier than anything raises: what is dropped near the end of the stack waits, and its
        // finalizer runs where there is more.
        self.heap.set_stack_limit(address + STACK_DEALLOC_BYTES);
    }

    /// Checks the native stack.
    ///
    /// # Errors
    ///
    /// RecursionError `maximum recursion depth exceeded` and what the words of `doing` say.
    #[inline]
    pub fn check_stack(&self, doing: &str) -> Result<()> {
        if stack_address() < self.stack_limit.get() {
            return Err(
                self.recursion_error(format_args!("maximum recursion depth exceeded{doing}"))
            );
        }
        Ok(())
    }

    /// Enters a level of native recursion: checks the native stack, as CPython does in `repr`,
    /// comparisons and calls of built-ins.
    ///
    /// # Errors
    ///
    /// RecursionError.
    #[inline]
    pub fn enter(&self, doing: &str) -> Result<Level<'_>> {
        self.check_stack(doing)?;
        Ok(Level { depth: None })
    }

    /// Enters a Python frame: checks the native stack and the recursion limit.
    ///
    /// # Errors
    ///
    /// RecursionError.
    #[inline]
    pub fn enter_frame(&self) -> Result<Level<'_>> {
        self.check_stack("")?;
        let depth = self.depth.get();
        if depth >= self.recursion_limit.get() {
            return Err(self.recursion_error(format_args!("maximum recursion depth exceeded")));
        }
        self.depth.set(depth + 1);
        Ok(Level {
            depth: Some(&self.depth),
        })
    }

    /// Python frames that are entered.
    pub fn depth(&self) -> u32 {
        self.depth.get()
    }

    /// `sys.getrecursionlimit()`.
    pub fn recursion_limit(&self) -> u32 {
        self.recursion_limit.get()
    }

    /// `sys.setrecursionlimit()`.
    pub fn set_recursion_limit(&self, limit: u32) {
        self.recursion_limit.set(limit);
    }

    /// `sys.get_int_max_str_digits()`: most decimal digits of an integer that is read from text or
    /// written as text; 0 for any number.
    pub fn int_digit_limit(&self) -> usize {
        self.int_digit_limit.get()
    }

    /// `sys.set_int_max_str_digits()`.
    pub fn set_int_digit_limit(&self, limit: usize) {
        self.int_digit_limit.set(limit);
    }

    /// Installs what reports exceptions that have nowhere to go.
    pub fn set_unraisable(&self, hook: Unraisable) {
        self.unraisable.set(hook);
    }

    /// Reports an exception that has nowhere to go.
    pub fn report_unraisable(&self, raised: Raised, doing: &str, object: Option<&Object>) {
        (self.unraisable.get())(self, raised, doing, object);
    }

    /// Installs what answers questions about running code.
    pub fn set_frames(&self, frames: Frames) {
        self.frames.set(Some(frames));
    }

    /// `__name__` of the globals of the running code.
    pub(crate) fn calling_module(&self) -> Option<Object> {
        self.frames
            .get()
            .and_then(|frames| (frames.calling_module)(self))
    }

    /// Class and first argument for `super()` without arguments.
    pub(crate) fn implicit_super(&self) -> Result<Option<(Object, Object)>> {
        match self.frames.get() {
            Some(frames) => (frames.implicit_super)(self),
            None => Ok(None),
        }
    }

    /// Stores a value for an upper layer: place 0 is the runtime's, 1 the evaluator's. Returns it
    /// where the place is taken.
    pub fn set_client(
        &self,
        place: usize,
        client: Box<dyn Any>,
    ) -> std::result::Result<(), Box<dyn Any>> {
        self.clients[place].set(client)
    }

    /// An upper layer's value.
    pub fn client<T: Any>(&self, place: usize) -> Option<&T> {
        self.clients[place].get()?.downcast_ref()
    }

    /// Turns memory's end into MemoryError.
    #[inline]
    pub fn fallible<T>(&self, result: std::result::Result<T, OutOfMemory>) -> Result<T> {
        result.map_err(|_| self.out_of_memory())
    }

    /// Copies handles.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn owned(&self, values: &[Borrowed<'_>]) -> Result<Buffer<Object>> {
        let mut buffer = self.fallible(Buffer::with_capacity(self.heap(), values.len()))?;
        for value in values {
            self.fallible(buffer.push(self.heap(), (**value).clone()))?;
        }
        Ok(buffer)
    }

    /// Ends what the types hold, so that the heap can end empty.
    fn dismantle(&self) {
        drop(self.handled.take());
        for shared in &self.shared_getsets {
            drop(shared.take());
        }
        let _ = self.heap.collect(mortice_gc::Generation::Full);
        drop(self.memory_error.take());
        if let Some(states) = self.states.get() {
            for state in states.iter() {
                state.cache.forget();
                mortice_gc::Trace::clear(state);
            }
        }
        self.heap.unfreeze();
        let _ = self.heap.collect(mortice_gc::Generation::Full);
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // It may end on another thread than the last one it ran on, and on a small one.
        self.limit_stack(stack_address().saturating_sub(STACK_END_BYTES));
        self.dismantle();
        for place in 0..self.clients.len() {
            // Taken out first: what its end runs may ask for the clients.
            let client = self.clients[place].take();
            drop(client);
        }
        let _ = self.heap.collect(mortice_gc::Generation::Full);
        self.names.take();
        self.interned.borrow_mut().clear();
        raw::disown(self);
        drop(self.types.take());
        drop(self.states.take());
    }
}
