//! Methods of `str` and `bytes`.

use crate::show::*;
use mortice_types::{Context, Object};

fn call(cx: &Context, receiver: V<'_>, name: &str, arguments: &[V<'_>]) -> String {
    let receiver = make(cx, receiver);
    let arguments: Vec<Object> = arguments.iter().map(|value| make(cx, *value)).collect();
    let method = cx.get_attribute_text(&receiver, name).unwrap();
    let result = cx.call(&method, Object::borrow_all(&arguments));
    show(cx, result)
}

fn check(rows: &[(V<'_>, &str, &[V<'_>], &str)]) {
    let cx = Context::new().unwrap();
    for (receiver, name, arguments, expected) in rows {
        let shown = call(&cx, *receiver, name, arguments);
        assert_eq!(
            shown,
            *expected,
            "{}.{name}",
            show_object(&cx, &make(&cx, *receiver))
        );
    }
}

#[test]
fn methods_answer_as_cpython_does() {
    check(&[
        (S(","), "join", &[L(&[S("a"), S("b")])], "'a,b'"),
        (
            S(""),
            "join",
            &[I(1)],
            "TypeError: can only join an iterable",
        ),
        (
            S(""),
            "join",
            &[L(&[S("a"), B(b"b")])],
            "TypeError: sequence item 1: expected str instance, bytes found",
        ),
        (
            S(""),
            "join",
            &[],
            "TypeError: str.join() takes exactly one argument (0 given)",
        ),
        (S(" a  b c "), "split", &[], "['a', 'b', 'c']"),
        (S(" a  b  "), "split", &[V::None, I(1)], "['a', 'b  ']"),
        (S("a,,b"), "split", &[S(",")], "['a', '', 'b']"),
        (S("a,b,c"), "split", &[S(","), I(1)], "['a', 'b,c']"),
        (S("a"), "split", &[S("")], "ValueError: empty separator"),
        (
            S("a"),
            "split",
            &[I(1)],
            "TypeError: must be str or None, not int",
        ),
        (S(" a b c "), "rsplit", &[V::None, I(1)], "[' a b', 'c']"),
        (S("a,b,c"), "rsplit", &[S(","), I(1)], "['a,b', 'c']"),
        (
            S("a\nb\r\nc\rd\u{2028}e\n"),
            "splitlines",
            &[],
            "['a', 'b', 'c', 'd', 'e']",
        ),
        (S("a\r\nb"), "splitlines", &[I(1)], "['a\\r\\n', 'b']"),
        (S("a-b-c"), "partition", &[S("-")], "('a', '-', 'b-c')"),
        (S("a-b-c"), "rpartition", &[S("-")], "('a-b', '-', 'c')"),
        (S("abc"), "rpartition", &[S("-")], "('', '', 'abc')"),
        (S("abc"), "startswith", &[T(&[S("x"), S("ab")])], "True"),
        (S("abc"), "startswith", &[S("b"), I(1)], "True"),
        (S("a"), "startswith", &[S(""), I(2)], "False"),
        (
            S("a"),
            "startswith",
            &[I(1)],
            "TypeError: startswith first arg must be str or a tuple of str, not int",
        ),
        (
            S("a"),
            "endswith",
            &[T(&[I(1)])],
            "TypeError: tuple for endswith must only contain str, not int",
        ),
        (S("éaéa"), "find", &[S("a"), I(2)], "3"),
        (S("éaéa"), "rfind", &[S("a"), I(0), I(-1)], "1"),
        (S("a"), "find", &[S(""), I(5)], "-1"),
        (
            S("a"),
            "find",
            &[I(1)],
            "TypeError: find() argument 1 must be str, not int",
        ),
        (
            S("a"),
            "find",
            &[S("a"), S("b")],
            "TypeError: slice indices must be integers or have an __index__ method",
        ),
        (
            S("a"),
            "index",
            &[S("x")],
            "ValueError: substring not found",
        ),
        (S("aaa"), "count", &[S("")], "4"),
        (S("aaaa"), "count", &[S("aa")], "2"),
        (S("aaa"), "replace", &[S(""), S("-"), I(2)], "'-a-aa'"),
        (S("aaa"), "replace", &[S("a"), S("b"), I(1)], "'baa'"),
        (
            S("a"),
            "replace",
            &[S("a")],
            "TypeError: replace() takes at least 2 positional arguments (1 given)",
        ),
        (S("xxaxx"), "strip", &[S("x")], "'a'"),
        (S("\u{1c} a\u{a0}"), "strip", &[], "'a'"),
        (S(" a "), "lstrip", &[], "'a '"),
        (
            S("a"),
            "rstrip",
            &[I(1)],
            "TypeError: rstrip arg must be None or str",
        ),
        (S("ab"), "center", &[I(5)], "'  ab '"),
        (S("abc"), "center", &[I(6), S("*")], "'*abc**'"),
        (
            S("a"),
            "ljust",
            &[I(3), S("xx")],
            "TypeError: The fill character must be exactly one character long",
        ),
        (S("-42"), "zfill", &[I(5)], "'-0042'"),
        (S("a\tb\n\tc"), "expandtabs", &[I(4)], "'a   b\\n    c'"),
        (S("ß\u{fb01}ǆ"), "upper", &[], "'SSFIǄ'"),
        (S("ΑΣ ΑΣΑ"), "lower", &[], "'ας ασα'"),
        (S("ΑΣ İΣ"), "title", &[], "'Ας İς'"),
        (S("they're bill's ǆ"), "title", &[], "\"They'Re Bill'S ǅ\""),
        (S("ßA"), "capitalize", &[], "'Ssa'"),
        (S("Straße ꭰ"), "casefold", &[], "'strasse Ꭰ'"),
        (S("aBc"), "swapcase", &[], "'AbC'"),
        (S("²½٣"), "isnumeric", &[], "True"),
        (S("²½"), "isdigit", &[], "False"),
        (S("²"), "isdigit", &[], "True"),
        (S("٣"), "isdecimal", &[], "True"),
        (S("aé中"), "isalpha", &[], "True"),
        (S(""), "isalpha", &[], "False"),
        (S(""), "isprintable", &[], "True"),
        (S("A1"), "isupper", &[], "True"),
        (S("ǅ"), "isupper", &[], "False"),
        (S("Hello World"), "istitle", &[], "True"),
        (S("HeLLo"), "istitle", &[], "False"),
        (S("_a1"), "isidentifier", &[], "True"),
        (S("1a"), "isidentifier", &[], "False"),
        (S("prefix"), "removeprefix", &[S("pre")], "'fix'"),
        (
            S("a"),
            "removesuffix",
            &[I(1)],
            "TypeError: removesuffix() argument must be str, not int",
        ),
        (
            S("a"),
            "upper",
            &[I(1)],
            "TypeError: str.upper() takes no arguments (1 given)",
        ),
        (S("a"), "__getnewargs__", &[], "('a')"),
    ]);
}

#[test]
fn sizes_are_cpythons() {
    check(&[
        (S(""), "__sizeof__", &[], "41"),
        (S("ab"), "__sizeof__", &[], "43"),
        (S("é"), "__sizeof__", &[], "58"),
        (S("Ā"), "__sizeof__", &[], "60"),
        (S("\u{1F600}"), "__sizeof__", &[], "64"),
        (B(b"abc"), "__sizeof__", &[], "36"),
    ]);
}

#[test]
fn text_is_encoded_and_decoded() {
    check(&[
        (S("é"), "encode", &[], "b'\\xc3\\xa9'"),
        (S("é"), "encode", &[S("Latin-1")], "b'\\xe9'"),
        (
            S("aéé"),
            "encode",
            &[S("ascii")],
            "UnicodeEncodeError: 'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)",
        ),
        (
            S("Ā"),
            "encode",
            &[S("iso8859-1")],
            "UnicodeEncodeError: 'latin-1' codec can't encode character '\\u0100' in position 0: ordinal not in range(256)",
        ),
        (
            S("éĀ"),
            "encode",
            &[S("ascii"), S("backslashreplace")],
            "b'\\\\xe9\\\\u0100'",
        ),
        (
            S("é"),
            "encode",
            &[S("ascii"), S("foo")],
            "LookupError: unknown error handler name 'foo'",
        ),
        (
            S("a"),
            "encode",
            &[S("nonesuch")],
            "LookupError: unknown encoding: nonesuch",
        ),
        (
            B(b"\xe2\x82"),
            "decode",
            &[],
            "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data",
        ),
        (
            B(b"\xe2\x82A"),
            "decode",
            &[],
            "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-1: invalid continuation byte",
        ),
        (
            B(b"a\xed\xa0\x80"),
            "decode",
            &[],
            "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xed in position 1: invalid continuation byte",
        ),
        (
            B(b"\xff"),
            "decode",
            &[S("ascii")],
            "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)",
        ),
        (
            B(b"a\xed\xa0\x80"),
            "decode",
            &[S("utf-8"), S("replace")],
            "'a\u{fffd}\u{fffd}\u{fffd}'",
        ),
    ]);
}

#[test]
fn bytes_answer_as_cpython_does() {
    check(&[
        (B(b","), "join", &[L(&[B(b"a"), B(b"b")])], "b'a,b'"),
        (B(b"a,b"), "split", &[B(b",")], "[b'a', b'b']"),
        (B(b" a b"), "split", &[], "[b'a', b'b']"),
        (B(b"abc"), "find", &[I(99)], "2"),
        (B(b"abc"), "replace", &[B(b""), B(b"-")], "b'-a-b-c-'"),
        (B(b"\x01\xab\xcd"), "hex", &[S(":")], "'01:ab:cd'"),
        (B(b"\x01\xab\xcd"), "hex", &[S(":"), I(2)], "'01:abcd'"),
        (
            B(b"a"),
            "hex",
            &[I(1)],
            "TypeError: object of type 'int' has no len()",
        ),
        (
            B(b"a"),
            "hex",
            &[S("ab")],
            "ValueError: sep must be length 1.",
        ),
        (B(b""), "fromhex", &[S("01 aB")], "b'\\x01\\xab'"),
        (B(b" a "), "strip", &[], "b'a'"),
        (B(b"ab"), "startswith", &[T(&[B(b"x"), B(b"a")])], "True"),
        (B(b"ab"), "__contains__", &[I(97)], "True"),
        (B(b"ab"), "__getitem__", &[I(-1)], "98"),
        (
            B(b"ab"),
            "__getitem__",
            &[I(2)],
            "IndexError: index out of range",
        ),
    ]);
}
