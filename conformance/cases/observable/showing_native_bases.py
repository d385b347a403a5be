# cites: S013 S053

# Beside another base that has a repr, both are shown; the MRO says whose turn it is.

from mortice import Base, delegated, slot


class A(Base):
    x = slot(1)


class Items(A, list):
    pass


class First(list, A):
    pass


class Table(A, dict):
    pass


class Group(A, set):
    pass


class Failure(A, Exception):
    code = slot(0)


class Number(A, float):
    pass


class Bare(Base, list):
    pass


class Outer:
    class Group(A, set):
        pass


class Point:
    def __repr__(self):
        return f"{type(self).__qualname__}(at={self.at})"


class Nobody:
    pass


class Silent:
    def __repr__(self):
        return ""


class NoText:
    def __repr__(self):
        return 5


class Marked(A, Point):
    at = 3


class Alone(A, Nobody):
    pass


class Quiet(A, Silent):
    pass


class Wrong(A, NoText):
    pass


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


items, first, table, group = Items(), First(), Table(), Group()
items.extend("ab")
first.extend("ab")
table["k"] = group
print("S013", items, first, table, Items(x=[]))
group.add(5)
print("S013", table, group, Outer.Group())
failure = Failure(x="x")
print("S013", failure, [failure], Number(), Bare())
failure.args = "some", "words"
print("S013", repr(failure), str(failure))
print("S053", Marked(), Alone(), Quiet(), attempt(repr, Wrong()).split(":")[0])

# Each meets itself in its own way.
items.x = items
print("S053", items)
items.append(items)
items.x = 0
print("S053", items)
first.x = first
print("S053", first)
table.x = [table]
table["k"] = items
print("S053", table)


# A native base makes the instance; what its class says of its slots holds from the start.
class Wheel(Base):
    radius = slot(0.3)


class Car(Base):
    wheel = slot(Wheel())
    radius = delegated("wheel")


class Train(list, Car):
    pass


print("S013", Base.__repr__(Train()), Train("ab"))
print("S013", attempt(lambda: Train().__replace__(radius=5)), Train().radius)


# The values are those that were there when the repr began.
class Writes:
    def __repr__(self):
        self.x = "written by a repr"
        return "writes"


class Both(A, Writes):
    pass


both = Both()
print("S053", both, both.x, both)
