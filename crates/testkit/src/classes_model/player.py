"""Plays scenarios of classes that are made, changed and used; the same file runs on every host.

A scenario is a list of steps, each a tuple that begins with the name of a method of Player below. Objects go by
number, classes by name. What a step names that is not there makes it do nothing.
"""

import builtins
import gc
import weakref


class Donor:
    __slots__ = ("x",)


class Meta(type):
    pass


class Slotted(type):
    __slots__ = ()


class Backwards(type):
    """Its classes look names up in their ancestors from the other end."""

    def mro(cls):
        cls_, *others = super().mro()
        return [cls_, *others[-2::-1], others[-1]] if others else [cls_]


class Odd(type):
    """Its classes have MROs that may be refused."""

    made = 0

    def mro(cls):
        Odd.made += 1
        order = super().mro()
        if Odd.made % 5 == 0:
            return []
        if Odd.made % 5 == 1:
            return order + [int]
        if Odd.made % 5 == 2:
            return [cls, 5]
        if Odd.made % 5 == 3:
            return order[:1] + order[2:]
        return tuple(order)


class Read:
    """A descriptor that instances can hide."""

    def __get__(self, instance, owner):
        return "read through " + ("class" if instance is None else "instance")


class Full(Read):
    """A descriptor that instances cannot hide."""

    def __set__(self, instance, value):
        raise ValueError("set")


class Named:
    """Tells what it was called."""

    def __set_name__(self, owner, name):
        Named.log.append("  named " + name + " of " + NAME(owner))
        if name == "z":
            raise ValueError("a bad name")


NAME = type.__dict__["__name__"].__get__
MRO = type.__dict__["__mro__"].__get__
BASES = type.__dict__["__bases__"].__get__
BASE = type.__dict__["__base__"].__get__
FLAGS = type.__dict__["__flags__"].__get__
OFFSET = type.__dict__["__dictoffset__"].__get__
SIZES = [
    type.__dict__[name].__get__
    for name in ("__basicsize__", "__itemsize__", "__dictoffset__", "__weakrefoffset__")
]
# Bits of the flags that say what a class is: subclassable, made by a program, collected, of which family, …
SHOWN_FLAGS = 0
for bit in (3, 4, 5, 6, 8, 9, 10, 14, 20, 24, 25, 26, 27, 28, 29, 30, 31):
    SHOWN_FLAGS |= 1 << bit
# Those of the families of int and type, and that of a dict before the header.
INTS, TYPES, DICT = 1 << 24, 1 << 31, 1 << 4

OTHERS = {
    "function": type(lambda: 0),
    "NoneType": type(None),
    "member": type(Donor.x),
    "module": type(gc),
    "mappingproxy": type(Donor.__dict__),
    "generator": type(one for one in ()),
    "ref": weakref.ref,
    "Meta": Meta,
    "Slotted": Slotted,
    "Backwards": Backwards,
    "Odd": Odd,
    "number": 5,
}


class Missing(Exception):
    """A step names something that is not there."""


class Player:
    def __init__(self):
        self.classes, self.objects = {}, {}
        self.log = []
        Named.log = self.log
        Odd.made = 0

    # Names

    def type(self, name):
        if name in self.classes:
            return self.classes[name]
        if name in OTHERS:
            return OTHERS[name]
        if name in vars(builtins):
            return vars(builtins)[name]
        # One that is not there: another class stands in for it.
        names = list(self.classes)
        if not names:
            raise Missing
        return self.classes[names[ord(name[-1]) % len(names)]]

    def bases(self, names):
        """Those that are there."""
        return tuple([self.type(name) for name in names if name in self.classes or name in vars(builtins) or name in OTHERS])

    def object(self, number):
        if number not in self.objects:
            numbers = list(self.objects)
            if not numbers:
                raise Missing
            number = numbers[number % len(numbers)]
        return self.objects[number]

    def value(self, what):
        """What a scenario calls a value: a number or a word for what stands in classes."""
        if not isinstance(what, tuple):
            return what
        kind = what[0]
        if kind == "object":
            return self.object(what[1])
        if kind == "class":
            return self.type(what[1])
        if kind == "classes":
            return tuple([self.type(name) for name in what[1:]])
        if kind == "function":
            answer = self.value(what[1])
            return lambda *args, **keywords: answer
        if kind == "arguments":
            return lambda *args: self.show(args)
        if kind == "hook":
            return lambda cls, **keywords: self.log.append("  subclass " + NAME(cls))
        if kind == "property":
            return property(lambda one: what[1])
        if kind == "static":
            return staticmethod(lambda *args: self.show(args))
        if kind == "class_method":
            return classmethod(lambda *args: self.show(args))
        if kind == "member":
            found = vars(self.type(what[1]))
            if what[2] not in found:
                raise Missing
            return found[what[2]]
        return {"read": Read, "full": Full, "named": Named, "donor": lambda: Donor.x, "list": list}[kind]()

    def slots(self, what):
        kind, names = what
        if kind == "str":
            return "".join([name for name in names if isinstance(name, str)][:1])
        if kind == "iter":
            return iter(names)
        if kind == "dict":
            return {name: "about " + str(name) for name in names}
        return {"tuple": tuple, "list": list}[kind](names)

    # Telling

    def show(self, value):
        kind = type(value)
        if kind is tuple:
            return "(" + ", ".join([self.show(one) for one in value]) + ")"
        if kind is str and len(value) > 24:
            # The docstring of a built-in type has other words here.
            return "a long text"
        if kind in (int, str, bool, float, type(None), type(NotImplemented)):
            return repr(value)
        for number in self.objects:
            if self.objects[number] is value:
                return "o" + str(number)
        if issubclass(kind, type):
            return NAME(value)
        if kind is list or kind is dict:
            return NAME(kind) + str(list(value))
        # Which special methods of built-in types are no wrappers of slots is a deviation.
        kind = NAME(kind)
        kind = {"method_descriptor": "wrapper_descriptor", "method-wrapper": "builtin_function_or_method"}.get(kind, kind)
        return "one " + kind

    def tell(self, error):
        if isinstance(error, RecursionError):
            # How deep a host goes, and what it runs out of then, is its own.
            return "RecursionError"
        text = str(error)
        if " at 0x" in text:
            # An address, and what follows it.
            text = text[: text.index(" at 0x")]
        return NAME(type(error)) + ": " + text

    # Classes

    def define(self, name, meta, bases, slots, body):
        namespace = {}
        for key, made in body:
            namespace[key] = self.value(made)
        if slots is not None:
            namespace["__slots__"] = self.slots(slots)
        # The constructors of other types have messages of their own about three arguments.
        if not FLAGS(self.type(meta)) & TYPES:
            raise Missing
        made = self.type(meta)(name, self.bases(bases), namespace)
        if self.unfounded(made):
            # It ends here, as if it had not been made.
            del made
            gc.collect()
            raise Missing
        self.classes[name] = made
        return self.describe(name)

    def unfounded(self, made):
        """Whether CPython takes for the class the offset of a dict that its instances have no memory for.

        That is so where a class of the MRO brought a dict which neither the best base nor a base by name has. A use of
        such an instance reads and writes what lies behind it. Here the class has no dict, and the offset is 0.
        """
        if not issubclass(type(made), type) or FLAGS(made) & DICT or BASE(made) and OFFSET(BASE(made)):
            return False
        for one in MRO(made)[1:]:
            base = BASE(one)
            if OFFSET(one) and not (base and OFFSET(base) == OFFSET(one)):
                return True
        return False

    def describe(self, name):
        one = self.type(name)
        if not issubclass(type(one), type):
            raise Missing
        sizes = [size(one) for size in SIZES]
        base = BASE(one)
        names = [self.show(each) for each in MRO(one)]
        return names, self.show(BASES(one)), self.show(base), sizes, FLAGS(one) & SHOWN_FLAGS, NAME(type(one))

    def names(self, name):
        return list(vars(self.type(name)))

    def subclasses(self, name):
        if name not in self.classes:
            raise Missing
        return [NAME(one) for one in type.__subclasses__(self.classes[name])]

    def get(self, name, key):
        return self.show(getattr(self.type(name), key))

    def set(self, name, key, value):
        setattr(self.type(name), key, self.value(value))

    def delete(self, name, key):
        delattr(self.type(name), key)

    def rebase(self, name, bases):
        self.type(name).__bases__ = self.bases(bases)
        return self.describe(name)

    def issubclass(self, name, other):
        # What is no class is searched by its own __bases__, which may never end.
        if not all([FLAGS(type(self.type(one))) & TYPES for one in (name, other)]):
            raise Missing
        return issubclass(self.type(name), self.type(other))

    def forget(self, name):
        if name not in self.classes:
            raise Missing
        del self.classes[name]
        gc.collect()

    # Objects

    def new(self, number, name):
        one = self.type(name)
        order = MRO(one) if issubclass(type(one), type) else ()
        if type in order:
            made = one("Made", (), {})
        elif weakref.ref in order:
            made = one(Donor)
        elif type(gc) in order:
            made = one("made")
        elif super in order:
            made = one(int, 5)
        elif map in order or filter in order:
            made = one(None, ())
        elif staticmethod in order or classmethod in order or enumerate in order or reversed in order:
            made = one(())
        else:
            made = one()
        self.objects[number] = made
        # The general answer counts the sign of CPython's int as a digit.
        kind = FLAGS(type(made))
        family = type if kind & TYPES else int if kind & INTS else object
        if object not in MRO(type(made)):
            return NAME(type(made))
        return NAME(type(made)), family.__sizeof__(made)

    def read(self, number, key):
        return self.show(getattr(self.object(number), key))

    def write(self, number, key, value):
        setattr(self.object(number), key, self.value(value))

    def erase(self, number, key):
        delattr(self.object(number), key)

    def super(self, name, number, key):
        if key == "__doc__":
            # That of a built-in type has other words here, or is missing.
            raise Missing
        return self.show(getattr(super(self.type(name), self.object(number)), key))

    def assign(self, number, name):
        self.object(number).__class__ = self.type(name)
        return NAME(type(self.object(number)))

    def isinstance(self, number, name):
        if not FLAGS(type(self.type(name))) & TYPES:
            raise Missing
        return isinstance(self.object(number), self.type(name))

    def state(self, number):
        one = self.object(number)
        if issubclass(type(one), type):
            # That of a class is its own dict on CPython, which is a deviation.
            raise Missing
        return self.show(object.__getstate__(one))

    def dict(self, number):
        return list(self.object(number).__dict__)

    def replace(self, number, keys):
        self.object(number).__dict__ = {key: place for place, key in enumerate(keys)}

    def refer(self, number):
        return weakref.ref(self.object(number))() is self.object(number)

    def use(self, number, operator, value):
        one = self.object(number)
        value = self.value(value)
        if operator == "contains" and not any(["__contains__" in vars(each) for each in MRO(type(one))]):
            # The search may never end.
            raise Missing
        answer = {
            "call": lambda: one(value),
            "len": lambda: len(one),
            "add": lambda: one + value,
            "radd": lambda: value + one,
            "eq": lambda: one == value,
            "lt": lambda: one < value,
            "item": lambda: one[value],
            "iter": lambda: NAME(type(iter(one))),
            "bool": lambda: bool(one),
            "contains": lambda: value in one,
            "hash": lambda: type(hash(one)),
            "index": lambda: [7, 8][one],
        }[operator]()
        return self.show(answer)

    def drop(self, number):
        if number not in self.objects:
            raise Missing
        del self.objects[number]

    # The whole

    def run(self, step):
        try:
            answer = getattr(self, step[0])(*step[1:])
            self.log.append(f"{step} {answer}")
        except Missing:
            self.log.append(f"{step} skipped")
        except BaseException as error:
            self.log.append(f"{step} {self.tell(error)}")

    def end(self):
        gc.collect()
        for name in list(self.classes):
            self.run(("describe", name))
            self.run(("subclasses", name))
        for number in sorted(self.objects):
            for key in ("x", "y"):
                self.run(("read", number, key))


def play(text):
    """Plays a scenario, given as a Python literal; the answer has a line for everything that happened."""
    player = Player()
    for step in eval(text):
        player.run(step)
    player.end()
    answer = "\n".join(player.log)
    # What the scenario made ends here, on every host at the same point.
    player.objects.clear()
    player.classes.clear()
    player.log = Named.log = None
    gc.collect()
    return answer
