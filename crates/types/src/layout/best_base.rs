//! Which base decides: solid bases and the best base.
//!
//! A class is *solid* when its instances have a shape that its best base's do not have. The solid
//! bases above a class form a chain. Two bases go together when the solid base of one lies on the
//! chain of the other, for then one shape extends the other; the base with the longer shape is the
//! best base, and the first of several such.

use super::{Classes, LayoutConflict};

/// Returns the nearest class on the chain of best bases, from `class` itself upwards, whose shape
/// differs from its own best base's.
pub fn solid_base<C: Classes>(classes: &C, class: C::Id) -> C::Id {
    let mut at = class;
    while let Some(base) = classes.base(at) {
        let (layout, above) = (classes.layout(at), classes.layout(base));
        if layout.basicsize != above.basicsize || layout.itemsize != above.itemsize {
            return at;
        }
        at = base;
    }
    at
}

/// Returns the index of the base that decides the layout.
///
/// # Errors
///
/// [`LayoutConflict::NotAcceptable`] or [`LayoutConflict::Bases`], whichever is met first from left to
/// right. An empty list is [`LayoutConflict::Bases`]; the caller gives `object` where a class
/// statement names no base.
pub fn best_base<'a, C: Classes>(
    classes: &C,
    bases: &[C::Id],
) -> Result<usize, LayoutConflict<'a, C::Id>> {
    let mut best: Option<(usize, C::Id)> = None;
    for (index, &base) in bases.iter().enumerate() {
        if !classes.is_acceptable(base) {
            return Err(LayoutConflict::NotAcceptable { base });
        }
        let candidate = solid_base(classes, base);
        best = match best {
            None => Some((index, candidate)),
            Some((_, winner)) if classes.reaches(winner, candidate) => best,
            Some((_, winner)) if classes.reaches(candidate, winner) => Some((index, candidate)),
            Some(_) => return Err(LayoutConflict::Bases),
        };
    }
    best.map(|(index, _)| index).ok_or(LayoutConflict::Bases)
}

/// Whether `member` may stand in the MRO of `class`: a custom `mro()` may name only classes whose
/// solid base is on the chain of the class's own, or whose sections the class has composed.
pub fn is_suitable<C: Classes>(classes: &C, class: C::Id, member: C::Id) -> bool {
    let solid = solid_base(classes, member);
    let mut sections = classes.layout(class).sections.iter();
    classes.reaches(solid_base(classes, class), solid)
        || sections.any(|section| section.owner == solid)
}
