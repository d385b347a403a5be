# cites: B043 B044
# differs: 3.12: neither attribute existed


class Point:
    """The names that the functions of a class store on their first argument called self."""

    z = 0

    def __init__(self, x):
        self.x = x
        self.y, self.w = 1, 2
        other = self
        other.not_seen = 1

    def move(self):
        self.x += 1
        for self.loop in range(2):
            pass
        self.inner.deep = 1
        del self.w

        def nested():
            self.from_nested = 1

    @staticmethod
    def fresh(this):
        this.not_seen = 1


class Empty:
    pass


print("B044", sorted(Point.__static_attributes__), type(Point.__static_attributes__).__name__, Empty.__static_attributes__)
print("B044", type("Made", (), {}).__dict__.get("__static_attributes__"), "__static_attributes__" in Empty.__dict__)
print("B043", Point.__firstlineno__, Empty.__firstlineno__, "__firstlineno__" in Point.__dict__)
Point.__module__ = "elsewhere"
print("B043", Point.__module__, "__firstlineno__" in Point.__dict__, hasattr(Point, "__static_attributes__"))
Empty.__qualname__ = "Renamed"
print("B043", "__firstlineno__" in Empty.__dict__)
