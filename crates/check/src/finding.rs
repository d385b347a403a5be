//! What a rule found, and where.

use serde::Serialize;

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A field of an object of CPython's is read or written.
    ObjectField,
    /// A field of a type is read or written.
    TypeField,
    /// A field of another struct of CPython's that the target keeps opaque.
    OpaqueField,
    /// A field of a struct of the extension's own that begins with an object's head.
    InstanceField,
    /// `Py_TYPE(x) = y` and its kin: a function's result is no place to store into.
    AccessorAssignment,
    /// An accessor that is a function gets a pointer to a struct of the extension's own, in C++.
    MissingCast,
    /// A struct begins with `PyObject_HEAD`, or holds an object by value.
    ObjectStruct,
    /// A type, a module definition or another opaque struct is a variable.
    StaticType,
    /// A module definition is a variable.
    StaticModule,
    /// Another struct that the target keeps opaque, or does not show at all, is a variable.
    OpaqueVariable,
    /// The size of a struct that the target keeps opaque.
    OpaqueSize,
    /// A function, macro, type or variable that the target does not show.
    NotInTarget,
    /// A name of CPython's that 3.15's headers do not have any more.
    Removed,
    /// A macro of the source's own, whose body holds one of the above.
    MacroUse,
    /// A module has `PyInit_` and no `PyModExport_`.
    ModuleHook,
    /// A module's slots do not say which ABI it was built for.
    ModuleAbi,
    /// A block is released by another family of functions than it came from.
    AllocatorMix,
    /// A name of the C library whose header `Python.h` does not include any more.
    MissingInclude,
    /// `PY_SSIZE_T_CLEAN` is defined after `Python.h` was included.
    SsizeTClean,
}

impl Rule {
    /// All rules, in the order of reports.
    pub const ALL: [Rule; 19] = [
        Rule::ObjectField,
        Rule::TypeField,
        Rule::OpaqueField,
        Rule::InstanceField,
        Rule::AccessorAssignment,
        Rule::MissingCast,
        Rule::ObjectStruct,
        Rule::StaticType,
        Rule::StaticModule,
        Rule::OpaqueVariable,
        Rule::OpaqueSize,
        Rule::NotInTarget,
        Rule::Removed,
        Rule::MacroUse,
        Rule::ModuleHook,
        Rule::ModuleAbi,
        Rule::AllocatorMix,
        Rule::MissingInclude,
        Rule::SsizeTClean,
    ];

    /// Its name in reports: `object-field`.
    pub fn id(self) -> &'static str {
        match self {
            Rule::ObjectField => "object-field",
            Rule::TypeField => "type-field",
            Rule::OpaqueField => "opaque-field",
            Rule::InstanceField => "instance-field",
            Rule::AccessorAssignment => "accessor-assignment",
            Rule::MissingCast => "missing-cast",
            Rule::ObjectStruct => "object-struct",
            Rule::StaticType => "static-type",
            Rule::StaticModule => "static-module",
            Rule::OpaqueVariable => "opaque-variable",
            Rule::OpaqueSize => "opaque-size",
            Rule::NotInTarget => "not-in-target",
            Rule::Removed => "removed",
            Rule::MacroUse => "macro-use",
            Rule::ModuleHook => "module-hook",
            Rule::ModuleAbi => "module-abi",
            Rule::AllocatorMix => "allocator-mix",
            Rule::MissingInclude => "missing-include",
            Rule::SsizeTClean => "ssize-t-clean",
        }
    }

    /// What it is, in a few words.
    pub fn title(self) -> &'static str {
        match self {
            Rule::ObjectField => "field of an object",
            Rule::TypeField => "field of a type",
            Rule::OpaqueField => "field of an opaque struct",
            Rule::InstanceField => "field behind an object's head",
            Rule::AccessorAssignment => "assignment to an accessor",
            Rule::MissingCast => "accessor without a cast",
            Rule::ObjectStruct => "struct with an object's head",
            Rule::StaticType => "static type",
            Rule::StaticModule => "static module definition",
            Rule::OpaqueVariable => "variable of an opaque struct",
            Rule::OpaqueSize => "size of an opaque struct",
            Rule::NotInTarget => "name outside the target's API",
            Rule::Removed => "name that CPython 3.15 does not have",
            Rule::MacroUse => "macro that holds a finding",
            Rule::ModuleHook => "module without PyModExport_",
            Rule::ModuleAbi => "module slots without Py_mod_abi",
            Rule::AllocatorMix => "allocator functions of two domains",
            Rule::MissingInclude => "header that Python.h does not bring",
            Rule::SsizeTClean => "PY_SSIZE_T_CLEAN after Python.h",
        }
    }

    /// Why it is in the way.
    pub fn reason(self) -> &'static str {
        match self {
            Rule::ObjectField => {
                "where an object keeps its type and its counts differs between builds, so the struct has no fields"
            }
            Rule::TypeField => "PyTypeObject is opaque in the limited API",
            Rule::OpaqueField => "the limited API declares the struct without its fields",
            Rule::InstanceField => {
                "the size of an object's head is not known at compile time, so the fields behind it have no offset"
            }
            Rule::AccessorAssignment => "accessors are functions, and their result is not a place",
            Rule::MissingCast => {
                "accessors are functions and take a PyObject *; as macros they had a cast of their own"
            }
            Rule::ObjectStruct => {
                "the size of an object's head is not known at compile time, so it cannot be part of a struct"
            }
            Rule::StaticType => {
                "PyTypeObject is opaque in the limited API, so types are made at run time from a specification"
            }
            Rule::StaticModule => {
                "PyModuleDef holds an object's head, which abi3t keeps opaque, so modules are made from slots"
            }
            Rule::OpaqueVariable => {
                "the target does not tell the fields of the struct, so no variable has room for it"
            }
            Rule::OpaqueSize => "the size of an opaque struct is not known at compile time",
            Rule::NotInTarget => "the target's headers do not declare it",
            Rule::Removed => "no header of CPython 3.15 declares it",
            Rule::MacroUse => "the macro's body is expanded here",
            Rule::ModuleHook => {
                "an abi3t module is found by PyModExport_, since PyInit_ returns a module definition, which is opaque"
            }
            Rule::ModuleAbi => {
                "a module made from slots has to say which ABI it was built for, so that loading it can be refused"
            }
            Rule::AllocatorMix => {
                "each family of allocation functions keeps its own books, and a block goes back where it came from"
            }
            Rule::MissingInclude => {
                "Python.h does not include the C library's headers in the limited API of 3.11 and newer"
            }
            Rule::SsizeTClean => "formats with # need the macro before Python.h is included",
        }
    }

    /// Tells whether a compiler in the target's mode rejects or warns of what the rule finds. The others are found
    /// at import, at run time or never.
    pub fn compiler_sees(self) -> bool {
        !matches!(
            self,
            Rule::ModuleHook
                | Rule::ModuleAbi
                | Rule::AllocatorMix
                | Rule::SsizeTClean
                | Rule::MacroUse
        )
    }
}

/// One thing that is in the way.
///
/// Lines and columns count from 1; columns count bytes. `end_line` and `end_column` are where the finding stops, the
/// column being that of the first byte behind it. A struct or a variable is found from its first line to its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
    /// The last line.
    pub end_line: u32,
    /// The column behind the end.
    pub end_column: u32,
    /// The byte where it begins.
    #[serde(skip)]
    pub start_byte: usize,
    /// The byte behind its end.
    #[serde(skip)]
    pub end_byte: usize,
    /// The name that it is about: of the field, the function, the struct.
    pub name: String,
    /// What is in the way, in one line.
    pub message: String,
    /// What to write instead.
    pub replacement: Option<String>,
    /// Whether the replacement can be made without understanding the program.
    pub mechanical: bool,
    /// Whether it lies under an `#if` that cannot be decided for the target.
    pub conditional: bool,
}
