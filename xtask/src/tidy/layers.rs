//! A dependency goes to a lower layer only.

use super::config::Config;
use super::tree::{File, Tree};
use crate::problem::Problem;

/// What each package may depend on; a package that is not here has no layer yet.
const LAYERS: [(&str, &[&str]); 13] = [
    ("mortice-mem", &[]),
    ("mortice-check", &[]),
    ("mortice-slots", &[]),
    ("mortice-gc", &["mortice-mem"]),
    ("mortice-profile", &["mortice-mem"]),
    ("mortice-types", &["mortice-mem", "mortice-gc"]),
    (
        "mortice",
        &[
            "mortice-mem",
            "mortice-gc",
            "mortice-types",
            "mortice-slots",
        ],
    ),
    (
        "mortice-eval",
        &[
            "mortice-mem",
            "mortice-gc",
            "mortice-types",
            "mortice-slots",
            "mortice",
        ],
    ),
    (
        "mortice-capi",
        &[
            "mortice-mem",
            "mortice-gc",
            "mortice-types",
            "mortice-slots",
            "mortice",
        ],
    ),
    (
        "mortice-cli",
        &[
            "mortice-mem",
            "mortice-check",
            "mortice-profile",
            "mortice-gc",
            "mortice-types",
            "mortice-slots",
            "mortice",
            "mortice-eval",
        ],
    ),
    ("mortice-python", &["mortice-slots"]),
    (
        "mortice-testkit",
        &[
            "mortice-mem",
            "mortice-check",
            "mortice-profile",
            "mortice-gc",
            "mortice-types",
            "mortice-slots",
            "mortice",
            "mortice-eval",
        ],
    ),
    ("xtask", &[]),
];

/// Shared by tests only, so that no layer below may need it to be built.
const TESTKIT: &str = "mortice-testkit";

/// Finds dependencies that go up or sideways.
pub fn check(tree: &Tree, _: &Config) -> Vec<Problem> {
    let manifests = tree.files.iter().filter(|file| {
        let parts: Vec<&str> = file.path.split('/').collect();
        matches!(
            parts[..],
            ["crates", _, "Cargo.toml"] | ["xtask", "Cargo.toml"]
        )
    });
    manifests.flat_map(check_manifest).collect()
}

fn check_manifest(file: &File) -> Vec<Problem> {
    let manifest: toml::Table = match file.text.parse() {
        Ok(manifest) => manifest,
        Err(error) => return vec![Problem::new(&file.path, 1, error.to_string())],
    };
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"));
    let Some(name) = name.and_then(toml::Value::as_str) else {
        return vec![Problem::new(&file.path, 1, "a package without a name")];
    };
    let Some((_, allowed)) = LAYERS.iter().find(|(package, _)| *package == name) else {
        let message = format!("package `{name}` has no layer: add it to the rule");
        return vec![Problem::new(&file.path, 1, message)];
    };
    let mut problems = Vec::new();
    for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
        let Some(dependencies) = manifest.get(table).and_then(toml::Value::as_table) else {
            continue;
        };
        for dependency in dependencies.keys() {
            let ours = LAYERS.iter().any(|(package, _)| package == dependency);
            let for_tests =
                table == "dev-dependencies" && (dependency == TESTKIT || dependency == name);
            if !ours || allowed.contains(&dependency.as_str()) || for_tests {
                continue;
            }
            let line = line_of(&file.text, table, dependency);
            let message = format!(
                "`{name}` must not depend on `{dependency}`: dependencies go to lower layers only"
            );
            problems.push(Problem::new(&file.path, line, message));
        }
    }
    problems
}

/// The line of a dependency in its table.
fn line_of(text: &str, table: &str, dependency: &str) -> usize {
    let head = format!("[{table}");
    let lines = text.lines().enumerate();
    let found = lines
        .skip_while(|(_, line)| !line.starts_with(&head))
        .find(|(_, line)| {
            let rest = line.strip_prefix(dependency);
            rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
                || line.ends_with(&format!(".{dependency}]"))
        });
    found.map_or(1, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        let problems = check(&tree, &Config::default());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_dependency_on_a_higher_layer_is_found_with_its_line() {
        let text = "[package]\nname = \"mortice-gc\"\n\n[dependencies]\nmortice-mem.workspace = true\n\
                    mortice-types = { path = \"../types\" }\nlibc = \"0.2\"\n";
        let want = "crates/gc/Cargo.toml:6: `mortice-gc` must not depend on `mortice-types`: \
                    dependencies go to lower layers only";
        assert_eq!(findings("crates/gc/Cargo.toml", text), [want]);
    }

    #[test]
    fn the_testkit_serves_tests_only() {
        let dev = "[package]\nname = \"mortice-mem\"\n[dev-dependencies]\nmortice-testkit = {}\n";
        assert!(findings("crates/mem/Cargo.toml", dev).is_empty());
        let built = dev.replace("dev-", "");
        assert_eq!(findings("crates/mem/Cargo.toml", &built).len(), 1);
    }

    #[test]
    fn a_package_without_a_layer_is_found() {
        let found = findings("crates/new/Cargo.toml", "[package]\nname = \"new\"\n");
        assert_eq!(
            found,
            ["crates/new/Cargo.toml:1: package `new` has no layer: add it to the rule"]
        );
    }
}
