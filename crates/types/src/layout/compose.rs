//! The policy [`Policy::Unified`](super::Policy::Unified): several layouts in one class.
//!
//! One base is the primary one and keeps its places, as the best base does on CPython. The sections
//! of the others that are not there yet are moved behind them. So a body or a slot of a secondary
//! base lies elsewhere than in that base's own instances, and is to be reached through the type:
//! [`Layout::body`] and [`Layout::slot_of`].

use super::{
    Classes, Layout, LayoutConflict, Place, SLOT_BYTES, SectionKind, Slot, Storage, align,
    solid_base,
};

/// Bodies are aligned as objects are.
const BODY_ALIGN: usize = 16;

/// Returns the index of the base that keeps its places: the one of variable size where there is one,
/// else the first of the longest shape among those related to the first base.
///
/// # Errors
///
/// [`LayoutConflict::NotAcceptable`], or [`LayoutConflict::Items`] where two unrelated bases have
/// items.
pub(super) fn primary<'a, C: Classes>(
    classes: &C,
    bases: &[C::Id],
) -> Result<usize, LayoutConflict<'a, C::Id>> {
    let mut best: Option<(usize, C::Id)> = None;
    for (index, &base) in bases.iter().enumerate() {
        if !classes.is_acceptable(base) {
            return Err(LayoutConflict::NotAcceptable { base });
        }
        let candidate = solid_base(classes, base);
        let items = |class| classes.layout(class).itemsize != 0;
        best = match best {
            None => Some((index, candidate)),
            Some((_, winner)) if classes.reaches(winner, candidate) => best,
            Some((_, winner)) if classes.reaches(candidate, winner) => Some((index, candidate)),
            Some((_, winner)) if items(winner) && items(candidate) => {
                if !shares_items(classes, winner, candidate) {
                    return Err(LayoutConflict::Items);
                }
                best
            }
            Some(_) if items(candidate) => Some((index, candidate)),
            Some(_) => best,
        };
    }
    best.map(|(index, _)| index).ok_or(LayoutConflict::Bases)
}

/// Whether two classes of variable size have their items from the same type.
fn shares_items<C: Classes>(classes: &C, a: C::Id, b: C::Id) -> bool {
    let origin = |class| {
        let mut at = class;
        while let Some(base) = classes.base(at) {
            if classes.layout(base).itemsize == 0 {
                break;
            }
            at = base;
        }
        at
    };
    origin(a) == origin(b)
}

/// Moves the sections of the secondary bases behind what `layout` has.
///
/// # Errors
///
/// Memory ran out.
pub(super) fn append<'a, C: Classes>(
    classes: &C,
    layout: &mut Layout<C::Id, C::Alloc>,
    bases: &[C::Id],
    primary: usize,
) -> Result<(), LayoutConflict<'a, C::Id>> {
    for (index, &base) in bases.iter().enumerate() {
        if index != primary {
            append_one(layout, classes.layout(base))?;
        }
    }
    Ok(())
}

fn append_one<'a, T: Copy + Eq, A: allocator_api2::alloc::Allocator + Copy>(
    layout: &mut Layout<T, A>,
    other: &Layout<T, A>,
) -> Result<(), LayoutConflict<'a, T>> {
    let after_items = layout.itemsize != 0;
    layout.sections.try_reserve(other.sections.len())?;
    for section in &other.sections {
        let mut moved = *section;
        let there = layout.sections.iter().any(|have| {
            have.owner == section.owner
                && core::mem::discriminant(&have.kind) == core::mem::discriminant(&section.kind)
        });
        if there {
            continue;
        }
        match section.kind {
            SectionKind::Header | SectionKind::Items => {
                continue;
            }
            SectionKind::Body { .. } => {
                let start = align(layout.basicsize, BODY_ALIGN);
                moved.place = Place {
                    offset: start,
                    after_items,
                };
                layout.basicsize = start + section.size;
            }
            SectionKind::Dict | SectionKind::Weakref => {
                // The word lies in a body of the same owner, which has been moved before it.
                let body = |sections: &[super::Section<T>]| {
                    sections
                        .iter()
                        .find(|s| {
                            s.owner == section.owner && matches!(s.kind, SectionKind::Body { .. })
                        })
                        .map(|s| s.place)
                };
                let (Some(from), Some(to)) = (body(&other.sections), body(&layout.sections)) else {
                    continue;
                };
                moved.place = Place {
                    offset: to.offset + (section.place.offset - from.offset),
                    after_items: to.after_items,
                };
                let storage = if section.kind == SectionKind::Dict {
                    &mut layout.dict
                } else {
                    &mut layout.weakref
                };
                if !storage.is_some() {
                    *storage = Storage::Inline(moved.place);
                }
                let offset = if section.kind == SectionKind::Dict {
                    &mut layout.dictoffset
                } else {
                    &mut layout.weaklistoffset
                };
                if *offset == 0 {
                    *offset = moved.place.offset as isize;
                }
            }
            SectionKind::Slots { first, count } => {
                let start = align(layout.basicsize, SLOT_BYTES);
                moved.place = Place {
                    offset: start,
                    after_items,
                };
                moved.kind = SectionKind::Slots {
                    first: layout.slots.len(),
                    count,
                };
                append_slots(layout, other, first, count, moved.place)?;
                layout.basicsize = start + section.size;
            }
        }
        layout.sections.push(moved);
    }
    Ok(())
}

fn append_slots<'a, T: Copy + Eq, A: allocator_api2::alloc::Allocator + Copy>(
    layout: &mut Layout<T, A>,
    other: &Layout<T, A>,
    first: usize,
    count: usize,
    place: Place,
) -> Result<(), LayoutConflict<'a, T>> {
    layout.slots.try_reserve(count)?;
    for (index, slot) in other.slots[first..first + count].iter().enumerate() {
        let name = other.slot_name(slot).as_bytes();
        layout.names.try_reserve(name.len())?;
        let from = layout.names.len();
        layout.names.extend_from_slice(name);
        layout.slots.push(Slot {
            place: Place {
                offset: place.offset + index * SLOT_BYTES,
                after_items: place.after_items,
            },
            name: (from, layout.names.len()),
            repeated: slot.repeated,
        });
    }
    Ok(())
}
