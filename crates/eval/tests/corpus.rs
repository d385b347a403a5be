//! Every Python file at hand compiles to code that the independent checker accepts, or is refused
//! with a place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use mortice_eval::verify::verify;
use mortice_eval::{CompileError, Mode, compile_source, source};
use mortice_testkit::oracle;

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            python_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

/// What became of a set of files.
#[derive(Default)]
struct Outcome {
    compiled: usize,
    unsupported: BTreeMap<String, usize>,
    refused: Vec<String>,
    wrong: Vec<String>,
}

fn compile_all(files: &[PathBuf]) -> Outcome {
    let mut outcome = Outcome::default();
    for path in files {
        let Ok(text) = source::read(path) else {
            continue;
        };
        let name = path.display().to_string();
        match compile_source(&text, &name, Mode::Exec) {
            Ok(code) => {
                outcome.compiled += 1;
                if let Err(error) = verify(&code) {
                    outcome.wrong.push(format!("{name}: {error}"));
                }
            }
            Err(CompileError::Unsupported { feature, place }) => {
                assert!(place.line > 0 && place.column > 0, "{name}: no place");
                *outcome.unsupported.entry(feature.to_owned()).or_default() += 1;
            }
            Err(error) => outcome.refused.push(format!("{name}: {error}")),
        }
    }
    outcome
}

#[test]
fn own_programs_compile_and_verify() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["conformance", "examples"] {
        python_files(&root.join(folder), &mut files);
    }
    let outcome = compile_all(&files);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
}

/// The standard library of the reference CPython.
fn standard_library() -> Option<PathBuf> {
    let script = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let output = Command::new(oracle::python()?)
        .args(["-I", "-c", script])
        .output()
        .ok()?;
    Some(PathBuf::from(
        String::from_utf8_lossy(&output.stdout).trim(),
    ))
}

#[test]
fn the_standard_library_compiles_and_verifies() {
    let Some(folder) = standard_library() else {
        return;
    };
    let mut files = Vec::new();
    python_files(&folder, &mut files);
    // Files that are wrong on purpose, and tests written for another encoding.
    files.retain(|path| {
        let text = path.strip_prefix(&folder).unwrap_or(path).display();
        let text = text.to_string();
        !["bad", "tokenizedata", "lib2to3", "site-packages"]
            .iter()
            .any(|part| text.contains(part))
    });
    let outcome = compile_all(&files);
    println!("{}: {} files compiled", folder.display(), outcome.compiled);
    for (feature, count) in &outcome.unsupported {
        println!("{count:5} {feature}");
    }
    for refused in &outcome.refused {
        println!("refused: {refused}");
    }
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    assert!(outcome.compiled * 2 > files.len(), "most files compile");
    assert!(
        outcome.refused.len() * 100 < files.len(),
        "valid files are refused:\n{}",
        outcome.refused.join("\n")
    );
}
