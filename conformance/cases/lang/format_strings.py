# cites: B183
# feature: f-strings and format specifications

name, number, ratio, items = "text", 42, 3.14159, [1, 2]


class Shows:
    def __repr__(self):
        return "<repr>"

    def __str__(self):
        return "<str>"

    def __format__(self, spec):
        return f"B183 [{spec}]" if spec else "<format>"


s = Shows()
print(f"{name} {number} {ratio:.2f} {items} {items[0]} {number + 1} {'quoted'} {{braces}} {name!r} {name!s:>6} {'é'!a}")
print(f"{s:x>{number}}")
print(f"{s} {s!r} {s!s} {[s]} {s!r:>8}|{s!s:<7}|")
print(f"{number=} {number = } {name=!s} {ratio=:.1f} {number+1=} {items=}")
print(f"{number:5}|{number:<5}|{number:^5}|{number:>5}|{number:05}|{number:+}|{number:x}|{number:#x}|{number:o}|{number:b}|{number:#b}|{number:c}|{number:e}|{number:,}")
print(f"{1234567:,} {1234567:_} {-5:+d} {5: d} {255:#06x} {255:X} {10**20:,} {True:d} {True} {65:c} {12345.678:,.2f} {0.5:.0%} {1e10:g} {1e-5} {123456789.0:g}")
print(f"{ratio:10.3f}|{ratio:<10.3f}|{ratio:+.1e}|{ratio:.3g}|{ratio:%}|{ratio:010.2f}|{-ratio:010.2f}|{ratio:*^12.2f}|{float('inf'):5}|{float('nan')}|{-0.0}|{1.0}|{1e16}|{1e15}|{0.1 + 0.2}")
print(f"{name:10}|{name:>10}|{name:^10}|{name:*^10}|{name:.2}|{name:>6.3}|{'':5}|{name:s}")
width, digits = 10, 3
print(f"{ratio:{width}.{digits}f}|{ratio:{'>'}{width}}|{number:{'0'}{width}}|{name:{name[0]}>{width}}")
print(f"{'a' if number else 'b'} {(lambda x: x * 2)(3)} {[n for n in range(3)]} { {'k': 1}['k'] } {f'nested {f"{number}"}'} {number:{'x' if number else 'd'}}")
print("{} {} {}".format(1, "b", s), "{0} {1} {0}".format("a", "b"), "{x} {y:>4}".format(x=1, y=2), "{0[1]} {1.real} {a[k]}".format([1, 2], 5, a={"k": "v"}), "{!r:>5}".format("a"), "{:{}}".format("x", 4))


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print(error(lambda: f"{number:z}"), "|", error(lambda: f"{name:d}"), "|", error(lambda: f"{ratio:d}"), "|", error(lambda: f"{items:5}"), "|", error(lambda: f"{number:.2d}"), "|", error(lambda: f"{no_such}"))
print(error(lambda: "{} {}".format(1)), "|", error(lambda: "{a}".format(b=1)), "|", error(lambda: "{".format()), "|", error(lambda: "{0} {}".format(1)), "|", error(lambda: "{:d}".format("x")))
text = f"""first {number}
second {name}"""
print(text, f"a" "b" f"{1}" 'c', rf"\n{number}", f"{number!r:^{width}}|", f"\x41\u00e9\N{BULLET}")
