//! Numbers through the public API; what they print was seen on CPython 3.15.

#![allow(
    clippy::excessive_precision,
    reason = "the numbers are what was given to CPython"
)]

use mortice_types::{Args, Context, Object, Result, SlotId, builtin, text};

/// Reads a literal of a test: a float where it has a point, else an integer.
fn number(cx: &Context, literal: &str) -> Object {
    match literal.parse::<f64>() {
        Ok(value) if literal.contains(['.', 'n']) => builtin::float::new_float(cx, value).unwrap(),
        _ => builtin::int::from_text(cx, literal, 10).unwrap(),
    }
}

fn slot(sign: &str) -> SlotId {
    match sign {
        "+" => SlotId::Add,
        "-" => SlotId::Sub,
        "*" => SlotId::Mul,
        "/" => SlotId::TrueDiv,
        "//" => SlotId::FloorDiv,
        "%" => SlotId::Mod,
        "divmod" => SlotId::DivMod,
        "**" => SlotId::Pow,
        "<<" => SlotId::LShift,
        ">>" => SlotId::RShift,
        "&" => SlotId::And,
        "|" => SlotId::Or,
        "^" => SlotId::Xor,
        "<" => SlotId::Lt,
        "<=" => SlotId::Le,
        "==" => SlotId::Eq,
        "!=" => SlotId::Ne,
        ">" => SlotId::Gt,
        ">=" => SlotId::Ge,
        other => panic!("no operator {other}"),
    }
}

/// What a result prints: its repr, or the exception's name and words.
fn shown(cx: &Context, result: Result<Object>) -> String {
    match result {
        Ok(object) if text(&object).is_some() => text(&object).unwrap().to_owned(),
        Ok(object) => text(&cx.repr(&object).unwrap()).unwrap().to_owned(),
        Err(raised) => {
            let exception = raised.exception();
            let words = cx.str(exception).unwrap();
            format!("{}: {}", cx.type_name(exception), text(&words).unwrap())
        }
    }
}

/// Each line: left operand, operator, right operand, `=>`, what CPython prints.
fn check_operations(lines: &str) {
    let cx = Context::new().unwrap();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (operation, expected) = line.split_once(" => ").unwrap();
        let parts: Vec<&str> = operation.split(' ').collect();
        let (left, sign, right) = (number(&cx, parts[0]), parts[1], number(&cx, parts[2]));
        let found = match sign {
            "<" | "<=" | "==" | "!=" | ">" | ">=" => cx.compare(&left, &right, slot(sign)),
            _ => cx.binary(&left, &right, slot(sign)),
        };
        assert_eq!(shown(&cx, found), expected, "{line}");
    }
}

#[test]
fn integers_are_computed_at_any_size() {
    check_operations(
        "1 + 2 => 3
         4611686018427387903 + 1 => 4611686018427387904
         9223372036854775807 + 9223372036854775807 => 18446744073709551614
         -9223372036854775808 - 1 => -9223372036854775809
         3037000500 * 3037000500 => 9223372037000250000
         100000000000000000000 - 99999999999999999999 => 1
         -7 // 2 => -4
         7 // -2 => -4
         -7 % 3 => 2
         7 % -3 => -2
         -9223372036854775808 // -1 => 9223372036854775808
         -100000000000000000001 // 10 => -10000000000000000001
         -100000000000000000001 % 10 => 9
         1 // 0 => ZeroDivisionError: division by zero
         1 % 0 => ZeroDivisionError: division by zero
         1 / 0 => ZeroDivisionError: division by zero
         1 << 100 => 1267650600228229401496703205376
         1 << -1 => ValueError: negative shift count
         1 << 1000000000000000000000000000000 => OverflowError: too many digits in integer
         0 << 1000000000000000000000000000000 => 0
         -1 >> 1000000000000000000000000000000 => -1
         -5 >> 1 => -3
         1267650600228229401496703205376 >> 99 => 2
         12 & -10 => 4
         12 | -10 => -2
         12 ^ -10 => -6
         -18446744073709551616 & 36893488147419103231 => 18446744073709551616
         2 ** 100 => 1267650600228229401496703205376
         -1 ** 1000000000000000000000000000001 => -1
         0 ** 0 => 1
         0 ** -1 => ZeroDivisionError: zero to a negative power
         2 ** -1 => 0.5
         1 / 3 => 0.3333333333333333
         9007199254740993 / 1 => 9007199254740992.0
         123456789012345678901234567890 / 987654321 => 1.249999988734375e+20
         10000000000000000000000000000000000000000 / 3 => 3.333333333333333e+39",
    );
}

#[test]
fn integers_are_compared_at_any_size() {
    check_operations(
        "1 < 2 => True
         2 <= 1 => False
         100000000000000000000 > 1 => True
         -100000000000000000000 > 1 => False
         100000000000000000000 == 100000000000000000000 => True
         1 != 100000000000000000000 => True",
    );
}

#[test]
fn quotients_round_once_at_the_ends_of_the_range() {
    let cx = Context::new().unwrap();
    let power = |exponent: u32| {
        let value = num_bigint::BigInt::from(10).pow(exponent);
        builtin::int::from_big(&cx, value).unwrap()
    };
    let divide =
        |left: &Object, right: &Object| shown(&cx, cx.binary(left, right, SlotId::TrueDiv));
    assert_eq!(divide(&power(400), &power(399)), "10.0");
    assert_eq!(divide(&power(0), &power(400)), "0.0");
    assert_eq!(divide(&power(0), &power(320)), "1e-320");
    assert_eq!(
        divide(&power(400), &power(0)),
        "OverflowError: integer division result too large for a float"
    );
    let half_of_smallest = num_bigint::BigInt::from(1) << 1075u32;
    let half = builtin::int::from_big(&cx, half_of_smallest).unwrap();
    assert_eq!(divide(&power(0), &half), "0.0");
    assert_eq!(divide(&number(&cx, "3"), &half), "1e-323");
}

#[test]
fn powers_take_a_modulus() {
    let cx = Context::new().unwrap();
    let power = |base: i64, exponent: i64, modulus: i64| {
        let values = [base, exponent, modulus].map(|value| cx.int(value).unwrap());
        let function = cx.slot_of(&values[0], SlotId::Pow).unwrap();
        shown(&cx, function(&cx, Args::of(&values)))
    };
    assert_eq!(power(2, -1, 5), "3");
    assert_eq!(power(2, 3, -5), "-2");
    assert_eq!(power(2, 3, 1), "0");
    assert_eq!(power(3, 1000, 7), "4");
    assert_eq!(power(2, 3, 0), "ValueError: pow() 3rd argument cannot be 0");
    assert_eq!(
        power(2, -1, 4),
        "ValueError: base is not invertible for the given modulus"
    );
}

/// Calls a method; arguments are small integers.
fn method(cx: &Context, this: &Object, name: &str, arguments: &[i64]) -> String {
    let arguments: Vec<Object> = arguments
        .iter()
        .map(|value| cx.int(*value).unwrap())
        .collect();
    let function = cx.get_attribute_text(this, name).unwrap();
    shown(cx, cx.call_args(&function, Args::of(&arguments)))
}

#[test]
fn integers_are_read_and_written() {
    let cx = Context::new().unwrap();
    let read = |literal: &str, base| shown(&cx, builtin::int::from_text(&cx, literal, base));
    assert_eq!(read(" 1_000 ", 10), "1000");
    assert_eq!(read("0x_1f", 16), "31");
    assert_eq!(read("-0b101", 0), "-5");
    assert_eq!(read("00", 0), "0");
    assert_eq!(read("zz", 36), "1295");
    assert_eq!(read("٣", 10), "3");
    for wrong in ["", "_1", "1_", "1__2", "abc", "+ 1", "-", "0x1f", "1.0"] {
        let words = "ValueError: invalid literal for int() with base 10: ";
        assert!(read(wrong, 10).starts_with(words), "{wrong}");
    }
    assert!(read("012", 0).starts_with("ValueError: invalid literal for int() with base 0"));
    let ones = "1".repeat(4301);
    assert!(read(&ones, 10).contains("value has 4301 digits; use sys.set_int_max_str_digits()"));
    assert_eq!(read(&ones[1..], 10), ones[1..]);
    let large = builtin::int::from_big(&cx, num_bigint::BigInt::from(10).pow(4300)).unwrap();
    assert_eq!(
        shown(&cx, cx.repr(&large)),
        "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use \
         sys.set_int_max_str_digits() to increase the limit"
    );
    let base = |value: i64, base, prefix| {
        let value = cx.int(value).unwrap();
        text(&builtin::int::to_base(&cx, &value, base, prefix).unwrap())
            .unwrap()
            .to_owned()
    };
    assert_eq!(base(-5, 2, "0b"), "-0b101");
    assert_eq!(base(255, 16, "0x"), "0xff");
}

#[test]
fn integers_have_their_methods() {
    let cx = Context::new().unwrap();
    let call = |literal: &str, name: &str, arguments: &[i64]| {
        method(&cx, &number(&cx, literal), name, arguments)
    };
    assert_eq!(call("1250", "__round__", &[-2]), "1200");
    assert_eq!(call("1350", "__round__", &[-2]), "1400");
    assert_eq!(call("-1250", "__round__", &[-2]), "-1200");
    assert_eq!(call("5", "__round__", &[-1]), "0");
    assert_eq!(call("15", "__round__", &[-1]), "20");
    assert_eq!(call("5", "__round__", &[3]), "5");
    assert_eq!(call("-255", "bit_length", &[]), "8");
    assert_eq!(
        call("1267650600228229401496703205375", "bit_count", &[]),
        "100"
    );
    assert_eq!(call("0", "__sizeof__", &[]), "28");
    assert_eq!(call("1073741824", "__sizeof__", &[]), "32");
    assert_eq!(call("1152921504606846976", "__sizeof__", &[]), "36");
    assert_eq!(call("5", "as_integer_ratio", &[]), "(5, 1)");
    assert_eq!(call("258", "to_bytes", &[3]), "b'\\x00\\x01\\x02'");
    assert_eq!(
        call("500", "to_bytes", &[1]),
        "OverflowError: int too big to convert"
    );
    assert_eq!(
        call("-5", "to_bytes", &[2]),
        "OverflowError: can't convert negative int to unsigned"
    );
    let format = |literal: &str, spec: &str| {
        let function = cx
            .get_attribute_text(&number(&cx, literal), "__format__")
            .unwrap();
        shown(
            &cx,
            cx.call_args(&function, Args::of(&[cx.string(spec).unwrap()])),
        )
    };
    assert_eq!(format("-255", "#x"), "-0xff");
    assert_eq!(
        format("1000000000000000000000", ","),
        "1,000,000,000,000,000,000,000"
    );
    assert_eq!(format("5", "<5"), "5    ");
    assert_eq!(format("1.5", "+.3f"), "+1.500");
    assert_eq!(
        format("1.5", "d"),
        "ValueError: Unknown format code 'd' for object of type 'float'"
    );
}

#[test]
fn floats_are_computed_as_in_cpython() {
    check_operations(
        "7.5 // 2 => 3.0
         -7.5 // 2 => -4.0
         7.5 % -2 => -0.5
         -7.5 % 2 => 0.5
         -7.5 divmod 2 => (-4.0, 0.5)
         0.0 // -1 => -0.0
         -0.0 % 1 => 0.0
         -1.0 % inf => inf
         1 / 4.0 => 0.25
         1.0 / 0 => ZeroDivisionError: division by zero
         1.0 % 0 => ZeroDivisionError: division by zero
         0.0 ** -1 => ZeroDivisionError: zero to a negative power
         -2.0 ** 3 => -8.0
         0.1 + 0.2 => 0.30000000000000004
         2 * 1.5 => 3.0",
    );
}

#[test]
fn floats_and_integers_are_compared_exactly() {
    check_operations(
        "1 == 1.0 => True
         9007199254740993 == 9007199254740992.0 => False
         9007199254740993 > 9007199254740992.0 => True
         9007199254740993.0 < 9007199254740993 => True
         100000000000000000000000 < inf => True
         100000000000000000000000 > nan => False
         1.5 > 1 => True
         nan == nan => False
         nan != nan => True",
    );
}

#[test]
fn floats_print_the_shortest_digits() {
    let cx = Context::new().unwrap();
    let print = |value: f64| shown(&cx, builtin::float::repr(&cx, value));
    let cases = [
        (1e16, "1e+16"),
        (1e15, "1000000000000000.0"),
        (123456789012345678.0, "1.2345678901234568e+17"),
        (1e-4, "0.0001"),
        (1e-5, "1e-05"),
        (0.1, "0.1"),
        (1e100, "1e+100"),
        (-0.0, "-0.0"),
        (5e-324, "5e-324"),
        (f64::MAX, "1.7976931348623157e+308"),
        // The exact values end in 25: two texts are equally near, and the even digit wins.
        (1181272033408655.25, "1181272033408655.2"),
        (2f64.powi(-25), "2.9802322387695312e-08"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
    ];
    for (value, text) in cases {
        assert_eq!(print(value), text);
    }
}

#[test]
fn floats_are_read_as_in_cpython() {
    let cx = Context::new().unwrap();
    let read = |text: &str| shown(&cx, builtin::float::from_text(&cx, text));
    assert_eq!(read("1_0.5_0e1_0"), "105000000000.0");
    assert_eq!(read("  1.5 "), "1.5");
    assert_eq!(read("-Inf"), "-inf");
    assert_eq!(read("infinity"), "inf");
    assert_eq!(read("+nan"), "nan");
    assert_eq!(read("1e400"), "inf");
    assert_eq!(read("٣.٥"), "3.5");
    for wrong in [
        "", "_1", "1_", "1__0", "1._5", "1_.5", "e5", ".", "1e", "1f",
    ] {
        let found = read(wrong);
        assert!(
            found.starts_with("ValueError: could not convert string to float:"),
            "{wrong}: {found}"
        );
    }
}

#[test]
fn floats_hash_as_equal_integers_do() {
    let cx = Context::new().unwrap();
    let hash = |literal: &str| cx.hash(&number(&cx, literal)).unwrap();
    assert_eq!(hash("-1"), -2);
    assert_eq!(hash("2305843009213693951"), 0);
    assert_eq!(
        hash("1180591620717411303424.0"),
        hash("1180591620717411303424")
    );
    assert_eq!(hash("-1.0"), -2);
    assert_eq!(hash("0.5"), 1152921504606846976);
    assert_eq!(hash("-0.1"), -230584300921369408);
    assert_eq!(hash("inf"), 314159);
    let hash = |value: f64| builtin::float::hash(value);
    assert_eq!(hash(1e300), Some(1224995262755759164));
    assert_eq!(hash(5e-324), Some(16777216));
    assert_eq!(hash(f64::NAN), None);
}

#[test]
fn floats_have_their_methods() {
    let cx = Context::new().unwrap();
    let call = |value: f64, name: &str, arguments: &[i64]| {
        let value = builtin::float::new_float(&cx, value).unwrap();
        method(&cx, &value, name, arguments)
    };
    assert_eq!(call(2.5, "__round__", &[]), "2");
    assert_eq!(call(3.5, "__round__", &[]), "4");
    assert_eq!(call(2.675, "__round__", &[2]), "2.67");
    assert_eq!(call(5.015, "__round__", &[2]), "5.01");
    assert_eq!(call(1234.5678, "__round__", &[-2]), "1200.0");
    assert_eq!(call(1e22, "__round__", &[-20]), "1e+22");
    assert_eq!(call(0.5, "__round__", &[0]), "0.0");
    assert_eq!(call(-0.4, "__round__", &[]), "0");
    assert_eq!(call(5e-324, "__round__", &[1]), "0.0");
    assert_eq!(
        call(f64::MAX, "__round__", &[-308]),
        "OverflowError: rounded value too large to represent"
    );
    assert_eq!(
        call(f64::NAN, "__round__", &[]),
        "ValueError: cannot convert float NaN to integer"
    );
    assert_eq!(call(-2.5, "__ceil__", &[]), "-2");
    assert_eq!(call(-2.5, "__floor__", &[]), "-3");
    assert_eq!(
        call(1e30, "__trunc__", &[]),
        "1000000000000000019884624838656"
    );
    assert_eq!(
        call(0.1, "as_integer_ratio", &[]),
        "(3602879701896397, 36028797018963968)"
    );
    assert_eq!(call(-0.5, "as_integer_ratio", &[]), "(-1, 2)");
    assert_eq!(call(0.1, "hex", &[]), "0x1.999999999999ap-4");
    assert_eq!(call(5e-324, "hex", &[]), "0x0.0000000000001p-1022");
    assert_eq!(call(1e300, "hex", &[]), "0x1.7e43c8800759cp+996");
    assert_eq!(call(-0.0, "hex", &[]), "-0x0.0p+0");
    let read = |text: &str| {
        let class = cx.builtin(&builtin::FLOAT);
        let function = cx.get_attribute_text(class.object(), "fromhex").unwrap();
        shown(
            &cx,
            cx.call_args(&function, Args::of(&[cx.string(text).unwrap()])),
        )
    };
    assert_eq!(read("0x1.8p3"), "12.0");
    assert_eq!(read("-0x.1p0"), "-0.0625");
    assert_eq!(read("0x1p-1074"), "5e-324");
    assert_eq!(read("0x1p-1075"), "0.0");
    assert_eq!(
        read("0x1p2000"),
        "OverflowError: hexadecimal value too large to represent as a float"
    );
    assert_eq!(
        read("x"),
        "ValueError: invalid hexadecimal floating-point string"
    );
}

/// Makes an instance of a built-in type of integers.
fn make(cx: &Context, of: &'static mortice_types::NativeType, literals: &[&str]) -> Result<Object> {
    let values: Vec<Object> = literals.iter().map(|literal| number(cx, literal)).collect();
    cx.call_args(cx.builtin(of).object(), Args::of(&values))
}

#[test]
fn ranges_are_sequences_of_any_size() {
    let cx = Context::new().unwrap();
    let large = "1000000000000000000000000000000";
    let range = |parts: &[&str]| make(&cx, &builtin::RANGE, parts).unwrap();
    let slice = |parts: &[Option<i64>; 3]| {
        let parts =
            parts.map(|part| part.map_or_else(|| cx.none(), |value| cx.int(value).unwrap()));
        builtin::slice::new_slice(&cx, &parts[0], &parts[1], &parts[2]).unwrap()
    };
    let item = |range: &Object, key: Object| shown(&cx, cx.get_item(range, &key));
    let int = |value: i64| cx.int(value).unwrap();
    let ten = range(&["10"]);
    assert_eq!(item(&ten, slice(&[Some(2), Some(5), None])), "range(2, 5)");
    assert_eq!(
        item(&ten, slice(&[None, None, Some(-1)])),
        "range(9, -1, -1)"
    );
    assert_eq!(item(&ten, int(-1)), "9");
    assert_eq!(
        item(&ten, int(10)),
        "IndexError: range object index out of range"
    );
    assert_eq!(
        item(&ten, slice(&[None, None, Some(0)])),
        "ValueError: slice step cannot be zero"
    );
    let long = range(&[large]);
    assert_eq!(item(&long, int(-1)), "999999999999999999999999999999");
    assert_eq!(
        shown(&cx, cx.length(&long).map(|_| cx.none())),
        "OverflowError: Python int too large to convert to C ssize_t"
    );
    assert!(cx.truth(&long).unwrap());
    let has = |range: &Object, literal: &str| cx.contains(range, &number(&cx, literal)).unwrap();
    assert!(has(&ten, "3.0"));
    assert!(!has(&ten, "3.5"));
    assert!(!has(&range(&["0", "10", "3"]), "4"));
    assert!(has(&range(&["20", "0", "-5"]), "10"));
    assert!(has(&long, "999999999999999999999999999999"));
    assert!(!has(&long, large));
    let items = |range: &Object| -> Vec<String> {
        let mut items = Vec::new();
        let visit = |item| {
            items.push(shown(&cx, Ok(item)));
            Ok(true)
        };
        cx.each(range, visit).unwrap();
        items
    };
    assert_eq!(items(&range(&["10", "0", "-3"])), ["10", "7", "4", "1"]);
    assert_eq!(
        items(&range(&["9223372036854775806", "9223372036854775807"])),
        ["9223372036854775806"]
    );
    assert_eq!(
        items(&range(&[large, "1000000000000000000000000000002"])),
        [large, "1000000000000000000000000000001"]
    );
    let reversed = |range: &Object| {
        let function = cx.get_attribute_text(range, "__reversed__").unwrap();
        items(&cx.call(&function, &[]).unwrap())
    };
    assert_eq!(reversed(&range(&["0", "10", "3"])), ["9", "6", "3", "0"]);
    assert!(reversed(&range(&["0"])).is_empty());
    assert!(cx.equal(&range(&["0"]), &range(&["1", "1"])).unwrap());
    assert!(
        cx.equal(&range(&["0", "3", "2"]), &range(&["0", "4", "2"]))
            .unwrap()
    );
    assert!(!cx.equal(&range(&["3"]), &range(&["4"])).unwrap());
    assert_eq!(
        shown(&cx, make(&cx, &builtin::RANGE, &["1", "2", "0"])),
        "ValueError: range() arg 3 must not be zero"
    );
}

#[test]
fn slices_fit_any_length() {
    let cx = Context::new().unwrap();
    let part = |part: Option<i64>| part.map_or_else(|| cx.none(), |value| cx.int(value).unwrap());
    let adjust = |start, stop, step, length| {
        let slice = builtin::slice::new_slice(&cx, &part(start), &part(stop), &part(step)).unwrap();
        let found = builtin::slice::adjust(&cx, &slice, length).unwrap();
        (found.start, found.stop, found.step, found.count)
    };
    assert_eq!(adjust(None, None, None, 5), (0, 5, 1, 5));
    assert_eq!(adjust(None, None, Some(-1), 5), (4, -1, -1, 5));
    assert_eq!(adjust(Some(-3), Some(-1), None, 5), (2, 4, 1, 2));
    assert_eq!(adjust(Some(9), Some(-9), Some(-2), 5), (4, -1, -2, 3));
    assert_eq!(adjust(Some(3), Some(1), None, 5), (3, 1, 1, 0));
    assert_eq!(
        adjust(Some(i64::MIN), Some(i64::MAX), Some(i64::MAX), 5).3,
        1
    );
    assert_eq!(adjust(None, None, Some(i64::MIN), 5).3, 1);
    assert_eq!(adjust(None, None, Some(-1), 0), (-1, -1, -1, 0));
    let slice = builtin::slice::new_slice(&cx, &part(Some(1)), &part(Some(2)), &part(None));
    assert_eq!(cx.hash(&slice.unwrap()).unwrap(), hash_of_one_two());
    let at = |key: i64, length| {
        let key = cx.int(key).unwrap();
        let found = builtin::slice::index_of(&cx, &key, length, "list");
        shown(&cx, found.and_then(|place| cx.int(place as i64)))
    };
    assert_eq!(at(-1, 3), "2");
    assert_eq!(at(2, 3), "2");
    assert_eq!(at(3, 3), "IndexError: list index out of range");
    assert_eq!(at(-4, 3), "IndexError: list index out of range");
}

/// `hash(slice(1, 2))`, with the constant that None hashes to.
fn hash_of_one_two() -> i64 {
    -2178470213028018262
}

#[test]
fn complex_numbers_are_read_computed_and_written() {
    let cx = Context::new().unwrap();
    let read = |literal: &str| {
        let values = [cx.string(literal).unwrap()];
        cx.call_args(cx.builtin(&builtin::COMPLEX).object(), Args::of(&values))
    };
    for (literal, expected) in [
        ("1+2j", "(1+2j)"),
        ("j", "1j"),
        (" (1+2j) ", "(1+2j)"),
        ("-1.5e3-2.5J", "(-1500-2.5j)"),
        ("1e5-1e-5j", "(100000-1e-05j)"),
        ("1_0j", "10j"),
        ("nan-nanj", "(nan+nanj)"),
        ("1-j", "(1-1j)"),
        ("-0.0+2j", "(-0+2j)"),
        ("3", "(3+0j)"),
    ] {
        assert_eq!(shown(&cx, read(literal)), expected, "{literal}");
    }
    for literal in [
        "", "1+", "1 + 2j", "1j2", "(1", "1+2", "j1", "1e+j", "()", "1+2+3j",
    ] {
        let words = "ValueError: complex() arg is a malformed string";
        assert_eq!(shown(&cx, read(literal)), words, "{literal}");
    }
    let check = |left: &str, sign: &str, right: &str, expected: &str| {
        let operand = |literal: &str| match literal.contains('j') {
            true => read(literal).unwrap(),
            false => number(&cx, literal),
        };
        let (left, right) = (operand(left), operand(right));
        let found = match sign {
            "==" => cx.compare(&left, &right, SlotId::Eq),
            _ => cx.binary(&left, &right, slot(sign)),
        };
        assert_eq!(shown(&cx, found), expected);
    };
    check("1j", "*", "1j", "(-1+0j)");
    check("1+2j", "/", "3-4j", "(-0.2+0.4j)");
    check("1", "-", "1+2j", "-2j");
    check("1+2j", "*", "2.0", "(2+4j)");
    check("2", "/", "1+2j", "(0.4-0.8j)");
    check("1j", "/", "0", "ZeroDivisionError: division by zero");
    check("1j", "**", "2", "(-1+0j)");
    check("1+2j", "**", "-2", "(-0.12-0.16j)");
    check("2", "**", "1j", "(0.7692389013639721+0.6389612763136348j)");
    check(
        "0j",
        "**",
        "-1",
        "ZeroDivisionError: zero to a negative or complex power",
    );
    check(
        "1e200+1j",
        "**",
        "2",
        "OverflowError: complex exponentiation",
    );
    check(
        "-8.0",
        "**",
        "0.3333333333333333",
        "(1.0000000000000002+1.7320508075688772j)",
    );
    check("1", "==", "1+0j", "True");
    check("1+1j", "==", "1.0", "False");
    assert_eq!(cx.hash(&read("1+2j").unwrap()).unwrap(), 2000007);
    assert_eq!(cx.hash(&read("1+0j").unwrap()).unwrap(), 1);
}
