//! Operators, reprs and hashes.

use crate::show::*;
use mortice_types::{Context, SlotId, builtin, text};

#[test]
fn repr_chooses_quotes_and_escapes() {
    let cx = Context::new().unwrap();
    for (value, expected) in [
        ("", "''"),
        ("it's", "\"it's\""),
        ("a'b\"c", "'a\\'b\"c'"),
        ("\\ \n\r\t\0\x7f", "'\\\\ \\n\\r\\t\\x00\\x7f'"),
        (
            "é\u{ad}\u{378}\u{1F600}\u{e0001}",
            "'é\\xad\\u0378😀\\U000e0001'",
        ),
        ("\u{2028}\u{a0}", "'\\u2028\\xa0'"),
    ] {
        assert_eq!(show_object(&cx, &make(&cx, S(value))), expected);
    }
    let value = make(&cx, B(b"a'\"\n\xff"));
    assert_eq!(show_object(&cx, &value), "b'a\\'\"\\n\\xff'");
}

#[test]
fn operators_answer_as_cpython_does() {
    let cx = Context::new().unwrap();
    let binary = |left: V<'_>, right: V<'_>, slot| {
        show(&cx, cx.binary(&make(&cx, left), &make(&cx, right), slot))
    };
    assert_eq!(binary(S("a"), S("b"), SlotId::Add), "'ab'");
    assert_eq!(
        binary(S("a"), I(1), SlotId::Add),
        "TypeError: can only concatenate str (not \"int\") to str"
    );
    assert_eq!(binary(S("ab"), I(3), SlotId::Mul), "'ababab'");
    assert_eq!(binary(I(2), S("ab"), SlotId::Mul), "'abab'");
    assert_eq!(
        binary(S("ab"), I(1 << 62), SlotId::Mul),
        "OverflowError: repeated string is too long"
    );
    assert_eq!(
        binary(B(b"a"), S("b"), SlotId::Add),
        "TypeError: can't concat str to bytes"
    );
    let item =
        |object: V<'_>, key: V<'_>| show(&cx, cx.get_item(&make(&cx, object), &make(&cx, key)));
    assert_eq!(item(S("aéb"), I(-1)), "'b'");
    assert_eq!(item(S("aéb"), I(1)), "'é'");
    assert_eq!(item(S("a"), I(5)), "IndexError: string index out of range");
    assert_eq!(
        item(S("a"), S("x")),
        "TypeError: string indices must be integers, not 'str'"
    );
    let contains = |object: V<'_>, part: V<'_>| {
        let result = cx.contains(&make(&cx, object), &make(&cx, part));
        show(&cx, result.map(|found| cx.bool(found)))
    };
    assert_eq!(contains(S("abc"), S("bc")), "True");
    assert_eq!(
        contains(S("a"), I(1)),
        "TypeError: 'in <string>' requires string as left operand, not int"
    );
    let letters = cx.collect(&make(&cx, S("aé😀"))).unwrap();
    let letters: Vec<_> = letters.iter().filter_map(|letter| text(letter)).collect();
    assert_eq!(letters, ["a", "é", "😀"]);
}

#[test]
fn hashes_are_those_of_a_zero_seed() {
    // PYTHONHASHSEED=0 python3.15 -c 'print(hash("abc"), hash("é"), hash("Ā"), hash("\U0001F600"))'
    let hash = builtin::string::hash_text;
    assert_eq!(hash(""), 0);
    assert_eq!(
        ["abc", "é", "Ā", "\u{1F600}"].map(hash),
        [
            -4594863902769663758,
            6047309291227476195,
            75343234424780393,
            -3536540696076613844
        ],
        "the key or the width of a character differs"
    );
}
