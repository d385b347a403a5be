//! Format specs and the digits of floats.

use crate::show::*;
use mortice_types::builtin::{self, format_spec};
use mortice_types::{Context, text};

fn apply(cx: &Context, value: V<'_>, spec: &str) -> String {
    let made = match value {
        I(value) => format_spec::parse(cx, spec, "int").and_then(|spec| {
            format_spec::format_int(cx, &builtin::int::Value::Small(value), &spec)
        }),
        F(value) => format_spec::parse(cx, spec, "float")
            .and_then(|spec| format_spec::format_float(cx, value, &spec)),
        other => cx.format_value(&make(cx, other), &make(cx, S(spec))),
    };
    match made {
        Ok(object) => text(&object).unwrap().to_owned(),
        Err(raised) => show_error(cx, &raised),
    }
}

#[test]
fn specs_apply_to_text_and_numbers() {
    let cx = Context::new().unwrap();
    let rows: &[(V<'_>, &str, &str)] = &[
        (S("a"), ">>5", ">>>>a"),
        (S("a"), "05", "a0000"),
        (S("ab"), "^5.1", "  a  "),
        (S("x"), "🙂>3", "🙂🙂x"),
        (
            S("a"),
            "d",
            "ValueError: Unknown format code 'd' for object of type 'str'",
        ),
        (
            S("a"),
            "=5",
            "ValueError: '=' alignment not allowed in string format specifier",
        ),
        (
            S("a"),
            "+",
            "ValueError: Sign not allowed in string format specifier",
        ),
        (
            S("a"),
            " ",
            "ValueError: Space not allowed in string format specifier",
        ),
        (S("a"), ",", "ValueError: Cannot specify ',' with 's'."),
        (
            S("a"),
            "#",
            "ValueError: Alternate form (#) not allowed in string format specifier",
        ),
        (
            S("a"),
            "5.2.1",
            "ValueError: Invalid format specifier '5.2.1' for object of type 'str'",
        ),
        (
            S("a"),
            ".",
            "ValueError: Format specifier missing precision",
        ),
        (
            S("a"),
            "99999999999999999999",
            "ValueError: Too many decimal digits in format string",
        ),
        (I(1234), "#010x", "0x000004d2"),
        (I(-1234), "=#10o", "-0o   2322"),
        (I(1234), "012,d", "0,000,001,234"),
        (I(1234), "013,d", "0,000,001,234"),
        (I(1234567), "#_b", "0b1_0010_1101_0110_1000_0111"),
        (I(1), "*^010", "****1*****"),
        (I(1), "<010", "1000000000"),
        (I(65), "c", "A"),
        (I(3), "%", "300.000000%"),
        (I(1234), "e", "1.234000e+03"),
        (I(-1), "c", "OverflowError: %c arg not in range(0x110000)"),
        (
            I(1),
            ".3",
            "ValueError: Precision not allowed in integer format specifier",
        ),
        (I(1), ",_", "ValueError: Cannot specify both ',' and '_'."),
        (I(1), "_,", "ValueError: Cannot specify both ',' and '_'."),
        (I(1), ",,", "ValueError: Cannot specify ',' with ','."),
        (I(1), ",x", "ValueError: Cannot specify ',' with 'x'."),
        (
            I(1),
            "5ć",
            "ValueError: Unknown format code '\\x107' for object of type 'int'",
        ),
        (
            I(1),
            "+c",
            "ValueError: Sign not allowed with integer format specifier 'c'",
        ),
        (
            I(1),
            "z",
            "ValueError: Negative zero coercion (z) not allowed in integer format specifier",
        ),
        (F(1234567.891), ",.2f", "1,234,567.89"),
        (F(1234567.891), "015,.2f", "0,001,234,567.89"),
        (F(1234567.12345678), ",.8,f", "1,234,567.123,456,78"),
        (F(-0.01), "z.1f", "0.0"),
        (F(-0.01), ".1f", "-0.0"),
        (F(f64::NAN), "010", "0000000nan"),
        (F(f64::INFINITY), "+010f", "+000000inf"),
        (F(1e16), "", "1e+16"),
        (F(1234567.0), "#g", "1.23457e+06"),
        (F(1.0), "#.0e", "1.e+00"),
        (F(-1.0), "010", "-0000001.0"),
        (F(0.5), ".0%", "50%"),
        (F(12345.678), ".3", "1.23e+04"),
        (F(100.0), ".3", "1e+02"),
        (F(1.0), ".3", "1.0"),
        (F(1e5), ".6", "1e+05"),
        (F(1.0), "E", "1.000000E+00"),
        (
            F(1.5),
            "d",
            "ValueError: Unknown format code 'd' for object of type 'float'",
        ),
        (F(1.5), ".2147483648f", "ValueError: precision too big"),
    ];
    for (value, spec, expected) in rows {
        assert_eq!(apply(&cx, *value, spec), *expected, "{spec}");
    }
}

#[test]
fn floats_show_their_shortest_digits() {
    for (value, expected) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.1, "0.1"),
        (1e15, "1000000000000000.0"),
        (123456789012345680.0, "1.2345678901234568e+17"),
        (1e16, "1e+16"),
        (9999999999999998.0, "9999999999999998.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (1.5e-7, "1.5e-07"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
    ] {
        let mut shown = String::new();
        format_spec::float_repr(value, &mut shown).unwrap();
        assert_eq!(shown, expected);
    }
}
