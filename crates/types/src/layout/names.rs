//! Names of slots: identifiers and private names.

use core::fmt;

/// Whether CPython takes a string for an identifier (`str.isidentifier`).
///
/// A keyword is one, and no normalization takes place.
pub fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|first| first == '_' || unicode_ident::is_xid_start(first))
        && chars.all(unicode_ident::is_xid_continue)
}

/// A name as the class body sees it: private names carry the class's name.
///
/// It is written by [`fmt::Display`], so that it needs no memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mangled<'a> {
    class: Option<&'a str>,
    name: &'a str,
}

/// Applies the rule for private names: `__x` in class `_C` is `_C__x`.
pub fn mangle<'a>(class_name: &'a str, name: &'a str) -> Mangled<'a> {
    let class = class_name.trim_start_matches('_');
    let private = name.starts_with("__") && !name.ends_with("__") && !name.contains('.');
    Mangled {
        class: (private && !class.is_empty()).then_some(class),
        name,
    }
}

impl<'a> Mangled<'a> {
    /// The parts in order; their concatenation is the name.
    pub fn parts(self) -> [&'a str; 3] {
        match self.class {
            Some(class) => ["_", class, self.name],
            None => ["", "", self.name],
        }
    }

    /// The length of the name in bytes.
    pub fn len(self) -> usize {
        self.parts().iter().map(|part| part.len()).sum()
    }

    /// Whether the name is empty.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The bytes of the name.
    pub fn bytes(self) -> impl Iterator<Item = u8> + 'a {
        self.parts().into_iter().flat_map(str::bytes)
    }
}

impl fmt::Display for Mangled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts().iter().try_for_each(|part| f.write_str(part))
    }
}
