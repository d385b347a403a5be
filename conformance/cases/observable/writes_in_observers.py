# cites: S027

# A write inside an observer is stored at once and heard when the running event is done.

from mortice import Base, slot


class A(Base):
    x = slot(0)
    y = slot(0)


def first(change):
    heard.append(("first", change.name, change.old, change.new))
    if change.name == "x" and change.new < 3:
        change.object.x = change.new + 1
        heard.append(("stored", change.object.x))


def second(change):
    heard.append(("second", change.name, change.old, change.new, change.object.x))


heard = []
a = A()
a.observe(None, first)
a.observe(None, second)
a.x = 1
for entry in heard:
    print("S027", entry)
heard.clear()


# Events of other objects wait as well, in the order of the writes.
def fan_out(change):
    heard.append("fan out")
    for other in others:
        other.y = change.new
    others[0].x = change.new
    del others[1].y


others = [A(), A()]
a = A()
a.observe("x", fan_out)
a.observe("x", lambda change: heard.append("behind"))
for name, other in zip("pq", others):
    other.observe(None, lambda change, name=name: heard.append((name, change.name, change.old, change.new)))
a.x = 5
print("S027", heard)
heard.clear()


# The last value comes last, whoever writes back.
def back(change):
    if change.new != "settled":
        change.object.y = "settled"


b = A()
b.observe("y", lambda change: heard.append(("one", change.new)))
b.observe("y", back)
b.observe("y", lambda change: heard.append(("two", change.new)))
b.y = "unsettled"
print("S027", heard, b.y)
