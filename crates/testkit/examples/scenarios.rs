//! Prints random scenarios of slot operations, one Python literal a line, for other players than the
//! testkit's own: `cargo run --release -p mortice-testkit --example scenarios -- FIRST COUNT`.

use std::io::{BufWriter, ErrorKind, Write};

use mortice_testkit::classes::Numbers;
use mortice_testkit::slots_model::scenario;

/// Random bytes for a scenario.
const BYTES: usize = 1_500;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let (Some(first), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("usage: scenarios FIRST COUNT".into());
    };
    let (first, count) = (first?, count?);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for seed in first..first + count {
        let (text, steps) = scenario(&Numbers::bytes(seed, BYTES));
        match writeln!(out, "{seed} {steps} {text}") {
            // The player has stopped at a difference, and said so.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(())
}
