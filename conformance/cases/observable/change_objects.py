# cites: S020

# A Change says what happened; nobody can alter it.

from mortice import UNSET, Base, Change, slot


class A(Base):
    x = slot()
    y = slot(5)

    def __repr__(self):
        return "<A>"


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


heard = []
a = A()
a.observe(None, heard.append)
a.observe("x", heard.append)
a.x = 1
a.x = "one"
del a.x
a.y = None
for change in heard:
    print("S020", change)
first, again = heard[:2]
print("S020", first is again, first.object is a, first.name, first.old is UNSET, first.new, first.source)
print("S020", isinstance(first, Change), first == Change(a, "x", UNSET, 1), first != first)
for name in ("object", "name", "old", "new", "source"):
    print("S020", attempt(setattr, first, name, 0), "|", attempt(delattr, first, name))
print("S020", attempt(setattr, first, "other", 0).split(":")[0], "|", repr(first))
print("S020", Change(1, 2, 3, 4), Change(object=1, name=2, old=3, new=4, source=5).source)
print("S020", attempt(lambda: type("Sub", (Change,), {})))
print("S020", attempt(Change, 1)[:9], attempt(Change, 1, 2, 3, 4, 5, 6)[:9])
