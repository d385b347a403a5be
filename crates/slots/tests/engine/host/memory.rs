//! Containers whose growth can be made to fail.

use super::{Object, Raised, Result, Toy, World};
use mortice_slots::{Cells, Rows};
use std::cell::{Cell, RefCell};
use std::fmt::Debug;

/// Which allocations fail.
#[derive(Default)]
pub struct Failures {
    /// Allocations so far.
    count: Cell<u64>,
    /// The first that fails.
    first: Cell<Option<u64>>,
    /// Those after it fail too.
    lasts: Cell<bool>,
}

impl Failures {
    /// Lets one allocation fail, counted from here; with `lasts` all that follow it too.
    pub fn at(&self, number: u64, lasts: bool) {
        self.count.set(0);
        self.first.set(Some(number));
        self.lasts.set(lasts);
    }

    /// Ends the shortage, and tells whether it was met.
    pub fn end(&self) -> bool {
        let first = self.first.take();
        first.is_some_and(|first| self.count.get() > first)
    }

    /// Counts an allocation.
    pub fn allocate(&self) -> Result<()> {
        let number = self.count.get();
        self.count.set(number + 1);
        match self.first.get() {
            Some(first) if number == first || (number > first && self.lasts.get()) => {
                Err(Raised::Memory)
            }
            _ => Ok(()),
        }
    }
}

/// Growable places for objects.
#[derive(Debug, Default)]
pub struct ToyCells(RefCell<Vec<Option<Object>>>);

impl Cells<Toy> for ToyCells {
    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn get(&self, index: usize) -> Option<Object> {
        self.0.borrow().get(index).cloned().flatten()
    }

    fn put(&self, index: usize, content: Option<Object>) -> Option<Object> {
        let mut cells = self.0.borrow_mut();
        let cell = cells.get_mut(index)?;
        std::mem::replace(cell, content)
    }

    fn push(&self, world: &World, content: Option<Object>) -> Result<()> {
        world.failures.allocate()?;
        self.0.borrow_mut().push(content);
        Ok(())
    }

    fn pop(&self) -> Option<Object> {
        self.0.borrow_mut().pop().flatten()
    }
}

/// Growable plain data.
#[derive(Debug)]
pub struct ToyRows<T>(RefCell<Vec<T>>);

impl<T> Default for ToyRows<T> {
    fn default() -> Self {
        ToyRows(RefCell::default())
    }
}

impl<T: Copy + Debug> Rows<Toy, T> for ToyRows<T> {
    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn get(&self, index: usize) -> Option<T> {
        self.0.borrow().get(index).copied()
    }

    fn set(&self, index: usize, row: T) {
        if let Some(place) = self.0.borrow_mut().get_mut(index) {
            *place = row;
        }
    }

    fn push(&self, world: &World, row: T) -> Result<()> {
        world.failures.allocate()?;
        self.0.borrow_mut().push(row);
        Ok(())
    }

    fn pop(&self) -> Option<T> {
        self.0.borrow_mut().pop()
    }
}
