# cites: S027

# Ten thousand writes, each made by the observer of the one before: a loop, no recursion.

from mortice import Base, slot

COUNT = 10_000


class A(Base):
    x = slot(0)
    next = slot()


def count_up(change):
    if change.new < COUNT:
        change.object.x = change.new + 1


one = A()
values = []
one.observe("x", count_up)
one.observe("x", lambda change: values.append(change.new))
one.x = 1
print("S027", one.x, values == list(range(1, COUNT + 1)))


class Chained(A):
    __slots__ = ("__weakref__",)

    def pass_on(self, change):
        following = getattr(self, "next", None)
        if following is not None:
            following.x = change.new


items = [Chained() for _ in range(COUNT)]
for item, following in zip(items, items[1:]):
    item.next = following
    item.observe("x", item.pass_on)
items[0].x = "hello"
print("S027", items[-1].x, sum(item.x == "hello" for item in items))


# Two objects that answer each other.
def ping(change):
    if change.new < COUNT:
        pong_side.x = change.new + 1


def pong(change):
    ping_side.x = change.new + 1


ping_side, pong_side = A(), A()
ping_side.observe("x", ping)
pong_side.observe("x", pong)
ping_side.x = 1
print("S027", ping_side.x, pong_side.x)
