# cites: B124 B125 B126
# differs: 3.12: int counted its arguments in other words


class Alias:
    def __init__(self, *answer):
        self.answer = answer

    def __mro_entries__(self, bases):
        seen.append([type(base).__name__ for base in bases])
        return self.answer


class Real:
    pass


class Other:
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


seen = []
alias = Alias(Real)
two = Alias(Other, Real)


class A(alias):
    pass


class B(Alias(Other), alias):
    pass


class C(two):
    pass


class Dropped(Alias(), Real):
    pass


class OnlyDropped(Alias()):
    pass


class Plain(Real):
    pass


print("B124", A.__bases__, A.__orig_bases__ == (alias,), seen[0])
print("B124", B.__bases__, len(B.__orig_bases__), seen[1:3])
print("B124", C.__bases__, "__orig_bases__" in Plain.__dict__, Plain.__dict__.get("__orig_bases__"))
print("B125", Dropped.__bases__, OnlyDropped.__bases__, len(Dropped.__orig_bases__))


class Wrong:
    def __mro_entries__(self, bases):
        return [Real]


def statement(base):
    class Made(base):
        pass

    return Made


print("B125", error(statement, Wrong()))
print("B125", error(statement, 5), "|", error(statement, "text"))
print("B126", error(type, "X", (alias,), {}))
print("B126", error(type, "X", (5,), {}), "|", error(type, "X", (Real, "text"), {}))


class Own(Real):
    def __mro_entries__(self, bases):
        return (Other,)


class FromInstance(Own()):
    pass


class FromClass(Own):
    pass


print("B124", FromInstance.__bases__, FromClass.__bases__)
