# cites: S013

# A base that stores items inside the object leaves no place for slots behind them.

from mortice import Base, slot


class A(Base):
    x = slot(1)


class MyInt(int):
    pass


class MyTuple(tuple):
    __slots__ = ()


class Meta(type):
    pass


def attempt(*bases):
    try:
        return type("C", bases, {"y": slot()}).__name__
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for base in (int, bool, tuple, bytes, MyInt, MyTuple):
    print("S013", attempt(A, base))
print("S013", attempt(int, A), "|", attempt(Base, MyInt))
print("S013", attempt(A, type), "|", attempt(Meta, A))
print("S013", attempt(A, object), "and A is not sealed by refusals" if hasattr(A, "x") else "")


class Unharmed(Base):
    pass


attempt(Unharmed, int)
Unharmed.late = slot("late")
print("S013", Unharmed().late)
