# feature: special methods whose binding fails

# A special method that cannot be bound, which ends in AttributeError, is none where there is something to fall back
# on. Elsewhere the error is the outcome, and so is any other error everywhere.


class Gone:
    def __get__(self, instance, owner):
        raise AttributeError("gone")


class Broken:
    def __get__(self, instance, owner):
        raise KeyError("broken")


def tell(what, call, *args):
    try:
        answer = call(*args)
    except Exception as error:
        answer = (type(error).__name__, str(error))
    print(what, answer)


def raise_in_place(one):
    one **= 2


def enter(one):
    with one:
        pass


def delete(one, key):
    del one[key]


for kind in (Gone, Broken):
    name = kind.__name__

    class Iterated:
        __iter__ = kind()

        def __getitem__(self, index):
            return [5, 6, 7][index]

    tell(name + " iter", list, Iterated())
    tell(name + " in", lambda: (6 in Iterated(), 8 in Iterated()))

    class Nothing:
        __iter__ = kind()
        __getitem__ = kind()

    tell(name + " no iter", list, Nothing())
    tell(name + " not in", lambda: 1 in Nothing())
    tell(name + " item", lambda: Nothing()[1])

    class Items(list):
        __iter__ = kind()
        __getitem__ = None

    tell(name + " item of None", list, Items([1]))

    class Contains:
        __contains__ = kind()

        def __iter__(self):
            return iter((1, 2))

    tell(name + " contains", lambda: (1 in Contains(), 3 in Contains()))

    class Empty:
        __bool__ = kind()

        def __len__(self):
            return 0

    class True_:
        __bool__ = kind()
        __len__ = kind()

    tell(name + " bool", lambda: bool(Empty()))
    tell(name + " bool", lambda: bool(True_()))
    tell(name + " len", len, True_())

    class Hash:
        __hash__ = kind()

    tell(name + " hash", hash, Hash())
    tell(name + " key", lambda: {Hash(): 1})

    class Compared:
        __eq__ = kind()
        __lt__ = kind()

    one = Compared()
    tell(name + " eq", lambda: (one == one, one == 1, one != one))
    tell(name + " lt", lambda: one < 1)

    class Number(int):
        __eq__ = kind()
        __lt__ = kind()
        __add__ = kind()
        __and__ = kind()
        __divmod__ = kind()
        __hash__ = int.__hash__

    tell(name + " int eq", lambda: (Number(1) == 1, 1 == Number(1)))
    tell(name + " int lt", lambda: (Number(1) < 2, 2 > Number(1)))
    tell(name + " int add", lambda: Number(1) + 1)
    tell(name + " int and", lambda: Number(3) & 2)
    tell(name + " int divmod", lambda: divmod(Number(7), 2))

    class Power:
        __pow__ = kind()
        __rpow__ = kind()
        __ipow__ = kind()
        __neg__ = kind()

    tell(name + " pow", pow, Power(), 2)
    tell(name + " rpow", pow, 2, Power())
    tell(name + " ipow", raise_in_place, Power())
    tell(name + " neg", lambda: -Power())

    class Added:
        def __add__(self, other):
            return "added"

        def __radd__(self, other):
            return "added from the right"

    class Left(Added):
        __add__ = kind()

    class Right(Added):
        __radd__ = kind()

    tell(name + " add", lambda: Left() + Added())
    tell(name + " add", lambda: Added() + Left())
    tell(name + " radd", lambda: Right() + Added())
    tell(name + " radd", lambda: 1 + Right())

    class Shown:
        __repr__ = kind()

    class Told:
        __str__ = kind()

    tell(name + " repr", lambda: repr(Shown()).split(" at ")[0])
    tell(name + " repr in a list", lambda: repr([Shown()]).split(" at ")[0])
    tell(name + " str", lambda: str(Shown()).split(" at ")[0])
    tell(name + " str", str, Told())

    class Rounded:
        __round__ = kind()
        __reversed__ = kind()
        __format__ = kind()
        __index__ = kind()
        __int__ = kind()

    tell(name + " round", round, Rounded())
    tell(name + " round", round, Rounded(), 1)
    tell(name + " reversed", reversed, Rounded())
    tell(name + " format", format, Rounded(), "x")
    tell(name + " index", lambda: [1][Rounded()])
    tell(name + " int", int, Rounded())

    class Used:
        __call__ = kind()
        __setitem__ = kind()
        __delitem__ = kind()
        __next__ = kind()
        __getattr__ = kind()

    tell(name + " call", lambda: Used()())
    tell(name + " delitem", delete, Used(), 1)
    tell(name + " next", next, Used())
    tell(name + " getattr", lambda: Used().x)

    class Metaclass(type):
        __iter__ = kind()
        __or__ = kind()
        __call__ = kind()
        __instancecheck__ = kind()

    class Made(metaclass=Metaclass):
        pass

    tell(name + " iter of a class", iter, Made)
    tell(name + " call of a class", lambda: Made())
    tell(name + " isinstance", isinstance, 1, Made)

    class Ends:
        __del__ = kind()

    tell(name + " del", lambda: Ends() and None)
