//! Whether one class's instances have the memory of another's: assignment to `__class__` and
//! `__bases__`.

use super::{Classes, Layout, Storage};
use allocator_api2::alloc::Allocator;

/// Two layouts that are not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("object layout differs")]
pub struct AssignmentConflict;

/// Whether `object.__class__` may change from `old` to `new`.
///
/// That the classes may be changed at all (no static native types) is for the caller to see to.
///
/// # Errors
///
/// The layouts differ. The message is `__class__ assignment: 'NEW' object layout differs from 'OLD'`.
pub fn same_layout<C: Classes>(
    classes: &C,
    new: C::Id,
    old: C::Id,
) -> Result<(), AssignmentConflict> {
    let (new_layout, old_layout) = (classes.layout(new), classes.layout(old));
    if new_layout.presize_kind() != old_layout.presize_kind() {
        return Err(AssignmentConflict);
    }
    same_shape(classes, new, old)
}

/// Whether the best base of `class` may change to `new`.
///
/// What the new base keeps before the header, `class` must have already; its own words stay.
///
/// # Errors
///
/// The layouts differ. The message is `__bases__ assignment: 'NEW' object layout differs from 'OLD'`,
/// where `OLD` is the best base so far.
pub fn same_layout_for_bases<C: Classes>(
    classes: &C,
    class: C::Id,
    new: C::Id,
) -> Result<(), AssignmentConflict> {
    let (own, above) = (classes.layout(class), classes.layout(new));
    let gains = |of: Storage, by: Storage| of == Storage::None && by != Storage::None;
    if gains(own.dict, above.dict) || gains(own.weakref, above.weakref) {
        return Err(AssignmentConflict);
    }
    let Some(old) = classes.base(class) else {
        return Err(AssignmentConflict);
    };
    // Observable slots are planned from the bases; other bases mean another plan.
    let observable = classes.layout(old).observable_words() + above.observable_words();
    if new != old && observable > 0 {
        return Err(AssignmentConflict);
    }
    same_shape(classes, new, old)
}

/// Whether two classes have the same shape apart from what lies before the header.
fn same_shape<C: Classes>(classes: &C, new: C::Id, old: C::Id) -> Result<(), AssignmentConflict> {
    let (new, old) = (origin(classes, new), origin(classes, old));
    if new == old {
        return Ok(());
    }
    if classes.base(new) == classes.base(old) && same_additions(classes, new, old) {
        Ok(())
    } else {
        Err(AssignmentConflict)
    }
}

/// Returns the first class upwards that adds to the memory of its best base.
fn origin<C: Classes>(classes: &C, class: C::Id) -> C::Id {
    let mut at = class;
    while let Some(base) = classes.base(at) {
        let (layout, above) = (classes.layout(at), classes.layout(base));
        if layout.basicsize != above.basicsize || layout.itemsize != above.itemsize {
            break;
        }
        at = base;
    }
    at
}

/// Whether two classes with the same best base, `new` and `old`, add the same to it.
///
/// Native types never do: figures do not tell what lies in a body.
fn same_additions<C: Classes>(classes: &C, new: C::Id, old: C::Id) -> bool {
    let (a, b) = (classes.layout(new), classes.layout(old));
    let own = a.own_slots().iter().zip(b.own_slots());
    let sections = a.sections.iter().zip(&b.sections);
    !a.native
        && !b.native
        && a.sections.len() == b.sections.len()
        && a.own_slots().len() == b.own_slots().len()
        && own
            .into_iter()
            .all(|(x, y)| a.slot_name(x) == b.slot_name(y))
        && sections.into_iter().all(|(x, y)| {
            // Under the unified policy there may be sections of further bases.
            let owners = x.owner == y.owner || (x.owner == new && y.owner == old);
            owners && x.kind == y.kind && x.place == y.place && x.size == y.size
        })
}

impl<T: Copy + Eq, A: Allocator + Copy> Layout<T, A> {
    /// What lies before the header and what is reported about it.
    fn presize_kind(&self) -> (isize, isize, usize, u64) {
        (
            self.dictoffset,
            self.weaklistoffset,
            self.observable_words(),
            self.observable_key.get(),
        )
    }
}
