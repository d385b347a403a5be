//! `Did you mean: …`: the name that the program may have meant.

use super::attribute;
use crate::{Context, Object, State, modules};
use mortice_types::builtin;
use mortice_types::{dict_view, text};

/// Candidates that are looked at, and characters of the longest one.
const MAX_CANDIDATES: usize = 750;
const MAX_CHARACTERS: usize = 40;
/// Cost of adding, removing or replacing a character, and of changing its case.
const MOVE: usize = 2;
const CASE: usize = 1;

/// What follows the message; `None` where nothing comes close.
// std: one line of a message
pub(super) fn suggestion(
    cx: &Context,
    exception: &Object,
    trace: Option<&Object>,
) -> Option<String> {
    if cx.is_instance_of(exception, &builtin::ATTRIBUTE_ERROR) {
        let wrong = attribute(cx, exception, "name").ok()??;
        let object = attribute(cx, exception, "obj").ok()??;
        let wrong = text(&wrong)?;
        if let Some(name) = foreign(cx, &object, wrong) {
            return Some(format!(". Did you mean '.{name}'?"));
        }
        let names = names_of(cx, &object)?;
        let name = match closest(cx, wrong, std::slice::from_ref(&names)) {
            Some(name) => name,
            None => nested(cx, &object, &names, wrong)?,
        };
        return Some(format!(". Did you mean '.{name}' instead of '.{wrong}'?"));
    }
    if cx.is_instance_of(exception, &builtin::IMPORT_ERROR) {
        let wrong = attribute(cx, exception, "name_from").ok()??;
        let module = attribute(cx, exception, "name").ok()??;
        let module = State::find(cx)?.module(text(&module)?)?;
        let name = closest(cx, text(&wrong)?, &[names_of(cx, &module)?])?;
        return Some(format!(". Did you mean: '{name}'?"));
    }
    if cx.is_instance_of(exception, &builtin::NAME_ERROR) {
        let wrong = attribute(cx, exception, "name").ok()??;
        let wrong = text(&wrong)?;
        let importable = modules::is_module(wrong);
        let name = closest(cx, wrong, &visible_names(cx, trace?)?);
        return match (name, importable) {
            (Some(name), true) => Some(format!(
                ". Did you mean: '{name}'? Or did you forget to import '{wrong}'?"
            )),
            (Some(name), false) => Some(format!(". Did you mean: '{name}'?")),
            (None, true) => Some(format!(". Did you forget to import '{wrong}'?")),
            (None, false) => None,
        };
    }
    None
}

/// What other languages call a list's method.
fn foreign(cx: &Context, object: &Object, wrong: &str) -> Option<&'static str> {
    match wrong {
        "push" if cx.is_exactly(object, &builtin::LIST) => Some("append"),
        _ => None,
    }
}

/// `inner.wrong`, where an attribute of the instance has the one that is missing.
fn nested(cx: &Context, object: &Object, names: &Object, wrong: &str) -> Option<String> {
    let wrong = cx.intern(wrong).ok()?;
    for name in cx.collect(names).ok()?.iter() {
        let plain = text(name)?;
        if plain.starts_with('_') {
            continue;
        }
        // Only what is stored in the instance: a descriptor could run any code.
        let stored = cx.instance_dict(object);
        let inner = stored.as_ref().and_then(dict_view)?.get_text(plain);
        if let Some(inner) = inner
            && cx.find_attribute(&inner, &wrong).ok()?.is_some()
        {
            return Some(format!("{plain}.{}", text(&wrong)?));
        }
    }
    None
}

fn names_of(cx: &Context, object: &Object) -> Option<Object> {
    let names = cx.call_special(object, &cx.names().dir, &[]).ok()??;
    let names = cx.collect(&names).ok()?;
    builtin::list::from_buffer(cx, names).ok()
}

/// The local, global and built-in names of the frame where the exception was raised.
fn visible_names(cx: &Context, trace: &Object) -> Option<[Object; 3]> {
    let mut at = trace.clone();
    while let Some(next) = builtin::traceback::view(&at)?.next.get() {
        at = next;
    }
    let frame = builtin::traceback::entry(&at)?.frame?;
    let namespace = |name| cx.get_attribute_text(&frame, name).ok();
    Some([
        namespace("f_locals")?,
        namespace("f_globals")?,
        namespace("f_builtins")?,
    ])
}

fn closest(cx: &Context, wrong: &str, sources: &[Object]) -> Option<String> {
    let mut names = Vec::new();
    for source in sources {
        let mut own: Vec<String> = Vec::new();
        let is_namespace = dict_view(source).is_some();
        for name in cx.collect(source).ok()?.iter().filter_map(text) {
            let hidden = name.starts_with('_') && !wrong.starts_with('_');
            if is_namespace || !hidden {
                own.push(name.to_owned());
            }
        }
        if !is_namespace {
            own.sort();
        }
        names.append(&mut own);
    }
    suggest(wrong, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The candidate that is most like a misspelled name, where one is close.
pub fn suggest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    if length > MAX_CHARACTERS {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for (count, name) in candidates.enumerate() {
        if count >= MAX_CANDIDATES {
            return None;
        }
        if name == wrong {
            continue;
        }
        let mut most = (length + name.chars().count() + 3) * MOVE / 6;
        if let Some((known, _)) = best {
            most = most.min(known.saturating_sub(1));
        }
        let distance = distance(wrong, name);
        if distance <= most {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The cost of turning one name into the other.
fn distance(a: &str, b: &str) -> usize {
    if b.chars().count() > MAX_CHARACTERS {
        return usize::MAX;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).map(|index| index * MOVE).collect();
    for (index, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = (index + 1) * MOVE;
        for (column, to) in b.iter().enumerate() {
            let replace = diagonal + replacement(from, *to);
            diagonal = row[column + 1];
            row[column + 1] = replace.min(diagonal + MOVE).min(row[column] + MOVE);
        }
    }
    row[b.len()]
}

fn replacement(from: char, to: char) -> usize {
    if from == to {
        0
    } else if from.eq_ignore_ascii_case(&to) {
        CASE
    } else {
        MOVE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_of_case_costs_less_than_a_move() {
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("abc", "aBc"), CASE);
        assert_eq!(distance("abc", "abd"), MOVE);
        assert_eq!(distance("bluch", "blech"), MOVE);
        assert_eq!(distance("abc", ""), 3 * MOVE);
    }
}
