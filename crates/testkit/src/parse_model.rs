//! Arbitrary and mutated programs against the compiler and its checker.
//!
//! The input chooses pieces of Python, of all the statements and expressions that the evaluator
//! knows, nests and joins them, and at times cuts, repeats or overwrites bytes of the result. The
//! compiler must not panic, an error must lie within the text, and code must pass the verifier,
//! which knows nothing of how it was made.

use std::fmt::Write as _;

use arbitrary::Unstructured;
use mortice_eval::verify::verify;
use mortice_eval::{Mode, compile_source};

/// What a run has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The texts compiled.
    pub texts: u64,
    /// The texts that are programs.
    pub programs: u64,
}

/// The bytes of a generated text at most.
const TEXT_LIMIT_BYTES: usize = 4_096;
/// The depth of generated statements and expressions at most.
const DEPTH_LIMIT: u32 = 6;

/// Compiles the texts that `data` encodes.
///
/// # Errors
///
/// A finding: code that does not verify, or an error outside of its text.
pub fn run(data: &[u8]) -> Result<Report, String> {
    let mut report = Report::default();
    // The bytes as they are, for the lexer.
    let raw = String::from_utf8_lossy(&data[..data.len().min(TEXT_LIMIT_BYTES)]);
    check(&raw, &mut report)?;
    let mut writer = Writer {
        input: Unstructured::new(data),
        text: String::new(),
        indent: 0,
    };
    // In a loop in a function in a function, so that most statements are in place.
    writer.line("def outer(x, y, self, e):");
    writer.indent = 1;
    writer.line("def inner():");
    writer.indent = 2;
    writer.block("while 1:", 0);
    let text = std::mem::take(&mut writer.text);
    check(&text, &mut report)?;
    let mutated = mutate(&text, &mut writer.input);
    check(&mutated, &mut report)?;
    Ok(report)
}

fn check(text: &str, report: &mut Report) -> Result<(), String> {
    for mode in [Mode::Exec, Mode::Eval] {
        report.texts += 1;
        match compile_source(text, "fuzz.py", mode) {
            Ok(code) => {
                report.programs += 1;
                verify(&code).map_err(|error| format!("{error}\nin:\n{text}"))?;
            }
            Err(error) => {
                let lines = lines(text);
                if let Some(place) = error.place()
                    && (place.line == 0 || place.column == 0 || place.line > lines)
                {
                    let (line, column) = (place.line, place.column);
                    return Err(format!(
                        "{error}: line {line}, column {column} lies outside of:\n{text}"
                    ));
                }
                if error.to_string().is_empty() {
                    return Err(format!("an error without words for:\n{text}"));
                }
            }
        }
    }
    Ok(())
}

/// The lines that an error may name, the empty one at the end included. A carriage return alone ends a line too.
fn lines(text: &str) -> u32 {
    let ends = text.replace("\r\n", "\n");
    let ends = ends.bytes().filter(|byte| matches!(byte, b'\r' | b'\n'));
    ends.count() as u32 + 1
}

/// Cuts, repeats and overwrites pieces of a text.
fn mutate(text: &str, input: &mut Unstructured) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..input.int_in_range(0..=8).unwrap_or(0) {
        if bytes.is_empty() {
            break;
        }
        let at = input.choose_index(bytes.len()).unwrap_or(0);
        let length = input
            .int_in_range(0..=16)
            .unwrap_or(0)
            .min(bytes.len() - at);
        match input.int_in_range(0..=3u8).unwrap_or(0) {
            0 => drop(bytes.drain(at..at + length)),
            1 => {
                let piece = bytes[at..at + length].to_vec();
                bytes.splice(at..at, piece);
            }
            2 => bytes[at] = input.arbitrary().unwrap_or(b'('),
            _ => {
                const SIGNS: &[u8] = b"()[]{}:,;=\n\t '\"\\#*@.%f";
                bytes[at] = *input.choose(SIGNS).unwrap_or(&b' ');
            }
        }
    }
    bytes.truncate(TEXT_LIMIT_BYTES);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes a program from the choices of the input. When the input ends, every choice is the first
/// one, which is always the shortest.
struct Writer<'i> {
    input: Unstructured<'i>,
    text: String,
    indent: usize,
}

impl Writer<'_> {
    fn choice(&mut self, count: u8) -> u8 {
        self.input.int_in_range(0..=count - 1).unwrap_or(0)
    }

    fn is_full(&self, depth: u32) -> bool {
        depth >= DEPTH_LIMIT || self.text.len() >= TEXT_LIMIT_BYTES || self.input.is_empty()
    }

    fn line(&mut self, text: &str) {
        let indent = self.indent;
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn body(&mut self, depth: u32) {
        for _ in 0..=self.choice(4) {
            self.statement(depth);
        }
    }

    /// A compound statement's header with its body.
    fn block(&mut self, header: &str, depth: u32) {
        self.line(header);
        self.indent += 1;
        self.body(depth + 1);
        self.indent -= 1;
    }

    fn name(&mut self) -> &'static str {
        const NAMES: [&str; 8] = ["x", "y", "self", "__z", "super", "__class__", "f", "e"];
        NAMES[usize::from(self.choice(8))]
    }

    fn statement(&mut self, depth: u32) {
        if self.is_full(depth) {
            return self.line("pass");
        }
        let value = self.expression(depth + 1);
        let target = self.target(depth + 1);
        match self.choice(26) {
            0 => self.line(&value),
            1 => self.line(&format!("{target} = {value}")),
            2 => self.line(&format!("{target} = {target} = {value}")),
            3 => self.line(&format!("z.w[{value}] += {value}")),
            4 => self.line(&format!("v: {value} = {value}")),
            5 => self.line(&format!("del z, z.w, z[{value}]")),
            6 => self.line(&format!("return {value}")),
            7 => self.line(&format!("raise {value} from {value}")),
            8 => self.line("raise"),
            9 => self.line("break"),
            10 => self.line("continue"),
            11 => self.line(&format!("assert {value}, {value}")),
            12 => self.line(&format!("import x.y as z, z.w # {target}")),
            13 => self.line("from .x import y as z, w"),
            14 => {
                let word = ["global q", "nonlocal x"][usize::from(self.choice(2))];
                self.block("def f():", depth + 3);
                self.indent += 1;
                self.line(word);
                self.indent -= 1;
            }
            15 => {
                self.block(&format!("if {value}:"), depth);
                self.block(&format!("elif {value}:"), depth);
                self.block("else:", depth);
            }
            16 => {
                self.block(&format!("while {value}:"), depth);
                self.block("else:", depth);
            }
            17 | 18 => {
                self.block(&format!("for {target} in {value}:"), depth);
                self.block("else:", depth);
            }
            19 => {
                self.block("try:", depth);
                self.block(&format!("except {value} as {}:", "e"), depth);
                self.block("except:", depth);
                self.block("else:", depth);
                self.block("finally:", depth);
            }
            20 => {
                self.block("try:", depth);
                self.block("finally:", depth);
            }
            21 => self.block(&format!("with {value} as {target}, {value}:"), depth),
            22 | 23 => {
                let name = self.name();
                self.line(&format!("@{value}"));
                let header = format!("def {name}(a, /, b={value}, *c, d, g={value}, **h):");
                self.block(&header, depth);
            }
            _ => {
                let name = self.name();
                self.block(&format!("class {name}({value}, k={value}):"), depth);
            }
        }
    }

    fn target(&mut self, depth: u32) -> String {
        let name = self.name();
        match self.choice(6) {
            0..=2 => name.to_owned(),
            3 => format!("{name}.{}", self.name()),
            4 => format!("{name}[{}]", self.expression(depth + 1)),
            _ => format!("({name}, *{}, [{}])", self.name(), self.name()),
        }
    }

    fn expression(&mut self, depth: u32) -> String {
        let name = self.name();
        if self.is_full(depth) {
            return name.to_owned();
        }
        let mut part = || self.expression(depth + 1);
        let (one, two) = (part(), part());
        let other = self.name();
        match self.choice(30) {
            0 => name.to_owned(),
            1 => "1".to_owned(),
            2 => "'text'".to_owned(),
            3 => format!("({one} + {two})"),
            4 => format!("({one} and {two} or {name})"),
            5 => format!("(not {one})"),
            6 => format!("(-{one})"),
            7 => format!("({one} < {two} in {name})"),
            8 => format!("({one} if {two} else {name})"),
            9 => format!("(lambda {name}, k={one}: {two})"),
            10 => format!("[{one}, *{two}]"),
            11 => format!("{{{one}: {two}, **{name}}}"),
            12 => format!("{{{one}, *{two}}}"),
            13 => format!("({one}, {two})"),
            14 | 15 => format!("[{one} for {name} in {two}]"),
            16 => format!("{{{one} for {name} in {two} if {one}}}"),
            17 => format!("{{{one}: {two} for {name} in {other} for {other} in {name}}}"),
            18 | 19 => format!("({one} for {name} in {two})"),
            20 if depth < 3 => format!("(yield {one})"),
            21 if depth < 3 => format!("(yield from {one})"),
            22 => format!("{name}({one}, k={two})"),
            23 => format!("{name}(*{one}, {two}, **{other})"),
            24 => format!("{one}.{name}({two})"),
            25 => format!("{name}[{one}:{two}]"),
            26 => format!("{name}[{one}, ::{two}]"),
            27 => format!("f'{{{name}!r:>{{{other}}}}} {{{name} = }}'"),
            28 => format!("(v := {one})"),
            _ => format!("{one} is not {two}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{lines, run};

    /// A fixed pseudo-random sequence: xorshift.
    fn bytes(seed: u64, count: usize) -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    #[test]
    fn generated_programs_compile_to_sound_code() {
        let (mut texts, mut programs) = (0, 0);
        for seed in 0..400 {
            let report = run(&bytes(seed, 1_500)).unwrap_or_else(|finding| panic!("{finding}"));
            texts += report.texts;
            programs += report.programs;
        }
        // Most texts are refused for what they say, but many must not be.
        assert!(
            programs * 20 > texts,
            "{programs} of {texts} texts are programs"
        );
    }

    #[test]
    fn no_input_is_an_input() {
        assert!(run(&[]).is_ok());
    }

    #[test]
    fn every_ending_ends_a_line() {
        assert_eq!(lines(""), 1);
        assert_eq!(lines("a\rb\r\nc\nd"), 4);
        assert_eq!(lines("\r\r\n\n"), 4);
    }

    #[test]
    fn an_error_after_carriage_returns_lies_in_the_text() {
        run(b"\nG\r\r\xff").unwrap();
    }
}
