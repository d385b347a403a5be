//! A path that a document names exists.

use super::config::Config;
use super::tree::{File, Tree};
use crate::problem::Problem;

/// The folders of the repository whose paths documents name.
const TOPS: [&str; 8] = [
    "crates",
    "conformance",
    "docs",
    "examples",
    "fuzz",
    "xtask",
    ".ci",
    ".cargo",
];

/// The endings that make a word with a slash a path.
const ENDINGS: [&str; 7] = [".rs", ".md", ".toml", ".py", ".snap", ".tsv", ".json"];

/// Finds paths in backticks and links that lead nowhere.
pub fn check(tree: &Tree, _: &Config) -> Vec<Problem> {
    let documents = tree.files.iter().filter(|file| {
        let top = !file.path.contains('/');
        file.path.ends_with(".md") && (top || file.path.starts_with("docs/"))
    });
    documents
        .flat_map(|file| check_document(tree, file))
        .collect()
}

fn check_document(tree: &Tree, file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut fenced = false;
    for (at, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let quoted = line
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| is_path(word));
        let links = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
        for path in quoted.chain(links) {
            let path = path.split('#').next().unwrap_or_default();
            if !exists(tree, file, path) {
                let message = format!("`{path}` does not exist");
                problems.push(Problem::new(&file.path, at + 1, message));
            }
        }
    }
    problems
}

/// Tells whether the word names a file or folder of the repository: no pattern, no command, no address.
fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./@".contains(c);
    let Some((top, rest)) = word.split_once('/') else {
        return false;
    };
    word.chars().all(plain)
        && (TOPS.contains(&top) || (!rest.is_empty() && ENDINGS.iter().any(|e| word.ends_with(e))))
}

fn exists(tree: &Tree, file: &File, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            part => parts.push(part),
        }
    }
    tree.paths.contains(path) || tree.paths.contains(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Vec<String> {
        let tree = Tree::of(&[
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("crates/mem/src/pool.rs", ""),
        ]);
        let problems = check(&tree, &Config::default());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn paths_that_exist_and_words_that_are_no_paths_are_quiet() {
        let text = "`crates/mem` `crates/mem/src/pool.rs` `docs/` `and/or` `crates/<name>` `cargo xtask`\n\
                    [b](b.md#head) [pool](../crates/mem/src/pool.rs) [web](https://x/y) [here](#head)\n\
                    ```\n`crates/none`\n```\n";
        assert_eq!(findings(text), [""; 0]);
    }

    #[test]
    fn paths_that_do_not_exist_are_found() {
        let text = "first\n`crates/gc` and `src/pool.rs` and [c](c.md)\n";
        let want = [
            "docs/a.md:2: `crates/gc` does not exist",
            "docs/a.md:2: `src/pool.rs` does not exist",
            "docs/a.md:2: `c.md` does not exist",
        ];
        assert_eq!(findings(text), want);
    }
}
