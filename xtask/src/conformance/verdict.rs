//! Compares what a host did with a case against what is expected of it.

use similar::{ChangeTag, TextDiff};

use super::case::Case;
use super::header::Expectation;
use super::host::Host;
use super::recording::{Output, Recording};
use super::worker::{Answer, signal_name};

/// The result of one case on one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It did what is expected.
    Passed,
    /// It did not, and why, ready to be printed.
    Failed(String),
}

impl Verdict {
    /// Joins the verdict of one more run of the case: it passed when every run did.
    pub fn join(&mut self, run: &str, verdict: Verdict) {
        let Verdict::Failed(why) = verdict else {
            return;
        };
        let before = match self {
            Verdict::Passed => String::new(),
            Verdict::Failed(before) => format!("{before}\n"),
        };
        *self = Verdict::Failed(format!("{before}{run}: {why}"));
    }
}

/// Turns an answer into output that can be compared, or says why there is none.
///
/// # Errors
///
/// How the worker crashed, hung or garbled.
pub fn output(case: &Case, answer: &Answer) -> Result<(Output, String), String> {
    let ran = match answer {
        Answer::Ran(ran) => ran,
        Answer::Crashed { how, stderr } => return Err(with_stderr(how, stderr)),
        Answer::Hung { timeout } => return Err(format!("no answer within {timeout:?}")),
        Answer::Garbled(how) => return Err(how.clone()),
    };
    if ran.exit < 0 {
        let how = format!("killed by {}", signal_name(-ran.exit));
        return Err(with_stderr(&how, &ran.stderr));
    }
    // The case's own path differs from machine to machine: its file name stands for it.
    let path = case.path.to_string_lossy();
    let name = case.file_name();
    let stderr = ran.stderr.replace(&*path, &name);
    let output = Output {
        exit: ran.exit,
        stdout: ran.stdout.replace(&*path, &name),
        stderr: case.header.stderr.then(|| stderr.clone()),
    };
    Ok((output, stderr))
}

/// Judges a host's answer by the recordings that hold for it: it must equal one of them.
pub fn judge(case: &Case, host: Host, recordings: &[&Recording], answer: &Answer) -> Verdict {
    let (output, stderr) = match output(case, answer) {
        Ok(output) => output,
        Err(how) => return Verdict::Failed(how),
    };
    let failed = if case.header.expectation == Expectation::None {
        own_assertions(case, &output)
    } else {
        let mut found = recordings
            .iter()
            .map(|recording| against(case, host, recording, &output));
        let first = found.next().unwrap_or(Err("no recording".to_string()));
        match first {
            Ok(()) => Ok(()),
            Err(why) if found.any(|other| other.is_ok()) => {
                drop(why);
                Ok(())
            }
            Err(why) => Err(why),
        }
    };
    match failed {
        Ok(()) => Verdict::Passed,
        Err(why) if case.header.stderr => Verdict::Failed(why),
        Err(why) => Verdict::Failed(with_stderr(&why, &stderr)),
    }
}

/// Compares with one recording, setting aside the lines that deviate on purpose.
fn against(case: &Case, host: Host, recording: &Recording, output: &Output) -> Result<(), String> {
    let deviates = case.header.deviates.iter().filter(|d| d.host == host);
    let deviating: Vec<&str> = deviates.map(|d| d.id.as_str()).collect();
    let text = output.text();
    let exits = (recording.exit, output.exit);
    if deviating.is_empty() {
        if exits.0 == exits.1 && recording.text == text {
            return Ok(());
        }
        return Err(difference(&recording.text, &text, exits));
    }
    let kept = |text: &str| -> String {
        let lines = text.split_inclusive('\n');
        lines
            .filter(|line| !deviating.iter().any(|id| begins_with(line, id)))
            .collect()
    };
    let (expected, actual) = (kept(&recording.text), kept(&text));
    if exits.0 != exits.1 || expected != actual {
        return Err(difference(&expected, &actual, exits));
    }
    for id in deviating {
        if lines_of(&recording.text, id) == lines_of(&text, id) {
            return Err(format!(
                "`{id}` does not deviate any more: remove the `deviates` line"
            ));
        }
        if lines_of(&text, id).is_empty() {
            return Err(format!("cited id `{id}` without its line"));
        }
    }
    Ok(())
}

/// Judges a case that has no oracle: every line it prints must say `ok`, and it must cite what it shows.
fn own_assertions(case: &Case, output: &Output) -> Result<(), String> {
    if output.exit != case.header.exit {
        return Err(format!(
            "exit status {}, want {}",
            output.exit, case.header.exit
        ));
    }
    let wrong = output.stdout.lines().find(|line| {
        let mut words = line.split_whitespace();
        let first = words.next();
        let cited =
            first.is_some_and(|word| case.header.cites.iter().any(|id| begins_with(word, id)));
        first != Some("ok") && !(cited && words.any(|word| word == "ok"))
    });
    if let Some(line) = wrong {
        return Err(format!("printed `{line}`, want `ok …` or `<id> … ok`"));
    }
    match without_line(&case.header.cites, &output.stdout) {
        Some(id) => Err(format!("cited id `{id}` without its line")),
        None if output.stdout.is_empty() => Err("printed no `ok` line".to_string()),
        None => Ok(()),
    }
}

/// The first of the ids that no line of the text begins with.
pub fn without_line<'i>(ids: &'i [String], text: &str) -> Option<&'i str> {
    let missing = |id: &&String| lines_of(text, id).is_empty();
    ids.iter().find(missing).map(String::as_str)
}

fn lines_of<'t>(text: &'t str, id: &str) -> Vec<&'t str> {
    text.lines().filter(|line| begins_with(line, id)).collect()
}

/// Tells whether the line begins with the id as a word.
fn begins_with(line: &str, id: &str) -> bool {
    let rest = line.strip_prefix(id);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Shows the changed lines with up to three lines around them.
pub fn difference(expected: &str, actual: &str, exits: (i32, i32)) -> String {
    let mut shown = String::new();
    if exits.0 != exits.1 {
        shown.push_str(&format!("exit status {}, want {}\n", exits.1, exits.0));
    }
    if expected != actual {
        shown.push_str("--- expected\n+++ printed\n");
        let diff = TextDiff::from_lines(expected, actual);
        for (at, group) in diff.grouped_ops(3).iter().enumerate() {
            if at > 0 {
                shown.push_str("  …\n");
            }
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                let sign = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                let line = change.value();
                let end = match line.strip_suffix('\n') {
                    Some(_) => "",
                    None => " (no newline at the end)",
                };
                let line = line.trim_end_matches('\n').replace('\r', "\\r");
                shown.push_str(&format!("{sign} {line}{end}\n"));
            }
        }
    }
    shown.truncate(shown.trim_end().len());
    shown
}

fn with_stderr(why: &str, stderr: &str) -> String {
    const LINES_MAX: usize = 30;
    let lines: Vec<&str> = stderr.lines().collect();
    if lines.is_empty() {
        return why.to_string();
    }
    let from = lines.len().saturating_sub(LINES_MAX);
    let cut = if from > 0 { "\n! …" } else { "" };
    let tail: String = lines[from..].iter().map(|l| format!("\n! {l}")).collect();
    format!("{why}\nstandard error:{cut}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::header::Header;
    use crate::conformance::index::Index;
    use crate::conformance::worker::Ran;
    use std::path::PathBuf;

    fn case(header: &str) -> Case {
        Case {
            name: "objects/id".to_string(),
            area: "objects".to_string(),
            path: PathBuf::from("/somewhere/objects/id.py"),
            shown: PathBuf::from("objects/id.py"),
            header: Header::parse(header, &Index::of(&["B001", "B002"], &[])).unwrap(),
            source: header.to_string(),
        }
    }

    fn ran(stdout: &str) -> Answer {
        Answer::Ran(Ran {
            exit: 0,
            stdout: stdout.to_string(),
            stderr: String::new(),
            requests: None,
        })
    }

    fn verdict(header: &str, recorded: &[&str], answered: &str) -> Verdict {
        let case = case(header);
        let version = "3.15.2".parse().unwrap();
        let recordings: Vec<Recording> = recorded
            .iter()
            .map(|text| Recording::of(&case, &version, &output(&case, &ran(text)).unwrap().0))
            .collect();
        let recordings: Vec<&Recording> = recordings.iter().collect();
        judge(&case, Host::Runtime, &recordings, &ran(answered))
    }

    fn failure(verdict: Verdict) -> String {
        match verdict {
            Verdict::Failed(why) => why,
            Verdict::Passed => panic!("passed"),
        }
    }

    #[test]
    fn a_case_that_runs_several_times_passes_when_each_run_does() {
        let mut whole = Verdict::Passed;
        whole.join("one", Verdict::Passed);
        assert_eq!(whole, Verdict::Passed);
        whole.join("two", Verdict::Failed("why".to_string()));
        whole.join("three", Verdict::Passed);
        whole.join("four", Verdict::Failed("words".to_string()));
        let want = "two: why\nfour: words";
        assert_eq!(whole, Verdict::Failed(want.to_string()));
    }

    #[test]
    fn equal_output_passes_and_other_output_shows_a_diff() {
        let header = "# cites: B001\n";
        assert_eq!(verdict(header, &["B001 1\n"], "B001 1\n"), Verdict::Passed);
        let why = failure(verdict(header, &["a\nB001 1\n"], "a\nB001 2"));
        let want = "--- expected\n+++ printed\n  a\n- B001 1\n+ B001 2 (no newline at the end)";
        assert_eq!(why, want);
    }

    #[test]
    fn any_of_several_recordings_will_do() {
        let header = "# cites: B001\n";
        assert_eq!(
            verdict(header, &["B001 1\n", "B001 2\n"], "B001 2\n"),
            Verdict::Passed
        );
        let why = failure(verdict(header, &["B001 1\n", "B001 2\n"], "B001 3\n"));
        assert!(why.contains("- B001 1"), "{why}");
    }

    #[test]
    fn a_deviation_must_deviate_and_all_other_lines_must_match() {
        let header = "# cites: B001 B002\n# deviates: runtime B002: reason\n";
        let recorded = ["B001 1\nB002 1\n"];
        assert_eq!(
            verdict(header, &recorded, "B001 1\nB002 2\n"),
            Verdict::Passed
        );
        let why = failure(verdict(header, &recorded, "B001 1\nB002 1\n"));
        assert_eq!(
            why,
            "`B002` does not deviate any more: remove the `deviates` line"
        );
        let why = failure(verdict(header, &recorded, "B001 2\nB002 2\n"));
        assert!(why.contains("+ B001 2"), "{why}");
        let why = failure(verdict(header, &recorded, "B001 1\n"));
        assert_eq!(why, "cited id `B002` without its line");
    }

    #[test]
    fn a_case_without_an_oracle_says_ok_for_every_id() {
        let header = "# cites: B001\n# oracle: none\n";
        assert_eq!(verdict(header, &[], "B001 same ok\nok\n"), Verdict::Passed);
        assert_eq!(verdict(header, &[], "B001: ok\n"), Verdict::Passed);
        let why = failure(verdict(header, &[], "B001 wrong\n"));
        assert_eq!(why, "printed `B001 wrong`, want `ok …` or `<id> … ok`");
        let why = failure(verdict(header, &[], "ok\n"));
        assert_eq!(why, "cited id `B001` without its line");
    }

    #[test]
    fn an_id_is_a_word_not_a_prefix() {
        let ids = ["B001".to_string()];
        assert_eq!(without_line(&ids, "B0011 x\n"), Some("B001"));
        assert_eq!(without_line(&ids, "x B001\n"), Some("B001"));
        assert_eq!(without_line(&ids, "x\nB001: y\n"), None);
    }

    #[test]
    fn the_path_of_the_case_is_printed_as_its_file_name() {
        let case = case("# cites: B001\n# stderr: yes\n");
        let answer = Answer::Ran(Ran {
            exit: 1,
            stdout: String::new(),
            stderr: "  File \"/somewhere/objects/id.py\", line 3\n".to_string(),
            requests: None,
        });
        let (output, _) = output(&case, &answer).unwrap();
        assert_eq!(output.text(), "[stderr]\n  File \"id.py\", line 3\n");
    }

    #[test]
    fn a_signal_is_named() {
        let case = case("# cites: B001\n");
        let answer = Answer::Ran(Ran {
            exit: -11,
            stdout: String::new(),
            stderr: "words\n".to_string(),
            requests: None,
        });
        let why = output(&case, &answer).unwrap_err();
        assert_eq!(why, "killed by SIGSEGV\nstandard error:\n! words");
    }
}
