//! The last stage: headers of the C library that are missing, and what is left.

use super::{Goal, Rewrite};
use crate::check::check;
use crate::finding::{Finding, Rule};
use crate::unit::{Reader, Unit};

/// The N of the last CPython 3.N before those that the result is for.
const LAST_OLD_MINOR: u8 = 12;

/// Runs the stage.
pub fn stage(unit: &Unit, reader: &Reader, goal: Goal, rewrite: &mut Rewrite<'_>) {
    for found in check(unit, reader) {
        if found.rule == Rule::MissingInclude
            && let Some(header) = header(&found)
        {
            rewrite.need_header(header);
            continue;
        }
        let left = match goal {
            Goal::Abi3t => found.rule != Rule::MacroUse,
            Goal::Cpython312 => match found.rule {
                Rule::Removed => {
                    let last = reader.api().gone_after(&found.name);
                    last.is_none_or(|last| last <= LAST_OLD_MINOR)
                }
                // What has a setter was changed where that is safe.
                Rule::AccessorAssignment => true,
                _ => false,
            },
        };
        if left {
            let reason = match &found.replacement {
                Some(text) => format!("{} (instead: {text})", found.message),
                None => found.message.clone(),
            };
            rewrite.leave(found.start_byte, found.rule.id(), reason);
        }
    }
}

fn header(found: &Finding) -> Option<String> {
    let text = found.replacement.as_deref()?;
    let name = text.strip_prefix("#include <")?.strip_suffix('>')?;
    Some(name.to_owned())
}
