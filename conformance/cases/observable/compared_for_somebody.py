# cites: S021 S030 S028

# Values are compared only where somebody is there to hear.

from mortice import Base, hold, slot


class Value:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        calls.append(f"{self.name} == {other.name}")
        return self.name == other.name

    def __repr__(self):
        return self.name


class Interrupting(Value):
    def __eq__(self, other):
        raise KeyboardInterrupt(self.name)


class A(Base):
    x = slot()
    y = slot()


def told():
    answer = calls[:]
    calls.clear()
    return answer


calls = []
one, two = Value("one"), Value("two")
a = A(x=one)
a.x = two
print("S021", told())
with hold():
    a.x = one
print("S030", told())
with hold(a):
    a.x = Interrupting("nobody")
    a.x = two
    a.x = Interrupting("nobody")
a.x = one
print("S030", told())

# The observer ended before its turn.
gone = a.observe("x", lambda change: calls.append("gone"))


def ends(change):
    a.x = two
    gone.cancel()


subscription = a.observe("y", ends)
a.y = 1
print("S028", told())
subscription.cancel()

# It began during the hold, or after the write.
a.x = one
with hold():
    a.x = two
    late = a.observe("x", lambda change: calls.append((change.old, change.new)))
print("S030", told())
late.cancel()


def subscribes(change):
    a.x = one
    A.observe("x", lambda change: calls.append("began after the write"))


a.observe("y", subscribes)
a.y = 2
print("S028", told())
