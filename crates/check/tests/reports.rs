//! The formats of the report.

use std::path::Path;

use mortice_check::files::Files;
use mortice_check::report::{FileReport, check_files, html, json, sarif, text};
use mortice_check::summary::{Summary, Verdict};
use mortice_check::target::Target;
use mortice_check::unit::Reader;

const SOURCE: &str = "\
#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *value;
} Box;

static PyObject *get(Box *self, void *unused)
{
    if (Py_TYPE(self)->tp_name == NULL && \"<&>\")
        free(self);
#ifdef WITH_LISTS
    return PyList_GET_ITEM(self->value, 0);
#endif
    return Py_NewRef(self->value);
}
";

fn reports(folder: &Path, files: &[(&str, &str)]) -> (Vec<FileReport>, Summary) {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let found = Files::of(&[folder.to_owned()]);
    let reader = Reader::new(Target::Abi3t, Vec::new());
    let mut reports = check_files(&found.found, &reader, || {});
    let summary = Summary::of(Target::Abi3t, &reports);
    for report in &mut reports {
        report.path = report.path.strip_prefix(folder).unwrap().to_owned();
    }
    (reports, summary)
}

fn written(
    write: impl FnOnce(&mut Vec<u8>, &[FileReport], &Summary) -> std::io::Result<()>,
) -> String {
    let folder = tempfile::tempdir().unwrap();
    let files = [("box.c", SOURCE), ("nul.c", "\0"), ("ready.c", "int a;\n")];
    let (reports, summary) = reports(folder.path(), &files);
    let mut out = Vec::new();
    write(&mut out, &reports, &summary).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn text_is_a_line_for_each_finding() {
    let plain = written(|out, files, summary| text::write(out, files, summary, text::Style::PLAIN));
    insta::assert_snapshot!(plain);
    let colour =
        written(|out, files, summary| text::write(out, files, summary, text::Style::COLOUR));
    assert_ne!(colour, plain);
    let mut bare = colour;
    for mark in [
        "\u{1b}[0m",
        "\u{1b}[1m",
        "\u{1b}[2m",
        "\u{1b}[31m",
        "\u{1b}[32m",
    ] {
        bare = bare.replace(mark, "");
    }
    assert_eq!(bare, plain);
}

#[test]
fn json_is_for_programs() {
    let text = written(json::write);
    insta::assert_snapshot!(text);
}

#[test]
fn sarif_names_rules_and_places() {
    let text = written(sarif::write);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    insta::assert_json_snapshot!(run["results"]);
    insta::assert_json_snapshot!(run["invocations"]);
}

#[test]
fn a_page_shows_the_source() {
    let folder = tempfile::tempdir().unwrap();
    let (reports, summary) = reports(folder.path(), &[("box.c", SOURCE)]);
    let mut out = Vec::new();
    let mut at_place = reports.clone();
    at_place[0].path = folder.path().join("box.c");
    html::write(&mut out, &at_place, &summary).unwrap();
    let page = String::from_utf8(out).unwrap();
    let (_, body) = page.split_once("<table class=\"source\">").unwrap();
    insta::assert_snapshot!(body);
    // A file that vanished is told without its text.
    let mut out = Vec::new();
    html::write(&mut out, &reports, &summary).unwrap();
    let page = String::from_utf8(out).unwrap();
    assert!(!page.contains("class=\"source\"") && page.contains("cannot be read"));
    assert!(page.contains("instance-field"));
}

#[test]
fn the_verdict_follows_from_what_is_found() {
    let verdict = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        reports(folder.path(), files).1.verdict
    };
    assert_eq!(verdict(&[("a.c", "int a;")]), Verdict::Ready);
    assert_eq!(verdict(&[("a.c", "\0")]), Verdict::Thought);
    let mechanical = "int f(PyObject *o) { return o->ob_refcnt; }";
    assert_eq!(verdict(&[("a.c", mechanical)]), Verdict::Mechanical);
    let thought = "int f(PyTypeObject *t) { return t->tp_dict; }";
    assert_eq!(
        verdict(&[("a.c", mechanical), ("b.c", thought)]),
        Verdict::Thought
    );
}
