// Reference-counted objects, one kind of instance, no exceptions but words. Numbers lie in vectors,
// references in vectors of references, and memory never runs out. A host with a collector does one
// thing otherwise: its containers show it every reference.

use mortice_slots::{
    Cells, Change, Class, ClassState, EndOfMro, Engine, Entry, Facts, Further, Host, MethodRow,
    Name, Problem, Row, Rows, Summary, Watch,
};
use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

/// The host.
#[derive(Debug)]
pub(crate) enum Small {}

/// Names, and what happened.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) engine: Engine<Small>,
    names: RefCell<Vec<&'static str>>,
    pub(crate) log: RefCell<Vec<String>>,
}

/// A counted reference to an object.
#[derive(Clone, Debug)]
pub(crate) struct Object(Rc<Body>);

#[derive(Debug)]
pub(crate) enum Body {
    Number(i64),
    /// A definition of a slot; here there is nothing to be said of one.
    Slot,
    Class(SmallClass),
    Instance(SmallInstance),
    Companion(SmallCompanion),
    /// Knows an instance and does not keep it.
    Token(Weak<Body>),
    /// An observer that notes what it hears.
    Noting,
    /// What observers are given.
    Change(String),
}

#[derive(Debug, Default)]
pub(crate) struct SmallClass {
    rows: Numbers<Row>,
    definitions: References,
    delegated: Numbers<Name>,
    state: ClassState,
    watch: SmallCompanion,
    methods: Numbers<MethodRow>,
    method_names: References,
}

#[derive(Debug)]
pub(crate) struct SmallInstance {
    name: &'static str,
    class: Object,
    storage: RefCell<Vec<Option<Object>>>,
    companion: RefCell<Option<Object>>,
}

#[derive(Debug, Default)]
pub(crate) struct SmallCompanion {
    rows: Numbers<Entry>,
    cells: References,
    summary: Summary,
}

#[derive(Debug, Default)]
pub(crate) struct References(RefCell<Vec<Option<Object>>>);

#[derive(Debug)]
pub(crate) struct Numbers<T>(RefCell<Vec<T>>);

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Numbers(RefCell::default())
    }
}

impl Cells<Small> for References {
    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn get(&self, index: usize) -> Option<Object> {
        self.0.borrow().get(index).cloned().flatten()
    }

    fn put(&self, index: usize, content: Option<Object>) -> Option<Object> {
        std::mem::replace(self.0.borrow_mut().get_mut(index)?, content)
    }

    fn push(&self, _: &World, content: Option<Object>) -> Result<(), String> {
        self.0.borrow_mut().push(content);
        Ok(())
    }

    fn pop(&self) -> Option<Object> {
        self.0.borrow_mut().pop().flatten()
    }
}

impl<T: Copy + fmt::Debug> Rows<Small, T> for Numbers<T> {
    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn get(&self, index: usize) -> Option<T> {
        self.0.borrow().get(index).copied()
    }

    fn set(&self, index: usize, row: T) {
        if let Some(place) = self.0.borrow_mut().get_mut(index) {
            *place = row;
        }
    }

    fn push(&self, _: &World, row: T) -> Result<(), String> {
        self.0.borrow_mut().push(row);
        Ok(())
    }

    fn pop(&self) -> Option<T> {
        self.0.borrow_mut().pop()
    }
}

impl SmallCompanion {
    pub(crate) fn watch(&self) -> Watch<'_, Small> {
        Watch::new(&self.rows, &self.cells, &self.summary)
    }
}

impl World {
    pub(crate) fn name(&self, text: &'static str) -> Name {
        let mut names = self.names.borrow_mut();
        let known = names.iter().position(|known| *known == text);
        Name(known.unwrap_or_else(|| {
            names.push(text);
            names.len() - 1
        }) as u32)
    }

    /// A class with slots of these names.
    pub(crate) fn class(&self, slots: &[&'static str]) -> Object {
        let class = Object::new(Body::Class(SmallClass::default()));
        let parts = Small::class(&class).expect("it is a class");
        for slot in slots {
            let definition = Object::new(Body::Slot);
            let defined = parts.define(self, self.name(slot), Facts::default(), definition);
            defined.expect("room for the slot");
        }
        class
    }
}

impl Object {
    fn new(body: Body) -> Object {
        Object(Rc::new(body))
    }

    pub(crate) fn number(number: i64) -> Object {
        Object::new(Body::Number(number))
    }

    /// An observer that notes what it hears in the world's log.
    pub(crate) fn noting() -> Object {
        Object::new(Body::Noting)
    }

    pub(crate) fn instance(class: &Object, name: &'static str) -> Object {
        let parts = Small::class(class).expect("a class");
        let places = usize::from(parts.state.places.get());
        Object::new(Body::Instance(SmallInstance {
            name,
            class: class.clone(),
            storage: RefCell::new(vec![None; places]),
            companion: RefCell::default(),
        }))
    }

    fn as_instance(&self) -> Option<&SmallInstance> {
        match &*self.0 {
            Body::Instance(instance) => Some(instance),
            _ => None,
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Body::Number(number) => write!(f, "{number}"),
            Body::Instance(instance) => f.write_str(instance.name),
            Body::Change(words) => f.write_str(words),
            _ => f.write_str("object"),
        }
    }
}

impl Host for Small {
    type Object = Object;
    type Error = String;
    type Cx<'a> = &'a World;
    type Cells = References;
    type Rows<T: Copy + fmt::Debug + 'static> = Numbers<T>;

    fn further(_: &World) -> Result<Further<Small>, String> {
        Further::new().ok_or_else(|| "out of memory".to_string())
    }

    fn same(one: &Object, other: &Object) -> bool {
        Rc::ptr_eq(&one.0, &other.0)
    }

    fn is_unset(_: &World, _: &Object) -> bool {
        false
    }

    fn equal(_: &World, one: &Object, other: &Object) -> Result<bool, String> {
        match (&*one.0, &*other.0) {
            (Body::Number(one), Body::Number(other)) => Ok(one == other),
            _ => Ok(false),
        }
    }

    fn write_name(world: &World, name: Name, out: &mut dyn fmt::Write) -> fmt::Result {
        out.write_str(world.names.borrow()[name.0 as usize])
    }

    fn write_class(_: &World, object: &Object, out: &mut dyn fmt::Write) -> fmt::Result {
        match &*object.0 {
            Body::Number(_) => out.write_str("int"),
            _ => out.write_str("Small"),
        }
    }

    fn problem(world: &World, problem: Problem<'_, Small>) -> String {
        let mut words = String::new();
        problem.write(world, &mut words).expect("room for words");
        words
    }

    fn class_of(_: &World, object: &Object) -> Option<Object> {
        Some(object.as_instance()?.class.clone())
    }

    fn class(class: &Object) -> Option<Class<'_, Small>> {
        let Body::Class(class) = &*class.0 else {
            return None;
        };
        Some(Class {
            rows: &class.rows,
            definitions: &class.definitions,
            delegated: &class.delegated,
            state: &class.state,
            watch: class.watch.watch(),
            methods: &class.methods,
            method_names: &class.method_names,
        })
    }

    fn in_mro(_: &World, class: &Object, index: usize) -> Result<Option<Object>, EndOfMro> {
        match index {
            0 => Ok(Some(class.clone())),
            _ => Err(EndOfMro),
        }
    }

    fn load(object: &Object, place: u16) -> Option<Object> {
        object
            .as_instance()?
            .storage
            .borrow()
            .get(usize::from(place))?
            .clone()
    }

    fn store(object: &Object, place: u16, value: Option<Object>) -> Option<Object> {
        let mut storage = object.as_instance()?.storage.borrow_mut();
        std::mem::replace(storage.get_mut(usize::from(place))?, value)
    }

    fn companion(object: &Object) -> Option<Object> {
        object.as_instance()?.companion.borrow().clone()
    }

    fn ensure_companion(_: &World, object: &Object) -> Result<Object, String> {
        let instance = object.as_instance().ok_or("no instance")?;
        let make = || Object::new(Body::Companion(SmallCompanion::default()));
        Ok(instance
            .companion
            .borrow_mut()
            .get_or_insert_with(make)
            .clone())
    }

    fn ensure_token(_: &World, object: &Object) -> Result<Object, String> {
        Ok(Object::new(Body::Token(Rc::downgrade(&object.0))))
    }

    fn owner(token: &Object) -> Option<Object> {
        match &*token.0 {
            Body::Token(owner) => owner.upgrade().map(Object),
            _ => None,
        }
    }

    fn watch(companion: &Object) -> Option<Watch<'_, Small>> {
        match &*companion.0 {
            Body::Companion(companion) => Some(companion.watch()),
            _ => None,
        }
    }

    fn apply_rules(_: &World, _: &Object, _: &Object, value: &Object) -> Result<Object, String> {
        Ok(value.clone())
    }

    fn default(_: &World, _: &Object) -> Option<Object> {
        None
    }

    fn make_default(_: &World, _: &Object) -> Result<Object, String> {
        Err("no factory".to_string())
    }

    fn change(world: &World, change: Change<'_, Object>) -> Result<Object, String> {
        let shown = |value: Option<&Object>| value.map_or("unset".to_string(), Object::to_string);
        let name = world.names.borrow()[change.name.0 as usize];
        let (old, new) = (shown(change.old), shown(change.new));
        let words = format!("{}.{name}: {old} -> {new}", change.object);
        Ok(Object::new(Body::Change(words)))
    }

    fn call(world: &World, _: &Object, change: &Object) -> Result<(), String> {
        world.log.borrow_mut().push(change.to_string());
        Ok(())
    }

    fn call_method(_: &World, _: &Object, _: &Object, _: &Object) -> Result<(), String> {
        Ok(())
    }

    fn is_alive(_: &Object) -> bool {
        true
    }

    fn is_fatal(_: &World, _: &String) -> bool {
        false
    }

    fn error_object(_: String) -> Object {
        Object::new(Body::Noting)
    }

    fn raise(_: &World, errors: &References) -> String {
        format!("{} observers failed", errors.len())
    }
}
