//! The time of a recorded program's allocations: CPython compiling seven modules, replayed through
//! the object domain and through the system's `malloc`, in turns.
//!
//! Every block's first word is written and read, as the first and last use of an object do. The
//! blocks are checked for overlap in a test of the testkit, not here.

use mortice_mem::{Domain, DomainSource, Memory, Slots, SystemSource};
use mortice_profile::Trace;
use mortice_profile::replay::replay;
use mortice_testkit::shared;
use mortice_testkit::timed::{self, Subject};

const TRACE: &str = "compiler.trace.xz";
const ROUNDS: usize = 15;

fn main() {
    let Some(path) = shared::data(TRACE) else {
        eprintln!("skipped: {TRACE} is not in the shared data beside the repository");
        return;
    };
    let trace = Trace::read(&path).expect("the trace can be read");
    let memory = Memory::new().expect("address space for the memory");
    let source = DomainSource::new(&memory, Domain::Object);
    let mut ours = Slots::new(source, trace.slot_count());
    let mut systems = Slots::new(SystemSource, trace.slot_count());
    let wanted = replay(&trace, &mut systems).expect("the system has memory");
    let mut subjects = [
        Subject {
            name: "object domain",
            run: Box::new(|| assert_eq!(replay(&trace, &mut ours), Ok(wanted))),
        },
        Subject {
            name: "system malloc",
            run: Box::new(|| assert_eq!(replay(&trace, &mut systems), Ok(wanted))),
        },
    ];
    let times = timed::interleave(&mut subjects, ROUNDS);
    let events = trace.len() as f64;
    let figures: Vec<(&str, f64)> = (subjects.iter().zip(&times))
        .map(|(subject, time)| (subject.name, time / events))
        .collect();
    println!(
        "{}",
        timed::row("mem/trace/compiler", "ns an event", &figures)
    );
}
