//! Every package that is built can be used under a licence that asks for no more than a notice.

use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;

use crate::conformance::subject::SANITIZED_TARGET;
use crate::problem::{Problem, Stop};

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
}

/// Finds packages of the dependency tree without such a licence.
///
/// # Errors
///
/// Cargo cannot tell the tree.
pub fn check(root: &Path) -> Result<Vec<Problem>, Stop> {
    let mut problems = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml", crate::wheel::MANIFEST] {
        if !root.join(manifest).exists() {
            continue;
        }
        let output = crate::tool::cargo(root)
            .args(["metadata", "--format-version=1", "--quiet"])
            .args(["--filter-platform", SANITIZED_TARGET])
            .args(["--manifest-path", manifest])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Stop::Usage(format!("cargo metadata: cannot be run: {error}")))?;
        let metadata: Metadata = serde_json::from_slice(&output.stdout)
            .map_err(|error| Stop::Usage(format!("cargo metadata: {error}")))?;
        for Package {
            name,
            version,
            license,
        } in &metadata.packages
        {
            let message = match license {
                None => format!("package {name} {version} names no licence"),
                Some(licence) if !is_free(licence) => {
                    format!("package {name} {version} is under {licence}")
                }
                Some(_) => continue,
            };
            problems.push(Problem::new(manifest, 0, message));
        }
    }
    Ok(problems)
}

/// Tells whether one of the alternatives asks for no more than a notice: the GPL family asks for more.
fn is_free(licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], " ").replace('/', " OR ");
    plain
        .split(" OR ")
        .any(|alternative| !alternative.contains("GPL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_free_alternative_is_enough() {
        assert!(is_free("MIT OR Apache-2.0"));
        assert!(is_free("MIT/Apache-2.0"));
        assert!(is_free("MIT OR Apache-2.0 OR LGPL-2.1-or-later"));
        assert!(!is_free("LGPL-3.0-only"));
        assert!(!is_free("GPL-2.0 OR LGPL-3.0"));
        assert!(!is_free("MIT AND GPL-3.0"));
    }
}
