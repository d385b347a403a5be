//! Modules that are written in Python and embedded here.

/// Name, whether it is a package, source.
static FROZEN: &[(&str, bool, &str)] = &[
    ("abc", false, include_str!("frozen/abc.py")),
    ("operator", false, include_str!("frozen/operator.py")),
    ("types", false, include_str!("frozen/types.py")),
    ("weakref", false, include_str!("frozen/weakref.py")),
];

/// The source of a frozen module.
pub(crate) fn source(name: &str) -> Option<&'static str> {
    FROZEN
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(_, _, source)| *source)
}

/// Tells whether a frozen module has submodules.
pub(crate) fn is_package(name: &str) -> bool {
    FROZEN
        .iter()
        .any(|(known, package, _)| *known == name && *package)
}
