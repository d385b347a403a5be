//! Growable lists for the engine: references that the collector sees, and plain data.

use crate::host::Slots;
use crate::memory::collected;
use crate::raw::{Cx, Object, Result};
use core::cell::RefCell;
use mortice_slots::{Cells, Rows};

/// A list that can be changed through a shared reference. No call leaves this crate while it is
/// borrowed, so a borrow never fails.
#[derive(Debug)]
pub struct Items<T>(RefCell<Vec<T>>);

impl<T> Default for Items<T> {
    fn default() -> Self {
        // std: nothing is allocated
        Items(RefCell::new(Vec::new()))
    }
}

impl<T: Clone> Items<T> {
    /// Number of items.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Tells whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// A copy of an item.
    #[inline]
    pub fn at(&self, index: usize) -> Option<T> {
        self.0.borrow().get(index).cloned()
    }

    /// Shows an item.
    #[inline]
    pub fn with<R>(&self, index: usize, show: impl FnOnce(&T) -> R) -> Option<R> {
        self.0.borrow().get(index).map(show)
    }

    /// Appends several items.
    ///
    /// # Errors
    ///
    /// MemoryError, and nothing is appended.
    #[inline]
    pub fn add_all<const N: usize>(&self, cx: Cx<'_>, more: [T; N]) -> Result<()> {
        let mut items = self.0.borrow_mut();
        if items.capacity() - items.len() < N && items.try_reserve(N).is_err() {
            drop(items);
            return Err(cx.out_of_memory());
        }
        items.extend(more);
        Ok(())
    }

    /// Appends an item.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn add(&self, cx: Cx<'_>, item: T) -> Result<()> {
        let mut items = self.0.borrow_mut();
        // Lists are short, and there is one for each watched instance: the first item comes alone.
        let more = items.len().max(1);
        if items.len() == items.capacity() && items.try_reserve_exact(more).is_err() {
            drop(items);
            return Err(cx.out_of_memory());
        }
        items.push(item);
        Ok(())
    }

    /// Replaces an item, and returns the old one.
    pub fn replace(&self, index: usize, item: T) -> Option<T> {
        let mut items = self.0.borrow_mut();
        let place = items.get_mut(index)?;
        Some(core::mem::replace(place, item))
    }

    /// Removes the last item.
    pub fn remove_last(&self) -> Option<T> {
        self.0.borrow_mut().pop()
    }

    /// Takes all items out.
    pub fn take_all(&self) -> Vec<T> {
        self.0.take()
    }

    /// Exchanges all items for others.
    pub fn exchange(&self, items: Vec<T>) -> Vec<T> {
        self.0.replace(items)
    }

    /// A copy of all items.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn snapshot(&self, cx: Cx<'_>) -> Result<Vec<T>> {
        collected(cx, self.0.borrow().iter().cloned())
    }

    /// Visits the items where they are not being changed.
    pub fn visit(&self, visit: &mut dyn FnMut(&T)) {
        if let Ok(items) = self.0.try_borrow() {
            items.iter().for_each(visit);
        }
    }
}

impl Cells<Slots> for Items<Option<Object>> {
    fn len(&self) -> usize {
        Items::len(self)
    }

    fn get(&self, index: usize) -> Option<Object> {
        self.at(index).flatten()
    }

    fn put(&self, index: usize, content: Option<Object>) -> Option<Object> {
        self.replace(index, content).flatten()
    }

    fn push(&self, cx: Cx<'_>, content: Option<Object>) -> Result<()> {
        self.add(cx, content)
    }

    #[inline]
    fn push_all<const N: usize>(&self, cx: Cx<'_>, contents: [Option<Object>; N]) -> Result<()> {
        self.add_all(cx, contents)
    }

    fn pop(&self) -> Option<Object> {
        self.remove_last().flatten()
    }
}

impl<T: Copy> Rows<Slots, T> for Items<T> {
    fn len(&self) -> usize {
        Items::len(self)
    }

    #[inline]
    fn get(&self, index: usize) -> Option<T> {
        self.at(index)
    }

    #[inline]
    fn find_from(&self, from: usize, matches: impl FnMut(&T) -> bool) -> Option<(usize, T)> {
        let items = self.0.borrow();
        let found = items.get(from..)?.iter().position(matches)?;
        Some((from + found, items[from + found]))
    }

    fn set(&self, index: usize, row: T) {
        let _ = self.replace(index, row);
    }

    fn push(&self, cx: Cx<'_>, row: T) -> Result<()> {
        self.add(cx, row)
    }

    fn pop(&self) -> Option<T> {
        self.remove_last()
    }
}
