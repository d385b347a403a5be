//! Random scenarios of classes, played by the runtime and by CPython.
//!
//! A scenario makes classes over built-in types and over each other, with `__slots__` of every kind and
//! with special methods, descriptors and hooks in their bodies; changes their attributes and their bases;
//! and uses their instances: attributes, `super`, operators, `__class__`, `__dict__`, weak references.
//! What both sides tell is compared: MROs, bases, sizes and offsets, flags, values, and every refusal with
//! its words. The player is one Python file, `classes_model/player.py` ([`crate::players`]).

use std::fmt::Write as _;

use arbitrary::{Arbitrary, Result as Drawn, Unstructured};

use crate::players::{Players, Script};

const SCRIPT: Script = Script {
    file: "classes_model/player.py",
    source: include_str!("classes_model/player.py"),
    modules: None,
};

/// Steps of a scenario at most.
const STEP_LIMIT: usize = 120;

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps of the scenario.
    pub operations: u64,
    /// Classes that were made.
    pub classes: u64,
    /// New bases that were accepted.
    pub rebased: u64,
    /// New classes of objects that were accepted.
    pub assigned: u64,
    /// Steps that raised.
    pub raised: u64,
    /// Steps that did nothing.
    pub skipped: u64,
}

/// Starts the runtime and CPython; nothing where there is no reference CPython.
///
/// # Errors
///
/// One of them does not start.
pub fn start() -> Result<Option<Players>, String> {
    Players::start(&SCRIPT)
}

/// Plays the scenario that `data` encodes, and compares.
///
/// # Errors
///
/// The first line that differs, with the scenario.
pub fn run(players: &mut Players, data: &[u8]) -> Result<Report, String> {
    let (scenario, operations) = scenario(data);
    let mut report = Report {
        operations,
        ..Report::default()
    };
    for line in players.play(&scenario)? {
        let line = line.trim_start_matches(['"', '\'']);
        let raised = line.contains("Error: ");
        report.raised += u64::from(raised);
        report.skipped += u64::from(line.ends_with(" skipped"));
        if !raised && !line.ends_with(" skipped") {
            report.classes += u64::from(line.starts_with("('define'"));
            report.rebased += u64::from(line.starts_with("('rebase'"));
            report.assigned += u64::from(line.starts_with("('assign'"));
        }
    }
    Ok(report)
}

/// The Python literal of the scenario that `data` encodes, and its number of steps.
pub fn scenario(data: &[u8]) -> (String, u64) {
    let mut writer = Writer {
        input: Unstructured::new(data),
        natives: [0; 3],
        names: [0; 4],
    };
    let (mut text, mut steps) = (String::new(), 0);
    if writer.open().is_ok() {
        while !writer.input.is_empty() && steps < STEP_LIMIT {
            // Classes first, and objects of them, so that what follows finds something.
            let step = match steps {
                0..4 => writer.define(steps),
                4..8 => writer.instance(),
                _ => writer.step(),
            };
            let Ok(step) = step else { break };
            let _ = write!(text, "{step}, ");
            steps += 1;
        }
    }
    (format!("[{text}]"), steps as u64)
}

/// Names of classes. Those with underscores count for the mangling of private names.
const CLASSES: [&str; 6] = ["A", "B", "C", "_D", "__E", "_"];

/// Types that serve as bases: of fixed and variable size, with and without a dict and weak references of
/// their own, related and unrelated, some that refuse, some metaclasses, and something that is no type.
const NATIVES: [&str; 49] = [
    "object",
    "int",
    "str",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "bytes",
    "bytearray",
    "float",
    "complex",
    "BaseException",
    "Exception",
    "ValueError",
    "KeyError",
    "OSError",
    "ImportError",
    "StopIteration",
    "SystemExit",
    "AttributeError",
    "NameError",
    "SyntaxError",
    "UnicodeDecodeError",
    "type",
    "Meta",
    "Slotted",
    "Backwards",
    "Odd",
    "property",
    "staticmethod",
    "classmethod",
    "super",
    "enumerate",
    "zip",
    "map",
    "filter",
    "reversed",
    "module",
    "ref",
    "bool",
    "range",
    "slice",
    "memoryview",
    "function",
    "NoneType",
    "member",
    "generator",
    "number",
];

/// How many of them, from the first, may have subclasses.
const SUBCLASSED: usize = 40;

/// Names of slots and attributes.
const NAMES: [&str; 12] = [
    "x", "y", "z", "__q", "_p", "___", "__r__", "é", "B", "xx", "_A__q", "a1",
];

/// What `__slots__` may also list, with its quotes.
const REFUSED: [&str; 8] = [
    "''",
    "'1a'",
    "'a b'",
    "'a.b'",
    "5",
    "None",
    "'__qualname__'",
    "'__module__'",
];

/// Attributes of classes that mean something.
const SPECIAL: [&str; 19] = [
    "__doc__",
    "__name__",
    "__qualname__",
    "__module__",
    "__slots__",
    "__dict__",
    "__weakref__",
    "__class__",
    "__base__",
    "__mro__",
    "__abstractmethods__",
    "__annotations__",
    "__type_params__",
    "__text_signature__",
    "__getattr__",
    "__setattr__",
    "__hash__",
    "__init_subclass__",
    "__match_args__",
];

/// Special methods that operators look for on the type.
const METHODS: [&str; 16] = [
    "__len__",
    "__call__",
    "__add__",
    "__radd__",
    "__eq__",
    "__lt__",
    "__getitem__",
    "__iter__",
    "__bool__",
    "__contains__",
    "__hash__",
    "__index__",
    "__getattr__",
    "__get__",
    "__set__",
    "__setattr__",
];

/// What is done with an instance.
const OPERATORS: [&str; 12] = [
    "call", "len", "add", "radd", "eq", "lt", "item", "iter", "bool", "contains", "hash", "index",
];

/// Writes steps as Python literals, from the choices of the input.
struct Writer<'i> {
    input: Unstructured<'i>,
    /// The types that this scenario's classes derive from: few, so that their descendants meet.
    natives: [usize; 3],
    /// The names that this scenario uses most.
    names: [usize; 4],
}

/// What a step does.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Kind {
    Define,
    Rebase,
    RebaseAgain,
    Assign,
    AssignAgain,
    New,
    Set,
    SetMethod,
    Delete,
    Get,
    Read,
    ReadAgain,
    Write,
    WriteAgain,
    Erase,
    Super,
    Use,
    UseAgain,
    IsInstance,
    IsSubclass,
    State,
    Dict,
    Replace,
    Refer,
    Names,
    Subclasses,
    Metaclass,
    Drop,
    Forget,
}

impl Writer<'_> {
    fn pick<'a>(&mut self, list: &[&'a str]) -> Drawn<&'a str> {
        self.input.choose(list).copied()
    }

    fn one_in(&mut self, count: u8) -> Drawn<bool> {
        self.input.ratio(1, count)
    }

    fn open(&mut self) -> Drawn<()> {
        for native in &mut self.natives {
            let among = if self.input.ratio(1, 12)? {
                NATIVES.len()
            } else {
                SUBCLASSED
            };
            *native = self.input.choose_index(among)?;
        }
        self.natives[0] = 0;
        for name in &mut self.names {
            *name = self.input.choose_index(NAMES.len())?;
        }
        Ok(())
    }

    /// The name of a class of the scenario.
    fn class(&mut self) -> Drawn<&'static str> {
        let index = match self.one_in(16)? {
            true => self.input.choose_index(CLASSES.len())?,
            false => self.input.choose_index(4)?,
        };
        Ok(CLASSES[index])
    }

    /// The name of a class of the scenario or of a native type.
    fn base(&mut self) -> Drawn<&'static str> {
        match self.input.int_in_range(0..=15)? {
            0..=9 => self.class(),
            10..=14 => {
                let native = *self.input.choose(&self.natives)?;
                Ok(NATIVES[native])
            }
            _ => self.pick(&NATIVES),
        }
    }

    fn bases(&mut self, first_class: usize) -> Drawn<String> {
        let count = *match first_class {
            0 | 1 => self.input.choose(&[1, 1, 1, 1, 2, 0])?,
            2 | 3 => self.input.choose(&[1, 1, 1, 2, 2, 3])?,
            _ => self.input.choose(&[1, 1, 1, 2, 2, 2, 3, 4, 0])?,
        };
        let mut bases: Vec<&str> = Vec::new();
        while bases.len() < count {
            let base = match first_class {
                // The first classes have few before them.
                0..4 if self.input.int_in_range(0..=3)? >= first_class => {
                    NATIVES[*self.input.choose(&self.natives)?]
                }
                _ => self.base()?,
            };
            if bases.contains(&base) && !self.one_in(16)? {
                break;
            }
            bases.push(base);
        }
        // A base behind its descendants: more orders are consistent.
        if !self.one_in(4)? {
            let age = |base: &&str| CLASSES.iter().position(|class| class == base);
            bases.sort_by_key(|base| std::cmp::Reverse(age(base)));
        }
        let mut text = String::from("(");
        for base in bases {
            let _ = write!(text, "'{base}', ");
        }
        text.push(')');
        Ok(text)
    }

    fn name(&mut self) -> Drawn<&'static str> {
        Ok(match self.one_in(24)? {
            true => self.pick(&NAMES)?,
            false => NAMES[*self.input.choose(&self.names)?],
        })
    }

    fn slots(&mut self) -> Drawn<String> {
        if !self.input.ratio(3, 5)? {
            return Ok("None".into());
        }
        let kind = *self.input.choose(&[
            "tuple", "tuple", "tuple", "tuple", "list", "str", "dict", "iter", "tuple",
        ])?;
        let mut names = String::new();
        for _ in 0..*self.input.choose(&[0, 0, 1, 1, 2, 3, 5])? {
            match self.input.int_in_range(0..=31)? {
                0..=2 => names.push_str("'__dict__', "),
                3..=4 => names.push_str("'__weakref__', "),
                5 if self.input.ratio(1, 2)? => {
                    let refused = self.pick(&REFUSED)?;
                    let _ = write!(names, "{refused}, ");
                }
                _ => {
                    let name = self.name()?;
                    let _ = write!(names, "'{name}', ");
                }
            }
        }
        Ok(format!("('{kind}', ({names}))"))
    }

    /// A value that a class's attribute or an instance's gets.
    fn value(&mut self) -> Drawn<String> {
        Ok(match self.input.int_in_range(0..=15)? {
            0..=4 => self.input.int_in_range(0..=3)?.to_string(),
            5 => "None".into(),
            6 => "'word'".into(),
            7 => format!("('object', {})", self.input.int_in_range(0..=4)?),
            8 => format!("('class', '{}')", self.base()?),
            9 => "('arguments',)".into(),
            10 => format!(
                "('{}',)",
                self.pick(&["read", "full", "named", "list", "donor"])?
            ),
            11 => "('property', 3)".into(),
            12 => format!("('{}',)", self.pick(&["static", "class_method"])?),
            13 | 14 => format!("('member', '{}', '{}')", self.class()?, self.key()?),
            _ => format!("('classes', '{}', '{}')", self.base()?, self.base()?),
        })
    }

    /// What a special method is set to.
    fn method(&mut self) -> Drawn<String> {
        Ok(match self.input.int_in_range(0..=7)? {
            0..=4 => {
                let answer = *self
                    .input
                    .choose(&["0", "1", "2", "'word'", "None", "-3", "True"])?;
                format!("('function', {answer})")
            }
            5 => "('arguments',)".into(),
            6 => "None".into(),
            _ => self.value()?,
        })
    }

    /// The name of an attribute.
    fn key(&mut self) -> Drawn<&'static str> {
        match self.input.int_in_range(0..=15)? {
            0..=11 => self.name(),
            12 | 13 => self.pick(&SPECIAL),
            _ => self.pick(&METHODS),
        }
    }

    fn define(&mut self, number: usize) -> Drawn<String> {
        let name = match number {
            0..4 => CLASSES[number],
            _ => self.class()?,
        };
        let meta = match self.input.int_in_range(0..=15)? {
            0 => self.pick(&["Meta", "Slotted", "Backwards", "Odd"])?,
            1 => self.base()?,
            _ => "type",
        };
        let bases = self.bases(number)?;
        let slots = self.slots()?;
        let mut body = String::new();
        for _ in 0..*self.input.choose(&[0, 0, 1, 1, 2, 3])? {
            let (key, value) = match self.input.int_in_range(0..=15)? {
                0..=6 => (self.name()?, self.value()?),
                7..=13 => (self.pick(&METHODS)?, self.method()?),
                14 => ("__init_subclass__", "('hook',)".into()),
                _ => (self.pick(&SPECIAL)?, self.value()?),
            };
            // A name that is a slot refuses the class, which is worth little.
            if !slots.contains(&format!("'{key}'")) || self.one_in(16)? {
                let _ = write!(body, "('{key}', {value}), ");
            }
        }
        Ok(format!(
            "('define', '{name}', '{meta}', {bases}, {slots}, ({body}))"
        ))
    }

    fn instance(&mut self) -> Drawn<String> {
        let number = self.input.int_in_range(0..=4)?;
        Ok(format!("('new', {number}, '{}')", self.class()?))
    }

    fn step(&mut self) -> Drawn<String> {
        let kind = Kind::arbitrary(&mut self.input)?;
        let number = self.input.int_in_range(0..=4)?;
        Ok(match kind {
            Kind::Define => self.define(usize::MAX)?,
            Kind::New => self.instance()?,
            Kind::Rebase | Kind::RebaseAgain => {
                format!(
                    "('rebase', '{}', {})",
                    self.class()?,
                    self.bases(usize::MAX)?
                )
            }
            Kind::Assign | Kind::AssignAgain => format!("('assign', {number}, '{}')", self.base()?),
            Kind::Set => format!(
                "('set', '{}', '{}', {})",
                self.class()?,
                self.key()?,
                self.value()?
            ),
            Kind::SetMethod => {
                let (class, key) = (self.class()?, self.pick(&METHODS)?);
                format!("('set', '{class}', '{key}', {})", self.method()?)
            }
            Kind::Delete => format!("('delete', '{}', '{}')", self.class()?, self.key()?),
            Kind::Get => format!("('get', '{}', '{}')", self.class()?, self.key()?),
            Kind::Read | Kind::ReadAgain => format!("('read', {number}, '{}')", self.key()?),
            Kind::Write | Kind::WriteAgain => {
                format!("('write', {number}, '{}', {})", self.key()?, self.value()?)
            }
            Kind::Erase => format!("('erase', {number}, '{}')", self.key()?),
            Kind::Super => format!("('super', '{}', {number}, '{}')", self.base()?, self.key()?),
            Kind::Use | Kind::UseAgain => {
                let operator = self.pick(&OPERATORS)?;
                format!("('use', {number}, '{operator}', {})", self.value()?)
            }
            Kind::IsInstance => format!("('isinstance', {number}, '{}')", self.base()?),
            Kind::IsSubclass => format!("('issubclass', '{}', '{}')", self.base()?, self.base()?),
            Kind::State => format!("('state', {number})"),
            Kind::Dict => format!("('dict', {number})"),
            Kind::Replace => {
                let (one, other) = (self.name()?, self.name()?);
                format!("('replace', {number}, ('{one}', '{other}'))")
            }
            Kind::Refer => format!("('refer', {number})"),
            Kind::Names => format!("('names', '{}')", self.class()?),
            Kind::Subclasses => format!("('subclasses', '{}')", self.class()?),
            Kind::Metaclass => {
                let (class, meta) = (self.class()?, self.base()?);
                format!("('set', '{class}', '__class__', ('class', '{meta}'))")
            }
            Kind::Drop => format!("('drop', {number})"),
            Kind::Forget => format!("('forget', '{}')", self.class()?),
        })
    }
}
