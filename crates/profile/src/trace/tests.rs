use super::*;

fn parse(words: &[u64]) -> Result<Trace, Fault> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    Trace::parse(&bytes)
}

#[test]
fn events_are_decoded() {
    let object = 3 << 62;
    let trace = parse(&[2, 1 << 2 | 40 << 28 | object, 2 | 1 << 2 | 80 << 28, 5]).unwrap();
    assert_eq!(trace.slot_count(), 2);
    let events: Vec<_> = trace.events().collect();
    assert_eq!(
        events,
        [
            Event::Allocate {
                slot: 1,
                bytes: 40,
                domain: Some(Domain::Object)
            },
            Event::Reallocate {
                slot: 1,
                bytes: 80,
                domain: None
            },
            Event::Release { slot: 1 },
        ]
    );
    assert_eq!(Trace::of_events(&events).unwrap(), trace);
}

#[test]
fn words_keep_what_events_say() {
    for slot in [0, 1, SLOT_LIMIT as u32 - 1] {
        assert_eq!(
            Event::of(Event::Release { slot }.word()),
            Some(Event::Release { slot })
        );
        for bytes in [0, 1, 512, SIZE_LIMIT_BYTES] {
            for domain in [
                None,
                Some(Domain::Raw),
                Some(Domain::Mem),
                Some(Domain::Object),
            ] {
                let allocate = Event::Allocate {
                    slot,
                    bytes,
                    domain,
                };
                let reallocate = Event::Reallocate {
                    slot,
                    bytes,
                    domain,
                };
                assert_eq!(Event::of(allocate.word()), Some(allocate));
                assert_eq!(Event::of(reallocate.word()), Some(reallocate));
            }
        }
    }
    let giant = Event::Allocate {
        slot: 0,
        bytes: usize::MAX,
        domain: None,
    };
    assert_eq!(giant.word() >> SIZE_SHIFT, SIZE_LIMIT_BYTES as u64);
}

#[test]
fn words_that_are_no_trace_are_refused() {
    assert_eq!(Trace::parse(&[]), Err(Fault::Length { bytes: 0 }));
    assert_eq!(Trace::parse(&[0; 12]), Err(Fault::Length { bytes: 12 }));
    for (words, reason) in [
        (&[1][..], "1 slots are more than 0 events can fill"),
        (
            &[u64::MAX, 0, 1][..],
            "18446744073709551615 slots are more than 2 events can fill",
        ),
        (&[1, 4][..], "event 0: slot 1 is beyond the 1 slots"),
        (&[0, 1][..], "event 0: slot 0 is beyond the 0 slots"),
        (&[1, 0, 0][..], "event 1: slot 0 holds a block already"),
        (&[1, 1][..], "event 0: slot 0 holds no block"),
        (&[1, 2][..], "event 0: slot 0 holds no block"),
        (&[1, 3][..], "event 0: no such operation"),
        (
            &[1, 0, 1 | 1 << 28][..],
            "event 1: a release has no size and no domain",
        ),
        (
            &[1, 0, 1 | 3 << 62][..],
            "event 1: a release has no size and no domain",
        ),
        (
            &[2, 0, 4, 1][..],
            "cut short after event 2: 1 of its blocks are never released",
        ),
    ] {
        match parse(words) {
            Err(fault) => assert_eq!(fault.to_string(), reason),
            Ok(_) => panic!("{words:x?} is a trace"),
        }
    }
}

/// A trace of a few blocks, and its bytes.
fn small() -> (Trace, Vec<u8>) {
    let words = [2u64, 40 << 28, 4 | 9 << 28, 2 | 600 << 28 | 2 << 62, 1, 5];
    (parse(&words).unwrap(), words.map(u64::to_le_bytes).concat())
}

#[test]
fn a_trace_is_written_and_read_plain_and_packed() {
    let folder = tempfile::tempdir().unwrap();
    let (trace, bytes) = small();
    let path = folder.path().join("a.trace");
    trace.write(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert_eq!(Trace::read(&path).unwrap(), trace);
    // The contents tell, not the name.
    let mut packed = Vec::new();
    lzma_rs::xz_compress(&mut bytes.as_slice(), &mut packed).unwrap();
    std::fs::write(&path, packed).unwrap();
    assert_eq!(Trace::read(&path).unwrap(), trace);
}

#[test]
fn files_that_are_no_traces_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = small();
    let mut packed = Vec::new();
    lzma_rs::xz_compress(&mut bytes.as_slice(), &mut packed).unwrap();
    let cut = &packed[..packed.len() - 20];
    for (name, contents, reason) in [
        ("empty", &[][..], "a trace of 0 bytes is not a list"),
        ("text", b"not a trace", "a trace of 11 bytes is not a list"),
        (
            "cut",
            &bytes[..40],
            "cut short after event 3: 1 of its blocks",
        ),
        ("packed", cut, "damaged xz file"),
        ("magic", &packed[..6], "damaged xz file"),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        let error = Trace::read(&path).unwrap_err().to_string();
        let start = format!("{}: {reason}", path.display());
        assert!(error.starts_with(&start), "{error}");
    }
    for path in [folder.path().join("missing"), folder.path().into()] {
        let error = Trace::read(&path).unwrap_err();
        assert!(matches!(error, TraceError::Read { .. }), "{error}");
    }
}

#[test]
fn no_damaged_xz_file_stops_the_reader() {
    let folder = tempfile::tempdir().unwrap();
    let (_, bytes) = small();
    let mut packed = Vec::new();
    lzma_rs::xz_compress(&mut bytes.as_slice(), &mut packed).unwrap();
    let path = folder.path().join("damaged.xz");
    let mut refused = 0;
    for at in 0..packed.len() {
        for bit in 0..8 {
            let mut damaged = packed.clone();
            damaged[at] ^= 1 << bit;
            std::fs::write(&path, &damaged).unwrap();
            refused += usize::from(Trace::read(&path).is_err());
        }
        std::fs::write(&path, &packed[..at]).unwrap();
        assert!(Trace::read(&path).is_err(), "the first {at} bytes");
    }
    // The decoder does not compare the checksum: another size passes.
    assert!(refused > packed.len() * 6, "{refused}");
}
