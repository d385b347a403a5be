# cites: S053 S054

# A repr that meets itself, errors and writes in the reprs of values, and classes with their own.

from mortice import Base, slot


class Node(Base):
    label = slot()
    next = slot()


class Outer:
    class Node(Node):
        pass


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


one, two = Node(label=1), Outer.Node(label=2)
one.next, two.next = two, one
print("S053", one, two)
one.label = [one, two]
print("S053", one)
many = [one, one]
one.label, two.next = many, None
print("S053", many)


class Raises:
    def __repr__(self):
        raise ValueError("no repr")


class NoText:
    def __repr__(self):
        return 5


one = Node(label="first", next=Raises())
print("S053", attempt(repr, one), attempt(repr, one))
one.next = None
print("S053", one)
one.next = NoText()
print("S053", attempt(repr, one).split(":")[0])
one.next = "text"
print("S053", one)


# What is shown is what was there when the repr began.
class Writes:
    def __init__(self, obj):
        self.obj = obj

    def __repr__(self):
        self.obj.next = "written by a repr"
        del self.obj.label
        return "<writes>"


one.label = Writes(one)
print("S054", one)
print("S054", one)


class Other(Node):
    pass


class Becomes:
    def __init__(self, obj):
        self.obj = obj

    def __repr__(self):
        self.obj.__class__ = Other
        return "<becomes>"


one = Node(next="next")
one.label = Becomes(one)
print("S054", one)
one.label = None
print("S054", one)


class Own(Node):
    def __repr__(self):
        return f"<own {self.label}>"


class Further(Own):
    pass


class Around(Node):
    def __repr__(self):
        return "(" + super().__repr__() + ")"


print("S053", Own(label=1), Further(label=2), Around(label=Own(label=3)))
around = Around()
around.next = around
print("S053", around)
chain = None
for _ in range(100_000):
    chain = Node(next=chain)
print("S054", attempt(repr, chain).split(":")[0])
while chain is not None:
    chain = chain.next
print("S054", attempt(Base.__repr__, 5).split(":")[0])
