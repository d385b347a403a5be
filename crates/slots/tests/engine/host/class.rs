//! Classes: their attributes, and the plan of their slots.

use super::memory::{ToyCells, ToyRows};
use super::{Kind, Object, Result, Toy, World};
use mortice_slots::{
    Class, ClassState, Compare, Entry, Facts, MethodRow, Name, Row, SlotFlags, Summary, Watch,
};
use std::cell::RefCell;
use std::rc::Rc;

type Factory = Box<dyn Fn(&World) -> Result<Object>>;
type Rule = Box<dyn Fn(&World, &Object, &Object) -> Result<Object>>;
pub type Method = Rc<dyn Fn(&World, &Object, &Object) -> Result<()>>;

/// A slot as a class body defines it.
#[derive(Default)]
pub struct Definition {
    pub facts: Facts,
    pub default: Option<Object>,
    pub factory: Option<Factory>,
    pub rule: Option<Rule>,
}

/// What stands for a name in a class.
enum Attribute {
    Slot(Object),
    Plain,
    /// A method, and the slots that it hears.
    Method(Method, Vec<Name>),
    /// A method that is switched off.
    NoMethod,
}

/// A class with slots.
pub struct ClassBody {
    pub name: String,
    /// The classes behind this one.
    bases: Vec<Object>,
    attributes: RefCell<Vec<(String, Attribute)>>,
    pub rows: ToyRows<Row>,
    definitions: ToyCells,
    delegated: ToyRows<Name>,
    pub state: ClassState,
    watch_rows: ToyRows<Entry>,
    watch_cells: ToyCells,
    summary: Summary,
    methods: ToyRows<MethodRow>,
    method_names: ToyCells,
}

impl ClassBody {
    pub fn parts(&self) -> Class<'_, Toy> {
        Class {
            rows: &self.rows,
            definitions: &self.definitions,
            delegated: &self.delegated,
            state: &self.state,
            watch: Watch::new(&self.watch_rows, &self.watch_cells, &self.summary),
            methods: &self.methods,
            method_names: &self.method_names,
        }
    }

    /// The class behind this one at a place of the MRO, counted from 1.
    pub fn base(&self, index: usize) -> Option<&Object> {
        self.bases.get(index - 1)
    }

    fn own_method(&self, name: &str) -> Option<Option<Method>> {
        let attributes = self.attributes.borrow();
        let (_, attribute) = attributes.iter().rev().find(|(known, _)| known == name)?;
        match attribute {
            Attribute::Method(method, _) => Some(Some(method.clone())),
            _ => Some(None),
        }
    }

    /// The method of a name, as it is found along the MRO.
    pub fn find_method(&self, name: &str) -> Option<Method> {
        let own = self.own_method(name);
        let behind = || {
            let classes = self.bases.iter().filter_map(|base| match base.kind() {
                Kind::Class(base) => Some(base),
                _ => None,
            });
            classes.filter_map(|class| class.own_method(name)).next()
        };
        own.or_else(behind).flatten()
    }
}

/// A slot to be defined.
pub struct Spec(Definition);

impl Spec {
    pub fn new() -> Spec {
        Spec(Definition::default())
    }

    pub fn default(mut self, value: Object) -> Spec {
        self.0.facts.flags = self.0.facts.flags.with(SlotFlags::DEFAULT);
        self.0.default = Some(value);
        self
    }

    pub fn factory(mut self, factory: impl Fn(&World) -> Result<Object> + 'static) -> Spec {
        self.0.facts.flags = self.0.facts.flags.with(SlotFlags::FACTORY);
        self.0.factory = Some(Box::new(factory));
        self
    }

    /// `validate=`: object and value.
    pub fn rule(
        mut self,
        rule: impl Fn(&World, &Object, &Object) -> Result<Object> + 'static,
    ) -> Spec {
        self.0.facts.flags = self.0.facts.flags.with(SlotFlags::RULES);
        self.0.rule = Some(Box::new(rule));
        self
    }

    pub fn compare(mut self, compare: Compare) -> Spec {
        self.0.facts.compare = compare;
        self
    }
}

/// A class to be made.
pub struct ClassBuilder<'a> {
    world: &'a World,
    name: String,
    bases: Vec<Object>,
    attributes: Vec<(String, Attribute)>,
}

impl World {
    /// Begins a class; `mro` are the classes behind it.
    pub fn class(&self, name: &str, mro: &[&Object]) -> ClassBuilder<'_> {
        ClassBuilder {
            world: self,
            name: name.to_string(),
            bases: mro.iter().map(|base| (*base).clone()).collect(),
            attributes: Vec::new(),
        }
    }

    /// A class with these plain slots.
    pub fn class_of(&self, name: &str, slots: &[&str]) -> Object {
        let begun = self.class(name, &[]);
        slots
            .iter()
            .fold(begun, |class, slot| class.slot(slot))
            .build()
    }
}

impl ClassBuilder<'_> {
    pub fn slot(self, name: &str) -> Self {
        self.spec(name, Spec::new())
    }

    pub fn spec(mut self, name: &str, spec: Spec) -> Self {
        let made = self.world.object(Kind::Definition(spec.0));
        self.attributes
            .push((name.to_string(), Attribute::Slot(made)));
        self
    }

    /// A name that is delegated to a slot of the object in another slot.
    pub fn delegated(self, name: &str, via: &str, target: &str) -> Self {
        let mut spec = Spec::new();
        spec.0.facts = Facts {
            flags: SlotFlags::DELEGATED,
            carrier: self.world.name(via),
            target: self.world.name(target),
            ..Facts::default()
        };
        self.spec(name, spec)
    }

    /// An attribute that hides a slot.
    pub fn plain(mut self, name: &str) -> Self {
        self.attributes.push((name.to_string(), Attribute::Plain));
        self
    }

    /// A method that hears slots.
    pub fn method(
        mut self,
        name: &str,
        slots: &[&str],
        method: impl Fn(&World, &Object, &Object) -> Result<()> + 'static,
    ) -> Self {
        let slots = slots.iter().map(|slot| self.world.name(slot)).collect();
        self.attributes
            .push((name.to_string(), Attribute::Method(Rc::new(method), slots)));
        self
    }

    /// `None` in the place of a method.
    pub fn no_method(mut self, name: &str) -> Self {
        self.attributes
            .push((name.to_string(), Attribute::NoMethod));
        self
    }

    pub fn build(self) -> Object {
        self.try_build().expect("a class")
    }

    /// Makes the class: what its bases bring in the order of the MRO, then its own, then what every
    /// name stands for.
    pub fn try_build(self) -> Result<Object> {
        let world = self.world;
        let made = world.object(Kind::Class(Box::new(ClassBody {
            name: self.name,
            bases: self.bases,
            attributes: RefCell::new(self.attributes),
            rows: ToyRows::default(),
            definitions: ToyCells::default(),
            delegated: ToyRows::default(),
            state: ClassState::default(),
            watch_rows: ToyRows::default(),
            watch_cells: ToyCells::default(),
            summary: Summary::default(),
            methods: ToyRows::default(),
            method_names: ToyCells::default(),
        })));
        let Kind::Class(body) = made.kind() else {
            unreachable!("it was made above");
        };
        body.plan(world)?;
        body.settle_methods(world)?;
        Ok(made)
    }
}

impl ClassBody {
    fn bases(&self) -> impl Iterator<Item = &ClassBody> {
        self.bases.iter().filter_map(|base| match base.kind() {
            Kind::Class(base) => Some(&**base),
            _ => None,
        })
    }

    fn plan(&self, world: &World) -> Result<()> {
        let parts = self.parts();
        for base in self.bases() {
            parts.inherit(world, &base.parts())?;
        }
        for (name, attribute) in self.attributes.borrow().iter() {
            if let Attribute::Slot(definition) = attribute {
                let facts = facts(definition);
                parts.define(world, world.name(name), facts, definition.clone())?;
            }
        }
        parts.settle(world, |name| Ok(self.look_up(&world.name_text(name))))
    }

    /// The definition of a name that is found first along the MRO, hidden or not. The rules of a
    /// place that something hides are those of a slot.
    fn look_up(&self, name: &str) -> Option<(Object, Facts)> {
        let mut is_hidden = false;
        for class in std::iter::once(self).chain(self.bases()) {
            for (known, attribute) in class.attributes.borrow().iter().rev() {
                if known != name {
                    continue;
                }
                let Attribute::Slot(definition) = attribute else {
                    is_hidden = true;
                    break;
                };
                let mut facts = facts(definition);
                if is_hidden && facts.flags.has(SlotFlags::DELEGATED) {
                    break;
                }
                if is_hidden {
                    facts.flags = facts.flags.with(SlotFlags::HIDDEN);
                }
                return Some((definition.clone(), facts));
            }
        }
        None
    }

    /// Finds the methods that hear slots, each at the first class along the MRO that says so.
    fn settle_methods(&self, world: &World) -> Result<()> {
        use mortice_slots::{Cells, Rows};
        let mut known: Vec<String> = Vec::new();
        for (at, class) in std::iter::once(self).chain(self.bases()).enumerate() {
            for (name, attribute) in class.attributes.borrow().iter() {
                let Attribute::Method(_, slots) = attribute else {
                    continue;
                };
                if slots.is_empty() || known.contains(name) {
                    continue;
                }
                known.push(name.clone());
                for slot in slots {
                    let row = MethodRow {
                        name: *slot,
                        at: at as u32,
                    };
                    self.methods.push(world, row)?;
                    self.method_names.push(world, Some(world.text(name)))?;
                    world.engine.note_class_name(*slot);
                }
            }
        }
        Ok(())
    }
}

fn facts(definition: &Object) -> Facts {
    match definition.kind() {
        Kind::Definition(definition) => definition.facts,
        _ => Facts::default(),
    }
}

/// The names of a class's places in storage order, those that are hidden in parentheses, and its
/// delegated names behind them.
pub fn picture(world: &World, class: &Object) -> String {
    let Kind::Class(body) = class.kind() else {
        return String::new();
    };
    let parts = body.parts();
    let mut boxes = vec![String::new(); usize::from(body.state.places.get())];
    let mut index = 0;
    while let Some(row) = mortice_slots::Rows::get(parts.rows, index) {
        index += 1;
        if row.place == Row::NO_PLACE {
            continue;
        }
        let hides = SlotFlags::HIDDEN.with(SlotFlags::DELEGATED);
        let name = world.name_text(row.name);
        boxes[usize::from(row.place)] = match row.flags.has(hides) {
            true => format!("({name})"),
            false => name,
        };
    }
    let mut names = Vec::new();
    parts.each_visible(&mut |_, row| {
        if row.flags.has(SlotFlags::DELEGATED) {
            names.push(world.name_text(row.name));
        }
    });
    let places = boxes.join(" ");
    match names.is_empty() {
        true => places,
        false => format!("{places} -> {}", names.join(" ")),
    }
}
