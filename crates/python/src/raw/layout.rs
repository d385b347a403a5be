//! Where the slots of a class lie, in memory that the interpreter itself lays out.
//!
//! Every stored slot is one of CPython's own `__slots__` members, under a name that sorts behind all
//! others and is taken out of the class again. So the interpreter allocates, traverses, clears and
//! frees the storage as it does for `__slots__`, whatever native base there is.
//!
//! ```text
//! head │ what Python lays out │ companion │ slot 0 │ slot 1 │ …
//! ```
//!
//! CPython refuses two bases that both have members. A class is laid out behind one of its bases, the
//! *primary*; while the interpreter makes it, the members of all others are hidden by showing the
//! smaller size that their classes would have without. The new class has words of its own for them.

use super::class::{
    has_items, modified, namespace, set_state, state, type_base, type_mro, type_new,
};
use super::cx::{Cx, Exception, Result};
use super::object::Object;
use super::storage::{PyObject_GetItemData, SPARE_WORDS, WORD};
use crate::class::ClassState;
use core::ffi::CStr;
use pyo3_ffi as ffi;

/// How the names of the members begin that stand for slots: a letter behind those of all alphabets.
const HIDDEN: &str = "\u{30000}";

/// A class that is being made.
#[derive(Clone, Debug)]
pub struct Making {
    /// The base behind which it is laid out.
    primary: Object,
    /// The bases with slots, from which only the metaclass may let a class inherit.
    bases: Vec<Object>,
    /// Classes whose members are hidden.
    hidden: Vec<Object>,
    /// Words for slots.
    words: usize,
}

/// Bytes of the class's instances as the interpreter knows them now.
fn shown(class: *mut ffi::PyTypeObject) -> isize {
    // SAFETY: *attached*: the callers pass classes.
    unsafe { (*class).tp_basicsize }
}

/// The last class on the way from `object` to a class that Python itself laid out further: by native
/// fields or by `__slots__`, but not by slots of this module.
fn solid(class: &Object) -> Object {
    let mut found = class.clone();
    let mut at = class.clone();
    // From the class down to object, the first one that adds something.
    while let Some(base) = type_base(&at) {
        let plain = match state(&at) {
            Some(state) => state.storage().plain.get() != 0,
            None => {
                let (own, below) = (shown(at.as_type()), size_of_class(&base));
                own != below || has_items(&at) != has_items(&base)
            }
        };
        if plain {
            return at;
        }
        found = base.clone();
        at = base;
    }
    found
}

/// The true size of a class's instances, whatever is hidden.
fn size_of_class(class: &Object) -> isize {
    match state(class) {
        Some(state) => state.storage().size.get(),
        None => shown(class.as_type()),
    }
}

/// Finds out how a class with these bases is laid out, and hides what is in the way.
///
/// Words are asked for by how many slots the class could have at most beyond those that lie in its
/// primary base. Nothing where Python cannot lay it out.
///
/// # Errors
///
/// MemoryError.
pub fn plan(
    cx: Cx<'_>,
    bases: &[Object],
    words: impl FnOnce(&Object) -> usize,
) -> Result<Option<Making>> {
    let mut primary: Option<(Object, Object)> = None;
    for base in bases {
        let candidate = solid(base);
        match &primary {
            None => primary = Some((base.clone(), candidate)),
            Some((_, winner)) if cx.is_subclass(winner, &candidate) => {}
            Some((_, winner)) if cx.is_subclass(&candidate, winner) => {
                primary = Some((base.clone(), candidate));
            }
            // Python lays them out in two ways.
            Some(_) => return Ok(None),
        }
    }
    let Some((mut primary, _)) = primary else {
        return Ok(None);
    };
    // Among bases that Python lays out alike, one that has slots spares words.
    if state(&primary).is_none()
        && let Some(better) = bases
            .iter()
            .find(|base| state(base).is_some() && solid(base).is(&solid(&primary)))
    {
        primary = better.clone();
    }
    let mut chain = Vec::new();
    let mut at = Some(primary.clone());
    while let Some(class) = at {
        at = type_base(&class);
        chain.push(class);
    }
    let mut hidden: Vec<Object> = Vec::new();
    for base in bases {
        for class in type_mro(cx, base)? {
            let is_known = |known: &Vec<Object>| known.iter().any(|one| one.is(&class));
            if state(&class).is_some() && !is_known(&chain) && !is_known(&hidden) {
                hidden.push(class);
            }
        }
    }
    let words = words(&primary);
    let with_slots = bases.iter().filter(|base| state(base).is_some());
    Ok(Some(Making {
        primary,
        bases: with_slots.cloned().collect(),
        hidden,
        words,
    }))
}

/// Refuses every class that would inherit from this one, and every `__bases__` with it: both go by the
/// metaclass alone, which lifts this for a moment.
pub fn close_to_heirs(class: &Object) {
    // SAFETY: *attached*: the callers pass classes.
    unsafe { (*class.as_type()).tp_flags &= !ffi::Py_TPFLAGS_BASETYPE };
}

impl Making {
    /// The base behind which the class is laid out.
    pub fn primary(&self) -> &Object {
        &self.primary
    }

    /// The names to be added to `__slots__`.
    pub fn names(&self, cx: Cx<'_>) -> Result<Vec<Object>> {
        let companion = usize::from(state(&self.primary).is_none());
        let count = companion + self.words + SPARE_WORDS;
        (0..count)
            .map(|index| cx.format(format_args!("{HIDDEN}{index:05}")))
            .collect()
    }

    /// Shows the sizes without the members that are in the way.
    fn hide(&self) {
        for class in &self.bases {
            // SAFETY: *attached*: the callers pass classes.
            unsafe { (*class.as_type()).tp_flags |= ffi::Py_TPFLAGS_BASETYPE };
        }
        for class in &self.hidden {
            // SAFETY: *attached*; *sizes*: nothing is allocated before the sizes are shown again.
            unsafe { (*class.as_type()).tp_basicsize = self.size_without(class) };
        }
    }

    fn size_without(&self, class: &Object) -> isize {
        let Some(state) = state(class) else {
            return shown(class.as_type());
        };
        if !self.hidden.iter().any(|one| one.is(class)) {
            return state.storage().size.get();
        }
        let below = type_base(class).map_or(0, |base| self.size_without(&base));
        below + state.storage().plain.get()
    }

    /// Shows the true sizes again, and closes the bases to everybody else.
    pub fn reveal(&self) {
        for class in &self.bases {
            close_to_heirs(class);
        }
        for class in &self.hidden {
            if let Some(state) = state(class) {
                // SAFETY: *attached*; *sizes*.
                unsafe { (*class.as_type()).tp_basicsize = state.storage().size.get() };
            }
        }
    }

    /// Lets the interpreter make the class. Nothing of a program runs before the first value in the
    /// namespace is told its name, which must reveal the sizes.
    pub fn make(
        &self,
        cx: Cx<'_>,
        metaclass: &Object,
        args: &Object,
        keywords: Option<&Object>,
    ) -> Result<Object> {
        self.hide();
        let made = type_new(cx, metaclass, args, keywords);
        self.reveal();
        made
    }

    /// Takes stock of a class that the interpreter has just laid out, and gives it its state.
    pub fn settle(&self, cx: Cx<'_>, class: &Object, state: ClassState) -> Result<()> {
        let is_behind = type_base(class).is_some_and(|base| base.is(&self.primary));
        let own = namespace(cx, class)?;
        let mut offsets = Vec::new();
        let mut member = None;
        // SAFETY: *attached*; the items of a class are its member definitions, as many as its size
        // says.
        unsafe {
            let count = ffi::Py_SIZE(class.as_ptr()) as usize;
            let members = PyObject_GetItemData(class.as_ptr()).cast::<ffi::PyMemberDef>();
            for index in 0..count {
                let definition = &*members.add(index);
                let name = CStr::from_ptr(definition.name);
                if name.to_bytes().starts_with(HIDDEN.as_bytes()) {
                    member.get_or_insert(index);
                    offsets.push(definition.offset);
                    let name = cx.string(&name.to_string_lossy())?;
                    cx.dict_delete(&own, &name)?;
                }
            }
        }
        modified(class);
        let first = offsets.first().copied().unwrap_or_default();
        let is_piece = offsets
            .iter()
            .zip(0..)
            .all(|(offset, index)| *offset == first + index * WORD);
        let end = first + offsets.len() as isize * WORD;
        if !is_behind || !is_piece || end != shown(class.as_type()) {
            return Err(cx.error(
                Exception::System,
                format_args!("the interpreter laid a class out in an unknown way"),
            ));
        }
        let storage = state.storage();
        let below = size_of_class(&self.primary);
        storage.plain.set(first - below);
        storage.member.set(member.unwrap_or_default());
        match self::state(&self.primary) {
            Some(primary) => {
                storage.companion.set(primary.storage().companion.get());
                storage.first.set(first);
                storage.words.set(offsets.len());
            }
            None => {
                storage.companion.set(first);
                storage.first.set(first + WORD);
                storage.words.set(offsets.len() - 1);
                storage.member.set(storage.member.get() + 1);
                storage.plain.set(first - below);
            }
        }
        storage.size.set(end);
        set_state(class, state);
        close_to_heirs(class);
        Ok(())
    }
}
