//! Objects, and what can be raised.

use super::class::ClassBody;
use super::instance::{Companion, Instance, Token};
use super::{Result, World};
use mortice_slots::ProblemKind;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

/// An owned reference to an object.
#[derive(Clone)]
pub struct Object(pub(super) Rc<Body>);

type Comparison = Box<dyn Fn(&World) -> Result<bool>>;
type Observer = Box<dyn Fn(&World, &Object) -> Result<()>>;
/// Called with the receiver and the change.
type Method = Box<dyn Fn(&World, &Object, &Object) -> Result<()>>;

/// What an object is.
pub enum Kind {
    Nothing,
    Int(i64),
    Text(String),
    /// Compared by calling.
    Compared(Comparison),
    /// An observer.
    Function(Observer),
    /// An observer that is called with its receiver, which it does not keep alive.
    Method(Weak<Body>, Method),
    Definition(super::class::Definition),
    Change(Heard),
    Error(Raised),
    Instance(Instance),
    Companion(Companion),
    Token(Token),
    Class(Box<ClassBody>),
}

/// What an observer is called with.
pub struct Heard {
    pub object: Object,
    pub name: String,
    pub old: Option<Object>,
    pub new: Option<Object>,
    pub source: Option<(Object, String)>,
}

/// An exception.
#[derive(Clone, Debug, PartialEq)]
pub enum Raised {
    Memory,
    Problem(ProblemKind, String),
    /// An exception of the program's.
    User(String),
    /// One that must not be passed over.
    Fatal(String),
    Group(Vec<Raised>),
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Raised::Memory => write!(f, "MemoryError"),
            Raised::Problem(kind, text) => write!(f, "{kind:?}: {text}"),
            Raised::User(text) | Raised::Fatal(text) => write!(f, "{text}"),
            Raised::Group(all) => {
                let all: Vec<String> = all.iter().map(Raised::to_string).collect();
                write!(f, "group({})", all.join(", "))
            }
        }
    }
}

/// What a reference refers to.
pub struct Body {
    pub(super) kind: Kind,
    /// Runs when the object goes.
    end: RefCell<Option<End>>,
    grave: Rc<Grave>,
}

type End = Box<dyn FnOnce(&World)>;

/// Where objects go one after the other, so that a long chain needs no deep stack.
pub struct Grave {
    world: Weak<World>,
    is_open: Cell<bool>,
    waiting: RefCell<Vec<Kind>>,
}

impl Grave {
    pub fn new(world: Weak<World>) -> Grave {
        Grave {
            world,
            is_open: Cell::new(false),
            waiting: RefCell::default(),
        }
    }

    fn bury(&self, kind: Kind) {
        self.waiting.borrow_mut().push(kind);
        if self.is_open.replace(true) {
            return;
        }
        loop {
            let Some(kind) = self.waiting.borrow_mut().pop() else {
                break;
            };
            drop(kind);
        }
        self.is_open.set(false);
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        if let (Some(end), Some(world)) = (self.end.take(), self.grave.world.upgrade()) {
            end(&world);
        }
        match std::mem::replace(&mut self.kind, Kind::Nothing) {
            deep @ (Kind::Instance(_) | Kind::Companion(_)) => self.grave.bury(deep),
            flat => drop(flat),
        }
    }
}

impl Object {
    pub(super) fn new(kind: Kind, grave: &Rc<Grave>) -> Object {
        Object(Rc::new(Body {
            kind,
            end: RefCell::new(None),
            grave: grave.clone(),
        }))
    }

    /// An exception as an object.
    pub(super) fn error(raised: Raised) -> Object {
        Object::new(Kind::Error(raised), &Rc::new(Grave::new(Weak::new())))
    }

    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// Lets something run when the object goes.
    pub fn at_end(&self, end: impl FnOnce(&World) + 'static) {
        *self.0.end.borrow_mut() = Some(Box::new(end));
    }

    /// How many references there are.
    pub fn references(&self) -> usize {
        Rc::strong_count(&self.0)
    }

    pub fn downgrade(&self) -> Weak<Body> {
        Rc::downgrade(&self.0)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Kind::Nothing => write!(f, "nothing"),
            Kind::Int(value) => write!(f, "{value}"),
            Kind::Text(text) => write!(f, "{text}"),
            Kind::Compared(_) => write!(f, "<compared>"),
            Kind::Function(_) => write!(f, "<function>"),
            Kind::Method(..) => write!(f, "<method>"),
            Kind::Definition(_) => write!(f, "<definition>"),
            Kind::Change(heard) => write!(f, "{heard}"),
            Kind::Error(raised) => write!(f, "{raised}"),
            Kind::Instance(instance) => write!(f, "{}", instance.label),
            Kind::Companion(_) => write!(f, "<companion>"),
            Kind::Token(_) => write!(f, "<token>"),
            Kind::Class(class) => write!(f, "{}", class.name),
        }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Object>| match value {
            Some(value) => value.to_string(),
            None => "UNSET".to_string(),
        };
        let (old, new) = (shown(&self.old), shown(&self.new));
        write!(f, "{}.{} {old}->{new}", self.object, self.name)?;
        match &self.source {
            Some((source, name)) => write!(f, " from {source}.{name}"),
            None => Ok(()),
        }
    }
}

impl World {
    pub(super) fn object(&self, kind: Kind) -> Object {
        Object::new(kind, &self.grave)
    }

    pub fn int(&self, value: i64) -> Object {
        self.object(Kind::Int(value))
    }

    pub fn text(&self, text: &str) -> Object {
        self.object(Kind::Text(text.to_string()))
    }

    /// An object whose comparison is a call.
    pub fn compared(&self, compare: impl Fn(&World) -> Result<bool> + 'static) -> Object {
        self.object(Kind::Compared(Box::new(compare)))
    }

    /// An observer.
    pub fn function(&self, function: impl Fn(&World, &Object) -> Result<()> + 'static) -> Object {
        self.object(Kind::Function(Box::new(function)))
    }

    /// An observer that does not keep its receiver alive.
    pub fn method(
        &self,
        receiver: &Object,
        method: impl Fn(&World, &Object, &Object) -> Result<()> + 'static,
    ) -> Object {
        let receiver = receiver.downgrade();
        self.object(Kind::Method(receiver, Box::new(method)))
    }
}
