//! `cargo xtask api`: the table of CPython's C API that `mortice check` is built with.
//!
//! An installed CPython's headers are run through the C preprocessor once for each *mode*: the full API, each version
//! of the limited API, and the ABI with opaque objects. What a mode declares (functions, data, types, members of
//! structs, macros) is read from the preprocessor's output, and the modes are compared: a name that is first there
//! with `Py_LIMITED_API` set to 3.10 is in the limited API since 3.10. A macro counts as there only where every name
//! that its body needs is there too. Older interpreters, where they are installed, add the names that are gone.
//! The tables hold names, versions and types and nothing else of the headers.

mod declarations;
pub mod mode;
mod table;
pub mod tokens;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::conformance::oracle::{Search, Series};
use crate::headers::{Headers, MINORS};
use crate::problem::Stop;
use mode::{Mode, Names};
use table::Table;

/// Where the tables lie, from the repository's root.
const TABLES: [&str; 2] = ["crates/check/data/api.tsv", "crates/check/data/gone.tsv"];

/// Arguments of `cargo xtask api`.
#[derive(Args, Debug, Default)]
pub struct ApiArgs {
    /// The CPython 3.15 whose headers are read [default: the one that is found]
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
///
/// No CPython 3.15 with its headers, or a file that cannot be written.
pub fn main(args: &ApiArgs) -> Result<(), Stop> {
    let root = crate::paths::root();
    let before = Tables::load(&root)?;
    let search = Search {
        given: args.python.iter().cloned().collect(),
        root: root.clone(),
    };
    let Some(tables) = Tables::make(&search, &before)? else {
        let message = format!(
            "no CPython {} with its headers found (want --python PATH)",
            Series::REFERENCE
        );
        return Err(Stop::Usage(message));
    };
    for (table, path) in [&tables.api, &tables.gone].into_iter().zip(TABLES) {
        let path = root.join(path);
        std::fs::write(&path, table.to_string()).map_err(|error| Stop::io(&path, &error))?;
    }
    let yes = |word: &str| word == "yes";
    println!(
        "{} names, {} in the full API, {} in the limited API, {} in abi3t; {} names are gone",
        tables.api.len(),
        tables.api.count("full", yes),
        tables.api.count("limited", |word| !word.contains('-')),
        tables.api.count("abi3t", yes),
        tables.gone.len(),
    );
    Ok(())
}

/// Both tables.
#[derive(Debug, PartialEq, Eq)]
struct Tables {
    /// The names of CPython 3.15.
    api: Table,
    /// The names that only older versions have.
    gone: Table,
}

impl Tables {
    /// Reads the committed ones.
    fn load(root: &Path) -> Result<Self, Stop> {
        let [api, gone] = TABLES.map(|path| root.join(path));
        Ok(Self {
            api: Table::api("").load(&api)?,
            gone: Table::gone("").load(&gone)?,
        })
    }

    /// Reads the headers that are found; nothing without a CPython 3.15. Rows about names that are gone stay as they
    /// were in `before` where no older interpreter is installed.
    fn make(search: &Search, before: &Self) -> Result<Option<Self>, Stop> {
        let Some(newest) = Headers::find(search, *MINORS.end())? else {
            return Ok(None);
        };
        let version = newest.oracle.version.to_string();
        let (mut api, mut gone) = (Table::api(&version), Table::gone(&version));
        let mut modes = Vec::new();
        for mode in Mode::all() {
            modes.push((mode, Names::read(&newest, mode)?));
        }
        api.compare(&modes);
        let others = Search {
            given: Vec::new(),
            root: search.root.clone(),
        };
        let mut read = Vec::new();
        for minor in MINORS.rev().skip(1) {
            if let Some(headers) = Headers::find(&others, minor)? {
                gone.add_gone(minor, &Names::read(&headers, Mode::Full)?, &api);
                read.push(minor);
            }
        }
        gone.keep(&before.gone, |minor| read.contains(&minor));
        Ok(Some(Self { api, gone }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables are a function of the headers: with the CPython that made them, making them again changes nothing.
    #[test]
    fn the_committed_tables_are_what_the_headers_say() {
        let root = crate::paths::root();
        let committed = Tables::load(&root).unwrap();
        let search = Search {
            given: Vec::new(),
            root,
        };
        let newest = Headers::find(&search, *MINORS.end()).unwrap();
        let version = newest.map(|headers| headers.oracle.version.to_string());
        let wanted = committed.api.version();
        if version.as_deref() != Some(wanted) {
            println!("skipped: the tables are made from CPython {wanted}, and {version:?} is here");
            return;
        }
        let again = Tables::make(&search, &committed).unwrap().unwrap();
        for (before, after) in [(&committed.api, &again.api), (&committed.gone, &again.gone)] {
            let difference = similar::TextDiff::from_lines(&before.to_string(), &after.to_string())
                .unified_diff()
                .to_string();
            assert_eq!(difference, "", "cargo xtask api makes another table");
        }
    }

    #[test]
    fn the_committed_tables_say_what_is_known_of_some_names() {
        let tables = Tables::load(&crate::paths::root()).unwrap();
        let row = |name: &str, kind: &str| tables.api.row(name, kind).unwrap();
        assert_eq!(
            row("PyList_GetItemRef", "function"),
            [
                "3.13",
                "yes",
                "listobject.h",
                "PyObject *",
                "yes",
                "Python.h"
            ]
        );
        assert_eq!(row("PyTuple_GET_ITEM", "macro")[0], "-");
        assert_eq!(row("Py_INCREF", "macro")[0], "3.2-3.10");
        assert_eq!(row("PyObject_HEAD", "macro")[1], "-");
        assert_eq!(row("PyObject.ob_type", "member")[1], "-");
        assert_eq!(row("PyTypeObject.tp_name", "member")[3], "const char *");
        assert_eq!(row("T_INT", "macro")[5], "structmember.h");
        let gone = tables.gone.row("PyUnicode_GET_SIZE", "macro").unwrap();
        assert_eq!(gone[0], "3.11");
        assert_eq!(tables.gone.row("PyTuple_GET_ITEM", "macro"), None);
    }
}
