//! `cargo xtask tidy`: what no compiler checks and everybody forgets.
//!
//! The tree is read once; each rule is a function from the tree to findings, and knows nothing of the others.
//! Exceptions stand in `xtask/tidy.toml` with a reason, and an exception that is not needed any more is a
//! finding itself.

mod config;
mod docs;
mod growth;
mod layers;
mod licences;
mod rust_source;
mod safety;
mod sizes;
mod state;
mod text;
mod tree;

use crate::conformance::gaps::{Gaps, UNREVIEWED};
use crate::problem::{Problem, Stop};

use config::Config;
use tree::Tree;

/// Runs every rule over the repository.
///
/// # Errors
///
/// The findings, or a tree that cannot be read.
pub fn main() -> Result<(), Stop> {
    let root = crate::paths::root();
    let tree = Tree::read(&root)?;
    let config = Config::load(&root.join("xtask/tidy.toml"))?;
    let mut problems = findings(&tree, &config);
    problems.extend(licences::check(&root)?);
    problems.extend(unreviewed_gaps(&root)?);
    problems.sort();
    for warning in sizes::warnings(&tree, &config) {
        println!("warning: {warning}");
    }
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => {
            println!("tidy: {} files in order", tree.files.len());
            Ok(())
        }
        count => Err(Stop::Failed(format!("tidy: {count} findings"))),
    }
}

/// The findings of the rules that need nothing but the tree.
fn findings(tree: &Tree, config: &Config) -> Vec<Problem> {
    let rules: [fn(&Tree, &Config) -> Vec<Problem>; 7] = [
        layers::check,
        safety::check,
        growth::check,
        state::check,
        docs::check,
        text::check,
        sizes::check,
    ];
    rules.iter().flat_map(|rule| rule(tree, config)).collect()
}

fn unreviewed_gaps(root: &std::path::Path) -> Result<Vec<Problem>, Stop> {
    let shown = std::path::Path::new("conformance/gaps.toml");
    let gaps = Gaps::load(&root.join(shown), shown)?.gaps;
    let unreviewed = gaps.into_iter().filter(|gap| gap.reason == UNREVIEWED);
    Ok(unreviewed
        .map(|gap| {
            Problem::new(
                shown,
                gap.line,
                format!("gap `{}` has no reviewed reason", gap.case),
            )
        })
        .collect())
}
