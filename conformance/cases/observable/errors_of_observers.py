# cites: S029

# All observers run, whatever one of them raises. One error is raised as it is, several as a group.

from mortice import Base, observe, slot


class A(Base):
    x = slot(0)

    @observe("x")
    def method(self, change):
        calls.append("method")


def fail(error):
    def observer(change):
        calls.append(type(error).__name__)
        raise error

    return observer


def write(obj, value):
    try:
        obj.x = value
    except BaseException as error:
        return error
    return "written"


calls = []
a = A()
one = ValueError("one")
first = a.observe("x", fail(one))
a.observe("x", lambda change: calls.append("after"))
caught = write(a, 1)
print("S029", caught is one, caught.__context__, calls, a.x)
second = a.observe("x", fail(KeyError("two")))
third = A.observe("x", fail(TypeError("three")))
calls.clear()
caught = write(a, 2)
print("S029", type(caught).__name__, caught, calls, a.x)
print("S029", [repr(error) for error in caught.exceptions], caught.exceptions[0] is one)
third.cancel()

# Not an Exception among them.
fourth = a.observe("x", fail(KeyboardInterrupt("four")))
calls.clear()
caught = write(a, 3)
print("S029", type(caught).__name__, [type(error).__name__ for error in caught.exceptions], calls, a.x)
first.cancel()
second.cancel()
caught = write(a, 4)
print("S029", repr(caught), a.x)
fourth.cancel()
print("S029", write(a, 5), write(a, 5))

# The same exception twice; a group inside a group; an error in deleting.
fifth, sixth = a.observe("x", fail(one)), a.observe("x", fail(one))
caught = write(a, 6)
print("S029", [error is one for error in caught.exceptions])
sixth.cancel()
seventh = a.observe("x", fail(ExceptionGroup("inner", [one])))
caught = write(a, 7)
print("S029", [type(error).__name__ for error in caught.exceptions])
seventh.cancel()
try:
    del a.x
except ValueError as error:
    print("S029", error is one, hasattr(a, "x"))
try:
    raise LookupError("handled")
except LookupError:
    fifth.cancel()
    eighth = a.observe("x", fail(ValueError("while handling")))
    caught = write(a, 8)
    print("S029", repr(caught.__context__))
