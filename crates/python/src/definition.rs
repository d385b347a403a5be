//! `slot` and `delegated`: what a class body says of a slot.
//!
//! A definition is a descriptor itself, the one that asks the engine. Where the interpreter's own
//! descriptor does, that stands in the namespace instead.

use crate::memory::{collected, written};
use crate::raw::{
    self, Args, Body, ClassName, Cx, Exception, GetSet, Method, Object, Raised, Result, Slot,
    Visit, body,
};
use crate::world::World;
use core::cell::Cell;
use core::fmt;
use mortice_slots::{Compare, Facts, Name, Row, SlotFlags};
use std::rc::Rc;

/// What a definition carries.
#[derive(Debug)]
pub struct DefinitionBody {
    world: Rc<World>,
    /// The class whose body defines the slot.
    owner: Slot,
    name: Slot,
    default: Slot,
    factory: Slot,
    kinds: Slot,
    validate: Slot,
    doc: Slot,
    /// Delegated names: the slot that holds the target, and the target's slot.
    via: Slot,
    target: Slot,
    facts: Cell<Facts>,
    number: Cell<Option<Name>>,
    /// The row in the owner.
    row: Cell<usize>,
    /// Where the slot lies in instances of the owner itself, and its row there, where it is read and
    /// written without rules; nothing where it is not.
    place: Cell<Option<(raw::Place, Row)>>,
    /// What a delegation of the slot led to last.
    reach: Cell<raw::Reach>,
}

static METHODS: [Method; 2] = [
    Method::new(c"__set_name__", set_name, c"Refuses classes without slots."),
    Method::END,
];

/// The attributes of definitions.
pub static ATTRIBUTES: [GetSet; 15] = [
    GetSet::get(c"name", |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
        or_none(cx, &this.name)
    }),
    GetSet::get(
        c"__name__",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| or_none(cx, &this.name),
    ),
    GetSet::get(c"owner", |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
        or_none(cx, &this.owner)
    }),
    GetSet::get(
        c"__objclass__",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| or_none(cx, &this.owner),
    ),
    GetSet::get(c"doc", |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
        or_none(cx, &this.doc)
    }),
    GetSet::get(
        c"__doc__",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| or_none(cx, &this.doc),
    ),
    GetSet::get(
        c"factory",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| or_none(cx, &this.factory),
    ),
    GetSet::get(c"type", |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
        or_none(cx, &this.kinds)
    }),
    GetSet::get(
        c"validate",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| or_none(cx, &this.validate),
    ),
    GetSet::get(c"via", |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
        or_none(cx, &this.via)
    }),
    GetSet::get(
        c"target",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| match this.target.get() {
            Some(target) => Ok(target),
            None => or_none(cx, &this.name),
        },
    ),
    GetSet::get(
        c"default",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
            Ok(this
                .default
                .get()
                .or_else(|| cx.unset.get())
                .unwrap_or_else(|| cx.none()))
        },
    ),
    GetSet::get(c"index", index),
    GetSet::get(
        c"compare",
        |cx: Cx<'_>, _: &Object, this: &DefinitionBody| {
            cx.intern(match this.facts.get().compare {
                Compare::Equal => c"equal",
                Compare::Identity => c"identity",
                Compare::Always => c"always",
            })
        },
    ),
    GetSet::END,
];

impl Body for DefinitionBody {
    const IS_BASE: bool = true;

    fn methods() -> &'static [Method] {
        &METHODS
    }

    fn world(&self) -> &Rc<World> {
        &self.world
    }

    fn visit(&self, visit: &mut Visit) {
        for slot in self.slots() {
            visit.slot(slot);
        }
    }

    fn clear(&self) {
        self.place.set(None);
        for slot in self.slots() {
            drop(slot.take());
        }
    }
}

impl DefinitionBody {
    fn slots(&self) -> [&Slot; 9] {
        [
            &self.owner,
            &self.name,
            &self.default,
            &self.factory,
            &self.kinds,
            &self.validate,
            &self.doc,
            &self.via,
            &self.target,
        ]
    }

    /// The name and the row of the slot in an object, if that has the slot.
    #[inline]
    pub fn place_in(&self, object: &Object) -> Option<(Name, usize)> {
        let name = self.number.get()?;
        raw::fits(object, self.owner.address()).then(|| (name, self.row.get()))
    }

    /// The number of the slot's name, once it has one.
    pub fn number(&self) -> Option<Name> {
        self.number.get()
    }

    /// Tells whether the name has no storage of its own.
    pub fn is_delegated(&self) -> bool {
        self.facts.get().flags.has(SlotFlags::DELEGATED)
    }

    /// What the definition says of its slot.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn facts(&self, cx: Cx<'_>) -> Result<Facts> {
        let mut facts = self.facts.get();
        if facts.flags.has(SlotFlags::DELEGATED) {
            if let Some(via) = self.via.get() {
                facts.carrier = cx.world().intern(cx, &via)?;
            }
            if let Some(target) = self.target.get().or_else(|| self.name.get()) {
                facts.target = cx.world().intern(cx, &target)?;
            }
        }
        Ok(facts)
    }

    /// The default.
    pub fn default(&self) -> Option<Object> {
        self.default.get()
    }

    /// The factory.
    pub fn factory(&self) -> Option<Object> {
        self.factory.get()
    }

    /// The docstring.
    pub fn doc(&self) -> Option<Object> {
        self.doc.get()
    }

    /// Where the slot lies in an object, and its row there, where that is an instance of the owner
    /// itself.
    #[inline]
    pub fn place_of(&self, object: &Object) -> Option<(raw::Place, Row)> {
        let is_owner = raw::is_of(object, self.owner.address());
        self.place.get().filter(|_| is_owner)
    }

    /// What a delegation of the slot led to last.
    #[inline]
    pub fn reach(&self) -> &Cell<raw::Reach> {
        &self.reach
    }

    /// Remembers where the slot lies in instances of the owner.
    pub fn set_place(&self, place: Option<(raw::Place, Row)>) {
        self.place.set(place);
    }

    /// Remembers the row in the owner.
    pub fn set_row(&self, row: usize) {
        self.row.set(row);
    }

    /// Gives the definition its class and its name.
    ///
    /// # Errors
    ///
    /// MemoryError.
    pub fn bind(&self, cx: Cx<'_>, class: &Object, name: &Object) -> Result<Name> {
        let number = cx.world().intern(cx, name)?;
        self.owner.set(class.clone());
        self.name.set(name.clone());
        self.number.set(Some(number));
        Ok(number)
    }

    /// Takes class and name back.
    pub fn unbind(&self) {
        self.place.set(None);
        drop((self.owner.take(), self.name.take(), self.number.take()));
    }

    /// Refuses a reserved name, and a definition that has a name already (S022).
    ///
    /// # Errors
    ///
    /// TypeError.
    pub fn check_usable(&self, cx: Cx<'_>, name: &str) -> Result<()> {
        let is_special = name.len() >= 2 && name.starts_with("__") && name.ends_with("__");
        if name == "observe" || is_special {
            return Err(cx.type_error(format_args!("'{name}' cannot be the name of a slot")));
        }
        if let (Some(owner), Some(first)) = (self.owner.get(), self.name.get()) {
            let first = cx.text(&first).unwrap_or("?");
            return Err(used_again(cx, first, &cx.class_name(&owner)));
        }
        Ok(())
    }

    /// Applies the rules to a value: the type first, then `validate` (S003).
    ///
    /// # Errors
    ///
    /// TypeError for a value of the wrong type; what `validate` raises.
    pub fn admit(&self, cx: Cx<'_>, object: &Object, value: &Object) -> Result<Object> {
        if let Some(kinds) = self.kinds.get()
            && !cx.is_instance(value, &kinds)?
        {
            let kinds = match cx.items(&kinds)? {
                Some(kinds) => kinds,
                None => collected(cx, [kinds])?,
            };
            let wanted = written(cx, |out| {
                kinds.iter().enumerate().try_for_each(|(index, kind)| {
                    let between = if index == 0 { "" } else { " or " };
                    write!(out, "{between}{}", cx.class_name(kind))
                })
            })?;
            let name = self.name.get().unwrap_or_else(|| cx.none());
            return Err(cx.type_error(format_args!(
                "slot '{}' of '{}' object must be {}, not {}",
                cx.text(&name).unwrap_or("?"),
                cx.class_name(&object.class()),
                wanted,
                cx.class_name(&value.class())
            )));
        }
        match self.validate.get() {
            Some(validate) => cx.call(&validate, [object, value]),
            None => Ok(value.clone()),
        }
    }
}

/// The error for a definition that has a name already.
pub fn used_again(cx: Cx<'_>, first: &str, class: &str) -> Raised {
    cx.type_error(format_args!(
        "slot '{first}' of class '{class}' cannot be used again"
    ))
}

fn or_none(cx: Cx<'_>, slot: &Slot) -> Result<Object> {
    Ok(slot.get().unwrap_or_else(|| cx.none()))
}

fn index(cx: Cx<'_>, _: &Object, this: &DefinitionBody) -> Result<Object> {
    let place = this.owner.get().and_then(|owner| {
        let (_, row) = raw::state(&owner)?
            .parts()
            .find_any(this.number.get()?, usize::MAX)?;
        (row.place != Row::NO_PLACE && !this.is_delegated()).then_some(row.place)
    });
    match place {
        Some(place) => cx.int(i64::from(place)),
        None => Ok(cx.none()),
    }
}

/// `Definition(default, factory, type, validate, compare, doc, via, target)`, checked by the classes
/// that inherit from it.
///
/// # Errors
///
/// TypeError for a wrong number of arguments; ValueError for an unknown comparison.
pub fn new(cx: Cx<'_>, class: &Object, args: &Object, _: Option<&Object>) -> Result<Object> {
    let given = cx.items(args)?.unwrap_or_default();
    let [default, factory, kinds, validate, compare, doc, via, target] = &given[..] else {
        return Err(cx.type_error(format_args!("Definition() takes 8 arguments")));
    };
    let compare = match cx.text(compare) {
        Some("equal") => Compare::Equal,
        Some("identity") => Compare::Identity,
        Some("always") => Compare::Always,
        _ => {
            return Err(cx.error(
                Exception::Value,
                format_args!("slot() compare must be 'equal', 'identity' or 'always'"),
            ));
        }
    };
    let made = DefinitionBody {
        world: cx.shared(),
        owner: Slot::default(),
        name: Slot::default(),
        default: Slot::default(),
        factory: Slot::default(),
        kinds: Slot::default(),
        validate: Slot::default(),
        doc: Slot::default(),
        via: Slot::default(),
        target: Slot::default(),
        facts: Cell::new(Facts::default()),
        number: Cell::new(None),
        row: Cell::new(usize::MAX),
        place: Cell::new(None),
        reach: Cell::default(),
    };
    let mut flags = SlotFlags::default();
    if !cx.unset.holds(default) {
        made.default.set(default.clone());
        flags = flags.with(SlotFlags::DEFAULT);
    }
    for (place, value, flag) in [
        (&made.factory, factory, SlotFlags::FACTORY),
        (&made.kinds, kinds, SlotFlags::RULES),
        (&made.validate, validate, SlotFlags::RULES),
        (&made.doc, doc, SlotFlags::default()),
        (&made.via, via, SlotFlags::DELEGATED),
        (&made.target, target, SlotFlags::default()),
    ] {
        if !cx.is_none(value) {
            place.set(value.clone());
            flags = flags.with(flag);
        }
    }
    made.facts.set(Facts {
        flags,
        compare,
        ..Facts::default()
    });
    raw::new_native(cx, class, made)
}

/// The name and the row that an access goes by, once the object is known to have the slot (S054).
#[inline]
fn access(cx: Cx<'_>, this: &DefinitionBody, object: &Object) -> Result<(Name, usize)> {
    if let Some(place) = this.place_in(object) {
        return Ok(place);
    }
    if let Some(owner) = this.owner.get() {
        let text = this.name.get().unwrap_or_else(|| cx.none());
        return Err(cx.type_error(format_args!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            cx.text(&text).unwrap_or("?"),
            cx.class_name(&owner),
            cx.class_name(&object.class())
        )));
    }
    Err(cx.type_error(format_args!("slot is not in a class")))
}

/// `__get__`.
///
/// # Errors
///
/// TypeError for a foreign object; those of the slot.
pub fn get(
    cx: Cx<'_>,
    this: &Object,
    definition: &DefinitionBody,
    object: Option<&Object>,
    owner: Option<&Object>,
) -> Result<Object> {
    let Some(object) = object.filter(|object| !cx.is_none(object)) else {
        if owner.is_none_or(|owner| cx.is_none(owner)) {
            return Err(cx.type_error(format_args!("__get__(None, None) is invalid")));
        }
        return Ok(this.clone());
    };
    let (name, row) = access(cx, definition, object)?;
    cx.engine.get(cx, object, name, row)
}

/// `__set__`, or `__delete__` where no value is given.
///
/// # Errors
///
/// TypeError for a foreign object; those of the slot.
pub fn set(
    cx: Cx<'_>,
    _: &Object,
    definition: &DefinitionBody,
    object: &Object,
    value: Option<&Object>,
) -> Result<()> {
    let (name, row) = access(cx, definition, object)?;
    cx.engine.set(cx, object, name, row, value)
}

/// Called for classes of any kind; those that inherit from Base have bound the slot already.
fn set_name(cx: Cx<'_>, _: &Object, _: &DefinitionBody, args: Args<'_>) -> Result<Object> {
    let [owner, name] = args.positional() else {
        return Err(cx.type_error(format_args!("__set_name__() takes 2 arguments")));
    };
    if raw::state(owner).is_some() {
        return Ok(cx.none());
    }
    Err(cx.type_error(format_args!(
        "slot '{}' needs a class that inherits from Base, not {}",
        cx.text(name).unwrap_or("?"),
        what(cx, owner)
    )))
}

/// An argument, as an error names it.
#[derive(Debug)]
pub struct What {
    name: ClassName,
    is_class: bool,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_class {
            true => write!(f, "class '{}'", self.name),
            false => write!(f, "'{}' object", self.name),
        }
    }
}

/// Names an argument in an error.
pub fn what(cx: Cx<'_>, value: &Object) -> What {
    let is_class = cx.is_class(value);
    let name = match is_class {
        true => cx.class_name(value),
        false => cx.class_name(&value.class()),
    };
    What { name, is_class }
}

/// `repr(definition)`.
///
/// # Errors
///
/// MemoryError.
pub fn repr(cx: Cx<'_>, _: &Object, this: &DefinitionBody) -> Result<Object> {
    let kind = if this.is_delegated() {
        "delegated"
    } else {
        "slot"
    };
    let (Some(owner), Some(name)) = (this.owner.get(), this.name.get()) else {
        return cx.format(format_args!("<{kind}>"));
    };
    let (class, name) = (cx.class_name(&owner), cx.text(&name).unwrap_or("?"));
    let Some(via) = this.via.get() else {
        return cx.format(format_args!("<slot '{name}' of '{class}' objects>"));
    };
    let target = this.target.get();
    let target = target
        .as_ref()
        .and_then(|target| cx.text(target))
        .unwrap_or(name);
    let via = cx.text(&via).unwrap_or("?");
    cx.format(format_args!(
        "<delegated '{name}' of '{class}' objects to '{via}.{target}'>"
    ))
}

/// The body of a definition.
pub fn view(object: &Object) -> Option<&DefinitionBody> {
    body::<DefinitionBody>(object)
}
