# cites: S041 S023

# Observers of a delegated slot hear every change of the target, as a change of their own object.

from mortice import Base, delegate, slot, undelegate


class A(Base):
    x = slot(0)
    y = slot(0)
    name = slot("?")

    def __repr__(self):
        return self.name


def hear(who):
    return lambda change: heard.append((who, change.object, change.name, change.old, change.new, change.source))


heard = []
target, one, two = A(name="target"), A(name="one"), A(name="two")
for obj in (two, one, target):
    obj.observe(None, hear(obj.name))
delegate(two, "x", to=target, name="y")
delegate(one, "y", to=target)
delegate(one, "x", to=target, name="y")
print("S041", heard)
target.y = 1
for entry in heard:
    print("S041", entry)
heard.clear()

# Writing through a delegator is a change of the target.
one.x = 2
print("S041", heard)
heard.clear()
target.x = "not delegated to"
print("S041", heard)
heard.clear()

# Delegating again puts it last; what depends on a delegator comes right after it.
delegate(two, "x", to=target, name="y")
three = A(name="three")
three.observe("y", hear("three"))
delegate(three, "y", to=one, name="x")
A.observe("y", hear("class"))
heard.clear()
target.y = 3
for entry in heard:
    print("S023", entry[:3], entry[5])
heard.clear()
undelegate(one, "x")
target.y = 4
print("S041", [(who, name) for who, obj, name, *_ in heard], three.y)
