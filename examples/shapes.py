"""Shapes on a drawing: a small program whose classes have different layouts in memory.

    mortice run examples/shapes.py       what it prints
    mortice layout examples/shapes.py    what its instances look like in memory
"""


class Point:
    """Two numbers and nothing else: two slots, no dictionary."""

    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return f"({self.x:g}, {self.y:g})"

    def __add__(self, other):
        return Point(self.x + other.x, self.y + other.y)


class Named:
    """A mixin with an empty __slots__: it adds methods to any layout."""

    __slots__ = ()

    def describe(self):
        return f"{self.name} at {self.position}, area {self.area:.2f}"


class Measured:
    """Another one; the two can be combined because neither stores anything."""

    __slots__ = ()

    def __lt__(self, other):
        return self.area < other.area


class Shape(Named, Measured):
    """What every shape has: a position and a colour."""

    __slots__ = ("position", "colour")
    name = "shape"

    def __init__(self, position, colour="black"):
        self.position = position
        self.colour = colour

    def __repr__(self):
        return f"<{self.colour} {self.name} {self.position}>"

    def move(self, by):
        self.position = self.position + by
        return self


class Circle(Shape):
    """One more slot behind those of the base."""

    __slots__ = ("radius",)
    name = "circle"

    def __init__(self, position, radius, **style):
        super().__init__(position, **style)
        self.radius = radius

    @property
    def area(self):
        return 3.141592653589793 * self.radius**2


class Rectangle(Shape):
    __slots__ = ("width", "height")
    name = "rectangle"

    def __init__(self, position, width, height, **style):
        super().__init__(position, **style)
        self.width, self.height = width, height

    @property
    def area(self):
        return self.width * self.height


class Square(Rectangle):
    """The same places as its base, with a rule of its own."""

    __slots__ = ()
    name = "square"

    def __init__(self, position, side, **style):
        super().__init__(position, side, side, **style)


class Label(Circle):
    """No __slots__: each instance has a dictionary and can be weakly referenced too."""

    name = "label"


class Millimetres(int):
    """A number with a unit; an int has items, so only an empty __slots__ keeps it small."""

    __slots__ = ()

    def __repr__(self):
        return f"{int(self)} mm"


drawing = [
    Circle(Point(0, 0), 1.5, colour="red"),
    Rectangle(Point(2, 1), Millimetres(3), Millimetres(4)),
    Square(Point(-1, 5), 2, colour="blue"),
    Label(Point(1, 1), 0.5),
]
drawing[-1].text = "the origin is at the lower left"

for shape in sorted(drawing, reverse=True):
    print(shape.describe())

total = sum(shape.area for shape in drawing)
colours = {shape.colour: [one.name for one in drawing if one.colour == shape.colour] for shape in drawing}
print(f"{len(drawing)} shapes, {total:.3f} in all, by colour {colours}")
print(drawing[0].move(Point(1, -1)), drawing[1].width, vars(drawing[-1]))

try:
    drawing[0].text = "no place for this"
except AttributeError as problem:
    print(f"{type(problem).__name__}: {problem}")

print("bytes:", {cls.__name__: cls.__basicsize__ for cls in (Point, Shape, Circle, Rectangle, Square, Label, Millimetres)})
