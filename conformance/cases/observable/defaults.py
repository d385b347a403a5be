# cites: S002 S014

# A default is there from the start, is shared like a class attribute, and does not return.

from mortice import UNSET, Base, slot


class A(Base):
    number = slot(7)
    items = slot([])
    nothing = slot(None)
    unset = slot(UNSET)


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b = A(), A()
print("S002", a.number, a.items, a.nothing, attempt(lambda: a.unset))
a.items.append(1)
print("S002", b.items, a.items is b.items)
a.number = 8
print("S002", a.number, b.number)
del b.number
print("S002", attempt(lambda: b.number))
print("S014", A(number=9, items=()).number, A(number=9).items)
print("S002", attempt(slot, 1, factory=list))
print("S002", attempt(slot, None, factory=list))
print("S002", attempt(slot, factory=3), "|", attempt(slot, validate="v"))
print("S002", attempt(slot, UNSET, factory=None, type=None, validate=None))
b.unset = UNSET
print("S002", b.unset, bool(UNSET), hasattr(b, "unset"))
