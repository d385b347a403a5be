//! Random class hierarchies, as text that a test gives to CPython and to the engine alike.
//!
//! A hierarchy is a list of class statements. Each names bases, native ones or earlier classes, may
//! have `__slots__` of any kind, good and bad, and may bind names in its body. Many are refused: the
//! refusals are compared too. A class with a refused base is skipped by both sides.

use std::fmt;

/// Native types that serve as bases. The list is mixed on purpose: fixed and variable size, with and
/// without dict and weak references of their own, related and unrelated, and some that refuse.
pub const NATIVE: [&str; 23] = [
    "object",
    "int",
    "str",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "bytes",
    "float",
    "complex",
    "BaseException",
    "Exception",
    "ValueError",
    "LookupError",
    "KeyError",
    "OSError",
    "type",
    "super",
    "filter",
    "bool",
    "range",
    "module",
];

/// A source of numbers from a seed (splitmix64).
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// A source whose numbers depend on `seed` only.
    pub fn new(seed: u64) -> Self {
        Numbers(seed)
    }

    /// Returns the next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// As many bytes as asked for, or a few more, that depend on `seed` only.
    pub fn bytes(seed: u64, count: usize) -> Vec<u8> {
        let mut numbers = Numbers::new(seed);
        let mut bytes = Vec::new();
        while bytes.len() < count {
            bytes.extend(numbers.draw().to_le_bytes());
        }
        bytes
    }

    /// Returns a number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.draw() % limit.max(1) as u64) as usize
    }

    /// Whether an event of this chance in a hundred takes place.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// An entry of `__slots__`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A string.
    Name(String),
    /// An integer, which is refused.
    Integer,
}

/// A class statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The class's name, unique in its hierarchy.
    pub name: String,
    /// Its bases: below [`NATIVE`]'s length a native type, from there on an earlier class.
    pub bases: Vec<usize>,
    /// The entries of `__slots__`, or nothing where the body has none.
    pub slots: Option<Vec<Entry>>,
    /// Names that the body binds.
    pub body: Vec<String>,
}

/// What is tried on the finished classes. Both numbers count as those of bases do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// The class of an instance of `old` is set to `new`.
    Class {
        /// The instance's class.
        old: usize,
        /// The class assigned.
        new: usize,
    },
    /// The bases of a new subclass of `old`, with or without `__slots__ = ()`, are set to `new`.
    Bases {
        /// The subclass's base.
        old: usize,
        /// The base assigned.
        new: usize,
        /// Whether the subclass has `__slots__ = ()`.
        slotted: bool,
    },
}

/// A list of class statements and of trials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// The class statements.
    pub classes: Vec<Class>,
    /// The trials.
    pub trials: Vec<Trial>,
}

const NAMES: [&str; 16] = [
    "a", "b", "c", "x", "B", "_p", "__q", "__r", "___", "__z__", "aa", "é", "ß1", "__doc", "_",
    "a1",
];
const REFUSED: [&str; 6] = ["", "1a", "a b", "a.b", "a-", "__q.r"];

impl Hierarchy {
    /// Draws a hierarchy.
    pub fn draw(numbers: &mut Numbers) -> Self {
        // Few native types in each, so that their descendants meet.
        let mut natives = vec![0];
        for _ in 0..1 + numbers.below(3) {
            natives.push(numbers.below(NATIVE.len()));
        }
        let count = 2 + numbers.below(9);
        let refusals = numbers.chance(30);
        let mut classes: Vec<Class> = Vec::new();
        for index in 0..count {
            classes.push(Class::draw(numbers, index, &natives, refusals));
        }
        let any = |numbers: &mut Numbers| {
            if numbers.chance(80) {
                NATIVE.len() + numbers.below(count)
            } else {
                natives[numbers.below(natives.len())]
            }
        };
        let trials = (0..6)
            .map(|_| {
                let (old, new) = (any(numbers), any(numbers));
                if numbers.chance(50) {
                    Trial::Class { old, new }
                } else {
                    let slotted = numbers.chance(50);
                    Trial::Bases { old, new, slotted }
                }
            })
            .collect();
        Hierarchy { classes, trials }
    }
}

impl Class {
    fn draw(numbers: &mut Numbers, index: usize, natives: &[usize], refusals: bool) -> Self {
        let underscores = ["", "", "_", "__"][numbers.below(4)];
        let name = if numbers.chance(2) {
            "_".repeat(index + 1)
        } else {
            format!("{underscores}C{index}")
        };
        let count = [1, 1, 1, 2, 2, 2, 3, 4][numbers.below(8)];
        let mut bases: Vec<usize> = Vec::new();
        for _ in 0..count {
            let base = if index > 0 && numbers.chance(75) {
                NATIVE.len() + numbers.below(index)
            } else {
                natives[numbers.below(natives.len())]
            };
            if !bases.contains(&base) || numbers.chance(3) {
                bases.push(base);
            }
        }
        // Classes before their bases: more orders are consistent.
        if numbers.chance(70) {
            bases.sort_unstable_by(|a, b| b.cmp(a));
        }
        let slots = numbers.chance(60).then(|| {
            let count = [0, 0, 0, 1, 1, 2, 3, 5][numbers.below(8)];
            (0..count).map(|_| Entry::draw(numbers, refusals)).collect()
        });
        let mut body = Vec::new();
        if refusals && numbers.chance(20) {
            body.push(numbers.pick(&NAMES).to_owned());
            body.push(format!("_C{index}{}", numbers.pick(&["__q", "__r"])));
        }
        Class {
            name,
            bases,
            slots,
            body,
        }
    }
}

impl Entry {
    fn draw(numbers: &mut Numbers, refusals: bool) -> Self {
        match numbers.below(100) {
            0..=14 => Entry::Name("__dict__".to_owned()),
            15..=27 => Entry::Name("__weakref__".to_owned()),
            28..=30 if refusals => Entry::Integer,
            31..=34 if refusals => Entry::Name(numbers.pick(&REFUSED).to_owned()),
            _ => Entry::Name(numbers.pick(&NAMES).to_owned()),
        }
    }
}

/// Writes the hierarchy as one Python literal on one line.
impl fmt::Display for Hierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("([")?;
        for class in &self.classes {
            write!(f, "({:?}, {:?}, ", class.name, class.bases)?;
            match &class.slots {
                None => f.write_str("None, ")?,
                Some(entries) => {
                    f.write_str("[")?;
                    for entry in entries {
                        match entry {
                            Entry::Name(name) => write!(f, "{name:?}, ")?,
                            Entry::Integer => f.write_str("1, ")?,
                        }
                    }
                    f.write_str("], ")?;
                }
            }
            write!(f, "{:?}), ", class.body)?;
        }
        f.write_str("], [")?;
        for trial in &self.trials {
            match trial {
                Trial::Class { old, new } => write!(f, "('class', {old}, {new}), ")?,
                Trial::Bases { old, new, slotted } => {
                    write!(f, "('bases', {old}, {new}, {}), ", u8::from(*slotted))?;
                }
            }
        }
        f.write_str("])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_hierarchy_again() {
        let draw = |seed| Hierarchy::draw(&mut Numbers::new(seed)).to_string();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
