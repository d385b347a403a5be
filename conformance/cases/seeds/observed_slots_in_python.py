# cites: B053 B080
# seed: 000_85b8fabe2820a541.txt
# differs: 3.12: the message did not yet mention the missing __dict__

# What the seed's slots do, written with descriptors: events on writing, delegation, storage in one row,
# two bases with slots of their own, and slots added until the class is used.


class slot:
    def __init__(self, default=None):
        self.default = default

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        place = instance.places[self.name]
        value = instance.values[place]
        if isinstance(value, Delegation):
            return getattr(value.target, value.name)
        return value

    def __set__(self, instance, value):
        place = instance.places[self.name]
        old = self.__get__(instance, type(instance))
        instance.values[place] = value
        for observer in instance.observers:
            observer(instance, self.name, old, value)


class Delegation:
    def __init__(self, target, name):
        self.target, self.name = target, name

    def __repr__(self):
        return f"delegated to {self.name}"


class Base:
    __slots__ = ("places", "values", "observers")

    def __init__(self):
        self.places, self.values, self.observers = {}, [], []
        for cls in reversed(type(self).__mro__):
            for name, member in cls.__dict__.items():
                if isinstance(member, slot) and name not in self.places:
                    self.places[name] = len(self.values)
                    self.values.append(member.default)


class A(Base):
    __slots__ = ()
    x = slot(1)


class B(Base):
    __slots__ = ()
    a = slot("a")
    b = slot("b")


class C(A, B):
    __slots__ = ()


c = C()
print("B080", c.places, c.values, A.x.name, B.__dict__["b"].name)
c.observers.append(lambda who, name, old, new: print("B053 changed", name, old, new))
c.x = 2
c.b = c.x
other = A()
other.x = 40
c.x = Delegation(other, "x")
other.x = 41
print("B053", c.x, other.x, c.values[0] is not other.values[0])
try:
    c.y = 1
except AttributeError as problem:
    print("B053", problem)

B.late = slot("late")
B.late.__set_name__(B, "late")
print("B080", C().places, C().late)
