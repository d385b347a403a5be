# cites: S021

# compare says whether a write is a change. The value is stored all the same.

from mortice import Base, slot


class A(Base):
    equal = slot(1)
    identity = slot(1, compare="identity")
    always = slot(1, compare="always")


class Named:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return isinstance(other, Named) and self.name == other.name

    def __repr__(self):
        return self.name


def attempt(call, *args, **keywords):
    try:
        return call(*args, **keywords)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


a = A()
heard = []
a.observe(None, lambda change: heard.append((change.name, change.old, change.new)))
for name in ("equal", "identity", "always"):
    one, two = Named("n"), Named("n")
    for value in (one, one, two, Named("m")):
        setattr(a, name, value)
    print("S021", [entry[1:] for entry in heard], getattr(a, name))
    heard.clear()
    setattr(a, name, one)
    setattr(a, name, two)
    print("S021", getattr(a, name) is two, len(heard))
    heard.clear()
a.equal = 1
a.equal = 1.0
a.equal = True
print("S021", heard[1:], a.equal)
heard.clear()
nan = float("nan")
a.equal = nan
a.equal = nan
a.equal = float("nan")
print("S021", len(heard))
print("S021", attempt(slot, compare="same"), "|", attempt(slot, compare=None))

# Unset and set are different, whatever a value says of itself.


class EqualToAll:
    def __eq__(self, other):
        return True


heard.clear()
del a.equal
a.equal = EqualToAll()
a.equal = 5
del a.equal
print("S021", len(heard))
