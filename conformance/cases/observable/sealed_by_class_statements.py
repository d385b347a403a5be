# cites: S010

# A class seals its bases when the class object comes into being, not when its statement is refused.

from mortice import Base, slot, slots


class A(Base):
    x = slot()


def attempt(make):
    try:
        make()
        return "made"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def body_that_raises():
    class B(A):
        raise ValueError("in the body")


def reserved_name():
    class B(A):
        observe = slot()


def items():
    class B(A, int):
        pass


def members_that_conflict():
    class B(A):
        __slots__ = ("y",)
        y = slot()


for make in (body_that_raises, reserved_name, items, members_that_conflict):
    print("S010", attempt(make))
    setattr(A, make.__name__, slot())
print("S010", list(slots(A)))


class Refusing(A):
    def __init_subclass__(cls):
        raise ValueError(f"no {cls.__name__}")


def refused():
    class C(Refusing):
        pass


print("S010", attempt(refused), "|", attempt(lambda: setattr(Refusing, "y", slot())))


class Eager:
    def __set_name__(self, owner, name):
        owner.instance = owner()


class D(Base):
    first = slot(1)
    eager = Eager()
    last = slot(3)


print("S010", D.instance.first, D.instance.last, attempt(lambda: setattr(D, "y", slot())))
