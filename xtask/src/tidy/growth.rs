//! Std's growing collections are refused where a running program can make them grow.
//!
//! They abort the process when memory runs out; what a Python program can grow lives in a domain and fails with a
//! value. Test code is free. A line that is right nevertheless carries, or follows, a comment `// std: reason`;
//! a whole file is excepted in `xtask/tidy.toml`.

use super::config::Config;
use super::rust_source::has_word;
use super::tree::{File, Tree};
use crate::problem::Problem;

/// What makes or grows one of std's collections.
const REFUSED: [&str; 29] = [
    "Vec::new(",
    "Vec::with_capacity(",
    "Vec::from(",
    "vec![",
    "String::new(",
    "String::from(",
    "String::with_capacity(",
    "format!",
    ".to_string()",
    ".to_owned()",
    ".to_vec()",
    ".into_owned()",
    ".collect()",
    ".collect::<",
    ".into_boxed_slice()",
    "Box::new(",
    "Box::from(",
    "Rc::new(",
    "Arc::new(",
    "HashMap::new(",
    "HashMap::default(",
    "HashMap::with_capacity(",
    "HashSet::new(",
    "HashSet::default(",
    "BTreeMap::new(",
    "BTreeSet::new(",
    "VecDeque::new(",
    "BinaryHeap::new(",
    "CString::new(",
];

const MARK: &str = "// std: ";

/// Finds uses of std's growing collections.
pub fn check(tree: &Tree, config: &Config) -> Vec<Problem> {
    let growth = &config.growth;
    let mut problems = growth.stale("growth", tree, |path| {
        growth.covers(path) && tree.file(path).is_some_and(|file| !uses(file).is_empty())
    });
    for file in tree.rust() {
        if growth.covers(&file.path) && !growth.allows(&file.path) {
            problems.extend(uses(file));
        }
    }
    problems
}

fn uses(file: &File) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, line) in file.lines.iter().enumerate() {
        if line.test {
            continue;
        }
        let marked = |line: &super::rust_source::Line| {
            let reason = line.comment.strip_prefix(MARK);
            reason.is_some_and(|reason| !reason.trim().is_empty())
        };
        let above = at.checked_sub(1).map(|above| &file.lines[above]);
        if marked(line) || above.is_some_and(|above| above.code.trim().is_empty() && marked(above))
        {
            continue;
        }
        if let Some(word) = REFUSED.iter().find(|word| has_word(&line.code, word)) {
            let message = format!(
                "`{word}` aborts when memory runs out: use the heap's allocator, or say `{MARK}reason`"
            );
            problems.push(Problem::new(&file.path, at + 1, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(config: &str, text: &str) -> Vec<String> {
        let config: Config = toml::from_str(config).unwrap();
        let problems = check(&Tree::of(&[("crates/gc/src/a.rs", text)]), &config);
        problems.iter().map(ToString::to_string).collect()
    }

    const HERE: &str = "[growth]\npaths = [\"crates/gc/src\"]\n";

    #[test]
    fn each_use_is_found_unless_it_is_marked_or_a_test() {
        let text = "fn f() {\n    let a = Vec::new();\n    let b = Vec::new_in(x);\n    \
                    let c = vec![1]; // std: at most three\n    // std: start-up only\n    let d = format!(\"\");\n}\n\
                    #[cfg(test)]\nmod tests {\n    fn g() { vec![1]; }\n}\n";
        let want = "crates/gc/src/a.rs:2: `Vec::new(` aborts when memory runs out: \
                    use the heap's allocator, or say `// std: reason`";
        assert_eq!(findings(HERE, text), [want]);
    }

    #[test]
    fn a_mark_without_a_reason_is_none() {
        assert_eq!(findings(HERE, "let a = vec![1]; // std: \n").len(), 1);
    }

    #[test]
    fn other_folders_are_free_and_exceptions_must_be_needed() {
        let elsewhere = HERE.replace("crates/gc/src", "crates/gc/s");
        assert!(findings(&elsewhere, "vec![1];\n").is_empty());
        let allowed =
            format!("{HERE}[[growth.allow]]\npath = \"crates/gc/src/a.rs\"\nreason = \"pure\"\n");
        assert!(findings(&allowed, "vec![1];\n").is_empty());
        let want =
            "xtask/tidy.toml: growth: `crates/gc/src/a.rs` does not need its exception any more";
        assert_eq!(findings(&allowed, "f();\n"), [want]);
    }
}
