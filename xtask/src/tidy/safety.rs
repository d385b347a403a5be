//! Where unsafe code may stand, and that each use of it cites an invariant by name.

use std::collections::BTreeSet;

use super::config::Config;
use super::rust_source::{Line, has_word};
use super::tree::{File, Tree};
use crate::problem::Problem;

/// The crates that may contain unsafe code, and where in them.
const UNSAFE: [(&str, &str); 6] = [
    ("crates/mem", ""),
    ("crates/gc", ""),
    ("crates/types", "src/raw"),
    ("crates/capi", ""),
    ("crates/python", "src/raw"),
    ("crates/profile", "src/recorder/observer"),
];

/// Finds unsafe code out of place, crates that do not forbid it, and `SAFETY` comments without a named invariant.
pub fn check(tree: &Tree, _: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in tree.rust() {
        let Some(package) = package(&file.path) else {
            continue;
        };
        let unsafe_crate = UNSAFE.iter().find(|(name, _)| *name == package);
        let allowed =
            unsafe_crate.is_some_and(|(name, below)| may_be_unsafe(&file.path, name, below));
        if !allowed {
            for (at, line) in file.lines.iter().enumerate() {
                if has_word(&line.code, "unsafe") {
                    let message = "unsafe code outside the crates and folders that may have it";
                    problems.push(Problem::new(&file.path, at + 1, message));
                }
            }
        }
        problems.extend(missing_attribute(
            file,
            package,
            unsafe_crate.map(|(_, below)| *below),
        ));
        if unsafe_crate.is_some() {
            problems.extend(uncited(file, &invariants(tree, package)));
        }
    }
    problems
}

/// The package that a Rust file belongs to; none for the fuzz targets, whose macro is unsafe inside.
fn package(path: &str) -> Option<&str> {
    if path.starts_with("xtask/") {
        return Some("xtask");
    }
    let rest = path.strip_prefix("crates/")?;
    let end = rest.find('/')?;
    Some(&path[.."crates/".len() + end])
}

fn may_be_unsafe(path: &str, package: &str, below: &str) -> bool {
    let inside = path
        .strip_prefix(package)
        .unwrap_or("")
        .trim_start_matches('/');
    let rest = inside.strip_prefix(below);
    rest.is_some_and(|rest| below.is_empty() || rest == ".rs" || rest.starts_with('/'))
}

/// A crate's root must say what the crate may do: nothing, or nothing but in one folder.
fn missing_attribute(file: &File, package: &str, below: Option<&str>) -> Option<Problem> {
    let inside = file.path.strip_prefix(package)?;
    if !matches!(inside, "/src/lib.rs" | "/src/main.rs") {
        return None;
    }
    let want = match below {
        None => "#![forbid(unsafe_code)]",
        Some("") => return None,
        Some(_) => "#![deny(unsafe_code)]",
    };
    let found = file.lines.iter().any(|line| line.code.trim() == want);
    (!found).then(|| Problem::new(&file.path, 1, format!("crate root without `{want}`")))
}

/// The names that a crate may cite: those that its `# Safety` section defines as `- *name*: …`, and those of
/// other crates that the section mentions as `*name*`.
fn invariants(tree: &Tree, package: &str) -> BTreeSet<String> {
    let (mut names, mentioned) = section(tree, package);
    for (other, _) in UNSAFE {
        let (defined, _) = section(tree, other);
        names.extend(defined.intersection(&mentioned).cloned());
    }
    names
}

/// The names that a crate's `# Safety` section defines, and all that it mentions.
fn section(tree: &Tree, package: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let roots = ["src/lib.rs", "src/raw.rs"].map(|root| format!("{package}/{root}"));
    let (mut defined, mut mentioned) = (BTreeSet::new(), BTreeSet::new());
    for file in roots.iter().filter_map(|root| tree.file(root)) {
        let mut inside = false;
        for line in &file.lines {
            let Some(doc) = line.comment.strip_prefix("//!") else {
                continue;
            };
            let doc = doc.trim_start();
            if doc.starts_with("# ") {
                inside = doc == "# Safety";
            } else if inside {
                mentioned.extend(starred(doc));
                let rest = doc
                    .strip_prefix("- *")
                    .and_then(|rest| rest.split_once("*:"));
                defined.extend(rest.map(|(name, _)| name.to_string()));
            }
        }
    }
    (defined, mentioned)
}

fn uncited(file: &File, invariants: &BTreeSet<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, line) in file.lines.iter().enumerate() {
        if !line.comment.contains("SAFETY:") {
            continue;
        }
        let cited = names_in(&comment_from(&file.lines, at));
        let unknown = cited.iter().find(|name| !invariants.contains(*name));
        let message = match unknown {
            _ if cited.is_empty() => "SAFETY comment cites no named invariant".to_string(),
            Some(name) => format!(
                "SAFETY comment cites `{name}`, which the crate's `# Safety` section does not name"
            ),
            None => continue,
        };
        problems.push(Problem::new(&file.path, at + 1, message));
    }
    problems
}

/// The text of the comment that begins on that line.
fn comment_from(lines: &[Line], at: usize) -> String {
    let block = lines[at + 1..].iter().take_while(|line| {
        line.code.trim().is_empty() && !line.comment.is_empty() && !line.comment.contains("SAFETY:")
    });
    let rest: Vec<&str> = block.map(|line| line.comment.as_str()).collect();
    format!("{} {}", lines[at].comment, rest.join(" "))
}

/// The names that a comment cites: `*name*` anywhere, or first of all, as in
/// `SAFETY: name, name: …` and `SAFETY: name, by the caller`.
fn names_in(comment: &str) -> Vec<String> {
    let mut names = starred(comment);
    let after = comment.split_once("SAFETY:").map_or("", |(_, after)| after);
    let words = after.split([',', ';', ':', '.']).map(str::trim);
    let first = words.take_while(|word| is_name(word) && word.contains('-'));
    names.extend(first.map(str::to_string));
    names
}

/// The names between single stars, as in `*live-block*`.
fn starred(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split('*').collect();
    let inner = parts.iter().skip(1).take(parts.len().saturating_sub(2));
    inner
        .filter(|name| is_name(name))
        .map(|name| (*name).to_string())
        .collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str =
        "//! # Safety\n//!\n//! - *live-block*: words\n//! # Other\n//! - *not-this*: words\n";

    fn findings(files: &[(&str, &str)]) -> Vec<String> {
        let problems = check(&Tree::of(files), &Config::default());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unsafe_code_stands_in_its_crates_only() {
        let code = "fn f() {\n    unsafe { g() }\n}\n";
        assert!(findings(&[("crates/mem/src/pool.rs", code)]).is_empty());
        assert!(findings(&[("crates/types/src/raw.rs", code)]).is_empty());
        assert!(findings(&[("crates/types/src/raw/body.rs", code)]).is_empty());
        let want = "2: unsafe code outside the crates and folders that may have it";
        for path in [
            "crates/eval/src/a.rs",
            "crates/types/src/mro.rs",
            "crates/types/src/rawer.rs",
            "xtask/src/a.rs",
        ] {
            assert_eq!(findings(&[(path, code)]), [format!("{path}:{want}")]);
        }
    }

    #[test]
    fn an_invariant_of_a_lower_crate_counts_where_the_section_mentions_it() {
        let comment = "// SAFETY: *live-block*: words\nunsafe { f() }\n";
        let files = |root| {
            [
                ("crates/mem/src/lib.rs", ROOT),
                ("crates/gc/src/lib.rs", root),
                ("crates/gc/src/a.rs", comment),
            ]
        };
        assert!(
            findings(&files(
                "//! # Safety\n//! Beside *live-block* of the memory.\n"
            ))
            .is_empty()
        );
        assert_eq!(findings(&files("//! # Safety\n//! Nothing.\n")).len(), 1);
    }

    #[test]
    fn crate_roots_forbid_unsafe_code() {
        let want = "crates/eval/src/lib.rs:1: crate root without `#![forbid(unsafe_code)]`";
        assert_eq!(
            findings(&[("crates/eval/src/lib.rs", "//! Words.\n")]),
            [want]
        );
        assert!(findings(&[("crates/eval/src/lib.rs", "#![forbid(unsafe_code)]\n")]).is_empty());
        let want = "crates/types/src/lib.rs:1: crate root without `#![deny(unsafe_code)]`";
        assert_eq!(findings(&[("crates/types/src/lib.rs", "")]), [want]);
    }

    #[test]
    fn safety_comments_cite_named_invariants() {
        let good = "// SAFETY: words\n// *live-block*: words\nunsafe { f() }\n";
        assert!(
            findings(&[
                ("crates/mem/src/lib.rs", ROOT),
                ("crates/mem/src/a.rs", good)
            ])
            .is_empty()
        );
        let none = "// SAFETY: it is fine\nunsafe { f() }\n// *live-block*\n";
        let found = findings(&[
            ("crates/mem/src/lib.rs", ROOT),
            ("crates/mem/src/a.rs", none),
        ]);
        assert_eq!(
            found,
            ["crates/mem/src/a.rs:1: SAFETY comment cites no named invariant"]
        );
        let bare = "// SAFETY: live-block, live-block, by the caller.\nunsafe { f() }\n";
        assert!(
            findings(&[
                ("crates/mem/src/lib.rs", ROOT),
                ("crates/mem/src/a.rs", bare)
            ])
            .is_empty()
        );
        let other = "// SAFETY: *not-this*: words\nunsafe { f() }\n";
        let found = findings(&[
            ("crates/mem/src/lib.rs", ROOT),
            ("crates/mem/src/a.rs", other),
        ]);
        let want = "crates/mem/src/a.rs:1: SAFETY comment cites `not-this`, \
                    which the crate's `# Safety` section does not name";
        assert_eq!(found, [want]);
    }
}
