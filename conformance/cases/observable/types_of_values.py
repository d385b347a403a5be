# cites: S003

# A value of the wrong type is refused, and a refused write leaves no trace.

from mortice import Base, slot


class A(Base):
    number = slot(0, type=int)
    name = slot(type=(str, bytes))
    odd_default = slot("not checked", type=int)


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
events = []
a.observe(None, lambda change: events.append((change.name, change.new)))
a.number, a.name = True, b"raw"
print("S003", a.number, a.name, a.odd_default)
print("S003", attempt(setattr, a, "number", "3"))
print("S003", attempt(setattr, a, "number", 3.5))
print("S003", attempt(setattr, a, "name", None))
print("S003", attempt(setattr, a, "odd_default", a.odd_default))
print("S003", a.number, a.name, events)
print("S003", attempt(A, number="3"), "|", attempt(A, name=3))
print("S003", A(name="n").name)


class Late(type):
    def __instancecheck__(cls, value):
        return value == "late"


class Kind(metaclass=Late):
    pass


class B(Base):
    x = slot(type=Kind)


b = B(x="late")
print("S003", b.x, attempt(setattr, b, "x", "early"), b.x)
for wrong in (3, "int", (), (int, 3), [int]):
    print("S003", attempt(lambda: slot(type=wrong)))
