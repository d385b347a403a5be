//! Random scenarios of slot operations, played by the runtime and by the model on CPython.
//!
//! The player is one Python file, `slots_model/player.py`, that runs on both ([`crate::players`]). The
//! runtime has the module `mortice` of its own; CPython runs the model, `conformance/model/mortice.py`.

use std::fmt::Write as _;

use arbitrary::{Arbitrary, Unstructured};

use crate::players::{Players, Script};

const SCRIPT: Script = Script {
    file: "slots_model/player.py",
    source: include_str!("slots_model/player.py"),
    modules: Some("../../conformance/model"),
};

/// Steps of a scenario at most.
const STEP_LIMIT: usize = 120;

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Steps of the scenario.
    pub operations: u64,
    /// Changes that observers heard.
    pub heard: u64,
    /// Steps that raised.
    pub raised: u64,
    /// Steps that did nothing.
    pub skipped: u64,
}

/// Starts the runtime and the model; nothing where there is no reference CPython.
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
        report.heard += u64::from(line.contains(" heard "));
        report.raised += u64::from(line.contains("Error: "));
        report.skipped += u64::from(line.ends_with(" skipped"));
    }
    Ok(report)
}

/// The Python literal of the scenario that `data` encodes, and its number of steps.
pub fn scenario(data: &[u8]) -> (String, u64) {
    let mut input = Unstructured::new(data);
    let mut writer = Writer::default();
    let _ = opening(&mut input, &mut writer);
    while !input.is_empty() && writer.steps < STEP_LIMIT {
        let is_common = input.ratio(2, 3).unwrap_or_default();
        let step = match is_common {
            true => common(&mut input),
            false => Step::arbitrary(&mut input),
        };
        let Ok(step) = step else { break };
        writer.step(&step, 0);
    }
    (format!("[{}]", writer.text), writer.steps as u64)
}

/// A step that most often finds what it names.
fn common(input: &mut Unstructured<'_>) -> arbitrary::Result<Step> {
    let name = *input.choose(&[0, 0, 1, 1, 2, 3])?;
    let number = input.int_in_range(0..=5)?;
    Ok(match input.int_in_range(0..=12)? {
        0..=4 => Step::Write(number, name, input.arbitrary()?),
        5 => Step::Delete(number, name),
        6 => Step::Read(number, name),
        7 | 8 => {
            let target = input.int_in_range(0..=5)?;
            Step::Delegate(number, name, target, *input.choose(&[0, 1, 3])?)
        }
        9 => Step::Undelegate(number, name),
        10 => Step::Observe(
            input.arbitrary()?,
            Subject::Object(number),
            *input.choose(&[0, 1, 3, 5])?,
            input.arbitrary()?,
        ),
        11 => Step::Write(number, 3, Value::Object(input.arbitrary()?)),
        _ => Step::Collect,
    })
}

/// Three classes, changes to them, and objects of them, so that what follows finds something.
fn opening(input: &mut Unstructured<'_>, writer: &mut Writer) -> arbitrary::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    for name in 0..3 {
        let step = Step::Class {
            name,
            bases: [input.int_in_range(0..=2)?, input.int_in_range(0..=4)?],
            body: [
                Some((u8::from(input.ratio(1, 2)?), input.arbitrary()?)),
                match input.ratio(2, 3)? {
                    true => Some((3, Declaration::Bare)),
                    false => Some((3, input.arbitrary()?)),
                },
                match input.ratio(1, 2)? {
                    true => Some((
                        input.arbitrary()?,
                        Declaration::Delegated(3, input.arbitrary()?),
                    )),
                    false => input.arbitrary()?,
                },
            ],
            method: input.arbitrary()?,
        };
        writer.step(&step, 0);
        if input.ratio(1, 4)? {
            let late = Step::Declare(name, input.arbitrary()?, input.arbitrary()?);
            writer.step(&late, 0);
        }
    }
    for number in 0..6 {
        let class = input.int_in_range(0..=2)?;
        let keywords = match input.ratio(1, 12)? {
            true => [None, input.arbitrary()?],
            false => [None, None],
        };
        writer.step(&Step::New(number, class, keywords), 0);
    }
    for _ in 0..input.int_in_range(0..=4)? {
        let held = Value::Object(input.arbitrary()?);
        writer.step(&Step::Write(input.arbitrary()?, 3, held), 0);
    }
    for number in 0..input.int_in_range(0..=4)? {
        let watched = input.arbitrary()?;
        let step = Step::Observe(number, watched, input.arbitrary()?, input.arbitrary()?);
        writer.step(&step, 0);
    }
    Ok(())
}

/// Names of slots.
const SLOTS: [&str; 5] = ["x", "y", "z", "via", "w"];
/// Names of classes.
const CLASSES: [&str; 5] = ["A", "B", "C", "D", "E"];

#[derive(Arbitrary, Clone, Debug)]
enum Step {
    Class {
        name: u8,
        bases: [u8; 2],
        body: [Option<(u8, Declaration)>; 3],
        method: Option<(u8, u8)>,
    },
    Declare(u8, u8, Declaration),
    Undeclare(u8, u8),
    Describe(u8),
    New(u8, u8, [Option<(u8, Value)>; 2]),
    Read(u8, u8),
    Write(u8, u8, Value),
    WriteAgain(u8, u8, Value),
    Delete(u8, u8),
    Raw(u8, u8, u8),
    RawWrite(u8, u8, u8, Value),
    Observe(u8, Subject, u8, [Option<Box<Reaction>>; 2]),
    ObserveMethod(u8, Subject, u8, u8),
    Cancel(u8),
    Active(u8),
    Open(u8, [Option<u8>; 2]),
    Close(u8),
    Delegate(u8, u8, u8, u8),
    Undelegate(u8, u8),
    Assign(u8, u8),
    Copy(u8, u8, bool),
    Drop(u8),
    Collect,
}

#[derive(Arbitrary, Clone, Debug)]
enum Reaction {
    Raise(bool),
    Step(Step),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Declaration {
    Bare,
    Default(Value),
    Factory(u8),
    Type(bool),
    Validate(bool),
    Compare(u8, Value),
    Delegated(u8, u8),
    DelegatedAs(u8),
    Plain(u8),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Value {
    Int(u8),
    One,
    Word,
    None,
    Unset,
    Object(u8),
    AnObject(u8),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Subject {
    Object(u8),
    AnObject(u8),
    Class(u8),
}

/// Writes steps as Python literals.
#[derive(Default)]
struct Writer {
    text: String,
    steps: usize,
}

fn slot(number: u8) -> &'static str {
    // The last name is rare, for slots that are not there.
    match number % 32 {
        31 => SLOTS[4],
        number => SLOTS[usize::from(number % 4)],
    }
}

fn class(number: u8) -> &'static str {
    // The first three are there from the start.
    match number % 16 {
        number @ 14..=15 => CLASSES[usize::from(number) - 11],
        number => CLASSES[usize::from(number) % 3],
    }
}

fn object(number: u8) -> u8 {
    number % 6
}

/// A slot's name, or every slot.
fn key(number: u8) -> String {
    match number % 6 {
        5 => "None".into(),
        _ => format!("'{}'", slot(number)),
    }
}

fn value(value: Value) -> String {
    match value {
        Value::Int(number) => (number % 4).to_string(),
        Value::One => "'ONE'".into(),
        Value::Word => "'WORD'".into(),
        Value::None => "None".into(),
        Value::Unset => "'UNSET'".into(),
        Value::Object(number) | Value::AnObject(number) => format!("({},)", object(number)),
    }
}

/// A value that is no object: a class is older than the objects of its scenario.
fn plain(number: Value) -> String {
    match number {
        Value::Object(number) | Value::AnObject(number) => (number % 4).to_string(),
        other => value(other),
    }
}

fn declaration(made: Declaration) -> String {
    match made {
        Declaration::Bare => "('slot', ())".into(),
        Declaration::Default(default) => {
            format!("('slot', (('default', {}),))", plain(default))
        }
        Declaration::Factory(which) => {
            let factory = ["five", "list"][usize::from(which) % 2];
            format!("('slot', (('factory', '{factory}'),))")
        }
        Declaration::Type(is_int) => {
            let kind = if is_int { "int" } else { "str" };
            format!("('slot', (('type', '{kind}'),))")
        }
        Declaration::Validate(halves) => {
            let rule = if halves { "half" } else { "refuse" };
            format!("('slot', (('validate', '{rule}'), ('default', 2)))")
        }
        Declaration::Compare(how, default) => {
            let how = ["equal", "identity", "always"][usize::from(how) % 3];
            let default = plain(default);
            format!("('slot', (('compare', '{how}'), ('default', {default})))")
        }
        Declaration::Delegated(via, name) => {
            format!("('delegated', '{}', '{}')", slot(via), slot(name))
        }
        Declaration::DelegatedAs(name) => format!("('delegated', 'via', '{}')", slot(name)),
        Declaration::Plain(number) => format!("('plain', {number})"),
    }
}

fn subject(subject: Subject) -> String {
    match subject {
        Subject::Object(number) | Subject::AnObject(number) => format!("({},)", object(number)),
        Subject::Class(number) => format!("'{}'", class(number)),
    }
}

impl Writer {
    fn step(&mut self, step: &Step, depth: usize) {
        self.steps += 1;
        let written = self.literal(step, depth);
        self.text.push_str(&written);
        self.text.push_str(", ");
    }

    fn literal(&mut self, step: &Step, depth: usize) -> String {
        match step {
            Step::Class {
                name,
                bases,
                body,
                method,
            } => class_literal(*name, *bases, body, *method),
            Step::Declare(name, slot_name, made) => format!(
                "('declare', '{}', '{}', {})",
                class(*name),
                slot(*slot_name),
                declaration(*made)
            ),
            Step::Undeclare(name, slot_name) => {
                format!("('undeclare', '{}', '{}')", class(*name), slot(*slot_name))
            }
            Step::Describe(name) => format!("('describe', '{}')", class(*name)),
            Step::New(number, name, keywords) => {
                let mut given = String::new();
                let mut names = Vec::new();
                for (key, keyword) in keywords.iter().flatten() {
                    if !names.contains(&slot(*key)) {
                        names.push(slot(*key));
                        let _ = write!(given, "('{}', {}), ", slot(*key), value(*keyword));
                    }
                }
                format!(
                    "('new', {}, '{}', ({given}))",
                    object(*number),
                    class(*name)
                )
            }
            Step::Read(number, name) => {
                format!("('read', {}, '{}')", object(*number), slot(*name))
            }
            Step::Write(number, name, new) | Step::WriteAgain(number, name, new) => format!(
                "('write', {}, '{}', {})",
                object(*number),
                slot(*name),
                value(*new)
            ),
            Step::Delete(number, name) => {
                format!("('delete', {}, '{}')", object(*number), slot(*name))
            }
            Step::Raw(name, number, slot_name) => format!(
                "('raw', '{}', {}, '{}')",
                class(*name),
                object(*number),
                slot(*slot_name)
            ),
            Step::RawWrite(name, number, slot_name, new) => format!(
                "('raw_write', '{}', {}, '{}', {})",
                class(*name),
                object(*number),
                slot(*slot_name),
                value(*new)
            ),
            Step::Observe(number, watched, name, reactions) => {
                let mut reaction = String::new();
                for one in reactions.iter().flatten() {
                    let _ = match &**one {
                        Reaction::Raise(fatal) => {
                            write!(reaction, "('raise', {}), ", u8::from(*fatal))
                        }
                        Reaction::Step(_) if depth > 1 => Ok(()),
                        Reaction::Step(step) => {
                            let literal = self.literal(step, depth + 1);
                            write!(reaction, "{literal}, ")
                        }
                    };
                }
                format!(
                    "('observe', {}, {}, {}, ({reaction}))",
                    number % 8,
                    subject(*watched),
                    key(*name)
                )
            }
            Step::ObserveMethod(number, watched, name, receiver) => format!(
                "('observe_method', {}, {}, {}, {})",
                number % 8,
                subject(*watched),
                key(*name),
                object(*receiver)
            ),
            Step::Cancel(number) => format!("('cancel', {})", number % 8),
            Step::Active(number) => format!("('active', {})", number % 8),
            Step::Open(number, objects) => {
                let mut held = String::new();
                for one in objects.iter().flatten() {
                    let _ = write!(held, "{}, ", object(*one));
                }
                format!("('open', {}, ({held}))", number % 3)
            }
            Step::Close(number) => format!("('close', {})", number % 3),
            Step::Delegate(number, name, target, target_name) => format!(
                "('delegate', {}, '{}', {}, '{}')",
                object(*number),
                slot(*name),
                object(*target),
                slot(*target_name)
            ),
            Step::Undelegate(number, name) => {
                format!("('undelegate', {}, '{}')", object(*number), slot(*name))
            }
            Step::Assign(number, name) => {
                format!("('assign', {}, '{}')", object(*number), class(*name))
            }
            Step::Copy(number, of, deep) => format!(
                "('copy', {}, {}, {})",
                object(*number),
                object(*of),
                u8::from(*deep)
            ),
            Step::Drop(number) => format!("('drop', {})", object(*number)),
            Step::Collect => "('collect',)".into(),
        }
    }
}

fn class_literal(
    name: u8,
    bases: [u8; 2],
    body: &[Option<(u8, Declaration)>],
    method: Option<(u8, u8)>,
) -> String {
    // Only classes that come before can be there, mostly.
    let base = |number: u8| match number % 7 {
        number if number < name => CLASSES[usize::from(number) % CLASSES.len()],
        _ => "Base",
    };
    let mut literal = format!("('define', '{}', ('{}', ", class(name), base(bases[0]));
    if base(bases[1]) != "Base" && base(bases[1]) != base(bases[0]) {
        let _ = write!(literal, "'{}', ", base(bases[1]));
    }
    literal.push_str("), (");
    let mut names = Vec::new();
    for (slot_name, made) in body.iter().flatten() {
        if !names.contains(&slot(*slot_name)) {
            names.push(slot(*slot_name));
            let _ = write!(
                literal,
                "('{}', {}), ",
                slot(*slot_name),
                declaration(*made)
            );
        }
    }
    literal.push_str("), (");
    if let Some((method, slot_name)) = method {
        let method = ["watch", "notice"][usize::from(method) % 2];
        // A name that is no slot would refuse the class, which is worth little.
        let heard = match slot_name % 16 {
            15 => "'w'",
            number if number % 2 == 0 => "'via'",
            _ => "None",
        };
        let _ = write!(literal, "('{method}', ({heard},)), ");
    }
    literal.push_str("))");
    literal
}
