# cites: B161
# feature: classes, inheritance, properties and class keywords


class Shape:
    count = 0

    def __init__(self, name):
        self.name = name
        Shape.count += 1

    def area(self):
        raise NotImplementedError(type(self).__name__)

    def describe(self):
        return f"{self.name} of area {self.area():.2f}"

    @property
    def label(self):
        return self.name.upper()

    @label.setter
    def label(self, value):
        self.name = value.lower()

    @staticmethod
    def helper(x):
        return x * 2

    @classmethod
    def make(cls, *args):
        return cls(*args)


class Rectangle(Shape):
    def __init__(self, width, height):
        super().__init__("rectangle")
        self.width, self.height = width, height

    def area(self):
        return self.width * self.height


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side)
        self.label = "SQUARE"

    def describe(self):
        return "a " + super().describe()


class Loud:
    def describe(self):
        return super().describe().upper() + "!"


class LoudSquare(Loud, Square):
    pass


shapes = [Rectangle(2, 3), Square(2), LoudSquare.make(1.5)]
print([shape.describe() for shape in shapes], Shape.count, Shape.helper(4), shapes[1].helper(5))
print("B161", [cls.__name__ for cls in LoudSquare.__mro__], isinstance(shapes[2], Shape), issubclass(Loud, Shape))
shapes[0].label = "BOX"
print(shapes[0].label, shapes[0].name, shapes[0].__dict__, sorted(vars(shapes[2])))
try:
    Shape("plain").describe()
except NotImplementedError as problem:
    print(type(problem).__name__, problem)


class Registry:
    known = {}

    def __init_subclass__(cls, /, key=None, **named):
        super().__init_subclass__(**named)
        cls.known[key or cls.__name__] = cls


class First(Registry):
    pass


class Second(Registry, key="2nd"):
    pass


print({key: cls.__name__ for key, cls in Registry.known.items()})


def adds(name, value):
    def apply(cls):
        setattr(cls, name, value)
        return cls

    return apply


@adds("x", 1)
@adds("y", 2)
class Decorated:
    z = 3

    def method(self):
        return self.x + self.y + self.z

    method.tag = "tagged"
    alias = method

    class Inner:
        def outer_name(self):
            return type(self).__qualname__

    if z > 2:

        def conditional(self):
            return "defined"

    for letter in "ab":
        locals()["made_" + letter] = letter


d = Decorated()
print(d.method(), d.alias(), d.method.tag, Decorated.Inner().outer_name(), d.conditional(), d.made_a, Decorated.letter, d.method.__qualname__, Decorated.method.__name__)


class Chain:
    def __init__(self):
        self.log = []

    def __getattr__(self, name):
        self.log.append(name)
        return self

    def __call__(self, *args):
        self.log.append(args)
        return self


print(Chain().a.b(1).c(2, 3).log)


class Error(Exception):
    def __init__(self, code, **extra):
        super().__init__(f"code {code}")
        self.code, self.extra = code, extra


try:
    raise Error(5, reason="none")
except Error as problem:
    print(problem, repr(problem), problem.args, problem.code, problem.extra)
