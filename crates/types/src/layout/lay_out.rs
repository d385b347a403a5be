//! From bases and slots to a layout.
//!
//! The steps, in the order in which CPython makes them and thus in the order of its errors: the best
//! base is found; each entry of `__slots__` is checked, left to right; names that the body binds are
//! refused; named slots over a base of variable size are refused; the secondary bases add a dict or
//! weak references; the cells are placed in the order of their sorted names.

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;

use super::names::{Mangled, is_identifier, mangle};
use super::{
    Classes, Layout, LayoutConflict, MANAGED_DICT_OFFSET, MANAGED_WEAKREF_OFFSET, OutOfMemory,
    Place, Policy, Request, Requested, SLOT_BYTES, Section, SectionKind, Slot, Storage, align,
    best_base, compose,
};

/// What [`lay_out`] found.
#[derive(Debug)]
pub struct LaidOut<T: Copy, A: Allocator + Copy> {
    /// The best base (`__base__`), as an index into the bases.
    pub base: usize,
    /// The layout of the new class.
    pub layout: Layout<T, A>,
}

/// The outcome of [`lay_out`] for classes of the kind `C`.
pub type Outcome<'a, C> = Result<
    LaidOut<<C as Classes>::Id, <C as Classes>::Alloc>,
    LayoutConflict<'a, <C as Classes>::Id>,
>;

/// Lays out the instances of the class `owner` with these bases.
///
/// The caller gives `object` as the only base where a class statement names none, and has checked
/// that the bases are classes.
///
/// # Errors
///
/// See [`LayoutConflict`]; where several apply, the one that CPython reports.
pub fn lay_out<'a, C: Classes>(
    classes: &C,
    owner: C::Id,
    bases: &[C::Id],
    request: &Request<'a>,
    policy: Policy,
    alloc: C::Alloc,
) -> Outcome<'a, C> {
    let base = match policy {
        Policy::CPython => best_base(classes, bases)?,
        Policy::Unified => compose::primary(classes, bases)?,
    };
    let best = classes.layout(bases[base]);
    let mut layout = Layout {
        basicsize: best.basicsize,
        itemsize: best.itemsize,
        items: best.items,
        slots_after_items: best.slots_after_items,
        dictoffset: best.dictoffset,
        weaklistoffset: best.weaklistoffset,
        dict: best.dict,
        weakref: best.weakref,
        own_dict: false,
        own_weakref: false,
        native: false,
        sections: copy(&best.sections, 4, alloc)?,
        slots: copy(&best.slots, 0, alloc)?,
        own_slots: best.slots.len(),
        names: copy(&best.names, 0, alloc)?,
        // Observable slots are planned anew for each class.
        observable: core::cell::Cell::new(0),
        observable_key: core::cell::Cell::new(0),
    };
    if policy == Policy::Unified {
        compose::append(classes, &mut layout, bases, base)?;
        layout.own_slots = layout.slots.len();
    }

    let may_add_dict = layout.dictoffset == 0;
    let may_add_weakref = layout.weaklistoffset == 0;
    let mut dict = false;
    let mut weakref = false;
    match request.slots {
        None => {
            // Secondary bases are not asked: a subclass of `int` has no weak references even where
            // another base has them.
            dict = may_add_dict;
            weakref = may_add_weakref && layout.itemsize == 0;
        }
        Some(entries) => {
            for entry in entries {
                match *entry {
                    Requested::Other { type_name } => {
                        return Err(LayoutConflict::NotString { type_name });
                    }
                    Requested::Surrogates => return Err(LayoutConflict::NotIdentifier),
                    Requested::Name(name) if !is_identifier(name) => {
                        return Err(LayoutConflict::NotIdentifier);
                    }
                    Requested::Name("__dict__") => {
                        if dict || !may_add_dict {
                            return Err(LayoutConflict::DictTwice);
                        }
                        dict = true;
                    }
                    Requested::Name("__weakref__") => {
                        if weakref || !may_add_weakref {
                            return Err(LayoutConflict::WeakrefTwice);
                        }
                        weakref = true;
                    }
                    Requested::Name(_) => {}
                }
            }
            add_names(&mut layout, request, entries, alloc)?;
            let added = layout.slots.len() - layout.own_slots;
            if added > 0
                && layout.itemsize != 0
                && !layout.slots_after_items
                && policy == Policy::CPython
            {
                return Err(LayoutConflict::Arbitrary { base: bases[base] });
            }
            place_slots(&mut layout, owner)?;
            for (index, &secondary) in bases.iter().enumerate() {
                if index != base {
                    let other = classes.layout(secondary);
                    dict |= may_add_dict && other.dictoffset != 0;
                    weakref |= may_add_weakref && other.weaklistoffset != 0;
                }
            }
        }
    }
    if dict {
        layout.dict = Storage::Managed;
        layout.dictoffset = MANAGED_DICT_OFFSET;
    }
    if weakref {
        layout.weakref = Storage::Managed;
        layout.weaklistoffset = MANAGED_WEAKREF_OFFSET;
    }
    layout.own_dict = dict;
    layout.own_weakref = weakref;
    Ok(LaidOut { base, layout })
}

/// Adds the mangled names as slots without places and sorts them.
fn add_names<'a, T: Copy + Eq, A: Allocator + Copy>(
    layout: &mut Layout<T, A>,
    request: &Request<'a>,
    entries: &[Requested<'a>],
    alloc: A,
) -> Result<(), LayoutConflict<'a, T>> {
    let mut names: Vec<Mangled<'a>, A> = Vec::new_in(alloc);
    names.try_reserve_exact(entries.len())?;
    let mut bytes = 0;
    for entry in entries {
        if let Requested::Name(name) = *entry
            && name != "__dict__"
            && name != "__weakref__"
        {
            let name = mangle(request.class_name, name);
            bytes += name.len();
            names.push(name);
        }
    }
    layout.names.try_reserve_exact(bytes)?;
    layout.slots.try_reserve_exact(names.len())?;
    // Names are first written unsorted, so that the body can be asked about them as text.
    let start = layout.names.len();
    for &name in &names {
        let from = layout.names.len();
        layout.names.extend(name.bytes());
        let text = core::str::from_utf8(&layout.names[from..]).unwrap_or_default();
        // These are taken out of the class body before it becomes the class's dict.
        let taken_out = matches!(text, "__qualname__" | "__classcell__" | "__classdictcell__");
        if !taken_out && (request.in_body)(text) {
            return Err(LayoutConflict::ClassVariable { name });
        }
    }
    layout.names.truncate(start);
    names.sort_unstable_by(|a, b| a.bytes().cmp(b.bytes()));
    let mut previous: Option<Mangled<'_>> = None;
    for &name in &names {
        let repeated = previous.is_some_and(|previous| previous.bytes().eq(name.bytes()));
        let from = layout.names.len();
        layout.names.extend(name.bytes());
        layout.slots.push(Slot {
            place: Place::fixed(0),
            name: (from, layout.names.len()),
            repeated,
        });
        previous = Some(name);
    }
    Ok(())
}

/// Gives the class's own slots their places behind what is there.
fn place_slots<T: Copy + Eq, A: Allocator + Copy>(
    layout: &mut Layout<T, A>,
    owner: T,
) -> Result<(), OutOfMemory> {
    let first = layout.own_slots;
    let count = layout.slots.len() - first;
    if count == 0 {
        return Ok(());
    }
    let after_items = layout.itemsize != 0;
    let start = align(layout.basicsize, SLOT_BYTES);
    for (index, slot) in layout.slots[first..].iter_mut().enumerate() {
        slot.place = Place {
            offset: start + index * SLOT_BYTES,
            after_items,
        };
    }
    layout.sections.try_reserve(1)?;
    layout.sections.push(Section {
        owner,
        kind: SectionKind::Slots { first, count },
        place: Place {
            offset: start,
            after_items,
        },
        size: count * SLOT_BYTES,
    });
    layout.basicsize = start + count * SLOT_BYTES;
    Ok(())
}

/// Copies a list and leaves room for `more` entries.
pub(super) fn copy<E: Copy, A: Allocator + Copy>(
    list: &[E],
    more: usize,
    alloc: A,
) -> Result<Vec<E, A>, OutOfMemory> {
    let mut copied = Vec::new_in(alloc);
    copied.try_reserve_exact(list.len() + more)?;
    copied.extend_from_slice(list);
    Ok(copied)
}
