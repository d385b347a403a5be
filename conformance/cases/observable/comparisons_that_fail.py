# cites: S021 S029

# If == raises, or its answer has no truth, the write counts as a change.

from mortice import Base, slot


class A(Base):
    x = slot(0)


class Raises:
    def __init__(self, error):
        self.error = error

    def __eq__(self, other):
        raise self.error

    def __repr__(self):
        return f"raises {self.error!r}"


class NoTruth:
    def __eq__(self, other):
        return self

    def __bool__(self):
        raise TypeError("no truth")

    def __repr__(self):
        return "no truth"


class Counted:
    calls = 0

    def __eq__(self, other):
        Counted.calls += 1
        return False


def write(value):
    try:
        a.x = value
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return "written"


a = A()
a.x = Counted()
a.x = Counted()
print("S021", Counted.calls, "comparisons that nobody hears of")
heard = []
watching = a.observe("x", lambda change: heard.append((change.old, change.new)))
for value in (Raises(ValueError("equality")), 5, NoTruth(), 6):
    print("S021", write(value), a.x is value, len(heard))
print("S021", heard[1:])

# An exception that is no Exception is not swallowed; the change is heard all the same.
heard.clear()
print("S029", write(Raises(KeyboardInterrupt("now"))), write(7), heard, a.x)


def fail(change):
    raise ValueError("observer")


failing = a.observe("x", fail)
a_group = None
write(Raises(SystemExit(3)))
try:
    a.x = 8
except BaseExceptionGroup as group:
    a_group = group
print("S029", a_group, [repr(error) for error in a_group.exceptions], a.x)
