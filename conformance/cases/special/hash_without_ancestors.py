# cites: B166 B218

# The hash comes with the comparisons from the first class behind the new one in its MRO. A metaclass can
# answer with an MRO in which nobody stands there.


class Alone(type):
    def mro(cls):
        return [cls]


class Fewer(type):
    def mro(cls):
        first, second, *others = super().mro()
        return [first, *others]


names = lambda cls: sorted(set(vars(cls)) & {"__hash__", "__eq__"})
order = type.__dict__["__mro__"].__get__
equal = lambda one, other: True


def told(cls):
    return [one.__name__ for one in order(cls)], names(cls), vars(cls).get("__hash__", "inherited") is None


print("B166", told(Alone("A", (), {})), told(Alone("B", (int,), {})))
print("B166", told(Fewer("A", (), {})), told(Fewer("B", (int,), {})), told(Fewer("C", (dict,), {})))
print("B218", told(Alone("A", (), {"__eq__": equal})), told(Fewer("B", (int,), {"__eq__": equal})))
print("B218", Alone("A", (), {"__hash__": len}).__dict__["__hash__"] is len)



class Switch(type):
    alone = False

    def mro(cls):
        return [cls] if Switch.alone else super().mro()


class Base(metaclass=Switch):
    pass


class Other(Base):
    pass


# Only the start of a class asks for that, not a later change of its MRO.
class Made(Base):
    pass


Switch.alone = True
Made.__bases__ = (Other,)
print("B218", told(Made), told(Switch("Fresh", (Made,), {})))
Switch.alone = False

dictionary = Fewer("Dictionary", (dict,), {})
try:
    print("B218", type(hash(dictionary())).__name__)
except TypeError as problem:
    print("B218", problem)
