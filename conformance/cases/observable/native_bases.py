# cites: S013 S006 S009

# A base with a body of its own can stand beside Base, in either order.

import sys

from mortice import Base, slot, slots


class A(Base):
    x = slot(1)
    y = slot()


class ListLast(A, list):
    z = slot("z")


class ListFirst(list, A):
    z = slot("z")


class Table(A, dict):
    pass


class Failure(Exception, A):
    code = slot(0, type=int)


class Number(A, float):
    pass


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


events = []
A.observe(None, lambda change: events.append((type(change.object).__name__, change.name, change.new)))
for cls in (ListLast, ListFirst):
    one = cls()
    one.extend("abc")
    one.x, one.y = len(one), one[0]
    one.append("d")
    print("S013", one, one.x, one.y, one.z, list(slots(cls)))
    print("S009", A.x.__get__(one), super(cls, one).y, isinstance(one, list), len(one))
print("S013", ListFirst("hello"), ListFirst("hello") == list("hello"))
table = Table(y="why")
table["k"] = table.x
print("S013", table, table.y, attempt(lambda: table["x"]))
try:
    raise Failure("broken", 3)
except Failure as error:
    error.code = 7
    print("S013", error.args, error.code, error.x, attempt(setattr, error, "code", "seven"))
print("S013", events)


class Same(ListLast):
    pass


class More(ListLast):
    w = slot()


print("S006", sys.getsizeof(Same()) - sys.getsizeof(ListLast()), sys.getsizeof(More()) - sys.getsizeof(ListLast()))
print("S013", attempt(lambda: type("Two", (ListLast, dict), {})))
