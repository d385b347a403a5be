//! `str.format`.

use crate::show::*;
use mortice_types::{Args, Borrowed, Context, Object, text};

fn template(cx: &Context, template: &str, arguments: &[V<'_>], names: &[(&str, V<'_>)]) -> String {
    let template = make(cx, S(template));
    let mut values: Vec<Object> = arguments.iter().map(|value| make(cx, *value)).collect();
    values.extend(names.iter().map(|(_, value)| make(cx, *value)));
    let names: Vec<Object> = names.iter().map(|(name, _)| make(cx, S(name))).collect();
    let method = cx.get_attribute_text(&template, "format").unwrap();
    let values: &[Borrowed<'_>] = Object::borrow_all(&values);
    match cx.call_args(&method, Args::with_names(values, &names)) {
        Ok(object) => text(&object).unwrap().to_owned(),
        Err(raised) => show_error(cx, &raised),
    }
}

#[test]
fn templates_are_filled() {
    let cx = Context::new().unwrap();
    let rows: &[(&str, &[V<'_>], &str)] = &[
        ("{}-{}", &[S("a"), S("b")], "a-b"),
        ("{1}{0}{{}}", &[S("a"), S("b")], "ba{}"),
        ("{a:>{w}}|{a!r:4}", &[], "  x|'x' "),
        ("{0[1]}{0[0]}", &[D(&[])], "KeyError: 1"),
        ("{:}}}", &[S("a")], "a}"),
        ("{!a}", &[S("é")], "'\\xe9'"),
        (
            "{}",
            &[],
            "IndexError: Replacement index 0 out of range for positional args tuple",
        ),
        ("{b}", &[], "KeyError: 'b'"),
        (
            "{} {0}",
            &[S("a")],
            "ValueError: cannot switch from automatic field numbering to manual field specification",
        ),
        (
            "{0} {}",
            &[S("a")],
            "ValueError: cannot switch from manual field specification to automatic field numbering",
        ),
        (
            "{",
            &[],
            "ValueError: Single '{' encountered in format string",
        ),
        (
            "}",
            &[],
            "ValueError: Single '}' encountered in format string",
        ),
        (
            "a{0",
            &[S("a")],
            "ValueError: expected '}' before end of string",
        ),
        (
            "{!x}",
            &[S("a")],
            "ValueError: Unknown conversion specifier x",
        ),
        (
            "{!rx}",
            &[S("a")],
            "ValueError: expected ':' after conversion specifier",
        ),
        ("{!}", &[S("a")], "ValueError: unmatched '{' in format spec"),
        (
            "{0[}",
            &[S("a")],
            "ValueError: expected '}' before end of string",
        ),
        (
            "{0[]}",
            &[S("a")],
            "ValueError: Empty attribute in format string",
        ),
        (
            "{0[0]x}",
            &[S("a")],
            "ValueError: Only '.' or '[' may follow ']' in format field specifier",
        ),
        (
            "{:{:{}}}",
            &[S("a"), S("b"), S("c")],
            "ValueError: Max string recursion exceeded",
        ),
        (
            "{99999999999999999999}",
            &[],
            "ValueError: Too many decimal digits in format string",
        ),
        (
            "{0.nope}",
            &[S("a")],
            "AttributeError: 'str' object has no attribute 'nope'",
        ),
    ];
    for (text, arguments, expected) in rows {
        let names = [("a", S("x")), ("w", S("3"))];
        assert_eq!(template(&cx, text, arguments, &names), *expected, "{text}");
    }
}
