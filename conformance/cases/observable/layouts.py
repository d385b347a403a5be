# cites: S053 S006

# layout() draws the storage; its last line alone depends on the host.

from mortice import Base, delegated, layout, slot, slots


class Empty(Base):
    pass


class One(Base):
    x = slot()


class Many(One):
    a_long_name = slot()
    b = slot()
    c = slot()
    d = slot()
    e = slot()
    f = slot()
    g = slot()
    h = slot()
    i = slot()
    first = delegated("x")
    second = delegated("b", "name")


class Hides(Many):
    c = "hidden"


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for cls in (Empty, One, Many, Hides):
    picture, last = layout(cls).rsplit("\n", 1)
    print("S053", picture)
    words = last.split()
    print("S006", words[:3], words[3].isdigit(), words[4:])
print("S053", type(layout(One)).__name__, layout(Base).split("\n")[0], list(slots(Hides)))
for wrong in (One(), int, 5, "One", None):
    print("S053", attempt(layout, wrong), "|", attempt(slots, wrong))
