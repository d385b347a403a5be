//! State has owners: no thread-local and no mutable static below the C interface. Modules have nouns for names.

use super::config::Config;
use super::rust_source::has_word;
use super::tree::Tree;
use crate::problem::Problem;

/// The crates in which a static may change: those that speak to C.
const MAY_HAVE_STATE: [&str; 2] = ["crates/capi/", "crates/python/"];

/// Finds hidden state, and files called after nothing.
pub fn check(tree: &Tree, _: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.rust() {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if matches!(
            name,
            "mod.rs" | "utils.rs" | "util.rs" | "helpers.rs" | "common.rs"
        ) {
            let message =
                format!("no file is called {name}: one noun a file, `foo.rs` beside `foo/`");
            problems.push(Problem::new(&file.path, 0, message));
        }
        let checked = file.path.starts_with("crates/")
            && !MAY_HAVE_STATE.iter().any(|p| file.path.starts_with(p));
        if !checked {
            continue;
        }
        for (at, line) in file.lines.iter().enumerate() {
            let found = ["thread_local!", "static mut"]
                .into_iter()
                .find(|word| has_word(&line.code, word));
            if let Some(word) = found {
                problems.push(Problem::new(
                    &file.path,
                    at + 1,
                    format!("`{word}`: state has an owner"),
                ));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_state_and_nameless_files_are_found() {
        let tree = Tree::of(&[
            (
                "crates/gc/src/a.rs",
                "thread_local! {\n}\nstatic mut X: u8 = 0;\nfn f() -> &'static str {}\n",
            ),
            ("crates/capi/src/a.rs", "static mut X: u8 = 0;\n"),
            ("crates/gc/src/graph/mod.rs", ""),
        ]);
        let problems = check(&tree, &Config::default());
        let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let want = [
            "crates/gc/src/a.rs:1: `thread_local!`: state has an owner",
            "crates/gc/src/a.rs:3: `static mut`: state has an owner",
            "crates/gc/src/graph/mod.rs: no file is called mod.rs: one noun a file, `foo.rs` beside `foo/`",
        ];
        assert_eq!(found, want);
    }
}
