//! The storage order of a class's slots.
//!
//! A slot is known by its name. The slots of the first base come first, in that base's order; then
//! those of the further bases, in the order of the MRO, that are not there yet; then the class's own,
//! in the order of their definition (S005). A slot that is reached twice, by a diamond or by the same
//! name, has one place (S008). Redefining a name keeps its place (S004).
//!
//! ```text
//! class A(Base): x, y        0 x │ 1 y
//! class B(Base): y, z        0 y │ 1 z
//! class C(A, B): w           0 x │ 1 y │ 2 z │ 3 w
//! ```

use allocator_api2::alloc::Allocator;
use allocator_api2::vec::Vec;

/// Most slots that a class can have: places are numbered with 16 bits.
pub const SLOT_LIMIT: usize = u16::MAX as usize;

/// Why a class's slots cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Memory ran out.
    #[error("out of memory while planning slots")]
    OutOfMemory,
    /// The class would have too many slots.
    #[error("{count} slots exceed the limit of {SLOT_LIMIT}")]
    TooMany {
        /// Slots asked for.
        count: usize,
    },
}

/// One slot's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<N> {
    /// The slot's name.
    pub name: N,
    /// Whether the class itself brought the place in, rather than a base.
    pub own: bool,
}

/// The slots of a class in storage order.
#[derive(Debug)]
pub struct Plan<N: Copy + Eq, A: Allocator> {
    places: Vec<Place<N>, A>,
}

impl<N: Copy + Eq, A: Allocator> Plan<N, A> {
    /// The places, in storage order.
    pub fn places(&self) -> &[Place<N>] {
        &self.places
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether the class has no slots.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The index of a name's place.
    pub fn index_of(&self, name: N) -> Option<usize> {
        self.places.iter().position(|place| place.name == name)
    }

    fn add(&mut self, name: N, own: bool) -> Result<(), PlanError> {
        if self.index_of(name).is_some() {
            return Ok(());
        }
        if self.places.len() == SLOT_LIMIT {
            return Err(PlanError::TooMany {
                count: SLOT_LIMIT + 1,
            });
        }
        self.places
            .try_reserve(1)
            .map_err(|_| PlanError::OutOfMemory)?;
        self.places.push(Place { name, own });
        Ok(())
    }

    /// Adds a slot after the class was made, at the end (S010: before it is sealed).
    ///
    /// # Errors
    ///
    /// [`PlanError`]; the plan is as before.
    pub fn add_late(&mut self, name: N) -> Result<(), PlanError> {
        self.add(name, true)
    }
}

/// Plans the slots of a class.
///
/// `bases` gives the places of the first base, then of the further classes in the order of the MRO;
/// `own` the names that the class body defines, in order.
///
/// # Errors
///
/// [`PlanError`].
pub fn plan<'p, N, A, B>(bases: B, own: &[N], alloc: A) -> Result<Plan<N, A>, PlanError>
where
    N: Copy + Eq + 'p,
    A: Allocator,
    B: IntoIterator<Item = &'p [Place<N>]>,
{
    let mut plan = Plan {
        places: Vec::new_in(alloc),
    };
    for base in bases {
        for place in base {
            plan.add(place.name, false)?;
        }
    }
    for &name in own {
        plan.add(name, true)?;
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocator_api2::alloc::Global;

    fn names(plan: &Plan<char, Global>) -> String {
        plan.places().iter().map(|place| place.name).collect()
    }

    fn class(bases: &[&Plan<char, Global>], own: &str) -> Plan<char, Global> {
        let own: std::vec::Vec<char> = own.chars().collect();
        plan(bases.iter().map(|base| base.places()), &own, Global).unwrap()
    }

    #[test]
    fn bases_come_first_in_order_and_nothing_twice() {
        let a = class(&[], "xy");
        let b = class(&[], "yz");
        let c = class(&[&a, &b], "w");
        assert_eq!(names(&c), "xyzw");
        assert_eq!(names(&class(&[&b, &a], "w")), "yzxw");
    }

    #[test]
    fn a_diamond_stores_each_slot_once() {
        let root = class(&[], "r");
        let left = class(&[&root], "a");
        let right = class(&[&root], "b");
        assert_eq!(names(&class(&[&left, &right, &root], "")), "rab");
    }

    #[test]
    fn a_subclass_without_slots_has_its_bases_places() {
        let a = class(&[], "xy");
        assert_eq!(class(&[&a], "").places().len(), a.len());
    }

    #[test]
    fn redefining_a_name_keeps_its_place_and_owner() {
        let a = class(&[], "xy");
        let b = class(&[&a], "yx");
        assert_eq!(names(&b), "xy");
        assert!(b.places().iter().all(|place| !place.own));
    }

    #[test]
    fn a_late_slot_goes_to_the_end() {
        let mut a = class(&[], "x");
        a.add_late('y').unwrap();
        a.add_late('x').unwrap();
        assert_eq!(names(&a), "xy");
        assert_eq!(a.index_of('y'), Some(1));
    }

    #[test]
    fn the_limit_is_an_error_value() {
        let own: std::vec::Vec<u32> = (0..SLOT_LIMIT as u32 + 1).collect();
        let error = plan([], &own, Global).unwrap_err();
        assert_eq!(
            error,
            PlanError::TooMany {
                count: SLOT_LIMIT + 1
            }
        );
    }
}
