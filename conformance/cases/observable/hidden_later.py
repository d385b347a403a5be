# cites: S004 S010

# What hides a slot is settled when the class is made. An attribute that a base gets later is what Python finds, and
# the class keeps the slot.

from mortice import Base, slot, slots


class Left(Base):
    y = slot(0)


class Right(Base):
    x = slot(1)


class Mixin:
    pass


class Both(Left, Right):
    pass


Left.x = "plain"
both = Both(x=3)
print("S004", list(slots(Both)), both.x, slots(Both)["x"].__get__(both))
both.observe("x", lambda change: print("S004", change.name, change.old, change.new))
Right.x.__set__(both, 4)
try:
    both.x = 5
except AttributeError as error:
    print("S004", error)


class Later(Both):
    pass


print("S004", list(slots(Later)), list(slots(Both)))

# A class that is still open is asked anew where it declares a slot.
class Open(Mixin, Right):
    pass


Mixin.x = "mixed in"
print("S010", list(slots(Open)), Open.x)
Open.q = "plain"
print("S010", list(slots(Open)))
Open.z = slot(2)
print("S010", list(slots(Open)))
