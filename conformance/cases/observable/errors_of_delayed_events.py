# cites: S029 S027

# Errors of an event that waited go to the outermost writer.

from mortice import Base, slot


class A(Base):
    x = slot(0)
    y = slot(0)


def raising(change):
    calls.append(("raises", change.name, change.new))
    raise ValueError(f"{change.name} {change.new}")


def writing(change):
    try:
        change.object.y = change.new * 10
        calls.append("the inner write returns")
    except ValueError:
        calls.append("never here")


calls = []
a = A()
a.observe("x", writing)
a.observe("y", raising)
try:
    a.x = 1
except ValueError as error:
    print("S027", error, calls, a.x, a.y)
calls.clear()

a.observe("x", raising)
a.observe("y", lambda change: calls.append("after"))
try:
    a.x = 2
except ExceptionGroup as group:
    print("S029", group, [str(error) for error in group.exceptions])
print("S029", calls, a.x, a.y)
calls.clear()


# A refused write inside an observer is an error of that observer.
class Checked(Base):
    number = slot(0, type=int)


def refused(change):
    checked.number = "no number"


checked = Checked()
b = A()
b.observe("x", refused)
try:
    b.x = 1
except TypeError as error:
    print("S029", error, checked.number, b.x)
b.x = 1
print("S027", "an equal value tells nobody")
