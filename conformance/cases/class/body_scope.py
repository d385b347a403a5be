# cites: B133 B134 B135

x = "global"


class Body:
    x = "class"
    seen = x
    in_lambda = lambda: x  # noqa: E731

    def method(self):
        return x

    listed = [x for _ in range(1)]
    source = [y for y in (x,)]

    class Inner:
        seen = x


print("B133", Body.seen, Body.in_lambda(), Body().method(), Body.listed, Body.source, Body.Inner.seen)


def function():
    x = "function"

    class Local:
        first = x
        x = "local class"
        second = x

        def method(self):
            return x

    class Reads:
        got = x

    return Local, Reads


Local, Reads = function()
print("B134", Reads.got, Local.second, Local().method(), Local.first)


class FromGlobal:
    before = x
    x = "own"
    after = x
    del x
    deleted = x


print("B134", FromGlobal.before, FromGlobal.after, FromGlobal.deleted)
try:

    class Unbound:
        got = nowhere
        nowhere = 1

except NameError as problem:
    print("B134", type(problem).__name__, problem)


def plain_local():
    try:
        got = x
        x = 1
    except UnboundLocalError as problem:
        return str(problem)


print("B134", plain_local())


class Base:
    def who(self):
        return "Base"

    @classmethod
    def made(cls):
        return "Base of " + cls.__name__


class Sub(Base):
    def who(self):
        return super().who() + ", Sub"

    def cell(self):
        return __class__

    @classmethod
    def made(cls):
        return super().made() + " by Sub"

    def nested(self):
        return (lambda: __class__)(), [super(__class__, self).who() for _ in range(1)]


class Leaf(Sub):
    pass


print("B135", Leaf().who(), Leaf().cell(), Leaf.made(), Leaf().nested())
Renamed, Sub = Sub, None
print("B135", Renamed().who(), Renamed().cell())
free = Renamed.who
print("B135", free.__closure__[0].cell_contents, free.__code__.co_freevars)
