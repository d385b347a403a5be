# cites: B255 B256 B283
# differs: 3.13: a materialized dictionary was not counted
import gc
import weakref


class Slotted:
    __slots__ = ("other", "__weakref__")


class Plain:
    pass


def slotted(number):
    first = last = Slotted()
    for _ in range(number - 1):
        last.other = Slotted()
        last = last.other
    last.other = first


def plain():
    one = Plain()
    one.me = one


def materialized():
    one = Plain()
    one.me = one
    one.__dict__


def lists(number):
    for _ in range(number):
        items = []
        items.append(items)


gc.collect()
gc.disable()
for number in (1, 2, 10, 1000):
    slotted(number)
    print("B255", number, gc.collect(), gc.collect())
lists(4)
print("B255", gc.collect())
cycle, hanging = [], [[1], [2], (3, [])]
cycle.append(cycle)
cycle.append(hanging)
del cycle, hanging
print("B255", gc.collect())
plain()
print("B256", gc.collect())
materialized()
print("B256", gc.collect())
for _ in range(5):
    plain()
print("B256", gc.collect())


def class_and_instance():
    class Local:
        def method(self):
            return Local

    one = Local()
    one.method()
    Local.only = one
    return weakref.ref(Local), weakref.ref(one)


refs = class_and_instance()
print("B283", refs[0]().__name__, refs[1]() is refs[0]().only)
print("B283", gc.collect() > 3, refs[0](), refs[1]())


def plain_class():
    class Unused:
        pass

    return weakref.ref(Unused)


ref = plain_class()
print("B283", ref() is not None)
gc.collect()
print("B283", ref(), [cls.__name__ for cls in object.__subclasses__() if cls.__name__ in ("Unused", "Local")])
gc.enable()
