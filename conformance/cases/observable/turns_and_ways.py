# cites: S023 S045

# Names that are reached in several ways, and ways that lead around.

from mortice import Base, delegate, delegated, slot


class A(Base):
    name = slot()
    stored = slot()
    from_stored = delegated("stored", "stored")
    other = slot()
    from_other = delegated("other", "stored")
    deep = delegated("from_other", "stored")

    def __repr__(self):
        return self.name


def told():
    answer = heard[:]
    heard.clear()
    return answer


def hear(change):
    heard.append((change.object, change.name, change.old, change.new, change.source))


heard = []
a, b, c = [A(name=name) for name in "abc"]

# b.other shows a.stored, so that two names of b's are pointed by one write, the far one first.
for one in (a, b, c):
    one.observe(None, hear)
delegate(a, "other", to=a, name="stored")
delegate(b, "other", to=a, name="stored")
c.stored = 1
told()
a.stored = c
for entry in told():
    print("S023", entry)
c.stored = 2
for entry in told():
    print("S023", entry)


# A way that leads around: each of the names waits for the other, and each stands in the event once.
class Turn(Base):
    name = slot()
    b = slot()
    c = delegated("b", "f")
    d = slot()

    def __repr__(self):
        return self.name


x, y, z = [Turn(name=name) for name in "xyz"]
delegate(x, "b", to=y, name="c")
delegate(y, "b", to=x, name="c")
for one in (x, y, z):
    one.observe(None, hear)
z.d = 5
print("S045", told())
delegate(x, "b", to=z, name="d")
for entry in told():
    print("S023", entry)
delegate(x, "b", to=y, name="c")
for entry in told():
    print("S023", entry)
