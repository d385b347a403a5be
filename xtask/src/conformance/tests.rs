//! The runner on small suites in temporary folders, with a shell script as its subject and as its CPython.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Selection;
use super::host::Host;
use super::record::{RecordArgs, record};
use super::run::{RunArgs, list_gaps, run, write_gaps};
use crate::problem::Stop;

/// A suite in a folder of its own.
struct Suite {
    folder: TempDir,
}

impl Suite {
    fn new() -> Self {
        let suite = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let head = "id\tarea\treach\t3.12\t3.13\t3.15\tstatement\n";
        let rows =
            ["B001", "B002", "B003"].map(|id| format!("{id}\tarea\tpy\tok\tok\tok\twords\n"));
        suite.put("behaviours.tsv", &format!("{head}{}", rows.concat()));
        suite.put("slots.tsv", "id\tarea\tstatement\nS001\tarea\twords\n");
        suite.put("seeds.tsv", "file\tsubject\n");
        suite
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join("conformance").join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds a case of the area `a` to which the script answers `stdout`.
    fn case(&self, name: &str, header: &str, stdout: &str) {
        self.put(&format!("cases/a/{name}.py"), header);
        self.answer(name, stdout);
    }

    fn answer(&self, name: &str, stdout: &str) {
        let stdout = stdout.replace('\n', "\\n");
        let answer = format!("{{\"exit\":0,\"stdout\":\"{stdout}\",\"stderr\":\"\"}}\n");
        self.put(&format!("cases/a/_{name}.answer"), &answer);
    }

    fn selection(&self) -> Selection {
        let script = fake_python();
        Selection {
            oracle: vec![script.clone()],
            jobs: 2,
            timeout: Some(5.0),
            subject: ["runtime", "wheel"]
                .map(|host| format!("{host}={}", script.display()))
                .to_vec(),
            ..Selection::default()
        }
    }

    fn record(&self) -> (Result<(), Stop>, String) {
        let selection = self.selection();
        let mut out = Vec::new();
        let result = record(self.root(), &RecordArgs { selection }, &mut out);
        (result, String::from_utf8(out).unwrap())
    }

    /// Records what the script says, which must succeed.
    fn recorded(&self) {
        let (result, out) = self.record();
        assert!(result.is_ok(), "{result:?}\n{out}");
    }

    fn args(&self, host: Host) -> RunArgs {
        RunArgs {
            selection: self.selection(),
            host: Some(host),
            ..RunArgs::default()
        }
    }

    fn run(&self) -> (Result<(), Stop>, String) {
        self.run_with(&self.args(Host::Runtime))
    }

    fn run_with(&self, args: &RunArgs) -> (Result<(), Stop>, String) {
        let mut out = Vec::new();
        let result = run(self.root(), args, &mut out);
        (result, String::from_utf8(out).unwrap())
    }

    /// The one line that a run ends with when its input is wrong.
    fn bad_input(&self) -> String {
        let (result, out) = self.run();
        let stop = result.unwrap_err();
        assert_eq!((stop.status(), out.as_str()), (2, ""));
        stop.to_string()
    }
}

fn fake_python() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake-python.sh")
}

const CITES: &str = "# cites: B001\n";

#[test]
fn a_recorded_suite_passes_on_every_host_and_says_what_it_covers() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001 S001\n", "B001 x\nS001 y\n");
    suite.case("two", "# cites: B002\n# oracle: none\n", "B002 ok\n");
    suite.recorded();
    let json = suite.path("counts.json");
    let args = RunArgs {
        host: None,
        json: Some(json.clone()),
        ..suite.args(Host::Runtime)
    };
    let (result, out) = suite.run_with(&args);
    assert!(result.is_ok(), "{result:?}");
    insta::assert_snapshot!(out, @"
    oracle: CPython 3.15.2
    area         host      passed  failed    gaps   stale
    a            runtime        2       0       0       0
    a            cpython        1       0       0       0
    a            wheel          1       0       0       0
    all          runtime        2       0       0       0
    all          cpython        1       0       0       0
    all          wheel          1       0       0       0
    of these on runtime, 1 have no oracle and assert for themselves: 1 passed
    behaviours: 3 indexed, 3 reachable from Python, 2 cited (2 of the reachable)
    behaviours passing on runtime: 1 (1 of the reachable)
    behaviours passing on cpython: 1 (1 of the reachable)
    ");
    let counts: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let want = serde_json::json!({
        "hosts": {
            "runtime": {"passed": 2, "failed": 0, "gap": 0, "stale": 0},
            "cpython": {"passed": 1, "failed": 0, "gap": 0, "stale": 0},
            "wheel": {"passed": 1, "failed": 0, "gap": 0, "stale": 0},
        },
        "behaviours": {"indexed": 3, "cited": 2, "passing": {"runtime": 1, "cpython": 1}},
        "oracle": "3.15.2",
        "wheel": {},
    });
    assert_eq!(counts, want);
}

#[test]
fn other_output_fails_with_a_diff() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    suite.answer("one", "B001 y\n");
    let (result, out) = suite.run();
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(
        out.starts_with("FAILED a/one on runtime (conformance/cases/a/one.py)\n"),
        "{out}"
    );
    assert!(out.contains("    - B001 x\n    + B001 y\n"), "{out}");
}

#[test]
fn a_bad_header_key_is_one_line() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001\n# host: runtime\n", "");
    let line = suite.bad_input();
    let want = "conformance/cases/a/one.py:2: unknown header key `host` (known: ";
    assert!(line.starts_with(want) && !line.contains('\n'), "{line}");
}

#[test]
fn an_unknown_id_is_one_line() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001 B999\n", "");
    assert_eq!(
        suite.bad_input(),
        "conformance/cases/a/one.py:1: unknown id `B999`"
    );
}

#[test]
fn a_case_that_is_not_utf_8_is_one_line() {
    let suite = Suite::new();
    suite.case("one", CITES, "");
    fs::write(suite.path("cases/a/one.py"), b"# cites: B001\nx = '\xe9'\n").unwrap();
    let want = "conformance/cases/a/one.py:2: not UTF-8: byte 0xe9 at offset 19";
    assert_eq!(suite.bad_input(), want);
}

#[test]
fn a_case_without_a_recording_is_one_line() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    let want = "conformance/cases/a/one.py:1: no recording: run cargo xtask conformance record";
    assert_eq!(suite.bad_input(), want);
}

#[test]
fn a_recording_edited_by_hand_is_one_line() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    let path = suite.path("recordings/a/one.snap");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("B001 x", "B001 y")).unwrap();
    let want =
        "conformance/recordings/a/one.snap:1: recording edited by hand: its digest does not match";
    assert_eq!(suite.bad_input(), want);
}

#[test]
fn a_case_changed_after_its_recording_is_one_line() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    suite.case("one", "# cites: B001\n\nprint()\n", "B001 x\n");
    let want = "conformance/recordings/a/one.snap:1: case changed since it was recorded: \
                run cargo xtask conformance record";
    assert_eq!(suite.bad_input(), want);
}

#[test]
fn a_recording_of_no_case_is_one_line_and_the_next_record_removes_it() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.case("two", CITES, "B001 x\n");
    suite.recorded();
    fs::remove_file(suite.path("cases/a/two.py")).unwrap();
    let want = "conformance/recordings/a/two.snap: \
                recording of no case, or of a version that its case does not name";
    assert_eq!(suite.bad_input(), want);
    suite.recorded();
    assert!(suite.run().0.is_ok());
}

#[test]
fn a_cited_id_without_its_line_is_not_recorded() {
    let suite = Suite::new();
    suite.case("one", "# hosts: cpython\n# cites: B001 B002\n", "B001 x\n");
    let (result, out) = suite.record();
    assert_eq!(result.unwrap_err().status(), 1);
    let want = "conformance/cases/a/one.py:2: cited id `B002` without its line";
    assert!(out.contains(want), "{out}");
    assert!(!suite.path("recordings/a/one.snap").exists());
}

#[test]
fn a_cited_id_without_its_line_in_a_case_without_an_oracle_fails() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001 B002\n# oracle: none\n", "B001 ok\n");
    let (result, out) = suite.run();
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(
        out.contains("    cited id `B002` without its line\n"),
        "{out}"
    );
}

#[test]
fn output_that_differs_between_two_runs_is_not_recorded() {
    let suite = Suite::new();
    suite.case("unsteady", CITES, "");
    let (result, out) = suite.record();
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(out.contains("    two runs differ\n"), "{out}");
}

#[test]
fn what_was_recorded_and_did_not_change_is_not_written_again() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    let (_, out) = suite.record();
    assert!(
        out.ends_with("1 recorded, 0 unchanged, 0 failed\n"),
        "{out}"
    );
    let (_, out) = suite.record();
    assert!(
        out.ends_with("0 recorded, 1 unchanged, 0 failed\n"),
        "{out}"
    );
}

#[test]
fn a_version_that_nobody_has_is_named() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001\n# differs: 2.4: older\n", "B001 x\n");
    let (result, out) = suite.record();
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(
        out.contains("    no CPython 2.4 found to record it: try --oracle PATH\n"),
        "{out}"
    );
}

#[test]
fn a_crash_and_a_hang_and_nonsense_each_fail_one_case() {
    let suite = Suite::new();
    for name in ["before", "crash", "hang", "nonsense", "zlast"] {
        suite.case(name, "# cites: B001\n# oracle: none\n", "B001 ok\n");
    }
    let mut args = suite.args(Host::Runtime);
    args.selection.jobs = 1;
    args.selection.timeout = Some(0.5);
    let (result, out) = suite.run_with(&args);
    assert_eq!(
        result.unwrap_err().to_string(),
        "conformance: 3 failed, 0 stale gaps"
    );
    insta::assert_snapshot!(out, @"
    FAILED a/crash on runtime (conformance/cases/a/crash.py)
        killed by SIGSEGV
        standard error:
        ! last words
    FAILED a/hang on runtime (conformance/cases/a/hang.py)
        no answer within 500ms
    FAILED a/nonsense on runtime (conformance/cases/a/nonsense.py)
        answered `hello`: expected value at line 1 column 1
    area         host      passed  failed    gaps   stale
    a            runtime        2       3       0       0
    all          runtime        2       3       0       0
    of these on runtime, 5 have no oracle and assert for themselves: 2 passed
    behaviours: 3 indexed, 3 reachable from Python, 1 cited (1 of the reachable)
    behaviours passing on runtime: 0 (0 of the reachable)
    ");
}

#[test]
fn a_listed_case_may_fail_and_must_not_pass() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    suite.put(
        "gaps.toml",
        "[[gap]]\ncase = \"a/one\"\nhost = \"runtime\"\nreason = \"words\"\n",
    );
    let (result, out) = suite.run();
    assert_eq!(
        result.unwrap_err().to_string(),
        "conformance: 0 failed, 1 stale gaps"
    );
    let want = "STALE  a/one on runtime passes: remove it from conformance/gaps.toml\n";
    assert!(out.starts_with(want), "{out}");
    suite.answer("one", "B001 y\n");
    let (result, out) = suite.run();
    assert!(result.is_ok(), "{result:?}\n{out}");
}

#[test]
fn a_gap_that_names_no_case_is_one_line() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    suite.put(
        "gaps.toml",
        "\n[[gap]]\ncase = \"a/gone\"\nhost = \"runtime\"\nreason = \"words\"\n",
    );
    assert_eq!(
        suite.bad_input(),
        "conformance/gaps.toml:2: gap names no case: `a/gone`"
    );
}

#[test]
fn gaps_are_listed_and_written_for_review() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    suite.recorded();
    suite.answer("one", "B001 y\n");
    let mut out = Vec::new();
    write_gaps(suite.root(), &suite.args(Host::Runtime), &mut out).unwrap();
    assert!(suite.run().0.is_ok());
    out.clear();
    list_gaps(suite.root(), &suite.args(Host::Runtime), &mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "a/one on runtime: unreviewed\n1 gaps\n"
    );
}

#[test]
fn a_filter_that_selects_nothing_and_a_misplaced_file_are_refused() {
    let suite = Suite::new();
    suite.case("one", CITES, "B001 x\n");
    let mut args = suite.args(Host::Runtime);
    args.selection.filter = "none".to_string();
    let (result, _) = suite.run_with(&args);
    let stop = result.unwrap_err();
    assert_eq!(stop.to_string(), "no case's name contains `none`");
    assert_eq!(stop.status(), 2);
    suite.put("cases/a/notes.txt", "");
    let want = "conformance/cases/a/notes.txt: no case: want cases/<area>/<name>.py, \
                or a name that begins with _";
    assert_eq!(suite.bad_input(), want);
}

#[test]
fn a_subject_that_cannot_be_started_fails_its_cases() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001\n# oracle: none\n", "B001 ok\n");
    let mut args = suite.args(Host::Runtime);
    args.selection.subject = vec!["runtime=no-such-program worker".to_string()];
    let (result, out) = suite.run_with(&args);
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(
        out.contains("`no-such-program worker` cannot be started: "),
        "{out}"
    );
}

#[test]
fn zeal_collects_where_the_output_does_not_tell() {
    let suite = Suite::new();
    suite.put("cases/a/checks_one.py", "# cites: B001\n# oracle: none\n");
    let header = "# cites: B001\n# oracle: none\n# collects: it counts collections\n";
    suite.put("cases/a/checks_two.py", header);
    let asked = |zeal| {
        let args = RunArgs {
            zeal,
            ..suite.args(Host::Runtime)
        };
        let (result, out) = suite.run_with(&args);
        assert!(result.is_err(), "what the script says is no `ok` line");
        let lines = out.lines().filter(|line| line.contains("printed `"));
        assert_eq!(lines.count(), 2, "{out}");
        out
    };
    assert!(!asked(false).contains("checks:"));
    let out = asked(true);
    assert!(out.contains("checks:{zeal:collect}"), "{out}");
    assert!(out.contains("checks:{zeal:audit}"), "{out}");
}

#[test]
fn each_request_of_every_case_fails_once() {
    let suite = Suite::new();
    // The script answers as ever, which is right, and does not count its requests.
    suite.case("one", "# cites: B001\n# oracle: none\n", "B001 ok\n");
    let args = RunArgs {
        fail_allocation: Some("1..7".parse().unwrap()),
        ..suite.args(Host::Runtime)
    };
    let (result, out) = suite.run_with(&args);
    assert!(result.is_ok(), "{result:?}");
    let said = "1 cases, 7 runs with one failing request: 7 normal, 0 with MemoryError, 0 failed\n";
    assert_eq!(out, said);
    // A case whose worker dies when a request fails.
    suite.put("cases/a/starves.py", "# cites: B001\n# oracle: none\n");
    let (result, out) = suite.run_with(&args);
    assert_eq!(result.unwrap_err().status(), 1);
    assert!(
        out.contains("FAILED a/starves with 7 failing requests\n"),
        "{out}"
    );
    assert!(out.contains("request 1: killed by SIGSEGV"), "{out}");
}

#[test]
fn each_planted_fault_has_to_be_noticed() {
    let suite = Suite::new();
    suite.case("one", "# cites: B001\n# oracle: none\n", "B001 ok\n");
    suite.case("notices_wrong", CITES, "B001 right\n");
    suite.recorded();
    let mut args = RunArgs {
        canary: true,
        ..suite.args(Host::Runtime)
    };
    let (result, out) = suite.run_with(&args);
    let stop = result.unwrap_err();
    assert_eq!(stop.status(), 1);
    assert!(stop.to_string().ends_with("nobody noticed hangs"), "{stop}");
    insta::assert_snapshot!(out, @"
    wrong: 1 case: a/notices_wrong
    hangs: no case noticed
    2 faults planted, 1 noticed
    ");
    args.selection.timeout = Some(2.0);
    // A case that hangs with the fault has noticed it.
    suite.case("notices_both", CITES, "B001 right\n");
    suite.recorded();
    let (result, out) = suite.run_with(&args);
    assert!(result.is_ok(), "{result:?}");
    insta::assert_snapshot!(out, @"
    wrong: 2 cases: a/notices_both, a/notices_wrong
    hangs: 1 case: a/notices_both
    2 faults planted, 2 noticed
    ");
    // Only the selected cases run.
    args.selection.filter = "wrong".to_string();
    let (result, _) = suite.run_with(&args);
    assert!(result.is_err());
    // What fails without a fault tells nothing about one.
    args.selection.filter = String::new();
    suite.answer("one", "B001 other\n");
    let (result, out) = suite.run_with(&args);
    let stop = result.unwrap_err().to_string();
    assert!(stop.ends_with("a/one fails without a fault"), "{stop}");
    assert_eq!(out, "");
}
