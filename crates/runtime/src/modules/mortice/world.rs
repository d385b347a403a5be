//! What the module keeps of a runtime: the engine, and the names of slots.

use super::host::Slots;
use crate::{Args, Context, Object, Result, State};
use mortice_slots::{Cells, Engine, Name};
use mortice_types::layout::Native;
use mortice_types::native::figures;
use mortice_types::{Items, Slot, builtin, dict_view, index, native_type};

/// The module's state of one runtime.
#[derive(Default)]
pub(crate) struct World {
    pub(super) engine: Engine<Slots>,
    /// Names by number.
    names: Items<Object>,
    /// Numbers by name, a dict.
    numbers: Slot,
    unset: Slot,
    pub(super) base: Slot,
    sealed_error: Slot,
    delegation_error: Slot,
}

impl World {
    /// The state of the runtime that owns this context.
    ///
    /// # Errors
    ///
    /// RuntimeError for a context without runtime.
    pub(super) fn of(cx: &Context) -> Result<&World> {
        Ok(&State::of(cx)?.slots)
    }

    /// The number of a name that is to be a slot's; the name is a `str`.
    pub(super) fn intern(&self, cx: &Context, name: &Object) -> Result<Name> {
        if let Some(known) = self.find(cx, name)? {
            return Ok(known);
        }
        let numbers = match self.numbers.get() {
            Some(numbers) => numbers,
            None => {
                let numbers = builtin::dict::new_dict(cx)?;
                self.numbers.set(numbers.clone());
                numbers
            }
        };
        let name = cx.intern(mortice_types::text(name).unwrap_or_default())?;
        let number = self.names.len();
        cx.fallible(self.names.push(cx.heap(), name.clone()))?;
        let stored = match dict_view(&numbers) {
            Some(view) => view.set(cx, &name, cx.int(number as i64)?),
            None => Ok(()),
        };
        if let Err(raised) = stored {
            drop(self.names.pop());
            return Err(raised);
        }
        Ok(Name(number as u32))
    }

    /// The number of a name, where some class has a slot of it.
    pub(super) fn find(&self, cx: &Context, name: &Object) -> Result<Option<Name>> {
        let Some(numbers) = self.numbers.get() else {
            return Ok(None);
        };
        let Some(text) = mortice_types::text(name) else {
            return Ok(None);
        };
        let _ = cx;
        let known = dict_view(&numbers).and_then(|view| view.get_text(text));
        Ok(known
            .and_then(|number| number.as_small())
            .map(|number| Name(number as u32)))
    }

    /// The text of a name.
    pub(super) fn name(&self, cx: &Context, name: Name) -> Object {
        self.names.get(name.0 as usize).unwrap_or_else(|| cx.none())
    }

    /// `UNSET`.
    pub(super) fn unset(&self, cx: &Context) -> Result<Object> {
        if let Some(unset) = self.unset.get() {
            return Ok(unset);
        }
        let made = cx.instance(cx.builtin_ref(&UNSET_TYPE), 0)?;
        self.unset.set(made.clone());
        Ok(made)
    }

    /// Tells whether a value is `UNSET`.
    pub(super) fn is_unset(&self, value: &Object) -> bool {
        self.unset.holds(value)
    }

    /// `SealedError`.
    pub(super) fn sealed_error(&self, cx: &Context) -> Result<Object> {
        let doc = "A slot cannot be added, replaced or deleted: the class is in use.";
        error_class(
            cx,
            &self.sealed_error,
            "SealedError",
            &builtin::TYPE_ERROR,
            doc,
        )
    }

    /// `DelegationError`.
    pub(super) fn delegation_error(&self, cx: &Context) -> Result<Object> {
        let doc = "A delegation would close a cycle, or there is none to end.";
        let base = &builtin::VALUE_ERROR;
        error_class(cx, &self.delegation_error, "DelegationError", base, doc)
    }

    /// Lets go of everything, at the end of a runtime.
    pub(crate) fn end(&self) {
        for cells in self.engine.cells() {
            while !Cells::<Slots>::is_empty(cells) {
                drop(Cells::<Slots>::pop(cells));
            }
        }
        for slot in [&self.base, &self.sealed_error, &self.delegation_error] {
            drop(slot.take());
        }
    }
}

/// An exception class of the module, made when it is first needed.
fn error_class(
    cx: &Context,
    slot: &Slot,
    name: &str,
    base: &'static crate::NativeType,
    doc: &str,
) -> Result<Object> {
    if let Some(known) = slot.get() {
        return Ok(known);
    }
    let bases = builtin::tuple::from_slice(cx, &[cx.builtin(base).into_object()])?;
    let module = (cx.intern("__module__")?, cx.intern("mortice")?);
    let doc = (cx.intern("__doc__")?, cx.string(doc)?);
    let namespace = cx.dict_of(&[module, doc])?;
    let name = cx.string(name)?;
    let made = cx.construct(
        cx.builtin_ref(&builtin::TYPE),
        &[name.borrow(), bases.borrow(), namespace.borrow()],
    )?;
    slot.set(made.clone());
    Ok(made)
}

const UNSET_LAYOUT: Native = figures("mortice.UnsetType", 16, 0);

native_type! {
    /// The type of `UNSET`.
    pub static UNSET_TYPE: "UnsetType" {
        index: index::RUNTIME + 5,
        base: &builtin::OBJECT,
        layout: UNSET_LAYOUT,
        flags: 0,
        module: "mortice",
        doc: "The type of UNSET, which stands for no value in a Change.",
        slots { New => unset_new, Repr => unset_repr, Bool => unset_bool, },
        methods { "__reduce__" => unset_repr, },
        getsets {},
    }
}

fn unset_new(cx: &Context, _: Args<'_>) -> Result<Object> {
    World::of(cx)?.unset(cx)
}

fn unset_repr(cx: &Context, _: Args<'_>) -> Result<Object> {
    cx.intern("UNSET")
}

fn unset_bool(cx: &Context, _: Args<'_>) -> Result<Object> {
    Ok(cx.bool(false))
}
