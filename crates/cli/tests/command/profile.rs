//! `mortice profile` on small traces, and on what is none.

use std::path::Path;

use mortice_profile::trace::Event;
use mortice_profile::{Domain, Trace};

use crate::support::{Folder, Ran, mortice};

/// A program that keeps a third of its blocks to the end and drops the others at once; some grow before.
fn trace() -> Trace {
    let mut events = Vec::new();
    let domain = |number: usize| match number % 8 {
        0 => Some(Domain::Mem),
        1 => Some(Domain::Raw),
        _ => Some(Domain::Object),
    };
    for number in 0..6_000 {
        let (slot, bytes) = (
            number as u32,
            8 + number * 4 % 400 + number % 97 / 96 * 2_000,
        );
        events.push(Event::Allocate {
            slot,
            bytes,
            domain: domain(number),
        });
        if number % 16 == 5 {
            events.push(Event::Reallocate {
                slot,
                bytes: bytes * 2,
                domain: domain(number),
            });
        }
        if number % 3 != 0 {
            events.push(Event::Release { slot });
        }
    }
    let kept = (0..6_000).filter(|slot| slot % 3 == 0);
    events.extend(kept.map(|slot| Event::Release { slot }));
    Trace::of_events(&events).unwrap()
}

fn profile(folder: &Folder, arguments: &[&str], file: &Path) -> Ran {
    let mut command = mortice(&["profile"]);
    let output = command.args(arguments).arg(file).output();
    let mut ran: Ran = output.expect("the command can be started").into();
    let path = folder.path("").to_string_lossy().into_owned();
    ran.stdout = ran.stdout.replace(&path, "");
    ran.stderr = ran.stderr.replace(&path, "");
    ran
}

#[test]
fn a_profile_without_times() {
    let folder = Folder::new();
    let path = folder.path("program.trace");
    trace().write(&path).unwrap();
    let ran = profile(&folder, &["--rounds", "0"], &path);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_profile_with_times_pictures_and_json() {
    let folder = Folder::new();
    let path = folder.path("program.trace");
    trace().write(&path).unwrap();
    let (pictures, json) = (folder.path("new/pictures"), folder.path("all.json"));
    let arguments = [
        "--rounds",
        "1",
        "--svg",
        pictures.to_str().unwrap(),
        "--json",
        json.to_str().unwrap(),
    ];
    let ran = profile(&folder, &arguments, &path);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("medians of 1 rounds"), "{}", ran.stdout);
    for name in ["sizes.svg", "live.svg"] {
        let picture = std::fs::read_to_string(pictures.join(name)).unwrap();
        assert!(picture.starts_with("<svg") && picture.contains("program.trace"));
    }
    let all: serde_json::Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    assert_eq!(all["summary"]["allocations"], 6_000);
    assert_eq!(all["summary"]["domains"]["raw"], 750);
    let scores = all["scores"]["scores"].as_array().unwrap();
    assert!(scores.len() >= 10, "{scores:?}");
    assert_eq!(scores[0]["axis"], "default");
    assert_eq!(scores[0]["bytes_ratio"], 1.0);
    assert!(scores[0]["account"]["peak"]["live_bytes"].as_u64() > Some(0));
    assert_eq!(all["scores"]["references"].as_array().unwrap().len(), 2);
}

#[test]
fn a_trace_without_events() {
    let folder = Folder::new();
    let path = folder.path("empty.trace");
    Trace::of_events(&[]).unwrap().write(&path).unwrap();
    let pictures = folder.path("pictures");
    let ran = profile(&folder, &["--svg", pictures.to_str().unwrap()], &path);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert!(
        ran.stdout.contains("keep 16-byte spacing"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_is_no_trace_is_refused_with_its_name() {
    let folder = Folder::new();
    let words = |words: &[u64]| words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let files: [(&str, Vec<u8>); 6] = [
        ("text.trace", b"allocate 40 bytes".to_vec()),
        ("none.trace", Vec::new()),
        ("slots.trace", words(&[1 << 60, 0, 1])),
        ("twice.trace", words(&[1, 0, 0, 1])),
        ("cut.trace", words(&[2, 0, 4, 1])),
        ("magic.trace", b"\xfd7zXZ\0 not packed".to_vec()),
    ];
    let mut said = String::new();
    for (name, contents) in files {
        let path = folder.file(name, &contents);
        let ran = profile(&folder, &[], &path);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{name}");
        said += &ran.stderr;
    }
    std::fs::create_dir(folder.path("folder.trace")).unwrap();
    for path in [folder.path("missing.trace"), folder.path("folder.trace")] {
        let ran = profile(&folder, &[], &path);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
        said += &ran.stderr;
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_request_that_nobody_can_serve_is_refused() {
    let folder = Folder::new();
    let path = folder.path("giant.trace");
    // 65,536 blocks of 16 GiB are more than a process has addresses for.
    let allocate = |slot| Event::Allocate {
        slot,
        bytes: (1 << 34) - 1,
        domain: None,
    };
    let mut events: Vec<Event> = (0..65_536).map(allocate).collect();
    events.extend((0..65_536).map(|slot| Event::Release { slot }));
    Trace::of_events(&events).unwrap().write(&path).unwrap();
    let ran = profile(&folder, &["--rounds", "0"], &path);
    assert_eq!(ran.status, Some(2));
    assert!(
        ran.last_line().contains("giant.trace: event "),
        "{}",
        ran.stderr
    );
    assert!(ran.last_line().ends_with("no memory for 17179869183 bytes"));
}

#[test]
fn files_that_cannot_be_written_are_named() {
    let folder = Folder::new();
    let path = folder.path("program.trace");
    trace().write(&path).unwrap();
    let there = folder.file("there", "");
    for option in ["--svg", "--json"] {
        let target = there.join("below");
        let arguments = ["--rounds", "0", option, target.to_str().unwrap()];
        let ran = profile(&folder, &arguments, &path);
        assert_eq!(ran.status, Some(2), "{option}");
        let start = "mortice: cannot write there/below: ";
        assert!(ran.last_line().starts_with(start), "{}", ran.stderr);
    }
}

#[test]
fn the_trace_of_the_shared_data() {
    let Some(path) = mortice_testkit::shared::data("compiler.trace.xz") else {
        println!("skipped: compiler.trace.xz is not in the shared data beside the repository");
        return;
    };
    let ran = profile(&Folder::new(), &["--rounds", "0"], &path);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let wanted = "allocations             978,992\n";
    assert!(ran.stdout.contains(wanted), "{}", ran.stdout);
}
