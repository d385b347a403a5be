//! Words that must not be committed: paths of one machine, work that was put off, tests that cannot fail.

use super::config::Config;
use super::rust_source::{has_word, is_word};
use super::tree::{File, Tree};
use crate::problem::Problem;

/// The first parts of paths that exist on one machine only. In two pieces, so that this file does not hold them.
const MACHINE: [&str; 3] = [
    concat!("/", "root"),
    concat!("/", "home"),
    concat!("/", "work"),
];

/// Code that stands for code that is missing, or for tests that do not run.
const REFUSED_CODE: [(&str, &str); 4] = [
    ("todo!", "stands for code that is missing"),
    ("unimplemented!", "stands for code that is missing"),
    ("#[ignore", "a test that does not run"),
    (
        "#[should_panic",
        "assert on the error, or on the panic's message",
    ),
];

/// Marks of work that was put off. In two pieces, as above.
const MARKS: [&str; 3] = [
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("TO", "DO"),
];

/// Finds what must not be committed.
pub fn check(tree: &Tree, _: &Config) -> Vec<Problem> {
    tree.files.iter().flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    let generated = file.path.ends_with("Cargo.lock") || file.path.ends_with(".tsv");
    for (at, line) in file.text.lines().enumerate() {
        let mut found = |message: String| problems.push(Problem::new(&file.path, at + 1, message));
        if let Some(path) = MACHINE.iter().find(|path| names_machine(line, path)) {
            found(format!("`{path}` is a path of one machine"));
        }
        let rust = file.lines.get(at);
        if let Some(rust) = rust {
            for (word, why) in REFUSED_CODE {
                if has_word(&rust.code, word) {
                    found(format!("`{word}`: {why}"));
                }
            }
        }
        let written = rust.map_or(line, |rust| rust.comment.as_str());
        if let Some(mark) = MARKS
            .iter()
            .find(|mark| !generated && has_word(written, mark))
        {
            found(format!(
                "`{mark}`: work that was put off belongs into an issue"
            ));
        }
    }
    problems
}

/// Tells whether the line holds the folder at the start of an absolute path.
fn names_machine(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        let starts = before.is_none_or(|c| !is_word(c) && !"./-~}>)*".contains(c));
        starts && after == Some('/')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let problems = check(&Tree::of(&[(path, text)]), &Config::default());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn paths_of_one_machine_are_found_in_any_file() {
        let text = format!("x = \"{}/me/file\"\n", MACHINE[1]);
        let want = format!("a.toml:1: `{}` is a path of one machine", MACHINE[1]);
        assert_eq!(findings("a.toml", &text), [want]);
        assert!(findings("a.md", "`crates/work/x`, ../work/y and ~/home/x\n").is_empty());
    }

    #[test]
    fn code_that_stands_for_nothing_is_found_in_code_only() {
        let text = "fn f() { todo!() }\n// todo! is refused\nlet x = \"unimplemented!\";\n#[ignore = \"slow\"]\n";
        let want = [
            "crates/a/src/b.rs:1: `todo!`: stands for code that is missing",
            "crates/a/src/b.rs:4: `#[ignore`: a test that does not run",
        ];
        assert_eq!(findings("crates/a/src/b.rs", text), want);
    }

    #[test]
    fn marks_of_work_that_was_put_off_are_found_in_comments() {
        let text = format!("// {} later\nlet a = \"{}\";\n", MARKS[0], MARKS[0]);
        let want = format!(
            "a.rs:1: `{}`: work that was put off belongs into an issue",
            MARKS[0]
        );
        assert_eq!(findings("a.rs", &text), [want]);
    }
}
