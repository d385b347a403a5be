use std::path::Path;

use super::*;

/// The text that comes of one, and what was left: `line:column rule: reason`.
pub fn upgraded(name: &str, text: &str, goal: Goal) -> (String, Vec<String>) {
    let first = upgrade(name, text, goal);
    let told = |left: &Remaining| {
        let (line, column) = left.before;
        format!("{line}:{column} {}: {}", left.rule, left.reason)
    };
    let remaining = first.remaining.iter().map(told).collect();
    let changed = String::from_utf8(first.text).unwrap();
    let second = upgrade(name, &changed, goal);
    let again = String::from_utf8(second.text).unwrap();
    assert_eq!(again, changed, "a second run changes something");
    assert_eq!(second.counts, BTreeMap::new());
    (changed, remaining)
}

fn upgrade(name: &str, text: &str, goal: Goal) -> Upgraded {
    let source = Source::new(Path::new(name), text.as_bytes().to_vec()).unwrap();
    let reader = Reader::new(goal.target(), Vec::new());
    upgrade_source(source, &reader, goal).unwrap()
}

#[test]
fn what_needs_nothing_stays() {
    let text =
        "#include <Python.h>\n/* x->ob_type */\nint f(PyObject *x) { return x == Py_None; }\n";
    for goal in Goal::ALL {
        assert_eq!(upgraded("a.c", text, goal), (text.to_owned(), Vec::new()));
    }
}

#[test]
fn goals_are_read_by_their_names() {
    for goal in Goal::ALL {
        assert_eq!(goal.to_string().parse::<Goal>().unwrap(), goal);
    }
    assert!("3.9".parse::<Goal>().is_err());
}
