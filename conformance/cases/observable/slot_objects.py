# cites: S001 S015 S022

# One slot object is one slot of one class; some names and uses are refused.

from mortice import Base, delegated, slot, slots


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def make(bases, **namespace):
    return lambda: type("New", bases, namespace)


class A(Base):
    x = slot(1)


one = slot(2)
print("S001", attempt(make((Base,), a=one, b=one)))
print("S001", attempt(make((Base,), a=slots(A)["x"])))
print("S001", attempt(setattr, type("B", (Base,), {}), "x", slots(A)["x"]))
print("S001", attempt(make((), a=slot())))
print("S001", attempt(make((object,), a=delegated("b"))))
for name in ("observe", "__class__", "__init__", "__x__"):
    print("S022", attempt(make((Base,), **{name: slot()})), attempt(make((Base,), **{name: delegated("x")})))
print("S022", attempt(setattr, type("B", (Base,), {}), "observe", slot()))
print("S001", list(slots(make((Base,), _x=slot(), __x=slot(), été=slot())())))


class Private(Base):
    __hidden = slot("private")

    def read(self):
        return self.__hidden


print("S001", Private().read(), list(slots(Private)), Private(_Private__hidden=5).read())
for kind in (slot, delegated):
    print("S015", attempt(lambda: type("Sub", (kind,), {})))
print("S015", attempt(lambda: slot(doc=5)), attempt(lambda: delegated("x", doc=b"")))
print("S015", attempt(delegated, 5), attempt(delegated, "x", 5), attempt(lambda: delegated("x", None)))


class Overriding(A):
    def observe(self, *args):
        return "own method", args


print("S022", Overriding().observe("x", 1))
