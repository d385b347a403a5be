# cites: B184 B185 B186 B187


class Shows:
    def __init__(self, name, answer=NotImplemented):
        self.name, self.answer = name, answer

    def note(self, what, other):
        calls.append(f"{self.name}.{what}({getattr(other, 'name', other)})")
        return self.answer

    def __lt__(self, other):
        return self.note("lt", other)

    def __le__(self, other):
        return self.note("le", other)

    def __gt__(self, other):
        return self.note("gt", other)

    def __ge__(self, other):
        return self.note("ge", other)

    def __eq__(self, other):
        return self.note("eq", other)

    def __ne__(self, other):
        return self.note("ne", other)


class Sub(Shows):
    pass


class SubOverriding(Shows):
    def __gt__(self, other):
        return self.note("own gt", other)


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


operations = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
calls = []
for sign, operation in operations.items():
    print("B184", sign, operation(Shows("a", [sign]), 1), calls)
    calls.clear()
for sign, operation in operations.items():
    answer = error(operation, Shows("a"), Shows("b"))
    print("B186", sign, answer, calls)
    calls.clear()
for sign, operation in operations.items():
    print("B186", sign, operation(1, Shows("b", "reflected")), calls)
    calls.clear()
for right in (Sub("sub", "sub first"), SubOverriding("sub", "sub first"), Shows("same", "not first")):
    print("B187", Shows("base", "base first") < right, calls)
    calls.clear()
print("B187", Sub("left", "left") < Shows("right", "right"), calls)
calls.clear()


class Plain:
    pass


class OnlyEq:
    def __eq__(self, other):
        return "yes" if other == 1 else NotImplemented


a, b = Plain(), Plain()
print("B185", a == a, a == b, a != b, a != a, a.__eq__(a), a.__eq__(b), object.__eq__(a, a), a.__ne__(a), a.__ne__(b))
print("B185", OnlyEq() != 1, OnlyEq() != 2, OnlyEq().__ne__(1), OnlyEq().__ne__(2), a.__lt__(b), error(lambda: a < b))
