//! Whether the code under an `#if` is compiled for the target.
//!
//! An expression has a value and a flag that says whether the value is sure. A macro that nobody knows counts as 0,
//! as for a compiler, but not surely; `&&` and `||` are sure if one side decides alone.

use std::cell::Cell;

use crate::api::{Api, Kind};
use crate::source::Language;
use crate::target::Target;

use super::{Macros, scan};

/// The version of the headers that findings are judged by: 3.15.2.
const VERSION_HEX: i64 = 0x030f_02f0;

/// How deep macros and parentheses are followed.
const MOST_DEPTH: u32 = 40;

/// The most macros that are expanded for one expression.
const MOST_EXPANSIONS: u32 = 1_000;

/// The most bytes that a macro is expanded to.
const MOST_BYTES: usize = 4_096;

/// A value, and whether it is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value, with every unknown macro as 0.
    pub value: i64,
    /// Whether it does not depend on an unknown macro.
    pub sure: bool,
}

impl Value {
    fn sure(value: i64) -> Self {
        Self { value, sure: true }
    }

    const UNKNOWN: Self = Self {
        value: 0,
        sure: false,
    };

    fn is_true(self) -> bool {
        self.value != 0
    }
}

/// What conditions are decided by.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// CPython's names.
    pub api: &'a Api,
    /// The target.
    pub target: Target,
    /// The language of the file.
    pub language: Language,
    /// What the source defined before.
    pub macros: &'a Macros,
}

impl Known<'_> {
    /// Tells whether a macro is defined: `#ifdef`.
    pub fn defined(&self, name: &str) -> Value {
        if let Some(defined) = self.macros.defined(name) {
            return match defined {
                Some(defined) => Value::sure(i64::from(defined)),
                None => Value {
                    value: 1,
                    sure: false,
                },
            };
        }
        if let Some(value) = self.predefined(name) {
            return Value::sure(i64::from(value.is_some()));
        }
        let rows = self.api.rows(name);
        let is_macro = |visible: bool| {
            let mut macros = rows.iter().filter(|row| row.kind == Kind::Macro);
            macros.any(|row| row.visible(self.target) == visible)
        };
        if is_macro(true) {
            return Value::sure(1);
        }
        if !rows.is_empty() || name.starts_with("Py") || name.starts_with("PY_") {
            return Value::sure(0);
        }
        Value::UNKNOWN
    }

    /// What the target says of a macro: `Some(None)` if it is not defined.
    fn predefined(&self, name: &str) -> Option<Option<Value>> {
        let abi3t = self.target == Target::Abi3t;
        let number = |value| Some(Some(Value::sure(value)));
        match name {
            "PY_VERSION_HEX" => number(VERSION_HEX),
            "PY_MAJOR_VERSION" => number(3),
            "PY_MINOR_VERSION" => number(15),
            "PY_MICRO_VERSION" => number(2),
            "Py_LIMITED_API" if matches!(self.target, Target::Full { .. }) => Some(None),
            "Py_LIMITED_API" => number(self.target.version_hex()),
            "Py_TARGET_ABI3T" if abi3t => number(self.target.version_hex()),
            "Py_GIL_DISABLED" if abi3t => Some(Some(Value::sure(0))),
            "Py_PYTHON_H" => number(1),
            "PYPY_VERSION"
            | "PYPY_VERSION_NUM"
            | "GRAALVM_PYTHON"
            | "PYSTON_VERSION"
            | "PYSTON_MAJOR_VERSION"
            | "HPY_ABI_UNIVERSAL"
            | "CYTHON_COMPILING_IN_PYPY" => Some(None),
            "__cplusplus" => match self.language {
                Language::C => Some(None),
                Language::Cpp => number(201_703),
            },
            _ => None,
        }
    }

    /// The value of an expression behind `#if`, without comments.
    pub fn value(&self, expression: &str) -> Value {
        let mut reader = Reader {
            known: *self,
            text: expression.as_bytes(),
            at: 0,
            depth: 0,
            expansions: &Cell::new(0),
        };
        reader.ternary().unwrap_or(Value::UNKNOWN)
    }

    fn of_name(&self, name: &str, depth: u32, expansions: &Cell<u32>) -> Value {
        if let Some(defined) = self.macros.defined(name) {
            let definitions = self.macros.of(name);
            return match definitions {
                [.., only]
                    if defined != Some(false)
                        && only.parameters.is_none()
                        && (definitions.len() == 1 || defined == Some(true))
                        && depth < MOST_DEPTH
                        && expansions.get() < MOST_EXPANSIONS =>
                {
                    expansions.set(expansions.get() + 1);
                    let mut reader = Reader {
                        known: *self,
                        text: only.body.as_bytes(),
                        at: 0,
                        depth: depth + 1,
                        expansions,
                    };
                    let value = reader.ternary().unwrap_or(Value::UNKNOWN);
                    Value {
                        value: value.value,
                        sure: value.sure && defined == Some(true),
                    }
                }
                _ if defined == Some(false) => Value::sure(0),
                _ => Value::UNKNOWN,
            };
        }
        match self.predefined(name) {
            Some(value) => value.unwrap_or(Value::sure(0)),
            None => {
                let defined = self.defined(name);
                // Not defined is 0; the value of a macro of CPython's is not known.
                if defined.is_true() {
                    Value::UNKNOWN
                } else {
                    defined
                }
            }
        }
    }
}

/// Reads an expression of the preprocessor; `None` is a syntax error.
struct Reader<'a> {
    known: Known<'a>,
    text: &'a [u8],
    at: usize,
    depth: u32,
    /// How many macros were expanded for the whole expression: each may hold the next one twice.
    expansions: &'a Cell<u32>,
}

impl<'a> Reader<'a> {
    fn skip(&mut self) {
        self.at = scan::skip_blanks(self.text, self.at);
        while self.text.get(self.at) == Some(&b'\\') {
            self.at = scan::skip_blanks(self.text, self.at + 1);
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip();
        let found = self.text[self.at.min(self.text.len())..].starts_with(token.as_bytes());
        if found {
            self.at += token.len();
        }
        found
    }

    fn word(&mut self) -> Option<&'a str> {
        self.skip();
        let end = scan::word_end(self.text, self.at.min(self.text.len()));
        let word = std::str::from_utf8(self.text.get(self.at..end)?).ok()?;
        self.at = end;
        (!word.is_empty()).then_some(word)
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MOST_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn ternary(&mut self) -> Option<Value> {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Some(condition);
        }
        let yes = self.deeper(Self::ternary)?;
        if !self.take(":") {
            return None;
        }
        let no = self.deeper(Self::ternary)?;
        let chosen = if condition.is_true() { yes } else { no };
        Some(Value {
            value: chosen.value,
            sure: chosen.sure && (condition.sure || yes == no),
        })
    }

    fn binary(&mut self, least: usize) -> Option<Value> {
        let mut left = self.unary()?;
        while let Some((operator, level)) = self.operator(least) {
            let right = self.deeper(|reader| reader.binary(level + 1))?;
            left = apply(operator, left, right)?;
        }
        Some(left)
    }

    /// Takes an operator that binds at least as strongly as `least`.
    fn operator(&mut self, least: usize) -> Option<(&'static str, usize)> {
        self.skip();
        let rest = &self.text[self.at.min(self.text.len())..];
        // Longer ones first.
        const OPERATORS: [(&str, usize); 18] = [
            ("||", 0),
            ("&&", 1),
            ("==", 5),
            ("!=", 5),
            ("<<", 7),
            (">>", 7),
            ("<=", 6),
            (">=", 6),
            ("|", 2),
            ("^", 3),
            ("&", 4),
            ("<", 6),
            (">", 6),
            ("+", 8),
            ("-", 8),
            ("*", 9),
            ("/", 9),
            ("%", 9),
        ];
        let mut known = OPERATORS.into_iter();
        let found = known.find(|(text, _)| rest.starts_with(text.as_bytes()))?;
        if found.1 < least {
            return None;
        }
        self.at += found.0.len();
        Some(found)
    }

    fn unary(&mut self) -> Option<Value> {
        if self.take("!") {
            let value = self.deeper(Self::unary)?;
            return Some(Value {
                value: i64::from(!value.is_true()),
                ..value
            });
        }
        if self.take("-") {
            let value = self.deeper(Self::unary)?;
            let negative = value.value.wrapping_neg();
            return Some(Value {
                value: negative,
                ..value
            });
        }
        if self.take("+") {
            return self.deeper(Self::unary);
        }
        if self.take("~") {
            let value = self.deeper(Self::unary)?;
            return Some(Value {
                value: !value.value,
                ..value
            });
        }
        if self.take("(") {
            let value = self.deeper(Self::ternary)?;
            return self.take(")").then_some(value);
        }
        self.skip();
        let word = self.word()?;
        if word.as_bytes()[0].is_ascii_digit() {
            return number(word).map(Value::sure);
        }
        if word == "defined" {
            let bracket = self.take("(");
            let name = self.word()?;
            if bracket && !self.take(")") {
                return None;
            }
            return Some(self.known.defined(name));
        }
        self.skip();
        if self.text.get(self.at) == Some(&b'(') {
            return self.call(word);
        }
        Some(self.known.of_name(word, self.depth, self.expansions))
    }

    /// The value of a macro of the source's own with arguments.
    fn expand(&self, name: &str, arguments: &str) -> Option<Value> {
        if self.depth >= MOST_DEPTH || self.known.macros.defined(name) != Some(Some(true)) {
            return None;
        }
        let expansions = self.expansions.get();
        if expansions >= MOST_EXPANSIONS {
            return None;
        }
        self.expansions.set(expansions + 1);
        let definition = self.known.macros.of(name).last()?;
        let parameters = definition.parameters.as_ref()?;
        let arguments: Vec<&str> = arguments.split(',').collect();
        let body = definition.body.as_bytes();
        let mut text = String::new();
        let mut at = 0;
        while at < body.len() {
            let end = scan::word_end(body, at).max(at + 1);
            let word = definition.body.get(at..end)?;
            let parameter = parameters.iter().position(|parameter| **parameter == *word);
            match parameter.and_then(|number| arguments.get(number)) {
                Some(argument) => text.push_str(argument),
                None => text.push_str(word),
            }
            if text.len() > MOST_BYTES {
                return None;
            }
            at = end;
        }
        let mut reader = Reader {
            known: self.known,
            text: text.as_bytes(),
            at: 0,
            depth: self.depth + 1,
            expansions: self.expansions,
        };
        reader.ternary()
    }

    /// A macro with arguments.
    fn call(&mut self, name: &str) -> Option<Value> {
        let end = scan::list_end(self.text, self.at)?;
        let inside = std::str::from_utf8(self.text.get(self.at + 1..end - 1)?).ok()?;
        self.at = end;
        if !name.ends_with("Py_PACK_VERSION") && name != "Py_PACK_FULL_VERSION" {
            return Some(self.expand(name, inside).unwrap_or(Value::UNKNOWN));
        }
        let mut packed = Value::sure(0);
        for (part, shift) in inside.split(',').zip([24, 16, 8, 4, 0]) {
            let part = self.known.value(part);
            packed.value |= part.value.wrapping_shl(shift);
            packed.sure &= part.sure;
        }
        Some(packed)
    }
}

fn apply(operator: &str, left: Value, right: Value) -> Option<Value> {
    let (a, b) = (left.value, right.value);
    let both = left.sure && right.sure;
    let (value, sure) = match operator {
        "||" => {
            let alone = (left.sure && left.is_true()) || (right.sure && right.is_true());
            (i64::from(left.is_true() || right.is_true()), both || alone)
        }
        "&&" => {
            let alone = (left.sure && !left.is_true()) || (right.sure && !right.is_true());
            (i64::from(left.is_true() && right.is_true()), both || alone)
        }
        "==" => (i64::from(a == b), both),
        "!=" => (i64::from(a != b), both),
        "<=" => (i64::from(a <= b), both),
        ">=" => (i64::from(a >= b), both),
        "<" => (i64::from(a < b), both),
        ">" => (i64::from(a > b), both),
        "|" => (a | b, both),
        "^" => (a ^ b, both),
        "&" => (a & b, both),
        "<<" => (a.wrapping_shl(b as u32), both),
        ">>" => (a.wrapping_shr(b as u32), both),
        "+" => (a.wrapping_add(b), both),
        "-" => (a.wrapping_sub(b), both),
        "*" => (a.wrapping_mul(b), both),
        "/" => (a.checked_div(b).unwrap_or(0), both && b != 0),
        "%" => (a.checked_rem(b).unwrap_or(0), both && b != 0),
        _ => return None,
    };
    Some(Value { value, sure })
}

fn number(word: &str) -> Option<i64> {
    let digits = word.trim_end_matches(['u', 'U', 'l', 'L']);
    let value = if let Some(hex) = digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        i64::from_str_radix(hex, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(&digits[1..], 8)
    } else {
        digits.parse()
    };
    value.ok()
}
