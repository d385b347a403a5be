# cites: S030 S041 S043

# A held place emits one change, from what it showed at first to what it shows at the end.

from mortice import Base, delegate, delegated, hold, slot, undelegate


class A(Base):
    x = slot(0)
    name = slot()
    other = slot()
    follows = delegated("other", "x")

    def __repr__(self):
        return self.name


def told():
    answer = heard[:]
    heard.clear()
    return answer


heard = []
a, b, c, d = (A(name=name, x=name * 2) for name in "abcd")
for obj in (a, b, c, d):
    for name in ("x", "follows"):
        obj.observe(name, lambda change: heard.append((change.object, change.name, change.old, change.new, change.source)))

# A target written in between, and delegations that begin, move and end.
with hold():
    delegate(b, "x", to=a)
    a.x = "new"
    c.x = "written"
    delegate(b, "x", to=c)
print("S043", told())
with hold():
    undelegate(b, "x")
    b.x = "own"
    delegate(b, "x", to=c)
print("S043", told())
with hold():
    c.x = 1
    b.x = 2
for entry in told():
    print("S041", entry)

# Only the delegator is held: the target's observers hear at once.
with hold(b):
    c.x = 3
    print("S030", told())
    c.x = 4
    told()
print("S030", told())

# A name that follows a slot which changes in between.
d.other = a
told()
with hold():
    d.other = b
    d.other = c
    c.x = 5
    d.other = a
print("S030", told())
with hold():
    d.other = b
    c.x = 6
for entry in told():
    print("S030", entry)
