//! Deeply nested sources end in an error, never in an overflow of the native stack.
//!
//! Each test runs on a thread of 256 KiB, so that it also shows that no pass and no drop runs on the
//! caller's stack.

use mortice_eval::verify::verify;
use mortice_eval::{CompileError, Mode, compile_source};

const TERMS: usize = 100_000;

/// Compiles on a small stack, and drops what comes out there.
fn on_small_stack(source: String, mode: Mode) -> Result<(), CompileError> {
    let thread = std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(move || {
            let code = compile_source(&source, "deep.py", mode)?;
            verify(&code).expect("the code is sound");
            Ok(())
        })
        .expect("a thread can be made");
    thread.join().expect("nothing panics")
}

fn eval(source: String) -> Result<(), CompileError> {
    on_small_stack(source, Mode::Eval)
}

fn exec(source: String) -> Result<(), CompileError> {
    on_small_stack(source, Mode::Exec)
}

fn is_recursion(result: Result<(), CompileError>) -> bool {
    matches!(result, Err(CompileError::Recursion { .. }))
}

fn is_too_complex(result: Result<(), CompileError>) -> bool {
    matches!(result, Err(CompileError::TooComplex))
}

fn is_message(result: Result<(), CompileError>, message: &str) -> bool {
    result.is_err_and(|error| error.message() == message)
}

#[test]
fn left_nested_expressions_are_a_recursion_error() {
    assert!(is_recursion(eval("1".to_owned() + &"+1".repeat(TERMS))));
    assert!(is_recursion(exec("x".to_owned() + &"+x".repeat(TERMS))));
    assert!(is_recursion(eval("x".to_owned() + &".a".repeat(TERMS))));
    assert!(is_recursion(eval("x".to_owned() + &"()".repeat(TERMS))));
    assert!(is_recursion(eval("x".to_owned() + &"[0]".repeat(TERMS))));
    let error = eval("1".to_owned() + &"+1".repeat(TERMS)).expect_err("too deep");
    let text = error.to_string();
    assert!(text.starts_with("Stack overflow (used ") && text.ends_with(" kB) during compilation"));
}

#[test]
fn right_nested_expressions_are_too_complex() {
    for prefix in ["not ", "-", "~", "lambda: ", "x if x else ", "x ** "] {
        assert!(is_too_complex(eval(prefix.repeat(TERMS) + "x")), "{prefix}");
    }
}

#[test]
fn brackets_are_limited() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("f(", ")"), ("x[", "]")] {
        let message = "too many nested parentheses";
        let nested = open.repeat(TERMS) + &close.repeat(TERMS);
        assert!(is_message(eval(nested), message), "{open}");
        assert!(is_message(eval(open.repeat(TERMS)), message), "{open}");
        let allowed = open.repeat(200) + "1" + &close.repeat(200);
        assert_eq!(eval(allowed), Ok(()), "{open}");
    }
}

#[test]
fn indentation_is_limited() {
    let nested = |depth: usize| {
        let lines: Vec<String> = (0..depth).map(|at| " ".repeat(at) + "if x:\n").collect();
        lines.concat() + &" ".repeat(depth) + "pass\n"
    };
    assert_eq!(exec(nested(99)), Ok(()));
    assert!(is_message(
        exec(nested(100)),
        "too many levels of indentation"
    ));
    assert!(is_message(
        exec(nested(1_000)),
        "too many levels of indentation"
    ));
}

#[test]
fn blocks_are_limited() {
    let nested = |count: usize| format!("with {}: pass\n", vec!["x"; count].join(","));
    assert_eq!(exec(nested(21)), Ok(()));
    assert!(is_message(
        exec(nested(22)),
        "too many statically nested blocks"
    ));
}

#[test]
fn what_cpython_compiles_compiles() {
    assert_eq!(eval("1".to_owned() + &"+1".repeat(20_000)), Ok(()));
    assert_eq!(eval("x".to_owned() + &".a".repeat(20_000)), Ok(()));
    assert_eq!(eval("not ".repeat(5_000) + "x"), Ok(()));
    assert_eq!(eval("-".repeat(5_000) + "x"), Ok(()));
    assert_eq!(eval("lambda: ".repeat(1_000) + "x"), Ok(()));
    assert_eq!(eval("x if x else ".repeat(1_000) + "x"), Ok(()));
    assert_eq!(eval(vec!["x"; TERMS].join("<")), Ok(()));
    assert_eq!(eval(vec!["x"; TERMS].join(" and ")), Ok(()));
    assert_eq!(eval("'a' ".repeat(TERMS)), Ok(()));
    assert_eq!(eval(format!("f({})", "x,".repeat(TERMS))), Ok(()));
    assert_eq!(eval(format!("[{}]", "x,".repeat(TERMS))), Ok(()));
    assert_eq!(exec("a=".repeat(TERMS) + "x"), Ok(()));
    assert_eq!(exec("x\n".repeat(TERMS)), Ok(()));
    let branches = "if x: pass\n".to_owned() + &"elif x: pass\n".repeat(5_000);
    assert_eq!(exec(branches), Ok(()));
}

#[test]
fn deep_format_fields_are_refused_or_compiled() {
    // Brackets within a replacement field escape the scan; the depth limit is behind it.
    let nested = "(".repeat(3_000) + "x" + &")".repeat(3_000);
    let _ = eval(format!("f'{{{nested}}}'"));
    let fields = "f'{".repeat(500) + "x" + &"}'".repeat(500);
    let _ = eval(fields);
    assert_eq!(eval("f'{((x))}'".to_owned()), Ok(()));
}
