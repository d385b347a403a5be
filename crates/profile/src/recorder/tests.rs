use super::*;
use crate::trace::{Event, Trace};

const OBJECT: Option<Domain> = Some(Domain::Object);

fn allocate(slot: u32, bytes: usize) -> Event {
    Event::Allocate {
        slot,
        bytes,
        domain: OBJECT,
    }
}

fn release(slot: u32) -> Event {
    Event::Release { slot }
}

/// What a recording's trace says.
fn recorded(work: impl FnOnce(&Recorder)) -> (Recording, Vec<Event>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program.trace");
    let recorder = Recorder::new(&path);
    work(&recorder);
    let recording = recorder.finish().unwrap();
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let trace = Trace::read(&path).unwrap();
    assert_eq!(recording.slots, trace.slot_count());
    assert_eq!(recording.events as usize, trace.len());
    (recording, trace.events().collect())
}

#[test]
fn slots_are_used_again_and_what_lives_is_released_at_the_end() {
    let (recording, events) = recorded(|recorder| {
        recorder.allocated(0x100, Domain::Object, 10);
        recorder.allocated(0x200, Domain::Mem, 20);
        recorder.released(0x100);
        recorder.allocated(0x300, Domain::Raw, 30);
        recorder.reallocated(0x300, 0x400, Domain::Raw, 1 << 20);
        recorder.reallocated(0, 0x500, Domain::Object, 5);
        recorder.released(0);
    });
    let (mem, raw) = (Some(Domain::Mem), Some(Domain::Raw));
    assert_eq!(
        events,
        [
            allocate(0, 10),
            Event::Allocate {
                slot: 1,
                bytes: 20,
                domain: mem
            },
            release(0),
            Event::Allocate {
                slot: 0,
                bytes: 30,
                domain: raw
            },
            Event::Reallocate {
                slot: 0,
                bytes: 1 << 20,
                domain: raw
            },
            allocate(2, 5),
            release(0),
            release(1),
            release(2),
        ]
    );
    assert_eq!((recording.alive, recording.unknown), (3, 0));
}

#[test]
fn blocks_from_before_the_recording_do_no_harm() {
    let (recording, events) = recorded(|recorder| {
        recorder.released(0x100);
        recorder.reallocated(0x200, 0x300, Domain::Object, 30);
        recorder.released(0x300);
    });
    assert_eq!(events, [allocate(0, 30), release(0)]);
    assert_eq!((recording.alive, recording.unknown), (0, 2));
}

#[test]
fn missed_releases_are_made_up_for() {
    let (recording, events) = recorded(|recorder| {
        recorder.allocated(0x100, Domain::Object, 10);
        recorder.allocated(0x100, Domain::Object, 11);
        recorder.allocated(0x200, Domain::Object, 12);
        recorder.reallocated(0x200, 0x100, Domain::Object, 13);
    });
    let resized = Event::Reallocate {
        slot: 1,
        bytes: 13,
        domain: OBJECT,
    };
    assert_eq!(
        events,
        [
            allocate(0, 10),
            release(0),
            allocate(0, 11),
            allocate(1, 12),
            release(0),
            resized,
            release(1),
        ]
    );
    assert_eq!(recording.alive, 1);
}

#[test]
fn nothing_is_a_recording_too() {
    let (recording, events) = recorded(|_| {});
    assert_eq!((recording, events.len()), (Recording::default(), 0));
}

#[test]
fn errors_are_told_at_the_end_with_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/program.trace");
    let recorder = Recorder::new(&missing);
    for address in 1..100_000 {
        recorder.allocated(address, Domain::Object, 8);
    }
    let error = recorder.finish().unwrap_err();
    assert!(matches!(error, RecordError::Journal { .. }), "{error:?}");
    let said = error.to_string();
    let folder_name = missing.parent().unwrap().display().to_string();
    assert!(said.contains(&folder_name), "{said}");
    assert!(matches!(
        recorder.finish(),
        Err(RecordError::Finished { .. })
    ));
    // What is called after the end has no effect.
    recorder.allocated(16, Domain::Object, 8);
    recorder.released(16);
}

#[test]
fn what_is_not_a_file_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(folder.path());
    let error = recorder.finish().unwrap_err();
    assert!(matches!(error, RecordError::Write { .. }), "{error:?}");
    assert!(folder.path().is_dir());
}

#[test]
fn a_recording_replaces_the_file_that_a_link_leads_to() {
    let folder = tempfile::tempdir().unwrap();
    let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
    std::fs::write(&file, "old").unwrap();
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let recorder = Recorder::new(&link);
    assert_eq!(std::fs::read(&file).unwrap(), b"old");
    recorder.finish().unwrap();
    assert!(Trace::read(&file).unwrap().is_empty());
    assert!(link.is_symlink());
}

#[test]
fn a_trace_may_be_read_by_those_who_may_read_other_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let [other, path] = ["other", "trace"].map(|name| folder.path().join(name));
    std::fs::write(&other, "").unwrap();
    Recorder::new(&path).finish().unwrap();
    let [other, trace] = [other, path].map(|path| path.metadata().unwrap().permissions().mode());
    assert_eq!(trace, other);
}

#[test]
fn a_recorder_that_is_dropped_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(folder.path().join("program.trace"));
    recorder.allocated(16, Domain::Object, 8);
    drop(recorder);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_event_is_that_of_its_block() {
    let mut state = 11u64;
    let mut draw = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % limit
    };
    // Addresses of several pages, some between granules; the block at each, by a number of its own.
    let addresses: Vec<usize> = (0..600)
        .map(|number| 0x7000_0000 + number * 112 + number % 5 / 4 * 8)
        .collect();
    let mut alive = vec![None; addresses.len()];
    let mut wanted = Vec::new();
    let (recording, events) = recorded(|recorder| {
        for number in 0..50_000 {
            let (at, bytes) = (draw(addresses.len()), draw(200_000));
            let other = draw(addresses.len());
            match alive[at] {
                None => {
                    recorder.allocated(addresses[at], Domain::Object, bytes);
                    alive[at] = Some(number);
                    wanted.push(('a', number, bytes));
                }
                Some(block) if alive[other].is_none() && draw(4) == 0 => {
                    recorder.reallocated(addresses[at], addresses[other], Domain::Object, bytes);
                    alive[other] = alive[at].take();
                    wanted.push(('r', block, bytes));
                }
                Some(block) => {
                    recorder.released(addresses[at]);
                    alive[at] = None;
                    wanted.push(('f', block, 0));
                }
            }
        }
    });
    let kept = alive.iter().flatten().count();
    assert_eq!((recording.alive, recording.unknown), (kept, 0));
    assert_eq!(events.len(), wanted.len() + kept);
    let mut blocks = vec![None; recording.slots];
    for (event, (kind, block, bytes)) in events.into_iter().zip(wanted) {
        let held = &mut blocks[event.slot()];
        let found = match event {
            Event::Allocate { bytes, .. } => {
                *held = Some(block);
                ('a', *held, bytes)
            }
            Event::Reallocate { bytes, .. } => ('r', *held, bytes),
            Event::Release { .. } => ('f', held.take(), 0),
        };
        assert_eq!(found, (kind, Some(block), bytes));
    }
}

#[test]
fn what_has_no_place_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing/program.trace");
    let there = folder.path().join("folder.trace");
    std::fs::create_dir(&there).unwrap();
    for path in [missing, there] {
        let early = Recorder::create(&path).map(drop).unwrap_err();
        assert!(
            matches!(&early, RecordError::Write { path: named, .. } if *named == path),
            "{early}"
        );
    }
    let path = folder.path().join("program.trace");
    drop(Recorder::create(&path).unwrap());
    assert!(!path.exists());
}
