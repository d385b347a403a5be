//! The memory picture of a layout, as text.
//!
//! A picture is a row of boxes: above each its offset from the start of the header, in it what it
//! holds, below it its size in bytes. Rows break where the width is used up. Where our body is
//! smaller than CPython's the size shows both, and a line below says what an instance takes here.

use core::fmt;

use allocator_api2::alloc::Allocator;

use super::{Layout, SLOT_BYTES, SectionKind, Slot, Storage};

/// A picture of a layout; [`fmt::Display`] writes it and takes no memory.
pub struct Picture<'a, T: Copy, A: Allocator + Copy> {
    layout: &'a Layout<T, A>,
    name: &'a str,
    width: usize,
    observable: &'a [&'a str],
}

impl<'a, T: Copy, A: Allocator + Copy> Picture<'a, T, A> {
    /// Draws observable slots one by one, under these names.
    pub fn naming(mut self, slots: &'a [&'a str]) -> Self {
        self.observable = slots;
        self
    }
}

/// Draws the layout of the class `name` within `width` columns.
pub fn draw<'a, T: Copy + Eq, A: Allocator + Copy>(
    layout: &'a Layout<T, A>,
    name: &'a str,
    width: usize,
) -> Picture<'a, T, A> {
    Picture {
        layout,
        name,
        width,
        observable: &[],
    }
}

/// One box. Its three lines are written through [`Line`].
#[derive(Clone, Copy)]
struct Box<'a> {
    offset: isize,
    after_items: bool,
    label: Label<'a>,
    size: Size,
}

#[derive(Clone, Copy)]
enum Label<'a> {
    Text(&'a str),
    Body(&'a str),
    Observable(usize),
}

#[derive(Clone, Copy)]
enum Size {
    Bytes(usize),
    /// CPython's figure and ours.
    Both(usize, usize),
    /// Bytes of each item.
    Each(usize),
}

/// Which of the three lines of a box.
#[derive(Clone, Copy)]
enum Line {
    Offset,
    Label,
    Size,
}

impl Box<'_> {
    fn write(&self, f: &mut dyn fmt::Write, line: Line) -> fmt::Result {
        match line {
            Line::Offset if self.after_items => write!(f, "{} + items", self.offset),
            Line::Offset => write!(f, "{}", self.offset),
            Line::Label => match self.label {
                Label::Text(text) => f.write_str(text),
                Label::Body(name) => write!(f, "body of {name}"),
                Label::Observable(count) => write!(f, "observable slots ({count})"),
            },
            Line::Size => match self.size {
                Size::Bytes(bytes) => write!(f, "{bytes}"),
                Size::Both(theirs, ours) => write!(f, "{theirs}, ours {ours}"),
                Size::Each(bytes) => write!(f, "{bytes} each"),
            },
        }
    }

    /// Columns of the widest of the three lines.
    fn columns(&self) -> usize {
        [Line::Offset, Line::Label, Line::Size]
            .into_iter()
            .map(|line| {
                let mut count = Count(0);
                // Counting never fails.
                let _ = self.write(&mut count, line);
                count.0
            })
            .max()
            .unwrap_or(0)
    }
}

/// Counts characters instead of writing them.
struct Count(usize);

impl fmt::Write for Count {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.chars().count();
        Ok(())
    }
}

impl<'a, T: Copy + Eq, A: Allocator + Copy> Picture<'a, T, A> {
    /// The boxes from left to right: before the header, the header, fixed places by offset, items,
    /// places after the items.
    fn boxes(&self) -> impl Iterator<Item = Box<'a>> + Clone {
        let layout = self.layout;
        let before = [("weak references", -16), ("dict", -8)]
            .into_iter()
            .filter(move |_| layout.presize_bytes() > 0)
            .map(|(text, offset)| Box {
                offset,
                after_items: false,
                label: Label::Text(text),
                size: Size::Bytes(SLOT_BYTES),
            });
        let fixed = layout.sections.iter().flat_map(move |section| {
            let slots: &'a [Slot] = match section.kind {
                SectionKind::Slots { first, count } => &layout.slots[first..first + count],
                _ => &[],
            };
            let whole = match section.kind {
                SectionKind::Header => Some((Label::Text("header"), Size::Bytes(section.size))),
                SectionKind::Body { name, ours } if ours == section.size => {
                    Some((Label::Body(name), Size::Bytes(ours)))
                }
                SectionKind::Body { name, ours } => {
                    Some((Label::Body(name), Size::Both(section.size, ours)))
                }
                SectionKind::Items => Some((Label::Text("items"), Size::Each(section.size))),
                // The words lie inside a body, which is drawn.
                SectionKind::Slots { .. } | SectionKind::Dict | SectionKind::Weakref => None,
            };
            let whole = whole.map(|(label, size)| Box {
                offset: section.place.offset as isize,
                after_items: section.place.after_items,
                label,
                size,
            });
            whole.into_iter().chain(slots.iter().map(|slot| Box {
                offset: slot.place.offset as isize,
                after_items: slot.place.after_items,
                label: Label::Text(layout.slot_name(slot)),
                size: Size::Bytes(SLOT_BYTES),
            }))
        });
        before.chain(fixed).chain(self.observable_boxes())
    }

    /// The word for what watches the instance, then the observable slots: one box each where their
    /// names are known.
    fn observable_boxes(&self) -> impl Iterator<Item = Box<'a>> + Clone + use<'a, T, A> {
        let place = self.layout.observable_place();
        let slots = self.layout.observable_words().saturating_sub(1);
        let at = move |word: usize, words: usize, label| Box {
            offset: (place.offset + word * SLOT_BYTES) as isize,
            after_items: place.after_items,
            label,
            size: Size::Bytes(words * SLOT_BYTES),
        };
        let watch = (self.layout.observable_words() > 0).then(|| at(0, 1, Label::Text("watch")));
        let named = self.observable;
        let each = named
            .iter()
            .enumerate()
            .map(move |(index, name)| at(index + 1, 1, Label::Text(name)));
        let together =
            (named.is_empty() && slots > 0).then(|| at(1, slots, Label::Observable(slots)));
        watch.into_iter().chain(each).chain(together)
    }

    /// Writes one line of a row of boxes.
    fn row(
        &self,
        f: &mut fmt::Formatter<'_>,
        first: usize,
        count: usize,
        line: Line,
    ) -> fmt::Result {
        let edge = if matches!(line, Line::Label) {
            "│"
        } else {
            " "
        };
        for (index, entry) in self.boxes().skip(first).take(count).enumerate() {
            let mut written = Count(0);
            let _ = entry.write(&mut written, line);
            f.write_str(edge)?;
            f.write_str(" ")?;
            entry.write(f, line)?;
            // Only a box's own line has an edge at the right to be padded for.
            let last = index + 1 == count && !matches!(line, Line::Label);
            if !last {
                let pad = entry.columns() - written.0 + 1;
                write!(f, "{:pad$}", "")?;
            }
        }
        f.write_str(edge.trim_end())?;
        f.write_str("\n")
    }

    /// How many boxes from `first` on fit into the width: one at least.
    fn fitting(&self, first: usize) -> usize {
        let mut used = 1;
        let mut count = 0;
        for entry in self.boxes().skip(first) {
            used += entry.columns() + 3;
            if used > self.width && count > 0 {
                break;
            }
            count += 1;
        }
        count
    }

    fn heading(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.layout;
        write!(f, "{}: {} bytes", self.name, layout.basicsize())?;
        if layout.itemsize() != 0 {
            write!(f, " and {} an item", layout.itemsize())?;
        }
        if layout.observable_words() != 0 {
            let bytes = layout.observable_words() * SLOT_BYTES;
            write!(f, " and {bytes} of observable slots")?;
        }
        if layout.presize_bytes() != 0 {
            write!(f, ", {} before the header", layout.presize_bytes())?;
        }
        f.write_str("\n")
    }

    /// Says where the words of native types lie, and what an instance takes here.
    fn notes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = self.layout;
        for (name, storage) in [
            ("dict", layout.dict()),
            ("weak references", layout.weakref()),
        ] {
            if let Storage::Inline(place) = storage {
                writeln!(f, "{name} at {} in the body", place.offset)?;
            }
        }
        let observable = layout.observable_words() * SLOT_BYTES;
        match (layout.size_bytes(0), layout.reported_bytes(0)) {
            (Some(ours), Some(theirs)) if ours != theirs + observable => {
                writeln!(f, "here {ours} bytes, on CPython {theirs}")
            }
            _ => Ok(()),
        }
    }
}

impl<T: Copy + Eq, A: Allocator + Copy> fmt::Display for Picture<'_, T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.heading(f)?;
        let total = self.boxes().count();
        let mut first = 0;
        while first < total {
            let count = self.fitting(first);
            for line in [Line::Offset, Line::Label, Line::Size] {
                self.row(f, first, count, line)?;
            }
            first += count;
        }
        self.notes(f)
    }
}
