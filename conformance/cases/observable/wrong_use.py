# cites: S054 S003

# Callbacks in the middle of a write that alter what is being written.

from mortice import Base, delegate, hold, slot, undelegate


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def validate(obj, value):
    if value == "write":
        obj.x = "by validate"
    elif value == "delete":
        del obj.x
    elif value == "delegate":
        delegate(obj, "x", to=obj.target)
    elif value == "again":
        obj.x = value
    elif value == "class":
        obj.__class__ = Other
    return value


class A(Base):
    x = slot("start", validate=validate)
    target = slot()


class Other(Base):
    x = slot("other")
    target = slot()


class Equal:
    def __init__(self, act):
        self.act = act

    def __eq__(self, other):
        act, self.act = self.act, lambda: None
        act()
        return False

    def __repr__(self):
        return "equal"


heard = []


def fresh():
    a = A(target=A(x="of target"))
    a.observe("x", lambda change: heard.append((change.old, change.new)))
    heard.clear()
    return a


for word in ("write", "delete", "class"):
    a = fresh()
    print("S003", word, attempt(setattr, a, "x", word), a.x, heard)
a = fresh()
print("S003", attempt(setattr, a, "x", "delegate"), a.x, heard)
undelegate(a, "x")
print("S003", a.x, heard[-1])
a = fresh()
print("S003", attempt(setattr, a, "x", "again").split(":")[0], a.x, heard)

# == that writes: the changes are heard in the order of the writes.
a = fresh()
a.x = Equal(lambda: setattr(a, "x", "by =="))
a.x = "written"
print("S054", a.x, heard)
a = fresh()
a.x = Equal(lambda: delattr(a, "x"))
a.x = "written"
print("S054", hasattr(a, "x"), heard)
a = fresh()
with hold():
    a.x = Equal(lambda: setattr(a, "x", "by =="))
with hold():
    a.x = "held"
print("S054", a.x, heard)


# A finalizer of the old value writes.
class Writes:
    def __init__(self, obj):
        self.obj = obj

    def __del__(self):
        self.obj.x = "by the finalizer"

    def __repr__(self):
        return "writes"


b, a = fresh(), fresh()
heard.clear()
a.x = Writes(b)
a.x = 1
heard.clear()
print("S054", b.x, a.x)
