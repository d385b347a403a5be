# cites: B154 B167

# Where an assignment of `__bases__` fails in the middle, each class has the MRO back that it had. Its metaclass
# is not asked again.


class Listing(type):
    answers = []

    def mro(cls):
        order = super().mro()
        if not Listing.answers:
            return order
        print("B154 asked for", cls.__name__)
        return Listing.answers.pop(0)(order)


class Base(metaclass=Listing):
    x = "base"


class Other(metaclass=Listing):
    x = "other"


class Top(Base):
    pass


class Left(Top):
    pass


class Right(Top):
    pass


class Below(Left, Right):
    pass


order = type.__dict__["__mro__"].__get__
whole = lambda found: found
alone = lambda found: found[:1]
wrong = lambda found: [found[0], 5]
empty = lambda found: []


def shown():
    return ["".join([one.__name__[0] for one in order(cls)]) for cls in (Top, Left, Right, Below)]


print("B154", shown())
for answers in ([wrong, alone], [whole, empty, alone], [alone, whole, wrong, alone], [whole, alone, whole, wrong, alone]):
    Listing.answers = list(answers)
    try:
        Top.__bases__ = (Other,)
    except TypeError as problem:
        print("B154", problem)
    print("B154", len(Listing.answers), shown(), [cls.__name__ for cls in Top.__bases__], Top.x, Below.x)
    Listing.answers = []
Top.__bases__ = (Other,)
print("B167", shown(), Below.x)
