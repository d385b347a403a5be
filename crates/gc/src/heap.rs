//! A heap: memory, counters and the allocation of objects.

use crate::header::{
    FLAG_GARBAGE, FLAG_PREFIX, HEADER_BYTES, Header, PLACE_FOREIGN, PLACE_MASK, PLACE_SPAN,
    PREFIX_BYTES,
};
use crate::kind::{Kind, KindFlags};
use crate::object::{Object, Pointer};
use crate::pressure::Pressure;
use crate::trace::Visitor;
use crate::{Buffer, OutOfMemory};
use mortice_mem::{Block, Config, Domain, Memory, MemoryError, Space};
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::ptr::{self, NonNull};
use std::rc::Rc;

/// Functions of the layer above that the heap calls.
#[derive(Clone, Copy, Debug)]
pub struct Hooks {
    /// Calls a weak reference's callback with the reference; reports what it raises. At first it
    /// calls those of [`Gc::downgrade_with`](crate::Gc::downgrade_with).
    pub weak_callback: fn(&Heap, callback: &Object, reference: &Object),
    /// Receives uncollectable objects, and all garbage while `save_all` is set.
    pub garbage: fn(&Heap, Object),
}

/// Is told about an unreachable object before anything is done to it.
pub type Found = fn(&Heap, &Object);

fn ignore_garbage(_: &Heap, object: Object) {
    // Dropping would free what the program asked to keep; without a receiver it is leaked.
    let _ = object.into_word();
}

/// A heap of objects, used by one thread at a time.
pub struct Heap {
    memory: ManuallyDrop<Box<Memory>>,
    pub(crate) hooks: Cell<Hooks>,
    client: Cell<*const ()>,
    /// Nested deallocations that run now.
    pub(crate) dealloc_depth: Cell<u32>,
    /// Dead objects that wait, linked through their headers.
    pub(crate) dealloc_queue: Cell<Option<Pointer>>,
    /// Below this address of native stack, the dead wait; 0 where nobody said.
    pub(crate) stack_limit: Cell<usize>,
    /// The heap ended while references were left: nothing is freed any more.
    pub(crate) closed: Cell<bool>,
    pub(crate) collecting: Cell<bool>,
    /// Some object's side byte is not where its address says.
    pub(crate) has_displaced: Cell<bool>,
    /// Automatic collection is on (`gc.enable`).
    pub enabled: Cell<bool>,
    /// Garbage goes to the hook instead of being freed (`gc.DEBUG_SAVEALL`).
    pub save_all: Cell<bool>,
    /// Told about each unreachable object that a collection finds (`gc.DEBUG_COLLECTABLE`).
    pub found: Cell<Option<Found>>,
    /// Collections start when a counter exceeds its threshold; 0 switches the first one off.
    pub thresholds: [Cell<u32>; 3],
    /// counts[0] = collected-kind allocations − releases since the last collection (not below 0);
    /// counts[n] = collections of generation n−1 since the last one of n.
    pub counts: [Cell<u32>; 3],
    pub(crate) requested: Cell<bool>,
    /// What bytes ask for.
    pub(crate) pressure: Rc<Pressure>,
    pub(crate) next_serial: Cell<u32>,
    /// Objects to be tracked before used-up serials are numbered anew.
    pub(crate) renumber_after: Cell<u32>,
    /// Objects in the permanent generation.
    pub(crate) frozen: Cell<usize>,
    #[cfg(feature = "zeal")]
    pub(crate) zeal: crate::zeal::Zeal,
    /// Objects that survived the last full collection.
    pub(crate) long_lived_total: Cell<usize>,
    /// Objects that reached the oldest generation since then.
    pub(crate) long_lived_pending: Cell<usize>,
}

/// Owns a heap; where references are left at its end, the memory is leaked on purpose.
///
/// A heap stays on its thread: handles and buffers, which carry no lifetime, may be left there.
///
/// ```compile_fail
/// let heap = mortice_gc::Heap::new().unwrap();
/// let buffer = mortice_gc::Buffer::<u8>::with_capacity(&heap, 8);
/// std::thread::spawn(move || drop(heap));
/// drop(buffer);
/// ```
pub struct OwnedHeap {
    heap: NonNull<Heap>,
}

impl std::fmt::Debug for Heap {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Heap(at {:p})", self)
    }
}

impl Heap {
    /// Makes an empty heap.
    ///
    /// # Errors
    ///
    /// Where no address range can be reserved.
    #[expect(
        clippy::new_ret_no_self,
        reason = "a heap has a fixed address and an owner"
    )]
    pub fn new() -> Result<OwnedHeap, MemoryError> {
        Heap::with_config(Config::default())
    }

    /// Makes an empty heap over memory with this configuration.
    ///
    /// # Errors
    ///
    /// Where no address range can be reserved.
    pub fn with_config(config: Config) -> Result<OwnedHeap, MemoryError> {
        let memory = Memory::with_config(config)?;
        // std: one for each runtime, before anything runs.
        let heap = Box::new(Heap {
            memory: ManuallyDrop::new(memory),
            hooks: Cell::new(Hooks {
                weak_callback: crate::typed::call_back,
                garbage: ignore_garbage,
            }),
            client: Cell::new(ptr::null()),
            dealloc_depth: Cell::new(0),
            dealloc_queue: Cell::new(None),
            stack_limit: Cell::new(0),
            closed: Cell::new(false),
            collecting: Cell::new(false),
            has_displaced: Cell::new(false),
            enabled: Cell::new(true),
            save_all: Cell::new(false),
            found: Cell::new(None),
            thresholds: [Cell::new(2000), Cell::new(10), Cell::new(10)],
            counts: [Cell::new(0), Cell::new(0), Cell::new(0)],
            requested: Cell::new(false),
            // std: one for each runtime, before anything runs.
            pressure: Rc::default(),
            next_serial: Cell::new(1),
            renumber_after: Cell::new(0),
            frozen: Cell::new(0),
            #[cfg(feature = "zeal")]
            zeal: crate::zeal::Zeal::default(),
            long_lived_total: Cell::new(0),
            long_lived_pending: Cell::new(0),
        });
        let heap = NonNull::from(Box::leak(heap));
        // SAFETY: heap-outlives-objects: the heap's address is fixed from here on.
        unsafe {
            let memory = &heap.as_ref().memory;
            memory.set_client(heap.as_ptr().cast());
        }
        Ok(OwnedHeap { heap })
    }

    /// The heap of the object at `pointer`, which is not static.
    ///
    /// # Safety
    ///
    /// - `pointer` is the address of an object on a heap.
    #[inline(always)]
    pub(crate) unsafe fn of<'a>(pointer: Pointer) -> &'a Heap {
        // SAFETY: live-header, heap-outlives-objects: the memory's client is its heap.
        unsafe {
            let block = block_of(pointer);
            &*Memory::owner(block.start, block.space)
                .client()
                .cast::<Heap>()
        }
    }

    /// The heap that an object lies on; `None` for small integers and static objects.
    pub fn of_object(object: &Object) -> Option<&Heap> {
        let pointer = object.pointer()?;
        if object.is_static() {
            None
        } else {
            // SAFETY: owned-reference: the handle keeps the object alive.
            Some(unsafe { Heap::of(pointer) })
        }
    }

    /// The memory below.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Installs the functions of the layer above.
    pub fn set_hooks(&self, hooks: Hooks) {
        self.hooks.set(hooks);
    }

    /// Stores a word for the layer above.
    ///
    /// # Safety
    ///
    /// - Only the layer above sets it, which follows it: the word is null, or points at what that
    ///   layer keeps there, for as long as it stands.
    pub unsafe fn set_client(&self, client: *const ()) {
        self.client.set(client);
    }

    /// The layer above's word; null while none was set.
    pub fn client(&self) -> *const () {
        self.client.get()
    }

    /// Allocates an object: header, body of zero bytes and `item_bytes` more, one reference, not
    /// tracked. A heap type gains the instance's reference.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    ///
    /// # Safety
    ///
    /// - `kind` begins a type object that outlives the instance; for a heap type it is the address
    ///   of a live object.
    /// - The caller initialises the body where zero bytes are not a valid value.
    #[inline]
    pub unsafe fn allocate(
        &self,
        kind: *const Kind,
        item_bytes: usize,
    ) -> Result<Object, OutOfMemory> {
        // SAFETY: live-header, by the caller.
        let type_kind = unsafe { &*kind };
        #[cfg(feature = "zeal")]
        if type_kind.has(KindFlags::COLLECTED) {
            self.zeal_allocation();
        }
        let prefix = if type_kind.has(KindFlags::PREFIX) {
            PREFIX_BYTES
        } else {
            0
        };
        let fixed = prefix + HEADER_BYTES + type_kind.body_bytes.get() as usize;
        let bytes = fixed.checked_add(item_bytes).ok_or(OutOfMemory)?;
        let block = self
            .memory
            .block(Domain::Object, bytes)
            .ok_or(OutOfMemory)?;
        let mut flags = match block.space {
            Space::Pool => 0,
            Space::Span => PLACE_SPAN,
            Space::Foreign => {
                if self.memory.is_displaced(block) {
                    self.has_displaced.set(true);
                }
                PLACE_FOREIGN
            }
        };
        if prefix != 0 {
            flags |= FLAG_PREFIX;
        }
        // SAFETY: zeroed-body, prefix-words: the block holds prefix, header, body and items.
        let pointer = unsafe {
            let start = block.start.as_ptr();
            zero(start, bytes);
            let header = start.add(prefix).cast::<Header>();
            header.write(Header {
                refcount: Cell::new(1),
                flags: Cell::new(flags),
                kind: Cell::new(kind),
            });
            NonNull::new_unchecked(header.add(1).cast::<u8>())
        };
        if type_kind.has(KindFlags::HEAP_TYPE) {
            // SAFETY: owned-reference: the instance owns one count of its type.
            unsafe {
                let type_object = Object::from_borrowed(NonNull::new_unchecked(kind as *mut u8));
                let _ = type_object.into_word();
            }
        }
        if type_kind.has(KindFlags::COLLECTED) {
            self.count_allocation();
            if self.pressure.is_on() {
                // SAFETY: live-header: just allocated.
                self.pressure.rise(unsafe { Memory::usable_bytes(block) });
                self.note_pressure();
            }
        }
        // SAFETY: owned-reference: the count of 1 is the handle's.
        Ok(unsafe { Object::from_owned(pointer) })
    }

    #[inline]
    fn count_allocation(&self) {
        let count = self.counts[0].get().saturating_add(1);
        self.counts[0].set(count);
        let threshold = self.thresholds[0].get();
        if count > threshold && threshold != 0 && self.enabled.get() && !self.collecting.get() {
            self.requested.set(true);
        }
    }

    /// Tells whether an automatic collection is due; the evaluator asks at safe points.
    #[inline(always)]
    pub fn collection_due(&self) -> bool {
        self.requested.get()
    }

    /// Returns an object's memory; its body is torn down already. That of an object in the list of
    /// garbage stays, with a count of zero, until the collector is done with it.
    ///
    /// # Safety
    ///
    /// - Nothing refers to the object, its body owns nothing any more, and it is not tracked.
    pub(crate) unsafe fn release(&self, pointer: Pointer) {
        // SAFETY: live-header: the header and the type are read before the block goes.
        unsafe {
            let header = Header::of(pointer);
            let kind = header.kind.get();
            let block = block_of(pointer);
            let heap_type = (*kind).has(KindFlags::HEAP_TYPE);
            if (*kind).has(KindFlags::COLLECTED) {
                self.counts[0].set(self.counts[0].get().saturating_sub(1));
                if self.pressure.is_on() {
                    self.pressure.fall(Memory::usable_bytes(block));
                }
            }
            if !header.has(FLAG_GARBAGE) {
                Memory::release(block);
            }
            if heap_type {
                // The count that the instance owned on its type.
                drop(Object::from_owned(NonNull::new_unchecked(kind as *mut u8)));
            }
        }
    }

    /// Lists what an object refers to, as its traverse function reports it; the type aside.
    ///
    /// # Errors
    ///
    /// [`OutOfMemory`].
    pub fn referents(&self, object: &Object) -> Result<Buffer<Object>, OutOfMemory> {
        let mut found = Buffer::new();
        let mut result = Ok(());
        self.visit_referents(object, &mut |referent| {
            if result.is_ok() {
                result = found.push(self, referent.clone());
            }
        });
        result.map(|()| found)
    }

    /// Tells whether `object` refers directly to any of `targets`.
    pub fn refers_to(&self, object: &Object, targets: &[Object]) -> bool {
        let mut found = false;
        self.visit_referents(object, &mut |referent| {
            found |= targets.iter().any(|target| target.is(referent));
        });
        found
    }

    fn visit_referents(&self, object: &Object, ask: &mut dyn FnMut(&Object)) {
        if let (Some(pointer), Some(kind)) = (object.pointer(), object.kind()) {
            let mut visitor = Visitor::asking(ask);
            // SAFETY: exact-traverse, live-header: the handle keeps the object alive, and the
            // closures above change no body.
            unsafe { ((*kind).traverse.get())(pointer, &mut visitor) }
        }
    }
}

/// Zeroes the start of a block, at least a header's bytes.
///
/// # Safety
///
/// - The block has that many bytes.
#[inline(always)]
unsafe fn zero(start: *mut u8, bytes: usize) {
    const STEP: usize = size_of::<[u64; 2]>();
    const _: () = assert!(STEP <= HEADER_BYTES);
    // SAFETY: zeroed-body, by the caller: what is written twice lies in the block as well.
    unsafe {
        let clear = |at: usize| start.add(at).cast::<[u64; 2]>().write_unaligned([0; 2]);
        match bytes {
            // Most objects; a call would cost more than the writes.
            ..=32 => {
                clear(0);
                clear(bytes - STEP);
            }
            33..=64 => {
                clear(0);
                clear(STEP);
                clear(bytes - 2 * STEP);
                clear(bytes - STEP);
            }
            _ => ptr::write_bytes(start, 0, bytes),
        }
    }
}

/// The block that an object lies in.
///
/// # Safety
///
/// - `pointer` is the address of an object on a heap.
#[inline(always)]
pub(crate) unsafe fn block_of(pointer: Pointer) -> Block {
    // SAFETY: live-header, prefix-words.
    unsafe {
        let flags = Header::of(pointer).flags.get();
        let prefix = if flags & FLAG_PREFIX != 0 {
            PREFIX_BYTES
        } else {
            0
        };
        let space = match flags & PLACE_MASK {
            0 => Space::Pool,
            PLACE_SPAN => Space::Span,
            _ => Space::Foreign,
        };
        let start = NonNull::new_unchecked(pointer.as_ptr().sub(HEADER_BYTES + prefix));
        Block { start, space }
    }
}

impl Deref for OwnedHeap {
    type Target = Heap;

    fn deref(&self) -> &Heap {
        // SAFETY: heap-outlives-objects: the owner holds the heap.
        unsafe { self.heap.as_ref() }
    }
}

impl Drop for OwnedHeap {
    fn drop(&mut self) {
        self.closed.set(true);
        if !self.memory.is_unused() {
            // Handles or buffers are left: their drops still reach the heap through its memory.
            return;
        }
        // SAFETY: heap-outlives-objects: no block is in use, so nothing refers to the heap.
        unsafe {
            let mut heap = Box::from_raw(self.heap.as_ptr());
            ManuallyDrop::drop(&mut heap.memory);
        }
    }
}
