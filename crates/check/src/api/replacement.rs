//! What to write instead of a name that a target does not show.

mod table;

use crate::target::Target;
use table::TABLE;

/// What takes the place of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// What to write: a name, or a short hint.
    pub text: &'static str,
    /// Whether a tool can write it without understanding the program.
    pub mechanical: bool,
    /// The N of the CPython 3.N whose limited API has it first.
    pub since: u8,
}

/// Finds what takes the place of a name in the target.
pub fn replacement(name: &str, target: Target) -> Option<Replacement> {
    let mut rows = TABLE.iter().filter(|row| row.0 == name);
    rows.find(|row| row.3 <= target.minor())
        .map(|&(_, text, mechanical, since)| Replacement {
            text,
            mechanical,
            since,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Api;

    /// What is named as mechanical has to be there.
    #[test]
    fn mechanical_replacements_are_visible_where_they_are_offered() {
        let api = Api::new();
        for &(name, text, mechanical, since) in TABLE {
            let word: String = text
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let target = Target::Abi3 {
                minor: since.max(12),
            };
            if mechanical && word.starts_with("Py") && api.visible(&word, target) != Some(true) {
                // The trashcan's own replacement is for the full API.
                assert!(word.starts_with("Py_TRASHCAN"), "{name}: {text}");
            }
        }
    }

    #[test]
    fn a_replacement_is_one_that_the_target_has() {
        let old = Target::Abi3 { minor: 12 };
        let text = |name, target| replacement(name, target).map(|found| found.text);
        assert_eq!(
            text("PyWeakref_GET_OBJECT", old),
            Some("PyWeakref_GetObject")
        );
        assert_eq!(
            text("PyWeakref_GET_OBJECT", Target::Abi3t),
            Some("PyWeakref_GetRef")
        );
        assert_eq!(text("PyUnicode_Concat", old), None);
    }
}
