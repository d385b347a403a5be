//! What is refused, in which words, and where. Lines, columns and words are CPython 3.15's.

use mortice_eval::{CompileError, Mode, compile_source};

/// `line:column-end_line:end_column message`
fn refusal(source: &str) -> String {
    let error = match compile_source(source, "f.py", Mode::Exec) {
        Ok(_) => return "compiles".to_owned(),
        Err(error) => error,
    };
    let message = error.message();
    match error.place() {
        Some(place) => format!(
            "{}:{}-{}:{} {message}",
            place.line, place.column, place.end_line, place.end_column
        ),
        None => message,
    }
}

fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = (table.iter())
        .map(|(source, expected)| (source, expected, refusal(source)))
        .filter(|(_, expected, found)| **expected != found)
        .map(|(source, expected, found)| format!("{source:?}\n  want {expected}\n  have {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn scopes() {
    check(&[
        (
            "def f(a,a): pass",
            "1:9-1:10 duplicate parameter 'a' in function definition",
        ),
        (
            "lambda a,a: 1",
            "1:10-1:11 duplicate parameter 'a' in function definition",
        ),
        (
            "def f(a):\n global a",
            "2:2-2:10 name 'a' is parameter and global",
        ),
        (
            "def f(a):\n nonlocal a",
            "2:2-2:12 name 'a' is parameter and nonlocal",
        ),
        (
            "nonlocal x",
            "1:1-1:11 nonlocal declaration not allowed at module level",
        ),
        (
            "def f():\n nonlocal x",
            "2:2-2:12 no binding for nonlocal 'x' found",
        ),
        (
            "class C:\n x = 1\n def f(self):\n  nonlocal x",
            "4:3-4:13 no binding for nonlocal 'x' found",
        ),
        (
            "def f():\n x=1\n global x",
            "3:2-3:10 name 'x' is assigned to before global declaration",
        ),
        (
            "def f():\n print(x)\n global x",
            "3:2-3:10 name 'x' is used prior to global declaration",
        ),
        (
            "x = 1\nglobal x",
            "2:1-2:9 name 'x' is assigned to before global declaration",
        ),
        (
            "def f():\n x:int\n global x",
            "3:2-3:10 annotated name 'x' can't be global",
        ),
        (
            "def f():\n global x\n x:int",
            "3:2-3:3 annotated name 'x' can't be global",
        ),
        (
            "def f():\n def g():\n  global x\n  nonlocal x",
            "4:3-4:13 name 'x' is nonlocal and global",
        ),
        ("global x\nx:int", "compiles"),
        ("global x, x", "compiles"),
        (
            "def f():\n from a import *",
            "2:16-2:17 import * only allowed at module level",
        ),
        ("__debug__=1", "1:1-1:10 cannot assign to __debug__"),
    ]);
}

#[test]
fn comprehensions() {
    check(&[
        (
            "[ (yield 1) for x in y]",
            "1:4-1:11 'yield' inside list comprehension",
        ),
        (
            "{ (yield 1) for x in y}",
            "1:4-1:11 'yield' inside set comprehension",
        ),
        (
            "{ (yield 1): 1 for x in y}",
            "1:4-1:11 'yield' inside dict comprehension",
        ),
        (
            "((yield 1) for x in y)",
            "1:3-1:10 'yield' inside generator expression",
        ),
        (
            "[ (x:=1) for x in y]",
            "1:4-1:5 assignment expression cannot rebind comprehension iteration variable 'x'",
        ),
        (
            "[ [(j:=0) for i in range(5)] for j in range(5)]",
            "1:5-1:6 assignment expression cannot rebind comprehension iteration variable 'j'",
        ),
        (
            "[[1 for j in range(5)] + [(i:=0)] for x in range(5) for i in range(5)]",
            "1:28-1:29 assignment expression cannot rebind comprehension iteration variable 'i'",
        ),
        (
            "class C:\n [ (x:=1) for y in z]",
            "2:5-2:6 assignment expression within a comprehension cannot be used in a class body",
        ),
        (
            "[z for x in (y:=1)]",
            "1:14-1:18 assignment expression cannot be used in a comprehension iterable expression",
        ),
        ("[y for x in (lambda: (y:=1))()]", "compiles"),
        ("def f(): [y := x for x in z]; return y", "compiles"),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("return 1", "1:1-1:9 'return' outside function"),
        ("class C:\n return", "2:2-2:8 'return' outside function"),
        (
            "def f():\n class C:\n  return 1",
            "3:3-3:11 'return' outside function",
        ),
        ("yield 1", "1:1-1:8 'yield' outside function"),
        ("class C:\n yield", "2:2-2:7 'yield' outside function"),
        ("x = (yield)", "1:6-1:11 'yield' outside function"),
        ("yield from x", "1:1-1:13 'yield from' outside function"),
        ("break", "1:1-1:6 'break' outside loop"),
        ("continue", "1:1-1:9 'continue' not properly in loop"),
        (
            "for x in y:\n def f():\n  break",
            "3:3-3:8 'break' outside loop",
        ),
        (
            "while x: pass\nelse: break",
            "2:7-2:12 'break' outside loop",
        ),
        (
            "try: pass\nfinally:\n continue",
            "3:2-3:10 'continue' not properly in loop",
        ),
        ("while 1:\n try: pass\n finally:\n  break", "compiles"),
        (
            "try: pass\nexcept: pass\nexcept E: pass",
            "2:1-2:13 default 'except:' must be last",
        ),
        ("f(a=1,a=2)", "1:7-1:10 keyword argument repeated: a"),
        (
            "*a = 1",
            "1:1-1:3 starred assignment target must be in a list or tuple",
        ),
        (
            "*a,*b = 1",
            "1:1-1:6 multiple starred expressions in assignment",
        ),
        ("*a", "1:1-1:3 can't use starred expression here"),
        ("x = *a", "1:5-1:7 can't use starred expression here"),
        (
            "from __future__ import foo",
            "1:24-1:27 future feature foo is not defined",
        ),
        (
            "x=1\nfrom __future__ import annotations",
            "2:1-2:35 from __future__ imports must occur at the beginning of the file",
        ),
        ("'doc'\nfrom __future__ import annotations", "compiles"),
        ("def f():\n return\n yield", "compiles"),
        ("[]=1", "compiles"),
        ("del ()", "compiles"),
    ]);
}

#[test]
fn parser_errors_have_cpythons_words() {
    let table = [
        (
            "(f() := 1)",
            "1 cannot use assignment expressions with function call",
        ),
        ("x = 1 = y", "1 cannot assign to literal"),
        ("del (a, f())", "1 cannot delete function call"),
        ("with a as f(): pass", "1 cannot assign to function call"),
        ("[x for f() in y]", "1 cannot assign to function call"),
        ("try:\n pass\nx", "3 expected 'except' or 'finally' block"),
        ("from a import (b", "1 '(' was never closed"),
        (
            "'''abc",
            "1 unterminated triple-quoted string literal (detected at line 1)",
        ),
        (
            "f'abc",
            "1 unterminated f-string literal (detected at line 1)",
        ),
        ("x = (1,\n  2\ny = 3", "1 '(' was never closed"),
        ("if x\n pass", "1 expected ':'"),
        ("a b", "1 invalid syntax"),
        ("x = = 1", "1 invalid syntax"),
        ("else: pass", "1 invalid syntax"),
        ("(1", "1 '(' was never closed"),
        ("x = [1", "1 '[' was never closed"),
        (
            "x = (1]",
            "1 closing parenthesis ']' does not match opening parenthesis '('",
        ),
        ("x)", "1 unmatched ')'"),
        ("None = 1", "1 cannot assign to None"),
        (
            "f() = 1",
            "1 cannot assign to function call here. Maybe you meant '==' instead of '='?",
        ),
        (
            "1 = x",
            "1 cannot assign to literal here. Maybe you meant '==' instead of '='?",
        ),
        (
            "x + 1 = 2",
            "1 cannot assign to expression here. Maybe you meant '==' instead of '='?",
        ),
        ("del f()", "1 cannot delete function call"),
        ("for f() in x: pass", "1 cannot assign to function call"),
        ("for 1 in x: pass", "1 cannot assign to literal"),
        (
            "(a, b) += 1",
            "1 'tuple' is an illegal expression for augmented assignment",
        ),
        (
            "f() += 1",
            "1 'function call' is an illegal expression for augmented assignment",
        ),
        (
            "f(**a, *b)",
            "1 iterable argument unpacking follows keyword argument unpacking",
        ),
        (
            "f(a=1, b)",
            "1 positional argument follows keyword argument",
        ),
        (
            "def f(a=1,b): pass",
            "1 parameter without a default follows parameter with a default",
        ),
        (
            "def f(**k, a): pass",
            "1 parameters cannot follow var-keyword parameter",
        ),
        (
            "f(x for x in y, 1)",
            "1 Generator expression must be parenthesized",
        ),
        ("'abc", "1 unterminated string literal (detected at line 1)"),
        ("x = $", "1 invalid syntax"),
        ("x = €", "1 invalid character '€' (U+20AC)"),
        ("b'é'", "1 bytes can only contain ASCII literal characters"),
    ];
    // The parser decides where; only the line has to agree.
    for (source, expected) in table {
        let error = compile_source(source, "f.py", Mode::Exec).expect_err(source);
        let line = error.place().map_or(0, |place| place.line);
        assert_eq!(
            format!("{line} {}", error.message()),
            expected,
            "{source:?}"
        );
    }
}

#[test]
fn indentation_errors_have_their_type() {
    for (source, message) in [
        ("  x=1", "unexpected indent"),
        (
            "if x:\npass",
            "expected an indented block after 'if' statement on line 1",
        ),
        (
            "def f():\nx",
            "expected an indented block after function definition on line 1",
        ),
        (
            "class C:\nx",
            "expected an indented block after class definition on line 1",
        ),
        (
            "try:\nx",
            "expected an indented block after 'try' statement on line 1",
        ),
        (
            "if x:\n  a\n b",
            "unindent does not match any outer indentation level",
        ),
    ] {
        let error = compile_source(source, "f.py", Mode::Exec).expect_err("wrong");
        assert!(
            matches!(error, CompileError::Indentation { .. }),
            "{source:?}: {error:?}"
        );
        assert_eq!(error.message(), message, "{source:?}");
    }
}

#[test]
fn unsupported_features_are_refused_by_name_and_place() {
    check(&[
        (
            "x = 1\n\nif x:\n    match x:\n        case 1: pass",
            "4:5-5:21 match statement is not supported",
        ),
        (
            "async def f(): pass",
            "1:1-1:20 async function is not supported",
        ),
        (
            "try: pass\nexcept* E: pass",
            "1:1-2:16 except* clause is not supported",
        ),
        ("type X = int", "1:1-1:13 type alias is not supported"),
        (
            "def f[T](x): pass",
            "1:6-1:9 type parameter list is not supported",
        ),
        (
            "class C[T]: pass",
            "1:8-1:11 type parameter list is not supported",
        ),
        ("x = t'{y}'", "1:5-1:11 t-string is not supported"),
        ("x = 1j", "compiles"),
        (
            "x = '\\ud800'",
            "1:5-1:13 surrogate in a string literal is not supported",
        ),
        (
            "x = [*a for a in b]",
            "1:6-1:8 unpacking in a comprehension is not supported",
        ),
        ("lazy import x", "1:1-1:14 lazy import is not supported"),
        ("x = r'\\ud800'", "compiles"),
        ("x = '\\\\ud800'", "compiles"),
    ]);
    let error = compile_source("x = t''", "f.py", Mode::Exec).expect_err("unsupported");
    assert_eq!(
        error.to_string(),
        "t-string is not supported (f.py, line 1, column 5)"
    );
}

#[test]
fn a_syntax_error_prints_as_cpython_prints_it() {
    let error = compile_source("if x:\n    return 1\n", "f.py", Mode::Exec).expect_err("wrong");
    let expected = "  File \"f.py\", line 2\n    return 1\n    ^^^^^^^^\n\
                    SyntaxError: 'return' outside function";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn odd_texts() {
    let null = compile_source("x\0", "f.py", Mode::Exec).expect_err("a NUL character");
    assert_eq!(null, CompileError::NullByte);
    for source in [
        "",
        "\n",
        "   ",
        "# only a comment",
        "\u{c}",
        "x = 1\r\ny = 2\r",
        "\tx",
    ] {
        let _ = compile_source(source, "f.py", Mode::Exec);
        let _ = compile_source(source, "f.py", Mode::Eval);
    }
    assert!(compile_source("x = 1\r\ny = 2\r", "f.py", Mode::Exec).is_ok());
    assert!(compile_source("  1 + 1", "f.py", Mode::Eval).is_ok());
    assert!(compile_source("", "f.py", Mode::Eval).is_err());
}
