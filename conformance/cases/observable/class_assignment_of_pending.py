# cites: S054 S002

# A factory that has not run gives way to what the new class has in its place.

import copy

from mortice import Base, delegated, slot


class Made(Base):
    x = slot(factory=lambda: calls.append("Made") or ["Made"])


class MadeToo(Base):
    x = slot(factory=lambda: calls.append("MadeToo") or ["MadeToo"])


class Default(Base):
    x = slot("default")


class Bare(Base):
    x = slot()


def shown(obj):
    return getattr(obj, "x", "unset"), calls


for cls in (MadeToo, Default, Bare):
    calls = []
    a = Made()
    a.__class__ = cls
    print("S002", cls.__name__, *shown(a))

    # It is as if it had been so all along.
    for then in (Made, Default, Bare):
        calls = []
        a = Made()
        a.__class__ = cls
        a.__class__ = then
        print("S054", cls.__name__, then.__name__, *shown(copy.copy(a)), *shown(a))

# What has run, was written or was deleted stays.
for change in (lambda: a.x, lambda: setattr(a, "x", "written"), lambda: delattr(a, "x")):
    for cls in (MadeToo, Default, Bare):
        calls = []
        a = Made()
        change()
        a.__class__ = cls
        print("S054", cls.__name__, *shown(a))

target = Default()


class Carried(Base):
    via = slot(factory=lambda: None)
    x = delegated("via", "x")


class CarriedByDefault(Base):
    via = slot(target)
    x = delegated("via", "x")


# A delegated name follows.
a = Carried()
a.__class__ = CarriedByDefault
print("S054", a.x)
heard = []
a.observe("x", lambda change: heard.append((change.old, change.new)))
target.x = "written"
print("S054", a.x, heard)
