# cites: S040 S044 S022

# What cannot be delegated is refused by name, and nothing changes.

from mortice import Base, DelegationError, delegate, delegated, slot, undelegate


class A(Base):
    x = slot(1)
    y = slot(2)


class Hides(A):
    x = 5


class Follows(Base):
    other = slot()
    x = delegated("other")


class Plain:
    x = 1


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a, b = A(), A(x="b")
for obj, name, to in [(5, "x", b), (A, "x", b), (a, "x", 5), (a, "x", A), (a, "x", Plain()), (a, 5, b), (a, None, b)]:
    print("S040", attempt(delegate, obj, name, to=to))
print("S022", attempt(delegate, a, "xx", to=b), "|", attempt(delegate, a, "x", to=b, name="yy"))
print("S022", attempt(delegate, Hides(), "x", to=a), "|", attempt(delegate, a, "x", to=Hides()))
print("S040", attempt(delegate, a, "x", to=b, name=5), "|", attempt(delegate, a, "x")[:9], attempt(delegate, a, "x", b)[:9])
print("S044", attempt(undelegate, a, "x"), "|", attempt(undelegate, a, "z"), "|", attempt(undelegate, 5, "x"))
print("S044", attempt(undelegate, Follows(), "x"), "|", attempt(undelegate, a, 5))
print("S040", a.x, a.y, b.x, issubclass(DelegationError, ValueError))
delegate(a, "x", to=b)
undelegate(a, "x")
print("S044", attempt(undelegate, a, "x"), a.x)
