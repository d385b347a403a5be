# cites: S012 S009

# A plain base with __slots__ stands beside bases with slots of their own.

from mortice import Base, slot, slots


class Members:
    __slots__ = ("m", "n")

    def __init__(self, *args, **keywords):
        super().__init__(*args, **keywords)
        self.m = "set by Members"


class A(Base):
    x = slot("x of A")


class B(Base):
    y = slot("y of B")


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def make(*bases):
    return type("Made", bases, {})


for bases in ((A, Members), (Members, A), (A, Members, B), (B, Members, A)):
    cls = make(*bases)
    one = cls(x=1)
    one.n = "n"
    print("S012", list(slots(cls)), one.n, attempt(lambda: one.m), one.x)
    A.x.__set__(one, 2)
    print("S009", A.x.__get__(one), Members.n.__get__(one), one.n, [getattr(one, name) for name in slots(cls)])


class OtherMembers:
    __slots__ = ("o",)


print("S012", attempt(make, A, Members, OtherMembers))
