# cites: B321

# What copying asks an object for, without the copy module.


class Plain:
    pass


class Slotted:
    __slots__ = ("x", "y")


class Mixed(Slotted):
    __slots__ = ("z", "__dict__")


class OnList(list):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Plain()
print("B321", p.__getstate__(), object().__getstate__(), (5).__getstate__(), [].__getstate__())
p.a = 1
print("B321", p.__getstate__(), p.__getstate__() is p.__dict__)
s = Slotted()
print("B321", s.__getstate__())
s.y = 2
print("B321", s.__getstate__())
m = Mixed()
m.z, m.x, m.w = 1, 2, 3
print("B321", m.__getstate__()[0], sorted(m.__getstate__()[1].items()))
made, args, state = s.__reduce_ex__(4)[:3]
print("B321", made.__name__, args == (Slotted,), state, len(s.__reduce_ex__(4)))
print("B321", type(made(*args)).__name__, error(s.__reduce_ex__, 0), "|", error(s.__reduce__))
one = OnList([1, 2])
one.tag = "t"
reduced = one.__reduce_ex__(2)
print("B321", reduced[1] == (OnList,), reduced[2], list(reduced[3]), reduced[4])


# Whether there are slots, the class is asked as a program asks it.
class Refuses:
    def __get__(self, instance, owner):
        raise error_of_slots


class Asked:
    pass


Asked.__slots__ = Refuses()
for error_of_slots in (ValueError("no slots to see"), AttributeError("none")):
    print("B321", error(Asked().__getstate__))


class Strange:
    pass


# Names that are no strings are asked what strings are asked, by a class that is not asked yet.
for names in ([1], 5, ("x", 2), None, ["y"], [3]):
    Strange.__slots__ = names
    try:
        print(Strange().__getstate__())
    except (AttributeError, TypeError) as error:
        print(type(error).__name__, error)
