//! A file is one noun or one phase: at 700 lines look for the seam, above 1,000 it is refused.

use super::config::Config;
use super::tree::{File, Tree};
use crate::problem::Problem;

const WARN_LINES: usize = 700;
const MOST_LINES: usize = 1000;

/// Finds files that are too long.
pub fn check(tree: &Tree, config: &Config) -> Vec<Problem> {
    let size = &config.size;
    let mut problems = size.stale("size", tree, |path| {
        tree.file(path)
            .is_some_and(|file| length(file) > MOST_LINES)
    });
    for file in sources(tree) {
        if length(file) > MOST_LINES && !size.allows(&file.path) {
            let message = format!("{} lines, the most is {MOST_LINES}", length(file));
            problems.push(Problem::new(&file.path, 0, message));
        }
    }
    problems
}

/// Names files in which to look for the seam.
pub fn warnings(tree: &Tree, config: &Config) -> Vec<Problem> {
    let long = sources(tree).filter(|file| (WARN_LINES + 1..=MOST_LINES).contains(&length(file)));
    let long = long.filter(|file| !config.size.allows(&file.path));
    long.map(|file| {
        Problem::new(
            &file.path,
            0,
            format!("{} lines: look for the seam", length(file)),
        )
    })
    .collect()
}

fn sources(tree: &Tree) -> impl Iterator<Item = &File> {
    let files = tree.files.iter();
    files.filter(|file| file.path.ends_with(".rs") || file.path.ends_with(".py"))
}

fn length(file: &File) -> usize {
    file.text.lines().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_warn_and_longer_ones_fail_unless_excepted() {
        let (long, longer) = ("\n".repeat(701), "\n".repeat(1001));
        let tree = Tree::of(&[("a.rs", &long), ("b.rs", &longer), ("c.md", &longer)]);
        let config = Config::default();
        assert_eq!(
            warnings(&tree, &config)[0].to_string(),
            "a.rs: 701 lines: look for the seam"
        );
        let found = check(&tree, &config);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "b.rs: 1001 lines, the most is 1000");
        let config: Config =
            toml::from_str("[[size.allow]]\npath = \"b.rs\"\nreason = \"a table\"\n").unwrap();
        assert!(check(&tree, &config).is_empty());
        let config: Config =
            toml::from_str("[[size.allow]]\npath = \"a.rs\"\nreason = \"a table\"\n").unwrap();
        assert_eq!(check(&tree, &config).len(), 2);
    }
}
