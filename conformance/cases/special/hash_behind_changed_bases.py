# cites: B166 B218

# A class whose MRO was changed to one without object has neither hash nor comparisons to hand on, so a class
# behind which only that one stands gets `__hash__ = None`; one that compares hands on that it has no hash.


class Chosen(type):
    order = None

    def mro(cls):
        return [cls, *Chosen.order] if Chosen.order is not None else super().mro()


class Base(metaclass=Chosen):
    pass


class Plain(Base):
    pass


class Compares(Base):
    def __lt__(self, other):
        return True


class Hashes(Base):
    def __hash__(self):
        return 5


order = type.__dict__["__mro__"].__get__


def make(name, *behind, **namespace):
    Chosen.order = behind
    made = Chosen(name, (Base,), namespace)
    Chosen.order = None
    return [one.__name__ for one in order(made)], vars(made).get("__hash__", "inherited")


# Before, object stands behind each.
print("B166", make("A", Plain), make("B", Compares), make("C", Hashes))

Chosen.order = ()
for cls in (Plain, Compares, Hashes):
    cls.__bases__ = (Base,)
Chosen.order = None
print("B166", [[one.__name__ for one in order(cls)] for cls in (Plain, Compares, Hashes)])

print("B218", make("A", Plain), make("B", Compares), make("C", Hashes))
print("B218", make("A", Plain, object), make("B", Compares, object), make("C", Compares, Hashes))
print("B218", make("A", Plain, Hashes), make("B", Plain, Compares, Hashes), make("C", Hashes, Compares))
print("B218", make("A", Plain, __eq__=lambda one, other: True), make("B", Plain, object, __lt__=lambda one, other: True))
