# cites: S050 S040 S041

# A delegator keeps its target alive; a target does not keep its delegators.

import gc

from mortice import Base, delegate, delegated, slot, undelegate


class A(Base):
    x = slot("own")
    name = slot()

    def __del__(self):
        print("S050", "gone", self.name)


class Follows(A):
    other = slot()
    x = delegated("other")


gc.disable()
target, one, two = A(name="target", x="of target"), A(name="one"), A(name="two")
delegate(one, "x", to=target)
delegate(two, "x", to=one)
del target
print("S040", one.x, two.x)
del two
with one.observe("x", lambda change: print("S041", "one hears", change.new)):
    one.x = "written"
undelegate(one, "x")
print("S040", one.x)
delegate(one, "x", to=A(name="second", x="second"))
delegate(one, "x", to=A(name="third", x="third"))
del one
print("S050", "all by reference counts")
follows = Follows(name="follows", other=A(name="held", x=1))
print("S040", follows.x)
follows.other = A(name="held next", x=2)
print("S040", follows.x)
del follows

# A cycle of delegation and values.
a, b = A(name="a"), Follows(name="b")
b.other = a
a.name = b
delegate(a, "x", to=A(name="c"))
a.name = "a"
del a, b
print("S050", "collecting")
gc.collect()
print("S050", "collected")
