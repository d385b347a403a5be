//! `%` with its conversions and complaints.

#![allow(
    clippy::approx_constant,
    reason = "the numbers are what was given to CPython"
)]

use crate::show::*;
use mortice_types::{Context, SlotId, text};

fn percent(cx: &Context, template: &str, arguments: V<'_>) -> String {
    let template = make(cx, S(template));
    let arguments = make(cx, arguments);
    match cx.binary(&template, &arguments, SlotId::Mod) {
        Ok(object) => text(&object).unwrap().to_owned(),
        Err(raised) => show_error(cx, &raised),
    }
}

#[test]
fn percent_formats_and_complains() {
    let cx = Context::new().unwrap();
    let rows: &[(&str, V<'_>, &str)] = &[
        ("%s %r %a", T(&[S("é"), S("é"), S("é")]), "é 'é' '\\xe9'"),
        ("%5.2s|%-5s|", T(&[S("abc"), S("ab")]), "   ab|ab   |"),
        ("%(a)s %(b)d%%", D(&[("a", S("x")), ("b", I(2))]), "x 2%"),
        (
            "%d %5d|%-5d|%05d|%+d|% d",
            T(&[I(1), I(2), I(3), I(-4), I(5), I(6)]),
            "1     2|3    |-0004|+5| 6",
        ),
        (
            "%.5d|%8.5d|%08.5d",
            T(&[I(5), I(-5), I(-5)]),
            "00005|  -00005|-0000005",
        ),
        (
            "%x %#x %#X %o %#o %#010x",
            T(&[I(255), I(-255), I(255), I(8), I(8), I(255)]),
            "ff -0xff 0XFF 10 0o10 0x000000ff",
        ),
        ("%c%c", T(&[I(0x1F600), S("a")]), "😀a"),
        (
            "%f %.2f %e %g %G %#g",
            T(&[F(0.5), F(2.675), F(12345.678), F(1e10), F(1e-10), F(1.0)]),
            "0.500000 2.67 1.234568e+04 1e+10 1E-10 1.00000",
        ),
        (
            "%.0f %.0f %.0f %#.0f",
            T(&[F(0.5), F(1.5), F(2.5), F(1.0)]),
            "0 2 2 1.",
        ),
        (
            "%f %F %+f %010f",
            T(&[
                F(f64::INFINITY),
                F(f64::NAN),
                F(f64::INFINITY),
                F(f64::NEG_INFINITY),
            ]),
            "inf NAN +inf -000000inf",
        ),
        (
            "%g %g %g %g %.3g",
            T(&[F(100000.0), F(1000000.0), F(0.0001), F(0.00001), F(1234.5)]),
            "100000 1e+06 0.0001 1e-05 1.23e+03",
        ),
        (
            "%*d|%*d|%.*f",
            T(&[I(5), I(3), I(-5), I(3), I(2), F(3.14159)]),
            "    3|3    |3.14",
        ),
        (
            "%s",
            T(&[]),
            "TypeError: not enough arguments for format string (got 0)",
        ),
        (
            "%s",
            T(&[I(1), I(2)]),
            "TypeError: not all arguments converted during string formatting (required 1, got 2)",
        ),
        (
            "a",
            I(1),
            "TypeError: not all arguments converted during string formatting (required 0, got 1)",
        ),
        ("a", L(&[]), "a"),
        (
            "%(a)s",
            I(1),
            "TypeError: format requires a mapping, not int",
        ),
        ("%(a)s", D(&[]), "KeyError: 'a'"),
        (
            "%d",
            S("a"),
            "TypeError: format argument: %d requires a real number, not str",
        ),
        (
            "%s %d",
            T(&[I(1), S("a")]),
            "TypeError: format argument 2: %d requires a real number, not str",
        ),
        (
            "%(a)d",
            D(&[("a", S("x"))]),
            "TypeError: format argument 'a': %d requires a real number, not str",
        ),
        (
            "%x",
            S("a"),
            "TypeError: format argument: %x requires an integer, not str",
        ),
        (
            "%c",
            S("ab"),
            "TypeError: format argument: %c requires an integer or a unicode character, not a string of length 2",
        ),
        (
            "%c",
            I(-1),
            "OverflowError: format argument: %c argument not in range(0x110000)",
        ),
        (
            "%f",
            S("a"),
            "TypeError: format argument: %f requires a real number, not str",
        ),
        (
            "%*d",
            T(&[S("a"), I(3)]),
            "TypeError: format argument 1: * requires int, not str",
        ),
        (
            "%y",
            I(1),
            "ValueError: unsupported format %y at position 0",
        ),
        (
            "é%,",
            I(1),
            "ValueError: stray % at position 1 or unexpected format character ',' at position 2",
        ),
        (
            "%ć",
            I(1),
            "ValueError: stray % at position 0 or unexpected format character 'ć' (U+0107) at position 1",
        ),
        ("abc%", T(&[]), "ValueError: stray % at position 3"),
        (
            "%(a",
            D(&[]),
            "ValueError: stray % or incomplete format key at position 0",
        ),
        (
            "%(a)s %s",
            D(&[("a", I(1))]),
            "ValueError: format requires a parenthesised mapping key at position 6",
        ),
        (
            "%(a)*d",
            D(&[("a", I(1))]),
            "ValueError: * cannot be used with a parenthesised mapping key at position 0",
        ),
        (
            "%99999999999999999999d",
            I(1),
            "ValueError: width too big at position 0",
        ),
    ];
    for (template, arguments, expected) in rows {
        assert_eq!(percent(&cx, template, *arguments), *expected, "{template}");
    }
}
