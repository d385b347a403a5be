//! What slots need of the world that hosts them.
//!
//! A host is a type without values: it names the world's objects and says what can be done with
//! them. Objects are passed as references, which count nothing; a handle is cloned only for what is
//! kept. Everything that a program can grow lies in the host's own containers, so that the host's
//! memory limits hold and its collector sees every reference: numbers in [`Rows`], references in
//! [`Cells`].

use crate::class::{Class, Row};
use crate::delivery::Further;
use crate::problem::Problem;
use crate::watch::{Entry, Watch};
use core::fmt::{self, Debug};

/// The identity of a name that some class uses for a slot. The host hands the numbers out, from 0,
/// and never takes one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

impl Name {
    /// Stands for every slot.
    pub const ALL: Name = Name(u32::MAX);
    /// Stands for none.
    pub const NONE: Name = Name(u32::MAX - 1);
}

/// One change of a slot's visible value, as observers hear it.
#[derive(Debug)]
pub struct Change<'a, O> {
    /// The object whose slot it is.
    pub object: &'a O,
    /// The slot.
    pub name: Name,
    /// What reading gave before; nothing where it raised.
    pub old: Option<&'a O>,
    /// What reading gives now; nothing where it raises.
    pub new: Option<&'a O>,
    /// Where the change came from by delegation.
    pub source: Option<(&'a O, Name)>,
}

/// A world of objects, classes and names.
///
/// Code of the program runs in [`Host::equal`], [`Host::apply_rules`], [`Host::make_default`],
/// [`Host::call`], [`Host::call_method`], [`Host::end_event`], and where the last reference to an object is dropped. It
/// may call the engine again. What else the engine asks for runs none, also where it takes memory,
/// nor does the end of a token.
pub trait Host: Sized + 'static {
    /// An owned reference to an object; cloning counts.
    type Object: Clone + Debug;
    /// An exception on its way.
    type Error: Debug;
    /// What gives access to the world.
    type Cx<'a>: Copy;
    /// Growable places for references.
    type Cells: Cells<Self> + Debug;
    /// Growable plain data.
    type Rows<T: Copy + Debug + 'static>: Rows<Self, T> + Debug;

    /// The thread that runs now: a number that no other thread has, not even after this one's end.
    #[inline]
    fn thread(_: Self::Cx<'_>) -> u64 {
        0
    }

    /// Makes room for what waits in this thread while something waits in others.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn further(cx: Self::Cx<'_>) -> Result<Further<Self>, Self::Error>;

    /// Tells whether both are the same object.
    fn same(one: &Self::Object, other: &Self::Object) -> bool;

    /// Tells whether a value is the one that stands for no value in a change. A slot may hold it, and
    /// shows as unset then.
    fn is_unset(cx: Self::Cx<'_>, value: &Self::Object) -> bool;

    /// Tells whether two values are equal by the world's `==`.
    ///
    /// # Errors
    ///
    /// What the comparison raises.
    fn equal(
        cx: Self::Cx<'_>,
        one: &Self::Object,
        other: &Self::Object,
    ) -> Result<bool, Self::Error>;

    /// Writes a name.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    fn write_name(cx: Self::Cx<'_>, name: Name, out: &mut dyn fmt::Write) -> fmt::Result;

    /// Writes the `__name__` of an object's class.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    fn write_class(
        cx: Self::Cx<'_>,
        object: &Self::Object,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result;

    /// The exception for a problem.
    fn problem(cx: Self::Cx<'_>, problem: Problem<'_, Self>) -> Self::Error;

    /// The slots of an object's class; none for an object without observable slots.
    ///
    /// The class is kept by the answer, whatever happens to the object meanwhile.
    fn class_of(cx: Self::Cx<'_>, object: &Self::Object) -> Option<Self::Object>;

    /// The slots of a class; none for a class without.
    fn class(class: &Self::Object) -> Option<Class<'_, Self>>;

    /// The row of a slot in an object's class, hidden ones too; `hint` is asked first.
    #[inline]
    fn row(cx: Self::Cx<'_>, object: &Self::Object, name: Name, hint: usize) -> Option<Row> {
        let class = Self::class_of(cx, object)?;
        let (_, row) = Self::class(&class)?.find_any(name, hint)?;
        Some(row)
    }

    /// The class at a place of a class's MRO, where it has slots; `Err` behind the end.
    fn in_mro(
        cx: Self::Cx<'_>,
        class: &Self::Object,
        index: usize,
    ) -> Result<Option<Self::Object>, EndOfMro>;

    /// The value in an instance's place of storage.
    fn load(object: &Self::Object, place: u16) -> Option<Self::Object>;

    /// Tells whether an instance's place of storage holds this value; nothing where it is empty.
    #[inline]
    fn holds(object: &Self::Object, place: u16, value: &Self::Object) -> Option<bool> {
        Some(Self::same(&Self::load(object, place)?, value))
    }

    /// Exchanges the value in an instance's place of storage, and returns the old one.
    fn store(
        object: &Self::Object,
        place: u16,
        value: Option<Self::Object>,
    ) -> Option<Self::Object>;

    /// What stands beside an instance and is kept by nobody else, where it has that already.
    fn companion(object: &Self::Object) -> Option<Self::Object>;

    /// As [`Host::companion`], made if need be.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn ensure_companion(
        cx: Self::Cx<'_>,
        object: &Self::Object,
    ) -> Result<Self::Object, Self::Error>;

    /// What knows an instance without keeping it alive, nor what its companion keeps.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn ensure_token(cx: Self::Cx<'_>, object: &Self::Object) -> Result<Self::Object, Self::Error>;

    /// The instance whose token this is, while it lives.
    fn owner(token: &Self::Object) -> Option<Self::Object>;

    /// Who watches an instance, kept in its companion.
    fn watch(companion: &Self::Object) -> Option<Watch<'_, Self>>;

    /// As [`Host::watch`], with room for any entry: a companion that kept an observer alone has it in
    /// lists from now on.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn roomy_watch<'a>(
        _: Self::Cx<'_>,
        object: &Self::Object,
        companion: &'a Self::Object,
    ) -> Result<Option<Watch<'a, Self>>, Self::Error> {
        let _ = object;
        Ok(Self::watch(companion))
    }

    /// Applies the rules of a slot's definition (`type=`, then `validate=`) to a value.
    ///
    /// # Errors
    ///
    /// What a rule raises.
    fn apply_rules(
        cx: Self::Cx<'_>,
        definition: &Self::Object,
        object: &Self::Object,
        value: &Self::Object,
    ) -> Result<Self::Object, Self::Error>;

    /// The default of a slot's definition, where it has one.
    fn default(cx: Self::Cx<'_>, definition: &Self::Object) -> Option<Self::Object>;

    /// Calls the factory of a slot's definition.
    ///
    /// # Errors
    ///
    /// What the factory raises.
    fn make_default(
        cx: Self::Cx<'_>,
        definition: &Self::Object,
    ) -> Result<Self::Object, Self::Error>;

    /// The object that observers get for a change.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn change(
        cx: Self::Cx<'_>,
        change: Change<'_, Self::Object>,
    ) -> Result<Self::Object, Self::Error>;

    /// Takes back what [`Host::change`] made, once all observers were called.
    #[inline]
    fn end_change(_: Self::Cx<'_>, change: Self::Object) {
        drop(change);
    }

    /// An event has reached all its observers: what was kept for its changes can go.
    #[inline]
    fn end_event(_: Self::Cx<'_>) {}

    /// Calls an observer, as [`Entry`]'s cell keeps it; one whose receiver is gone is not called.
    ///
    /// # Errors
    ///
    /// What the observer raises.
    fn call(
        cx: Self::Cx<'_>,
        observer: &Self::Object,
        change: &Self::Object,
    ) -> Result<(), Self::Error>;

    /// Calls the method of this name of an object.
    ///
    /// # Errors
    ///
    /// What the method raises.
    fn call_method(
        cx: Self::Cx<'_>,
        object: &Self::Object,
        method: &Self::Object,
        change: &Self::Object,
    ) -> Result<(), Self::Error>;

    /// Tells whether an observer can still be called.
    fn is_alive(observer: &Self::Object) -> bool;

    /// Tells whether an exception must not be passed over, as KeyboardInterrupt must not.
    fn is_fatal(cx: Self::Cx<'_>, error: &Self::Error) -> bool;

    /// The exception as an object, to be kept.
    fn error_object(error: Self::Error) -> Self::Object;

    /// The exception again: one as it is, several as a group.
    fn raise(cx: Self::Cx<'_>, errors: &Self::Cells) -> Self::Error;
}

/// A place behind the end of an MRO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndOfMro;

/// Growable places, each of which holds a reference or nothing. The host's collector sees them.
pub trait Cells<H: Host>: Default {
    /// Number of places.
    fn len(&self) -> usize;

    /// Tells whether there are no places.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a place holds.
    fn get(&self, index: usize) -> Option<H::Object>;

    /// Exchanges what a place holds. The old content is returned, to be dropped when everything is
    /// consistent.
    fn put(&self, index: usize, content: Option<H::Object>) -> Option<H::Object>;

    /// Appends a place.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn push(&self, cx: H::Cx<'_>, content: Option<H::Object>) -> Result<(), H::Error>;

    /// Appends several places at once.
    ///
    /// # Errors
    ///
    /// Memory ran out; some may be there.
    #[inline]
    fn push_all<const N: usize>(
        &self,
        cx: H::Cx<'_>,
        contents: [Option<H::Object>; N],
    ) -> Result<(), H::Error> {
        for content in contents {
            self.push(cx, content)?;
        }
        Ok(())
    }

    /// Removes the last place, and returns what it held.
    fn pop(&self) -> Option<H::Object>;
}

/// Growable plain data.
pub trait Rows<H: Host, T: Copy>: Default {
    /// Number of rows.
    fn len(&self) -> usize;

    /// Tells whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of a row.
    fn get(&self, index: usize) -> Option<T>;

    /// The first row from a place on that `matches`, with its place.
    #[inline]
    fn find_from(&self, from: usize, mut matches: impl FnMut(&T) -> bool) -> Option<(usize, T)> {
        let mut place = from;
        while let Some(row) = self.get(place) {
            if matches(&row) {
                return Some((place, row));
            }
            place += 1;
        }
        None
    }

    /// Replaces a row; nothing happens where there is none.
    fn set(&self, index: usize, row: T);

    /// Appends a row.
    ///
    /// # Errors
    ///
    /// Memory ran out.
    fn push(&self, cx: H::Cx<'_>, row: T) -> Result<(), H::Error>;

    /// Removes the last row.
    fn pop(&self) -> Option<T>;
}

/// The rows of a class, for hosts that keep them.
pub type ClassRows<H> = <H as Host>::Rows<Row>;
/// The entries of a watch, for hosts that keep them.
pub type WatchRows<H> = <H as Host>::Rows<Entry>;
