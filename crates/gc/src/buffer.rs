//! Growable storage that fits a body.
//!
//! A [`Buffer`] is a vector of 24 bytes: place, length, capacity. It needs a heap to grow, but
//! none to be dropped: the block's space is kept in the low bits of the place, and from the block
//! its memory is found. [`Items`] is a buffer that is changed through a shared reference.

use crate::{Heap, Object, OutOfMemory, Trace, Visitor};
use mortice_mem::{Block, Domain, Memory, Space};
use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ptr::{self, NonNull};
use std::{mem, slice};

const SPACE_MASK: usize = 3;
const EMPTY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// A growable array in the mem domain.
///
/// Zero bytes are not a valid buffer; a body starts it by its default.
///
/// A buffer ends on the thread of its heap:
///
/// ```compile_fail
/// let heap = mortice_gc::Heap::new().unwrap();
/// let buffer = mortice_gc::Buffer::<u8>::with_capacity(&heap, 8);
/// std::thread::spawn(move || drop(buffer));
/// ```
pub struct Buffer<T> {
    /// The block's start with its space in the two low bits; `EMPTY` while nothing is allocated.
    /// Never zero, so that an option of a buffer needs no more room.
    place: NonZeroUsize,
    length: usize,
    capacity: usize,
    /// Also keeps a buffer on its heap's thread, whatever its elements are.
    owns: PhantomData<(T, *mut u8)>,
}

impl<T> Buffer<T> {
    /// An empty buffer without a block.
    pub const fn new() -> Buffer<T> {
        const { assert!(align_of::<T>() <= 16 && size_of::<T>() > 0) };
        Buffer {
            place: EMPTY,
            length: 0,
            capacity: 0,
            owns: PhantomData,
        }
    }

    /// An empty buffer with room for `capacity` elements.
    pub fn with_capacity(heap: &Heap, capacity: usize) -> Result<Buffer<T>, OutOfMemory> {
        let mut buffer = Buffer::new();
        buffer.reserve_exact(heap, capacity)?;
        Ok(buffer)
    }

    /// Copies a slice.
    pub fn copied(heap: &Heap, elements: &[T]) -> Result<Buffer<T>, OutOfMemory>
    where
        T: Clone,
    {
        let mut buffer = Buffer::with_capacity(heap, elements.len())?;
        buffer.extend_from_slice(heap, elements)?;
        Ok(buffer)
    }

    fn start(&self) -> *mut T {
        (self.place.get() & !SPACE_MASK) as *mut T
    }

    fn block(&self) -> Option<Block> {
        if self.place == EMPTY {
            return None;
        }
        let space = match self.place.get() & SPACE_MASK {
            0 => Space::Pool,
            1 => Space::Span,
            _ => Space::Foreign,
        };
        NonNull::new((self.place.get() & !SPACE_MASK) as *mut u8)
            .map(|start| Block { start, space })
    }

    /// Elements that fit without growing.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes room for exactly `capacity` elements in all, if that is more than now.
    pub fn reserve_exact(&mut self, heap: &Heap, capacity: usize) -> Result<(), OutOfMemory> {
        if capacity <= self.capacity {
            return Ok(());
        }
        self.reallocate(heap, capacity)
    }

    /// Makes room for `additional` more elements; grows by half.
    pub fn reserve(&mut self, heap: &Heap, additional: usize) -> Result<(), OutOfMemory> {
        let needed = self.length.checked_add(additional).ok_or(OutOfMemory)?;
        if needed <= self.capacity {
            return Ok(());
        }
        self.reallocate(heap, needed.max(self.capacity + self.capacity / 2).max(4))
    }

    /// Gives back room that is not needed.
    pub fn shrink(&mut self, heap: &Heap) -> Result<(), OutOfMemory> {
        if self.length < self.capacity {
            self.reallocate(heap, self.length)
        } else {
            Ok(())
        }
    }

    /// Moves the elements to a block of exactly `capacity` elements, or of as many as there are.
    pub fn resize_capacity(&mut self, heap: &Heap, capacity: usize) -> Result<(), OutOfMemory> {
        let capacity = capacity.max(self.length);
        if capacity == self.capacity {
            return Ok(());
        }
        self.reallocate(heap, capacity)
    }

    fn reallocate(&mut self, heap: &Heap, capacity: usize) -> Result<(), OutOfMemory> {
        debug_assert!(
            capacity >= self.length,
            "a buffer does not drop elements by moving"
        );
        let old = self.block();
        if capacity == 0 {
            self.place = EMPTY;
        } else {
            let bytes = capacity.checked_mul(size_of::<T>()).ok_or(OutOfMemory)?;
            let block = heap.memory().block(Domain::Mem, bytes).ok_or(OutOfMemory)?;
            // SAFETY: buffer-owned: both blocks hold `length` elements, and they do not overlap.
            unsafe {
                ptr::copy_nonoverlapping(self.start(), block.start.as_ptr().cast(), self.length);
            }
            self.place = block.start.expose_provenance() | block.space as usize;
        }
        self.capacity = capacity;
        if let Some(old) = old {
            // SAFETY: buffer-owned: the elements moved out, and nobody else refers to the block.
            unsafe { Memory::release(old) }
        }
        Ok(())
    }

    /// Appends an element if there is room; tells whether there was.
    #[inline(always)]
    pub(crate) fn push_within(&mut self, element: T) -> bool {
        let has_room = self.length < self.capacity;
        if has_room {
            // SAFETY: buffer-owned: there is room for one more.
            unsafe { self.start().add(self.length).write(element) };
            self.length += 1;
        }
        has_room
    }

    /// Appends an element; where memory runs out, it is dropped.
    pub fn push(&mut self, heap: &Heap, element: T) -> Result<(), OutOfMemory> {
        self.reserve(heap, 1)?;
        // SAFETY: buffer-owned: there is room for one more.
        unsafe { self.start().add(self.length).write(element) }
        self.length += 1;
        Ok(())
    }

    /// Removes the last element.
    pub fn pop(&mut self) -> Option<T> {
        if self.length == 0 {
            return None;
        }
        self.length -= 1;
        // SAFETY: buffer-owned: the element was initialised and is no longer counted.
        Some(unsafe { self.start().add(self.length).read() })
    }

    /// Inserts an element at `index`, which is at most the length.
    pub fn insert(&mut self, heap: &Heap, index: usize, element: T) -> Result<(), OutOfMemory> {
        assert!(
            index <= self.length,
            "insert at {index} in a buffer of {}",
            self.length
        );
        self.reserve(heap, 1)?;
        // SAFETY: buffer-owned: the tail moves up by one within the capacity.
        unsafe {
            let at = self.start().add(index);
            ptr::copy(at, at.add(1), self.length - index);
            at.write(element);
        }
        self.length += 1;
        Ok(())
    }

    /// Removes the element at `index`, which is less than the length.
    pub fn remove(&mut self, index: usize) -> T {
        assert!(
            index < self.length,
            "remove at {index} in a buffer of {}",
            self.length
        );
        self.length -= 1;
        // SAFETY: buffer-owned: the element is read out and the tail closes the gap.
        unsafe {
            let at = self.start().add(index);
            let element = at.read();
            ptr::copy(at.add(1), at, self.length - index);
            element
        }
    }

    /// Keeps the first `length` elements and returns the others.
    pub fn split_off(&mut self, heap: &Heap, length: usize) -> Result<Buffer<T>, OutOfMemory> {
        let length = length.min(self.length);
        let mut tail = Buffer::with_capacity(heap, self.length - length)?;
        // SAFETY: buffer-owned: the tail's elements move to the other block.
        unsafe {
            ptr::copy_nonoverlapping(self.start().add(length), tail.start(), self.length - length);
        }
        tail.length = self.length - length;
        self.length = length;
        Ok(tail)
    }

    /// Drops all elements after the first `length`.
    pub fn truncate(&mut self, length: usize) {
        while self.length > length {
            drop(self.pop());
        }
    }

    /// Moves all elements of `other` to the end.
    pub fn append(&mut self, heap: &Heap, other: &mut Buffer<T>) -> Result<(), OutOfMemory> {
        self.reserve(heap, other.length)?;
        // SAFETY: buffer-owned: there is room, and `other` gives its elements up.
        unsafe {
            ptr::copy_nonoverlapping(other.start(), self.start().add(self.length), other.length);
        }
        self.length += other.length;
        other.length = 0;
        Ok(())
    }

    /// Appends copies of the elements.
    pub fn extend_from_slice(&mut self, heap: &Heap, elements: &[T]) -> Result<(), OutOfMemory>
    where
        T: Clone,
    {
        self.reserve(heap, elements.len())?;
        // SAFETY: buffer-owned: there is room for all; they count once all are written, so that a
        // clone that unwinds only leaks.
        unsafe {
            let start = self.start().add(self.length);
            for (index, element) in elements.iter().enumerate() {
                start.add(index).write(element.clone());
            }
        }
        self.length += elements.len();
        Ok(())
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Buffer<T> {
        Buffer::new()
    }
}

impl<T> std::ops::Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: buffer-owned: `length` elements are initialised.
        unsafe { slice::from_raw_parts(self.start(), self.length) }
    }
}

impl<T> std::ops::DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: buffer-owned: `length` elements are initialised, and the borrow is exclusive.
        unsafe { slice::from_raw_parts_mut(self.start(), self.length) }
    }
}

impl<T> Drop for Buffer<T> {
    fn drop(&mut self) {
        let length = mem::take(&mut self.length);
        // The last element goes first, as in CPython's lists.
        for index in (0..length).rev() {
            // SAFETY: buffer-owned: each element is dropped once.
            unsafe { self.start().add(index).drop_in_place() }
        }
        if let Some(block) = self.block() {
            // SAFETY: buffer-owned: nobody else refers to the block.
            unsafe { Memory::release(block) }
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// Yields the elements of a buffer by value.
pub struct Drained<T> {
    buffer: Buffer<T>,
    next: usize,
    end: usize,
}

impl<T> IntoIterator for Buffer<T> {
    type Item = T;
    type IntoIter = Drained<T>;

    fn into_iter(mut self) -> Drained<T> {
        let end = mem::take(&mut self.length);
        Drained {
            buffer: self,
            next: 0,
            end,
        }
    }
}

impl<T> Iterator for Drained<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.next == self.end {
            return None;
        }
        self.next += 1;
        // SAFETY: buffer-owned: each element is read out once; the buffer's length is 0.
        Some(unsafe { self.buffer.start().add(self.next - 1).read() })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.end - self.next, Some(self.end - self.next))
    }
}

impl<T> Drop for Drained<T> {
    fn drop(&mut self) {
        for element in self.by_ref() {
            drop(element);
        }
    }
}

/// An array in the mem domain whose elements are set once and stay: 16 bytes, place and length.
pub struct Frozen<T: Copy> {
    place: NonZeroUsize,
    length: usize,
    /// Also keeps the array on its heap's thread.
    owns: PhantomData<(T, *mut u8)>,
}

impl<T: Copy> Frozen<T> {
    /// The elements of a buffer, which gives its block up.
    pub fn of(buffer: Buffer<T>) -> Frozen<T> {
        let buffer = mem::ManuallyDrop::new(buffer);
        Frozen {
            place: buffer.place,
            length: buffer.length,
            owns: PhantomData,
        }
    }
}

impl<T: Copy> Default for Frozen<T> {
    fn default() -> Frozen<T> {
        Frozen::of(Buffer::new())
    }
}

impl<T: Copy> std::ops::Deref for Frozen<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: buffer-owned: `length` elements are initialised.
        unsafe { slice::from_raw_parts((self.place.get() & !SPACE_MASK) as *const T, self.length) }
    }
}

impl<T: Copy> Drop for Frozen<T> {
    fn drop(&mut self) {
        // Elements that can be copied need no drop; the buffer gives the block back.
        drop(Buffer::<T> {
            place: self.place,
            length: 0,
            capacity: 0,
            owns: PhantomData,
        });
    }
}

impl<T: Copy + fmt::Debug> fmt::Debug for Frozen<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// A buffer in a body, changed through a shared reference.
///
/// To change it, [`Items::with`] takes the buffer out, so that whoever gets at the same items
/// meanwhile finds them empty: nothing can see a reference into a place that moves.
pub struct Items<T> {
    buffer: UnsafeCell<Buffer<T>>,
}

impl<T> Items<T> {
    /// No elements.
    pub const fn new() -> Items<T> {
        Items {
            buffer: UnsafeCell::new(Buffer::new()),
        }
    }

    /// The elements of `buffer`.
    pub const fn of(buffer: Buffer<T>) -> Items<T> {
        Items {
            buffer: UnsafeCell::new(buffer),
        }
    }

    /// Exchanges the content.
    #[inline]
    pub fn replace(&self, buffer: Buffer<T>) -> Buffer<T> {
        // SAFETY: one-thread: no reference into the cell exists outside this module's functions,
        // and none of them runs foreign code while it holds one.
        unsafe { mem::replace(&mut *self.buffer.get(), buffer) }
    }

    /// Takes the content out.
    #[inline]
    pub fn take(&self) -> Buffer<T> {
        self.replace(Buffer::new())
    }

    /// Number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        // SAFETY: one-thread: a plain read.
        unsafe { (*self.buffer.get()).length }
    }

    /// Tells whether there are no elements.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of elements that fit without growing.
    pub fn capacity(&self) -> usize {
        // SAFETY: one-thread: a plain read.
        unsafe { (*self.buffer.get()).capacity }
    }

    /// Exchanges the element at `index`; gives `element` back where there is none.
    #[inline]
    pub fn exchange(&self, index: usize, element: T) -> Result<T, T> {
        // SAFETY: one-thread: the borrow ends before this function returns.
        match unsafe { (&mut *self.buffer.get()).get_mut(index) } {
            Some(place) => Ok(mem::replace(place, element)),
            None => Err(element),
        }
    }

    /// Appends an element.
    #[inline]
    pub fn push(&self, heap: &Heap, element: T) -> Result<(), OutOfMemory> {
        self.with(|buffer| buffer.push(heap, element))
    }

    /// Removes the last element.
    #[inline]
    pub fn pop(&self) -> Option<T> {
        self.with(Buffer::pop)
    }

    /// Hands the buffer out for a change. What `change` drops may run foreign code, which finds
    /// these items empty; whatever it puts there is dropped when the buffer returns.
    #[inline]
    pub fn with<R>(&self, change: impl FnOnce(&mut Buffer<T>) -> R) -> R {
        let mut buffer = self.take();
        let result = change(&mut buffer);
        drop(self.replace(buffer));
        result
    }

    /// A copy of all elements.
    pub fn snapshot(&self, heap: &Heap) -> Result<Buffer<T>, OutOfMemory>
    where
        T: Clone,
    {
        self.with(|buffer| Buffer::copied(heap, buffer))
    }

    pub(crate) fn traverse_elements(&self, visitor: &mut Visitor<'_>)
    where
        T: Trace,
    {
        // SAFETY: phase-exclusive: a visitor changes no body.
        unsafe { (&*self.buffer.get()).traverse(visitor) }
    }
}

impl Items<Object> {
    /// A new reference to the element at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Object> {
        // SAFETY: one-thread: counting a reference runs no foreign code.
        unsafe { (&*self.buffer.get()).get(index).cloned() }
    }
}

impl Items<Option<Object>> {
    /// A new reference to what the place at `index` holds; `None` where it is empty or missing.
    #[inline]
    pub fn at(&self, index: usize) -> Option<Object> {
        // SAFETY: one-thread: counting a reference runs no foreign code.
        unsafe { (&*self.buffer.get()).get(index).cloned().flatten() }
    }

    /// Tells whether the place at `index` holds something.
    #[inline]
    pub fn is_filled(&self, index: usize) -> bool {
        // SAFETY: one-thread: a plain read.
        unsafe {
            (&*self.buffer.get())
                .get(index)
                .is_some_and(Option::is_some)
        }
    }

    /// Exchanges what the place at `index` holds; a missing place gives `content` back.
    #[inline]
    pub fn put(&self, index: usize, content: Option<Object>) -> Option<Object> {
        match self.exchange(index, content) {
            Ok(old) => old,
            Err(content) => content,
        }
    }
}

impl<T: Copy> Items<T> {
    /// A copy of the element at `index`.
    #[inline]
    pub fn value(&self, index: usize) -> Option<T> {
        // SAFETY: one-thread: copying runs no foreign code.
        unsafe { (&*self.buffer.get()).get(index).copied() }
    }
}

impl<T> Default for Items<T> {
    fn default() -> Items<T> {
        Items::new()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Items({} elements)", self.len())
    }
}
