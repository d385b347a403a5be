//! Where everything in an instance lies: the layout engine.
//!
//! A class statement names bases and slots; memory needs offsets and sizes. The function
//! [`lay_out`] goes from the one to the other, and it is the only place that does: the allocator asks
//! a [`Layout`] how large an object is, a member descriptor asks it where its slot lies, and the
//! memory picture of [`draw`] prints it. The engine touches no memory of objects. It
//! sees classes as small ids and asks about them through [`Classes`], so that the same code serves
//! the runtime and the tests against CPython.
//!
//! All offsets count from the start of the header, as CPython's do: `object` has a basicsize of 16
//! and the first slot of a plain slotted class lies at 16. The object pointer points behind the
//! header, so a place lies [`Place::from_pointer`] bytes from it. The words for a managed dict and
//! for weak references lie before the header, both or neither, and count in no offset.
//!
//! `docs/layout.md` has the pictures and a worked example.

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;
use core::cell::Cell;

mod assign;
mod best_base;
mod compose;
mod conflict;
mod draw;
mod lay_out;
mod names;
mod native;
#[cfg(test)]
mod tests;

pub use assign::{AssignmentConflict, same_layout, same_layout_for_bases};
pub use best_base::{best_base, is_suitable, solid_base};
pub use conflict::{Explained, LayoutConflict};
pub use draw::{Picture, draw};
pub use lay_out::{LaidOut, Outcome, lay_out};
pub use names::{Mangled, is_identifier, mangle};
pub use native::{Items, Native};

/// Bytes of the object header: reference count, flags and type.
pub const HEADER_BYTES: usize = 16;
/// Bytes of one slot: a word that holds a reference or nothing.
pub const SLOT_BYTES: usize = 8;
/// Bytes before the header of an object with a managed dict or weak references.
pub const PRESIZE_BYTES: usize = 16;
/// What CPython reports as `__dictoffset__` for a managed dict.
pub const MANAGED_DICT_OFFSET: isize = -1;
/// What CPython reports as `__weakrefoffset__` for a managed list of weak references.
pub const MANAGED_WEAKREF_OFFSET: isize = -32;

/// Memory ran out while a layout or a linearization was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of memory")]
pub struct OutOfMemory;

impl From<allocator_api2::collections::TryReserveError> for OutOfMemory {
    fn from(_: allocator_api2::collections::TryReserveError) -> Self {
        OutOfMemory
    }
}

/// Which combinations of bases and slots are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// Refuses what CPython refuses, in its words.
    #[default]
    CPython,
    /// Also composes what CPython cannot: two native layouts in one class, and named slots after
    /// variable-size items of any type.
    Unified,
}

/// What the engine asks about existing classes.
///
/// The answers must be those of the moment: after an assignment to `__bases__`, [`Classes::base`]
/// gives the new best base.
pub trait Classes {
    /// A small handle of a class.
    type Id: Copy + Eq;
    /// The allocator of the layouts.
    type Alloc: Allocator + Copy;

    /// Returns the layout of a class.
    fn layout(&self, class: Self::Id) -> &Layout<Self::Id, Self::Alloc>;
    /// Returns the best base of a class (`__base__`), or nothing for `object`.
    fn base(&self, class: Self::Id) -> Option<Self::Id>;
    /// Whether a class may be subclassed (`Py_TPFLAGS_BASETYPE`).
    fn is_acceptable(&self, class: Self::Id) -> bool;

    /// Whether `class` is `ancestor` or reaches it by best bases.
    fn reaches(&self, class: Self::Id, ancestor: Self::Id) -> bool {
        let mut at = Some(class);
        while let Some(id) = at {
            if id == ancestor {
                return true;
            }
            at = self.base(id);
        }
        false
    }
}

/// A distance from the start of an object's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes from the start of the header, for an object without items.
    pub offset: usize,
    /// Whether the bytes of the items, rounded up to a word, come on top.
    pub after_items: bool,
}

impl Place {
    /// A place that is the same in every instance.
    pub const fn fixed(offset: usize) -> Self {
        Place {
            offset,
            after_items: false,
        }
    }

    /// Returns the distance from the object pointer, which points behind the header, in an object
    /// whose items take `items_bytes`. The header's own place has none.
    pub const fn from_pointer(self, items_bytes: usize) -> usize {
        let moved = if self.after_items {
            align(items_bytes, SLOT_BYTES)
        } else {
            0
        };
        self.offset + moved - HEADER_BYTES
    }
}

/// Where an object keeps its `__dict__`, or its weak references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// It has none.
    None,
    /// In the word before the header.
    Managed,
    /// In a word of a native type's body.
    Inline(Place),
}

impl Storage {
    /// Whether there is any.
    pub const fn is_some(self) -> bool {
        !matches!(self, Storage::None)
    }
}

/// What a section of an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Reference count, flags and type.
    Header,
    /// The body of a native type, by that type's name.
    Body {
        /// The native type's name, for pictures.
        name: &'static str,
        /// Bytes that our body takes; the section's size is CPython's figure.
        ours: usize,
    },
    /// Cells of `__slots__`.
    Slots {
        /// The first cell's index in [`Layout::slots`].
        first: usize,
        /// The number of cells.
        count: usize,
    },
    /// A native type's word for `__dict__`, inside its body.
    Dict,
    /// A native type's word for weak references, inside its body.
    Weakref,
    /// The items of a variable-size object; the section's size is that of one item.
    Items,
}

/// A run of bytes of an instance and the class that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section<T> {
    /// The class that brought the section in.
    pub owner: T,
    /// What the section holds.
    pub kind: SectionKind,
    /// Where the section begins.
    pub place: Place,
    /// The section's size in bytes.
    pub size: usize,
}

/// One cell of `__slots__`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Where the cell lies.
    pub place: Place,
    /// The name's bytes in the layout's text.
    name: (usize, usize),
    /// Whether an earlier cell of the same class has the same name. Such a cell is reached by no
    /// descriptor.
    pub repeated: bool,
}

/// The layout of a class's instances.
#[derive(Debug)]
pub struct Layout<T: Copy, A: Allocator + Copy> {
    basicsize: usize,
    itemsize: usize,
    items: Option<Items>,
    slots_after_items: bool,
    dictoffset: isize,
    weaklistoffset: isize,
    dict: Storage,
    weakref: Storage,
    own_dict: bool,
    own_weakref: bool,
    native: bool,
    sections: Vec<Section<T>, A>,
    slots: Vec<Slot, A>,
    own_slots: usize,
    names: Vec<u8, A>,
    observable: Cell<usize>,
    observable_key: Cell<u64>,
}

impl<T: Copy + Eq, A: Allocator + Copy> Layout<T, A> {
    /// Bytes of header and body, as CPython reports them in `__basicsize__`.
    pub fn basicsize(&self) -> usize {
        self.basicsize
    }

    /// Bytes of one item, as CPython reports them in `__itemsize__`.
    pub fn itemsize(&self) -> usize {
        self.itemsize
    }

    /// Where our items lie and how large they are; nothing where our type keeps none in the object.
    pub fn items(&self) -> Option<Items> {
        self.items
    }

    /// What CPython reports as `__dictoffset__`.
    pub fn dictoffset(&self) -> isize {
        self.dictoffset
    }

    /// What CPython reports as `__weakrefoffset__`.
    pub fn weaklistoffset(&self) -> isize {
        self.weaklistoffset
    }

    /// Where `__dict__` is kept.
    pub fn dict(&self) -> Storage {
        self.dict
    }

    /// Where weak references are kept.
    pub fn weakref(&self) -> Storage {
        self.weakref
    }

    /// Whether the class itself added `__dict__`, and needs the descriptor.
    pub fn adds_dict(&self) -> bool {
        self.own_dict
    }

    /// Whether the class itself added weak references, and needs the descriptor `__weakref__`.
    pub fn adds_weakref(&self) -> bool {
        self.own_weakref
    }

    /// Whether the layout is that of a native type.
    pub fn is_native(&self) -> bool {
        self.native
    }

    /// The sections, in the order in which they were added.
    pub fn sections(&self) -> &[Section<T>] {
        &self.sections
    }

    /// Returns the place of a native type's body.
    pub fn body(&self, owner: T) -> Option<Place> {
        self.sections
            .iter()
            .find(|s| s.owner == owner && matches!(s.kind, SectionKind::Body { .. }))
            .map(|s| s.place)
    }

    /// All cells of `__slots__`, those of the bases first.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The cells that the class itself added, in their order in memory, which is that of their
    /// sorted names.
    pub fn own_slots(&self) -> &[Slot] {
        &self.slots[self.own_slots..]
    }

    /// Returns the name of one of this layout's slots, mangled where it is private.
    pub fn slot_name(&self, slot: &Slot) -> &str {
        let (start, end) = slot.name;
        // The bytes were copied from a `str`, so the default is never used.
        core::str::from_utf8(&self.names[start..end]).unwrap_or_default()
    }

    /// Returns where a cell of `owner` lies in instances of this class: `index` counts among
    /// `owner`'s own slots.
    ///
    /// Under [`Policy::CPython`] this is the same place in every subclass.
    pub fn slot_of(&self, owner: T, index: usize) -> Option<&Slot> {
        self.sections.iter().find_map(|section| match section.kind {
            SectionKind::Slots { first, count } if section.owner == owner && index < count => {
                self.slots.get(first + index)
            }
            _ => None,
        })
    }

    /// Bytes before the header: the words for weak references and dict come together or not at all.
    pub fn presize_bytes(&self) -> usize {
        if self.dict == Storage::Managed || self.weakref == Storage::Managed {
            PRESIZE_BYTES
        } else {
            0
        }
    }

    /// Words of observable slots: one for what watches the instance, and one for each slot; 0 for
    /// classes without. They lie behind everything else and count in no basicsize.
    pub fn observable_words(&self) -> usize {
        self.observable.get()
    }

    /// Sets the number of words of observable slots, and what tells them from other slots of the same
    /// number; no instance exists yet.
    pub(crate) fn set_observable_words(&self, words: usize, key: u64) {
        self.observable.set(words);
        self.observable_key.set(key);
    }

    /// Bytes of an instance without items by CPython's figures, observable slots included: what
    /// `__sizeof__` begins with.
    pub fn instance_bytes(&self) -> usize {
        self.basicsize + self.observable_words() * SLOT_BYTES
    }

    /// Where the words of observable slots begin.
    pub fn observable_place(&self) -> Place {
        Place {
            offset: align(self.basicsize, SLOT_BYTES),
            after_items: self.items.is_some(),
        }
    }

    /// Bytes of header, body and `count` items as they lie in our memory; the bytes before the
    /// header come on top.
    pub fn size_bytes(&self, count: usize) -> Option<usize> {
        let items_bytes = match self.items {
            Some(items) => count.checked_mul(items.size)?,
            None => 0,
        };
        let rounded = items_bytes.checked_next_multiple_of(SLOT_BYTES)?;
        let mut end = match self.items {
            Some(items) => items.offset.checked_add(items_bytes)?,
            None => HEADER_BYTES,
        };
        for section in &self.sections {
            let used = match section.kind {
                SectionKind::Body { ours, .. } => ours,
                SectionKind::Items => continue,
                _ => section.size,
            };
            let moved = if section.place.after_items {
                rounded
            } else {
                0
            };
            end = end.max(section.place.offset.checked_add(used)?.checked_add(moved)?);
        }
        let words = self.observable_words();
        if words > 0 {
            let place = self.observable_place();
            let moved = if place.after_items { rounded } else { 0 };
            let bytes = words.checked_mul(SLOT_BYTES)?;
            end = end.max(place.offset.checked_add(bytes)?.checked_add(moved)?);
        }
        Some(end)
    }

    /// Bytes of header, body and `count` items by CPython's figures, the base of `__sizeof__`.
    pub fn reported_bytes(&self, count: usize) -> Option<usize> {
        self.itemsize
            .checked_mul(count)?
            .checked_add(self.basicsize)
    }
}

/// An entry of `__slots__` as the class body gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requested<'a> {
    /// A string.
    Name(&'a str),
    /// A string with lone surrogates, which can be no identifier.
    Surrogates,
    /// Something else, by the name of its type.
    Other {
        /// The name of its type.
        type_name: &'a str,
    },
}

/// What a class body asks of the layout.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The class's name, for private names.
    pub class_name: &'a str,
    /// The entries of `__slots__`, or nothing where the body has none.
    pub slots: Option<&'a [Requested<'a>]>,
    /// Whether the class body binds a name; asked with mangled names.
    pub in_body: &'a dyn Fn(&str) -> bool,
}

/// Rounds up to a multiple of `to`, a power of two.
pub(crate) const fn align(size: usize, to: usize) -> usize {
    (size + to - 1) & !(to - 1)
}
