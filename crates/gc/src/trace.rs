//! How the collector sees the references in a body.

use crate::buffer::{Buffer, Items};
use crate::collect::Pass;
use crate::object::{Object, Pointer};
use crate::slot::Slot;
use std::cell::{Cell, RefCell};

/// Receives every reference that a traverse function reports.
pub struct Visitor<'a> {
    mode: Mode<'a>,
}

enum Mode<'a> {
    /// Count an internal reference to the object; the sweep has come to this address.
    Subtract(&'a Pass, usize),
    /// The object that the sweep has come to is no witness.
    Retract(&'a Pass, usize),
    /// The object is reachable, and the sweep has come to this address.
    Mark(&'a Pass, usize),
    /// Somebody asks.
    Ask(&'a mut dyn FnMut(&Object)),
}

impl<'a> Visitor<'a> {
    /// A visitor that hands every reference to `ask`, which must not change any body.
    pub(crate) fn asking(ask: &'a mut dyn FnMut(&Object)) -> Visitor<'a> {
        Visitor {
            mode: Mode::Ask(ask),
        }
    }

    /// A visitor that counts references to candidates.
    #[inline(always)]
    pub(crate) fn subtracting(pass: &'a Pass, cursor: usize) -> Visitor<'a> {
        Visitor {
            mode: Mode::Subtract(pass, cursor),
        }
    }

    /// A visitor that takes back what counting said of witnesses.
    pub(crate) fn retracting(pass: &'a Pass, cursor: usize) -> Visitor<'a> {
        Visitor {
            mode: Mode::Retract(pass, cursor),
        }
    }

    /// A visitor that marks candidates.
    #[inline(always)]
    pub(crate) fn marking(pass: &'a Pass, cursor: usize) -> Visitor<'a> {
        Visitor {
            mode: Mode::Mark(pass, cursor),
        }
    }

    /// Reports one owned reference.
    #[inline]
    pub fn visit(&mut self, object: &Object) {
        // SAFETY: owned-reference: `object` keeps its target alive.
        unsafe { self.visit_word(object.word().as_ptr()) }
    }

    /// Reports one owned word, which may be empty, or a small integer: only who asks is told of those.
    ///
    /// # Safety
    ///
    /// - `word` is a live object's address, a small integer or null.
    #[inline]
    pub(crate) unsafe fn visit_word(&mut self, word: *mut u8) {
        // SAFETY: live-header, by the caller: one word is a run.
        unsafe { self.visit_run(&raw const word, 1) }
    }

    /// Reports the words of a run.
    ///
    /// # Safety
    ///
    /// - Each of the words is a live object's address, a small integer or null.
    #[inline(always)]
    pub(crate) unsafe fn visit_run(&mut self, first: *const *mut u8, count: usize) {
        // SAFETY: live-header, by the caller.
        unsafe {
            match &mut self.mode {
                Mode::Subtract(pass, cursor) => pass.subtract_run(*cursor, first, count),
                Mode::Retract(pass, cursor) => pass.retract_run(*cursor, first, count),
                Mode::Mark(pass, cursor) => pass.mark_run(*cursor, first, count),
                Mode::Ask(ask) => answer(ask, first, count),
            }
        }
    }

    /// Reports one owned reference by address.
    ///
    /// # Safety
    ///
    /// - `pointer` is a live object's address.
    #[inline]
    pub unsafe fn visit_pointer(&mut self, pointer: Pointer) {
        // SAFETY: live-header, by the caller.
        unsafe { self.visit_word(pointer.as_ptr()) }
    }
}

/// Tells who asks of the references in a run.
///
/// # Safety
///
/// - As for [`Visitor::visit_run`].
#[cold]
#[inline(never)]
unsafe fn answer(ask: &mut dyn FnMut(&Object), first: *const *mut u8, count: usize) {
    for index in 0..count {
        // SAFETY: live-header, by the caller: nothing counts a small integer.
        unsafe {
            if let Some(word) = Pointer::new(first.add(index).read()) {
                ask(&Object::from_borrowed(word));
            }
        }
    }
}

/// A part of a body that reports the references that it owns.
///
/// # Safety
///
/// - `traverse` reports each owned reference exactly once (*exact-traverse*), and nothing else. It
///   changes nothing and runs no foreign code.
/// - `clear` leaves the value valid, also while what it drops runs foreign code.
pub unsafe trait Trace {
    /// Reports every owned reference.
    fn traverse(&self, visitor: &mut Visitor<'_>);

    /// Reports every reference that the values of a slice own, in order.
    fn traverse_all(values: &[Self], visitor: &mut Visitor<'_>)
    where
        Self: Sized,
    {
        for value in values {
            value.traverse(visitor);
        }
    }

    /// Drops references that may form cycles.
    fn clear(&self) {}
}

// SAFETY: exact-traverse: a slot owns one reference or none.
unsafe impl Trace for Slot {
    #[inline]
    fn traverse_all(values: &[Slot], visitor: &mut Visitor<'_>) {
        // SAFETY: owned-reference: a slot is a transparent word, and a filled one owns a count.
        unsafe { visitor.visit_run(values.as_ptr().cast(), values.len()) }
    }

    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // SAFETY: owned-reference: a filled slot owns a count.
        unsafe { visitor.visit_word(self.word()) }
    }

    fn clear(&self) {
        drop(self.take());
    }
}

// SAFETY: exact-traverse: a handle owns one reference.
unsafe impl Trace for Object {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        visitor.visit(self);
    }
}

// SAFETY: exact-traverse: the elements own what they own, once each.
unsafe impl<T: Trace> Trace for Buffer<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        // From the end, as CPython's lists do; `gc.get_referents` shows it.
        for element in self.iter().rev() {
            element.traverse(visitor);
        }
    }
}

// SAFETY: exact-traverse: the elements own one reference each.
unsafe impl<T: Trace> Trace for Items<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.traverse_elements(visitor);
    }

    fn clear(&self) {
        drop(self.take());
    }
}

// SAFETY: exact-traverse: an option owns what its content owns.
unsafe impl<T: Trace> Trace for Option<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Some(value) = self {
            value.traverse(visitor);
        }
    }

    fn clear(&self) {
        if let Some(value) = self {
            value.clear();
        }
    }
}

// SAFETY: exact-traverse: a cell that is borrowed for writing reports nothing, so that what it
// owns counts as referred to from outside and survives.
unsafe impl<T: Trace + Default> Trace for RefCell<T> {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        if let Ok(value) = self.try_borrow() {
            value.traverse(visitor);
        }
    }

    /// Leaves a default value in its place. What was there is dropped when the cell is not borrowed any more.
    fn clear(&self) {
        let taken = self
            .try_borrow_mut()
            .map(|mut value| std::mem::take(&mut *value));
        drop(taken);
    }
}

// SAFETY: exact-traverse: the pair owns what its parts own.
unsafe impl<A: Trace, B: Trace> Trace for (A, B) {
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        self.0.traverse(visitor);
        self.1.traverse(visitor);
    }

    fn clear(&self) {
        self.0.clear();
        self.1.clear();
    }
}

// SAFETY: exact-traverse: the array owns what its elements own.
unsafe impl<T: Trace, const N: usize> Trace for [T; N] {
    #[inline]
    fn traverse(&self, visitor: &mut Visitor<'_>) {
        T::traverse_all(self, visitor);
    }

    fn clear(&self) {
        for element in self {
            element.clear();
        }
    }
}

/// Marks types that own no reference.
macro_rules! atomic {
    ($($type:ty),* $(,)?) => {
        $(
            // SAFETY: exact-traverse: nothing is owned.
            unsafe impl Trace for $type {
                fn traverse(&self, _: &mut Visitor<'_>) {}
            }
        )*
    };
}

atomic!(
    bool,
    u8,
    u16,
    u32,
    u64,
    usize,
    i8,
    i16,
    i32,
    i64,
    isize,
    f64,
    char,
    (),
    &'static str
);

// SAFETY: exact-traverse: a `Copy` value owns nothing.
unsafe impl<T: Copy> Trace for Cell<T> {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}

/// Wraps a value that owns no reference to any object (text, numbers, plain Rust data).
///
/// A wrapped value that does own references is not unsound: they count as references from outside
/// and keep their targets alive.
#[derive(Debug, Default)]
pub struct Plain<T>(pub T);

// SAFETY: exact-traverse: what is not reported counts as an outside reference.
unsafe impl<T> Trace for Plain<T> {
    fn traverse(&self, _: &mut Visitor<'_>) {}
}
