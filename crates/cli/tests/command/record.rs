//! `mortice run` with an eye on the program's memory.

use std::path::Path;

use mortice_profile::trace::Event;
use mortice_profile::{Domain, Trace};

use crate::support::{Folder, Ran, mortice, run};

/// Keeps 1,000 lists to the end and drops as many at once; prints, and exits with 3.
const PROGRAM: &str = "\
import sys

kept = [[number] for number in range(1000)]
for number in range(1000):
    [number, number]
print(len(kept))
sys.exit(3)
";

fn record(folder: &Folder, out: &Path, program: &Path) -> Ran {
    let mut command = mortice(&["run", "--record-allocations"]);
    let output = command.arg(out).arg(program).output();
    let mut ran: Ran = output.expect("the command can be started").into();
    let path = folder.path("").to_string_lossy().into_owned();
    ran.stderr = ran.stderr.replace(&path, "");
    ran
}

#[test]
fn a_recording_is_a_trace_of_the_whole_program() {
    let folder = Folder::new();
    let (program, out) = (folder.file("lists.py", PROGRAM), folder.path("lists.trace"));
    let ran = record(&folder, &out, &program);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(3), "1000\n"));
    let trace = Trace::read(&out).unwrap();
    let lists = trace.len();
    assert!(
        lists > 6_000,
        "two blocks for each list, and their releases"
    );
    let end = format!(
        "mortice: lists.trace: {lists} events, at most {} blocks alive at once, ",
        trace.slot_count()
    );
    assert!(ran.stderr.starts_with(&end), "{}", ran.stderr);
    assert!(trace.slot_count() > 2_000 && trace.slot_count() < 3_500);
    for wanted in [Domain::Mem, Domain::Object] {
        let is_wanted = |event| matches!(event, Event::Allocate { domain: Some(domain), .. } if domain == wanted);
        assert!(trace.events().any(is_wanted), "{wanted:?}");
    }
    let profile = mortice(&["profile", "--rounds", "0"]).arg(&out).output();
    assert!(profile.unwrap().status.success());
}

#[test]
fn a_recording_that_cannot_be_written_is_refused_before_the_program_runs() {
    let folder = Folder::new();
    let program = folder.file("lists.py", PROGRAM);
    let there = folder.path("folder.trace");
    std::fs::create_dir(&there).unwrap();
    let outs = [
        (
            folder.path("missing/lists.trace"),
            "cannot write the trace missing/lists.trace: ",
        ),
        (
            there,
            "cannot write the trace folder.trace: there is something that is not a file\n",
        ),
        (
            program.clone(),
            "cannot write lists.py: it is the program\n",
        ),
    ];
    for (out, reason) in outs {
        let ran = record(&folder, &out, &program);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
        assert!(
            ran.stderr.starts_with(&format!("mortice: {reason}")),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    assert_eq!(std::fs::read_to_string(program).unwrap(), PROGRAM);
}

#[test]
fn a_recording_that_fails_at_the_end_is_reported_behind_the_programs_output() {
    let folder = Folder::new();
    let program = folder.file("lists.py", PROGRAM);
    // The journal has no name; that of the trace is only tried when it is whole.
    let out = folder.path(&"long".repeat(100));
    let ran = record(&folder, &out, &program);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), "1000\n"));
    let start = "mortice: cannot write the trace longlong";
    assert!(ran.stderr.starts_with(start), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn statistics_are_printed_when_the_program_ends() {
    let folder = Folder::new();
    let program = folder.file("lists.py", PROGRAM);
    let plain = run(&["run"], &program);
    assert_eq!((plain.status, plain.stderr.as_str()), (Some(3), ""));
    let ran = run(&["run", "--memory-statistics"], &program);
    assert_eq!((ran.status, &ran.stdout), (Some(3), &plain.stdout));
    let domains: Vec<_> = (ran.stderr.lines())
        .filter(|line| line.ends_with(" domain"))
        .collect();
    assert_eq!(domains, ["mem domain", "object domain", "raw domain"]);
    assert!(
        ran.last_line()
            .ends_with("bytes given back to the system so far")
    );
}
