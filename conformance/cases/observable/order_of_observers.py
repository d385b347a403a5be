# cites: S023

# The instance's observers as they subscribed, then those of the classes along the MRO.

from mortice import Base, observe, slot


class A(Base):
    x = slot(0)


class B(A):
    pass


class C(A):
    pass


class D(B, C):
    pass


calls = []


def hear(name):
    return lambda change: calls.append(name)


d = D()
subscriptions = {}
for name, subject, slot_name in [
    ("Base", Base, None),
    ("A", A, "x"),
    ("one", d, "x"),
    ("C", C, None),
    ("every", d, None),
    ("D", D, "x"),
    ("two", d, "x"),
    ("B", B, "x"),
    ("D again", D, None),
]:
    subscriptions[name] = subject.observe(slot_name, hear(name))
d.x = 1
print("S023", calls)
calls.clear()
for name in ("one", "D", "C"):
    subscriptions[name].cancel()
d.observe("x", hear("one again"))
C.observe("x", hear("C again"))
d.x = 2
print("S023", calls)
calls.clear()
B().x = 1
print("S023", calls)
calls.clear()
d.observe("x", hear("twice"))
same = hear("same")
d.observe("x", same)
d.observe("x", same)
d.x = 3
print("S023", calls[3:])
