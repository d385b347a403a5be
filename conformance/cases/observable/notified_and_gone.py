# cites: S054 S028

# Observers that destroy what is being notified: objects, values, subscriptions, slots.

import gc

from mortice import Base, delegate, delegated, slot, undelegate


class A(Base):
    x = slot(0)
    y = slot(0)
    other = slot()
    follows = delegated("other", "x")

    def __del__(self):
        calls.append("gone")


def hear(name):
    return lambda change: calls.append((name, change.name, change.new))


def told():
    answer = calls[:]
    calls.clear()
    return answer


calls = []
gc.disable()


# The last reference to the object itself.
def drop(change):
    world.clear()
    calls.append("dropped")


world = [A()]
world[0].observe("x", drop)
world[0].observe("x", hear("behind"))
world[0].x = 1
print("S054", told())


# The value that was just stored, and the slot under it.
def delete(change):
    calls.append(("delete", change.new))
    if hasattr(change.object, "x"):
        del change.object.x


a = A()
a.observe("x", delete)
a.observe("x", hear("behind"))
a.x = [1]
print("S028", told(), hasattr(a, "x"))


# The delegation by which the change came, and its target.
def cut(change):
    calls.append(("cut", change.new))
    if change.source is not None:
        undelegate(change.object, "x")


b, c = A(), A()
delegate(b, "x", to=c)
delegate(a, "y", to=b, name="x")
told()
b.observe("x", cut)
a.observe("y", hear("a"))
c.x = 5
print("S054", told(), b.x, a.y)


# Delegators that come and go while their target is notified.
def shuffle(change):
    calls.append(("shuffle", change.new))
    for one in crowd[::2]:
        undelegate(one, "x")
    del crowd[::3]
    late = A()
    late.observe("x", hear("late"))
    delegate(late, "x", to=target)
    crowd.append(late)


target = A()
crowd = [A() for _ in range(7)]
for number, one in enumerate(crowd):
    one.observe("x", hear(number))
    delegate(one, "x", to=target)
del one
target.observe("x", shuffle)
told()
target.x = "go"
answer = told()
print("S054", answer[0], [call for call in answer if call[0] in (1, 5)], answer.count("gone"))


# The slot that a delegated name follows, in the middle of its own change.
def redirect(change):
    calls.append((change.name, change.new))
    if change.new == "first":
        change.object.other = A(x="second")


d = A()
d.observe("follows", redirect)
d.other = A(x="first")
print("S054", [call for call in told() if call != "gone"], d.follows)


# A class observer that cancels, drops and collects.
def rampage(change):
    everything.cancel()
    world.clear()
    gc.collect()
    calls.append("rampage")


world.append(A(other=A()))
world[0].other.other = world[0]
everything = A.observe(None, rampage)
world[0].x = 1
print("S028", told(), everything.active)
