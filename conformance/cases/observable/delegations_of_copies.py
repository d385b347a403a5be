# cites: S023 S051

# A copy's delegations are in the order of the original's: the last one made is the last to be told.

import copy

from mortice import Base, delegate, delegated, slot, undelegate


class A(Base):
    x = slot(0)
    y = slot(0)
    z = slot(0)
    via = slot()
    other = slot()
    first = delegated("other", "x")
    second = delegated("via", "x")


def hear(change):
    heard.append(change.name)


heard = []
COPIES = [copy.copy, lambda obj: copy.deepcopy(obj, {id(target): target})]


def told(obj):
    heard.clear()
    with obj.observe(None, hear):
        target.x += 1
    return " ".join(heard)


target, a = A(), A()
for name in ("z", "x", "y"):
    delegate(a, name, to=target, name="x")
for make in COPIES:
    print("S051", told(a), "|", told(make(a)))

# Delegated again, a slot is the last one.
delegate(a, "z", to=target, name="y")
delegate(a, "z", to=target, name="x")
undelegate(a, "x")
delegate(a, "x", to=target, name="x")
for make in COPIES:
    print("S023", told(a), "|", told(make(a)))

# One that was refused stays where it was.
try:
    delegate(a, "y", to=a)
except Exception as error:
    print("S051", type(error).__name__)
for make in COPIES:
    print("S051", told(a), "|", told(make(a)))

# Those by the class come after those of the copy's own, in the order of the slots.
b = A(via=target, other=target)
delegate(b, "y", to=target, name="x")
delegate(b, "x", to=target, name="x")
for make in COPIES:
    print("S051", told(b), "|", told(make(b)))
delegate(b, "second", to=target, name="x")
for make in COPIES:
    print("S051", told(b), "|", told(make(b)))
