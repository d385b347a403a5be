# cites: B182 B183
# differs: 3.12 3.13: the messages did not name the class


class Plain:
    def __str__(self):
        return "plain"


class Formatted:
    def __format__(self, spec):
        return f"[{spec}]"


class Wrong:
    def __format__(self, spec):
        return 5


class OnInt(int):
    def __format__(self, spec):
        return "int " + super().__format__(spec)


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B182", format(Plain()), f"{Plain()}", format(Plain(), ""), error(format, Plain(), "10"), "|", error(lambda: f"{Plain():>5}"))
print("B182", error(object.__format__, 5, "d"), "|", error(format, None, "x"), "|", error(format, [], "s"), "|", object.__format__(5, ""))
one = Formatted()
one.__format__ = lambda spec: "never"
print("B183", format(one), format(one, "abc"), f"{one:{1 + 1}x}", "{:>9} {!r:.4}".format(one, "text"))
print("B183", error(format, Wrong()), "|", error(lambda: f"{Wrong()}"), "|", error(format, one, 5), "|", error(Formatted.__format__))
print("B183", format(OnInt(5), "03d"), f"{OnInt(255):x}", "{:5}|".format(OnInt(1)))
print("B183", error(format, 5, "s"), "|", error(format, "x", "d"), "|", error(format, 1.5, "d"), "|", error(format, 5, "zz"))
