//! What can be wrong in the use of slots, in words that are the same on every host.

use crate::class::Class;
use crate::host::{Host, Name};
use core::fmt::{self, Write};

/// Which exception a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// AttributeError.
    Attribute,
    /// TypeError.
    Type,
    /// DelegationError, a ValueError.
    Delegation,
}

/// What is wrong.
#[derive(Debug)]
pub enum Problem<'a, H: Host> {
    /// A slot without a value was read.
    Unset {
        /// The object.
        object: &'a H::Object,
        /// The slot.
        name: Name,
    },
    /// A slot without a value was deleted.
    NothingToDelete {
        /// The object.
        object: &'a H::Object,
        /// The slot.
        name: Name,
    },
    /// The object has no slot of this name.
    NoSlot {
        /// The object.
        object: &'a H::Object,
        /// The name.
        name: Name,
    },
    /// A delegated name has no target, since the slot that carries it holds nothing.
    NoTarget {
        /// The object.
        object: &'a H::Object,
        /// The delegated name.
        name: Name,
        /// The slot that would hold the target.
        carrier: Name,
    },
    /// A delegated name has no target, since what its slot holds has no such slot.
    UnfitTarget {
        /// The object.
        object: &'a H::Object,
        /// The delegated name.
        name: Name,
        /// What the slot holds, or the object itself where it has no such slot.
        held: &'a H::Object,
        /// The slot that is missing there.
        missing: Name,
    },
    /// A delegation would come back to where it began.
    Cycle {
        /// The delegator.
        object: &'a H::Object,
        /// The delegator's slot.
        name: Name,
        /// The target.
        target: &'a H::Object,
        /// The target's slot.
        target_name: Name,
    },
    /// The object does not delegate this slot.
    NotDelegated {
        /// The object.
        object: &'a H::Object,
        /// The slot.
        name: Name,
        /// Its class does.
        by_class: bool,
    },
    /// A place of a copy cannot be replaced, because the original shows it too.
    Shared {
        /// The copy.
        object: &'a H::Object,
        /// The slot.
        name: Name,
        /// The object whose slot both show.
        target: &'a H::Object,
        /// That slot.
        target_name: Name,
    },
    /// A class has more slots than places can be numbered.
    TooMany,
}

/// Something to be written by the host.
struct Shown<'c, 'a, H: Host> {
    cx: H::Cx<'c>,
    what: What<'a, H>,
}

enum What<'a, H: Host> {
    Class(&'a H::Object),
    Name(Name),
}

fn shown<'c, 'a, H: Host>(cx: H::Cx<'c>, what: What<'a, H>) -> Shown<'c, 'a, H> {
    Shown { cx, what }
}

impl<H: Host> fmt::Display for Shown<'_, '_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Class(object) => H::write_class(self.cx, object, f),
            What::Name(name) => H::write_name(self.cx, name, f),
        }
    }
}

impl<H: Host> Problem<'_, H> {
    /// Which exception it is.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Problem::Unset { .. }
            | Problem::NothingToDelete { .. }
            | Problem::NoSlot { .. }
            | Problem::UnfitTarget { .. }
            | Problem::NoTarget { .. } => ProblemKind::Attribute,
            Problem::TooMany => ProblemKind::Type,
            Problem::Cycle { .. } | Problem::NotDelegated { .. } | Problem::Shared { .. } => {
                ProblemKind::Delegation
            }
        }
    }

    /// The object and the name that an AttributeError is about.
    pub fn about(&self) -> Option<(&H::Object, Name)> {
        match self {
            Problem::Unset { object, name }
            | Problem::NothingToDelete { object, name }
            | Problem::NoSlot { object, name }
            | Problem::NoTarget { object, name, .. }
            | Problem::UnfitTarget { object, name, .. } => Some((object, *name)),
            _ => None,
        }
    }

    /// Writes the message.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, cx: H::Cx<'_>, out: &mut dyn Write) -> fmt::Result {
        let class = |object| shown::<H>(cx, What::Class(object));
        let slot = |name: &Name| shown::<H>(cx, What::Name(*name));
        match self {
            Problem::Unset { object, name } => write!(
                out,
                "'{}' object has no attribute '{}'",
                class(object),
                slot(name)
            ),
            Problem::NothingToDelete { name, .. } => write!(out, "{}", slot(name)),
            Problem::NoSlot { object, name } => {
                write!(
                    out,
                    "'{}' object has no slot '{}'",
                    class(object),
                    slot(name)
                )?;
                let of = H::class_of(cx, object);
                match of.as_ref().and_then(H::class) {
                    Some(class) => write_suggestion(cx, &class, &Text::of::<H>(cx, *name), out),
                    None => Ok(()),
                }
            }
            Problem::NoTarget {
                object,
                name,
                carrier,
            } => write!(
                out,
                "'{}' object has no attribute '{}': its slot '{}' is unset",
                class(object),
                slot(name),
                slot(carrier)
            ),
            Problem::UnfitTarget {
                object,
                name,
                held,
                missing,
            } => write!(
                out,
                "'{}' object has no attribute '{}': '{}' object has no slot '{}'",
                class(object),
                slot(name),
                class(held),
                slot(missing)
            ),
            Problem::Cycle {
                object,
                name,
                target,
                target_name,
            } => write!(
                out,
                "delegating '{}' of '{}' object to '{}' of '{}' object would close a cycle",
                slot(name),
                class(object),
                slot(target_name),
                class(target)
            ),
            Problem::NotDelegated {
                object,
                name,
                by_class,
            } => write!(
                out,
                "'{}' of '{}' object is {}",
                slot(name),
                class(object),
                if *by_class {
                    "delegated by its class"
                } else {
                    "not delegated"
                }
            ),
            Problem::Shared {
                object,
                name,
                target,
                target_name,
            } => write!(
                out,
                "replacing '{}' of '{}' object would change '{}' of '{}' object too",
                slot(name),
                class(object),
                slot(target_name),
                class(target)
            ),
            Problem::TooMany => write!(
                out,
                "a class can have at most {} slots",
                crate::plan::SLOT_LIMIT
            ),
        }
    }
}

/// Characters of a name that suggestions look at.
const NAME_MAX: usize = 100;

/// A name's characters, in fixed room.
struct Text {
    characters: [char; NAME_MAX],
    length: usize,
    is_whole: bool,
}

impl Text {
    fn new() -> Text {
        Text {
            characters: ['\0'; NAME_MAX],
            length: 0,
            is_whole: true,
        }
    }

    fn of<H: Host>(cx: H::Cx<'_>, name: Name) -> Text {
        let mut text = Text::new();
        // Writing into fixed room never fails.
        let _ = H::write_name(cx, name, &mut text);
        text
    }

    fn characters(&self) -> &[char] {
        &self.characters[..self.length]
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match self.characters.get_mut(self.length) {
                Some(place) => {
                    *place = character;
                    self.length += 1;
                }
                None => self.is_whole = false,
            }
        }
        Ok(())
    }
}

/// Insertions, deletions and substitutions that make one name of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row = [0; NAME_MAX + 1];
    for (index, cost) in row.iter_mut().enumerate() {
        *cost = index;
    }
    for (place, wanted) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (index, found) in other.iter().enumerate() {
            let above = row[index + 1];
            let changed = diagonal + usize::from(wanted != found);
            row[index + 1] = changed.min(above + 1).min(row[index] + 1);
            diagonal = above;
        }
    }
    row[other.len()]
}

/// Writes `. Did you mean 'x'?` for the slot of a class that is nearest to a name, if one is near.
///
/// # Errors
///
/// Those of `out`.
fn write_suggestion<H: Host>(
    cx: H::Cx<'_>,
    class: &Class<'_, H>,
    wanted: &Text,
    out: &mut dyn Write,
) -> fmt::Result {
    if !wanted.is_whole {
        return Ok(());
    }
    let mut best: Option<(usize, Name)> = None;
    let mut consider = |name: Name| {
        let text = Text::of::<H>(cx, name);
        if !text.is_whole {
            return;
        }
        let cost = distance(wanted.characters(), text.characters());
        let longer = wanted.length.max(text.length);
        if cost * 2 <= longer && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, name));
        }
    };
    class.each_visible(&mut |_, row| consider(row.name));
    match best {
        Some((_, name)) => {
            let name = shown::<H>(cx, What::Name(name));
            write!(out, ". Did you mean '{name}'?")
        }
        None => Ok(()),
    }
}

/// Writes `. Did you mean 'x'?` for the slot of a class that is nearest to a text, if one is near.
///
/// # Errors
///
/// Those of `out`.
pub fn suggest<H: Host>(
    cx: H::Cx<'_>,
    class: &Class<'_, H>,
    wanted: &str,
    out: &mut dyn Write,
) -> fmt::Result {
    let mut text = Text::new();
    let _ = text.write_str(wanted);
    write_suggestion(cx, class, &text, out)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_count_single_characters() {
        let cost = |one: &str, other: &str| {
            let one: Vec<char> = one.chars().collect();
            let other: Vec<char> = other.chars().collect();
            distance(&one, &other)
        };
        assert_eq!(cost("", ""), 0);
        assert_eq!(cost("radius", "radius"), 0);
        assert_eq!(cost("radius", "radios"), 1);
        assert_eq!(cost("abc", ""), 3);
        assert_eq!(cost("kitten", "sitting"), 3);
        assert_eq!(cost("ab", "ba"), 2);
    }
}
