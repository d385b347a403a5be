# cites: S043 S044

# Starting, retargeting and ending a delegation is a change where the visible value changes.

from mortice import UNSET, Base, delegate, slot, undelegate


class A(Base):
    x = slot()
    same = slot(1)
    always = slot(1, compare="always")
    identity = slot((1, 2)[:], compare="identity")
    made = slot(factory=list)
    name = slot()

    def __repr__(self):
        return self.name or "?"


heard = []
a, one, two = A(name="a"), A(name="one", x=1), A(name="two", x=2)
a.observe(None, lambda change: heard.append((change.name, change.old, change.new, change.source)))


def told():
    answer = heard[:]
    heard.clear()
    return answer


delegate(a, "x", to=one)
print("S043", told())
delegate(a, "x", to=two)
print("S043", told())
delegate(a, "x", to=two)
print("S043", told(), a.x)
undelegate(a, "x")
print("S044", told(), hasattr(a, "x"))

a.x = "own"
told()
delegate(a, "x", to=one)
a.x = "written to one"
print("S044", told(), one.x)
undelegate(a, "x")
print("S044", told(), a.x, one.x)

# Equal values, other rules, and unset ones.
for name in ("same", "always", "identity", "made"):
    delegate(a, name, to=one)
    print("S043", name, told())
print("S043", a.made is one.made, told())
undelegate(a, "made")
print("S043", told(), a.made, told())
three = A()
four = A()
four.observe("x", lambda change: heard.append(change))
delegate(four, "x", to=three)
undelegate(four, "x")
print("S043", told(), [three.x if hasattr(three, "x") else UNSET])

# Deleting through a delegation does not touch what the object stored itself.
delegate(a, "x", to=one)
del a.x
print("S044", told()[-1], hasattr(one, "x"))
undelegate(a, "x")
print("S044", told(), a.x)
