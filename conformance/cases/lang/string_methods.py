# feature: methods of str


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


s = "Hello, World"
print(s.upper(), s.lower(), s.swapcase(), "hello world".title(), "hELLO".capitalize(), "ß".upper(), "Straße".casefold())
print(s.find("o"), s.find("o", 5), s.rfind("o"), s.find("z"), s.index("W"), s.count("l"), s.count(""), "aaaa".count("aa"), s.find("o", -4), s.find("", 50))
print(s.replace("l", "L"), s.replace("l", "L", 1), "aaa".replace("", "-"), s.startswith("Hell"), s.endswith(("x", "ld")), s.startswith("World", 7), "abc".startswith(""))
print("a,b,,c".split(","), " a  b ".split(), "a,b,c".split(",", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), "a\nb\r\nc".splitlines(), "a\nb".splitlines(True), "x".split("x"))
print("-".join(["a", "b"]), "".join("abc"), ",".join([]), "  x ".strip(), "xxaxx".strip("x"), "abcba".lstrip("ab"), "abcba".rstrip("ab"), "a=b=c".partition("="), "a=b=c".rpartition("="), "abc".partition("x"))
print("x".center(5, "*"), "x".ljust(3) + "|", "x".rjust(3), "42".zfill(5), "-42".zfill(5), "ab".center(5), "a\tb".expandtabs(4), "abc".removeprefix("a"), "abc".removesuffix("x"))
print("abc".isalpha(), "a1".isalnum(), "12".isdigit(), "".isdigit(), " \t".isspace(), "Ab".istitle(), "AB".isupper(), "a_1".isidentifier(), "1a".isidentifier(), "é".isascii(), "½".isnumeric(), "a b".isprintable())
print("abc" < "abd", "a" < "B", "" < "a", "abc" == "abc", "a" * 3, "a" + "b", "b" in "abc", "abc"[1], "abc"[-1], len("é🙂"), min("bca"), sorted("bca"), list("ab"), ord("a"), chr(8364), "ab" > "a")
print(repr("it's"), repr('say "x"'), repr("both ' and \""), repr("\n\t\\\x00\x7f\xa0é\u2028🙂"), repr(""), str(b"x"), ascii("é"))
print("é".encode(), "é".encode("latin-1"), b"\xc3\xa9".decode(), "abc".encode("ascii"), error(lambda: "é".encode("ascii")), "|", error(lambda: b"\xff".decode()), "|", "é".encode("ascii", "replace"), b"a\xffb".decode("utf-8", "replace"))
print("abc".translate({97: "X", 98: None}), str.maketrans("ab", "xy"), "abc".translate(str.maketrans("ab", "xy", "c")))
print(error(lambda: "a".join([1])), "|", error(lambda: "a" + 1), "|", error(lambda: "abc".index("x")), "|", error(lambda: "a".split("")), "|", error(lambda: 1 in "a"), "|", error(lambda: ord("ab")), "|", error(lambda: chr(-1)), "|", error(lambda: "a".center("x")), "|", error(lambda: "abc".startswith(1)))
