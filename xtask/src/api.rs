//! `cargo xtask api`: the table of CPython's C API that `mortice check` is built with.
//!
//! An installed CPython's headers are run through the C preprocessor once for each *mode*: the full API, each version
//! of the limited API, and the ABI with opaque objects. What a mode declares (functions, data, types, members of
//! structs, macros) is read from the preprocessor's output, and the modes are compared: a name that is first there
//! with `Py_LIMITED_API` set to 3.10 is in the limited API since 3.10. A macro counts as there only where every name
//! that its body needs is there too. Older interpreters, where they are installed, add the names that are gone.
//! The table holds names and versions and nothing else of the headers.

mod declarations;
mod mode;
mod table;
mod tokens;

use std::path::PathBuf;

use clap::Args;

use crate::conformance::oracle::{Search, Series};
use crate::headers::{Headers, MINORS};
use crate::problem::Stop;
use mode::{Mode, Names};
use table::Table;

/// Where the table lies, from the repository's root.
const TABLE: &str = "crates/check/data/api.tsv";

/// Arguments of `cargo xtask api`.
#[derive(Args, Debug, Default)]
pub struct ApiArgs {
    /// The CPython 3.15 whose headers are read [default: the one that is found]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// Write the table to this file instead
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// No CPython 3.15 with its headers, or a file that cannot be written.
pub fn main(args: &ApiArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let committed = root.join(TABLE);
    let before = Table::load(&committed)?;
    let search = Search {
        given: args.python.iter().cloned().collect(),
        root: root.clone(),
    };
    let Some(table) = generate(&search, &before)? else {
        let message = format!(
            "no CPython {} with its headers found (want --python PATH)",
            Series::REFERENCE
        );
        return Err(Stop::Usage(message));
    };
    let path = args.output.as_deref().unwrap_or(&committed);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Stop::io(folder, &error))?;
    }
    std::fs::write(path, table.to_string()).map_err(|error| Stop::io(path, &error))?;
    println!(
        "{}: {}",
        crate::paths::shown(&root, path).display(),
        table.summary()
    );
    Ok(())
}

/// Reads the headers that are found. Rows about names that are gone stay as they were in `before` where no older
/// interpreter is installed.
fn generate(search: &Search, before: &Table) -> Result<Option<Table>, Stop> {
    let Some(newest) = Headers::find(search, *MINORS.end())? else {
        return Ok(None);
    };
    let mut table = Table::new(&newest.oracle.version.to_string());
    let mut modes = Vec::new();
    for mode in Mode::all() {
        modes.push((mode, Names::read(&newest, mode)?));
    }
    table.compare(&modes);
    let others = Search {
        given: Vec::new(),
        root: search.root.clone(),
    };
    let mut older = Vec::new();
    for minor in MINORS.rev().skip(1) {
        if let Some(headers) = Headers::find(&others, minor)? {
            older.push((minor, Names::read(&headers, Mode::Full)?));
        }
    }
    for (minor, names) in &older {
        table.gone(*minor, names);
    }
    table.keep_gone(before, |minor| older.iter().any(|(read, _)| *read == minor));
    Ok(Some(table))
}

/// Reads the table that is committed.
#[cfg(test)]
fn committed(root: &std::path::Path) -> Table {
    Table::load(&root.join(TABLE)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table is a function of the headers: with the CPython that made it, making it again changes nothing.
    #[test]
    fn the_committed_table_is_what_the_headers_say() {
        let root = crate::paths::root();
        let committed = committed(&root);
        let search = Search {
            given: Vec::new(),
            root,
        };
        let newest = Headers::find(&search, *MINORS.end()).unwrap();
        let version = newest.map(|headers| headers.oracle.version.to_string());
        if version.as_deref() != Some(committed.version()) {
            println!(
                "skipped: the table is made from CPython {}, and {version:?} is here",
                committed.version()
            );
            return;
        }
        let again = generate(&search, &committed).unwrap().unwrap();
        let difference = similar::TextDiff::from_lines(&committed.to_string(), &again.to_string())
            .unified_diff()
            .to_string();
        assert_eq!(difference, "", "cargo xtask api makes another table");
    }

    #[test]
    fn the_committed_table_says_what_is_known_of_some_names() {
        let table = committed(&crate::paths::root());
        let row = |name: &str, kind: &str| table.row(name, kind).unwrap_or_default();
        assert_eq!(
            row("PyList_GetItemRef", "function"),
            ["3.13", "-", "yes", "yes", "listobject.h", "Python.h", "-"]
        );
        assert_eq!(row("PyTuple_GET_ITEM", "macro")[0], "-");
        assert_eq!(row("PyObject_HEAD", "macro")[2], "-");
        assert_eq!(row("PyObject.ob_type", "member")[2], "-");
        assert_eq!(row("PyTypeObject.tp_name", "member")[0], "-");
        assert_eq!(row("stdio.h", "include")[1], "3.10");
        assert_eq!(row("T_INT", "macro")[5], "structmember.h");
    }
}
