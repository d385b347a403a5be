//! Layouts of native types, which are data: CPython's figures and ours side by side.

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;

use super::{HEADER_BYTES, Layout, OutOfMemory, Place, Section, SectionKind, Storage};

/// Where the items of a variable-size object lie in our memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Items {
    /// Bytes from the start of the header to the first item.
    pub offset: usize,
    /// Bytes of one item.
    pub size: usize,
}

/// The figures of a native type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Native {
    /// The type's name, for pictures.
    pub name: &'static str,
    /// CPython's `tp_basicsize`.
    pub basicsize: usize,
    /// CPython's `tp_itemsize`.
    pub itemsize: usize,
    /// What CPython reports as `__dictoffset__`.
    pub dictoffset: isize,
    /// What CPython reports as `__weakrefoffset__`.
    pub weaklistoffset: isize,
    /// Bytes of our own body, all of it: a type that extends another native type's body counts only
    /// what it adds.
    pub body_bytes: usize,
    /// Where our type keeps `__dict__`.
    pub dict: Storage,
    /// Where our type keeps weak references.
    pub weakref: Storage,
    /// Our items, where they lie in the object.
    pub items: Option<Items>,
    /// Whether subclasses may put `__slots__` behind the items, as subclasses of `tuple` do.
    pub slots_after_items: bool,
}

impl Native {
    /// A type that adds nothing to `object`.
    pub const fn plain(name: &'static str) -> Self {
        Native {
            name,
            basicsize: HEADER_BYTES,
            itemsize: 0,
            dictoffset: 0,
            weaklistoffset: 0,
            body_bytes: 0,
            dict: Storage::None,
            weakref: Storage::None,
            items: None,
            slots_after_items: false,
        }
    }

    /// Whether our memory fits into CPython's figures, when the base's does. To be asserted at
    /// compile time next to each native type.
    pub const fn fits(&self, base_basicsize: usize) -> bool {
        let body_end = base_basicsize + self.body_bytes;
        let items = match self.items {
            Some(items) => body_end <= items.offset && items.offset <= self.basicsize,
            None => true,
        };
        base_basicsize <= self.basicsize && body_end <= self.basicsize && items
    }
}

impl<T: Copy + Eq, A: Allocator + Copy> Layout<T, A> {
    /// Builds the layout of a native type over its base's.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    pub fn native(
        owner: T,
        base: Option<&Layout<T, A>>,
        native: &Native,
        alloc: A,
    ) -> Result<Self, OutOfMemory> {
        let mut sections = Vec::new_in(alloc);
        let start = match base {
            Some(base) => {
                sections.try_reserve_exact(base.sections.len() + 4)?;
                sections.extend_from_slice(&base.sections);
                base.basicsize
            }
            None => {
                sections.try_reserve_exact(5)?;
                sections.push(Section {
                    owner,
                    kind: SectionKind::Header,
                    place: Place::fixed(0),
                    size: HEADER_BYTES,
                });
                HEADER_BYTES
            }
        };
        if native.basicsize > start || native.body_bytes > 0 {
            sections.push(Section {
                owner,
                kind: SectionKind::Body {
                    name: native.name,
                    ours: native.body_bytes,
                },
                place: Place::fixed(start),
                size: native.basicsize.saturating_sub(start),
            });
        }
        let has = |sections: &[Section<T>], kind| sections.iter().any(|s| s.kind == kind);
        for (storage, kind) in [
            (native.dict, SectionKind::Dict),
            (native.weakref, SectionKind::Weakref),
        ] {
            if let Storage::Inline(place) = storage
                && !has(&sections, kind)
            {
                sections.push(Section {
                    owner,
                    kind,
                    place,
                    size: super::SLOT_BYTES,
                });
            }
        }
        if let Some(items) = native.items
            && !has(&sections, SectionKind::Items)
        {
            sections.push(Section {
                owner,
                kind: SectionKind::Items,
                place: Place::fixed(items.offset),
                size: items.size,
            });
        }
        Ok(Layout {
            basicsize: native.basicsize,
            itemsize: native.itemsize,
            items: native.items,
            slots_after_items: native.slots_after_items,
            dictoffset: native.dictoffset,
            weaklistoffset: native.weaklistoffset,
            dict: native.dict,
            weakref: native.weakref,
            own_dict: base.is_none_or(|base| !base.dict.is_some()) && native.dict.is_some(),
            own_weakref: base.is_none_or(|base| !base.weakref.is_some())
                && native.weakref.is_some(),
            native: true,
            sections,
            slots: Vec::new_in(alloc),
            own_slots: 0,
            names: Vec::new_in(alloc),
            observable: core::cell::Cell::new(0),
            observable_key: core::cell::Cell::new(0),
        })
    }
}
