# cites: S001

# One storage place for each name and instance; nothing in it until it is written.

from mortice import Base, slot


class A(Base):
    x = slot()
    y = slot()


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b = A(), A()
a.x = 1
b.x, b.y = "one", [a.x]
print("S001", a.x, b.x, b.y)
print("S001", attempt(getattr, a, "y"))
print("S001", hasattr(a, "y"), getattr(a, "y", "nothing"), hasattr(b, "y"))
a.y = None
a.x += 41
print("S001", a.x, a.y, b.x)
setattr(a, "x", b)
print("S001", getattr(a, "x") is b, a.x.x)


class Counter(A):
    def __init__(self):
        self.x = 0

    def up(self):
        self.x += 1
        return self


print("S001", Counter().up().up().x, attempt(lambda: Counter().y))
