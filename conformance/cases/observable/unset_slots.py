# cites: S001 S002

# An unset slot raises AttributeError, whatever a class does with that.

from mortice import Base, slot


class Plain(Base):
    x = slot()


class Lenient(Base):
    x = slot()
    y = slot(2)

    def __getattr__(self, name):
        return f"no {name}"


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


one = Plain()
print("S001", attempt(lambda: one.x))
print("S001", attempt(delattr, one, "x"))
one.x = 5
del one.x
print("S001", attempt(lambda: one.x), hasattr(one, "x"))
print("S001", attempt(delattr, one, "x"))

two = Lenient()
print("S001", two.x, two.z)
two.x = "yes"
print("S001", two.x)
del two.x, two.y
print("S002", two.x, two.y, "deleted, so the default is gone too")
two.y = 3
print("S002", two.y)
