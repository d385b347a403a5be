# cites: B099 B101
# differs: 3.12 3.13: other words for the refusal


def error(base, names=("x",)):
    try:
        return "made", type("Made", (base,), {"__slots__": names}).__basicsize__ - base.__basicsize__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for base in (int, bytes, type):
    print("B099", base.__name__, error(base))
for base in (str, list, dict, set, frozenset, float, complex, bytearray, object, Exception, property, type(print.__self__)):
    print("B101", base.__name__, error(base), error(base, ("x", "y")), error(base, ()))


class Text(str):
    __slots__ = ("note",)


class Table(dict):
    __slots__ = ("note",)


t = Text("abc")
t.note = "n"
d = Table(a=1)
d.note = "m"
print("B101", t, t.note, t + "d", hasattr(t, "__dict__"), d, d.note, hasattr(d, "__dict__"))
