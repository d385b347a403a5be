//! Lists the code of a file: `cargo run -p mortice-eval --example disassemble FILE [eval]`.

use std::process::ExitCode;

use mortice_eval::disassemble::Listing;
use mortice_eval::{Mode, compile_source, source, verify};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: disassemble FILE [eval]");
        return ExitCode::from(2);
    };
    let mode = match arguments.next().as_deref() {
        Some("eval") => Mode::Eval,
        _ => Mode::Exec,
    };
    let text = match source::read(file.as_ref()) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    match compile_source(&text, &file, mode) {
        Ok(code) => {
            print!("{}", Listing(&code));
            if let Err(error) = verify::verify(&code) {
                eprintln!("{error}");
                return ExitCode::from(1);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}
