# cites: S006 S012
# deviates: wheel S006 S012: CPython lays a class out behind its base, so Python's slots of a subclass lie behind the storage of its base; to move that would cost the base's descriptors their speed

# Python's own slots lie in the part that the type system lays out; the slots' storage stays one piece after it.

from mortice import Base, layout, slot


class A(Base):
    x = slot()


class Members(A):
    __slots__ = ("m", "n")
    y = slot()


class More(Members):
    __slots__ = ("o",)


def storage(cls):
    return layout(cls).split("\n")[:-1]


def before(cls):
    return int(layout(cls).rsplit("before the storage: ", 1)[1].split()[0])


print("S012", before(Members) - before(A), before(More) - before(Members))
print("S006", storage(Members), storage(More)[1:] == storage(Members)[1:])
