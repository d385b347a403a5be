//! From arguments to the slots of a frame, in the words of CPython where they do not fit.

use super::code_object;
use super::frame::FrameBody;
use crate::code::{Code, Flags};
use mortice::types::builtin;
use mortice::types::builtin::function::FunctionBody;
use mortice::types::{Context, Object, Raised, Result, dict_view, text, tuple_items};

/// The arguments of a call, which are moved out one by one.
#[derive(Debug)]
pub struct Given<'a> {
    /// Positional arguments, then the values of the keywords.
    pub values: &'a mut [Option<Object>],
    /// The keywords' names.
    pub names: &'a [Object],
}

/// Fills a frame's parameter slots.
///
/// # Errors
///
/// TypeError where the arguments do not fit the parameters.
pub fn bind(
    cx: &Context,
    frame: &FrameBody,
    code: &Code,
    function: &FunctionBody,
    given: Given<'_>,
) -> Result<()> {
    let Given { values, names } = given;
    let positional_count = values.len() - names.len();
    let (positional, keyword_values) = values.split_at_mut(positional_count);
    let argument_count = code.argument_count as usize;
    let total = argument_count + code.keyword_only_count as usize;
    let has_rest = code.flags.contains(Flags::VAR_ARGUMENTS);
    let rest_slot = total;
    let keywords_slot = total + usize::from(has_rest);

    for (slot, value) in positional.iter_mut().take(argument_count).enumerate() {
        drop(frame.values.put(slot, value.take()));
    }
    if has_rest {
        let rest = positional.get_mut(argument_count..).unwrap_or_default();
        let tuple = cx.tuple_of(
            cx.builtin_ref(&builtin::TUPLE),
            rest.len(),
            rest.iter_mut().filter_map(Option::take),
        )?;
        drop(frame.values.put(rest_slot, Some(tuple)));
    }
    let extra = if code.flags.contains(Flags::VAR_KEYWORDS) {
        let extra = builtin::dict::new_dict(cx)?;
        drop(frame.values.put(keywords_slot, Some(extra.clone())));
        Some(extra)
    } else {
        None
    };
    let slot_names = function.code.get();
    let slot_names = slot_names.as_ref().and_then(code_object::view);
    for (name, value) in names.iter().zip(keyword_values) {
        if text(name).is_none() {
            return Err(cx.type_error(format_args!(
                "{}() keywords must be strings",
                qualname(function).as_str()
            )));
        }
        let slot =
            parameter(code, name).filter(|slot| *slot >= code.positional_only_count as usize);
        let Some(slot) = slot.filter(|slot| *slot < total) else {
            match extra.as_ref().and_then(|extra| dict_view(extra)) {
                Some(extra) => {
                    if let Some(value) = value.take() {
                        extra.set(cx, name, value)?;
                    }
                    continue;
                }
                None => return Err(unexpected_keyword(cx, code, function, names, name)),
            }
        };
        if frame.values.is_filled(slot) {
            return Err(cx.type_error(format_args!(
                "{}() got multiple values for argument '{}'",
                qualname(function).as_str(),
                text(name).unwrap_or("?")
            )));
        }
        let name = slot_names.and_then(|code| code.slot_names.get(slot));
        drop(name);
        drop(frame.values.put(slot, value.take()));
    }
    if positional_count > argument_count && !has_rest {
        return Err(too_many(cx, frame, code, function, positional_count));
    }
    fill_defaults(cx, frame, code, function, positional_count)
}

fn parameter(code: &Code, name: &Object) -> Option<usize> {
    let name = text(name)?;
    let total = (code.argument_count + code.keyword_only_count) as usize;
    code.variables
        .iter()
        .take(total)
        .position(|variable| &**variable == name)
}

fn fill_defaults(
    cx: &Context,
    frame: &FrameBody,
    code: &Code,
    function: &FunctionBody,
    positional_count: usize,
) -> Result<()> {
    let argument_count = code.argument_count as usize;
    let defaults = function.defaults.get();
    let defaults = defaults.as_ref().and_then(tuple_items).unwrap_or_default();
    if positional_count < argument_count {
        let first_default = argument_count.saturating_sub(defaults.len());
        for slot in positional_count..argument_count {
            if slot >= first_default && !frame.values.is_filled(slot) {
                let default = defaults
                    [slot - first_default + defaults.len().saturating_sub(argument_count)]
                .clone();
                drop(frame.values.put(slot, Some(default)));
            }
        }
        if (0..first_default).any(|slot| !frame.values.is_filled(slot)) {
            return Err(missing(
                cx,
                frame,
                code,
                function,
                0..first_default,
                "positional",
            ));
        }
    }
    if code.keyword_only_count > 0 {
        let defaults = function.keyword_defaults.get();
        let total = argument_count + code.keyword_only_count as usize;
        for slot in argument_count..total {
            if frame.values.is_filled(slot) {
                continue;
            }
            let default = defaults
                .as_ref()
                .and_then(|defaults| dict_view(defaults))
                .and_then(|defaults| defaults.get_text(&code.variables[slot]));
            if let Some(default) = default {
                drop(frame.values.put(slot, Some(default)));
            }
        }
        if (argument_count..total).any(|slot| !frame.values.is_filled(slot)) {
            return Err(missing(
                cx,
                frame,
                code,
                function,
                argument_count..total,
                "keyword-only",
            ));
        }
    }
    Ok(())
}

fn qualname(function: &FunctionBody) -> String {
    // std: error messages only
    let name = function.qualname.get();
    name.as_ref()
        .and_then(|name| text(name))
        .unwrap_or("?")
        .to_string()
}

#[cold]
fn missing(
    cx: &Context,
    frame: &FrameBody,
    code: &Code,
    function: &FunctionBody,
    slots: std::ops::Range<usize>,
    kind: &str,
) -> Raised {
    // std: error messages only
    let names: Vec<&str> = slots
        .filter(|slot| !frame.values.is_filled(*slot))
        .map(|slot| &*code.variables[slot])
        .collect();
    let list = match names.as_slice() {
        [] => String::new(),
        [one] => format!("'{one}'"),
        [one, two] => format!("'{one}' and '{two}'"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|name| format!("'{name}'")).collect();
            format!("{}, and '{last}'", first.join(", "))
        }
    };
    let plural = if names.len() == 1 { "" } else { "s" };
    cx.type_error(format_args!(
        "{}() missing {} required {kind} argument{plural}: {list}",
        qualname(function),
        names.len()
    ))
}

#[cold]
fn too_many(
    cx: &Context,
    frame: &FrameBody,
    code: &Code,
    function: &FunctionBody,
    given: usize,
) -> Raised {
    let most = code.argument_count as usize;
    let defaults = function.defaults.get();
    let defaults = defaults
        .as_ref()
        .and_then(tuple_items)
        .map_or(0, <[Object]>::len)
        .min(most);
    let keyword_only = (most..most + code.keyword_only_count as usize)
        .filter(|slot| frame.values.is_filled(*slot))
        .count();
    let least = most - defaults;
    let takes = if defaults > 0 {
        format!("from {least} to {most}")
    } else {
        most.to_string()
    };
    let plural = if most == 1 && defaults == 0 { "" } else { "s" };
    let given_plural = if given == 1 { "" } else { "s" };
    let extra = if keyword_only > 0 {
        let keyword_plural = if keyword_only == 1 { "" } else { "s" };
        format!(
            " positional argument{given_plural} (and {keyword_only} keyword-only argument{keyword_plural})"
        )
    } else {
        String::new()
    };
    let were = if given == 1 && keyword_only == 0 {
        "was"
    } else {
        "were"
    };
    cx.type_error(format_args!(
        "{}() takes {takes} positional argument{plural} but {given}{extra} {were} given",
        qualname(function)
    ))
}

#[cold]
fn unexpected_keyword(
    cx: &Context,
    code: &Code,
    function: &FunctionBody,
    names: &[Object],
    name: &Object,
) -> Raised {
    // std: error messages only
    let positional_only: Vec<&str> = code.variables[..code.positional_only_count as usize]
        .iter()
        .map(|variable| &**variable)
        .filter(|variable| names.iter().any(|name| text(name) == Some(variable)))
        .collect();
    if !positional_only.is_empty() {
        return cx.type_error(format_args!(
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            qualname(function),
            positional_only.join(", ")
        ));
    }
    let name = text(name).unwrap_or("?");
    let total = (code.argument_count + code.keyword_only_count) as usize;
    let candidates = code.variables[code.positional_only_count as usize..total].iter();
    let suggestion = match super::hooks::suggest(name, candidates.map(|candidate| &**candidate)) {
        Some(suggestion) => format!(". Did you mean '{suggestion}'?"),
        None => String::new(),
    };
    cx.type_error(format_args!(
        "{}() got an unexpected keyword argument '{name}'{suggestion}",
        qualname(function)
    ))
}
