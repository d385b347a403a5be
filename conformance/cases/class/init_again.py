# cites: B147 B148 B149


class Counted:
    def __init__(self, start=0):
        self.total = getattr(self, "total", 0) + start


class OnlyNew:
    def __new__(cls, *args, **named):
        return super().__new__(cls)


class OnlyInit:
    def __init__(self, *args, **named):
        pass


class Both:
    def __new__(cls, *args):
        return super().__new__(cls, *args)

    def __init__(self, *args):
        super().__init__(*args)


class Neither:
    pass


class InitUp:
    def __init__(self, *args):
        super().__init__(*args)


def error(call, *args, **named):
    try:
        return type(call(*args, **named)).__name__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


c = Counted(2)
c.__init__(3)
Counted.__init__(c, 5)
bare = Counted.__new__(Counted)
print("B147", c.total, hasattr(bare, "total"), Counted.__new__(Counted, 1, 2).__dict__)
items = [1, 2]
items.__init__("ab")
print("B147", items, (1, 2).__init__(), list.__new__(list, "abc"))

print("B148", error(OnlyNew, 1, x=2), error(OnlyInit, 1, x=2), error(Neither))
print("B148", error(Neither, 1), "|", error(Neither, x=1), "|", error(object, 1))
print("B148", error(Both), error(Both, 1))
print("B148", error(InitUp), error(InitUp, 1))
print("B148", error(object.__new__, Neither, 1), "|", error(object.__new__, OnlyInit, 1), "|", error(object.__new__, OnlyNew, 1))
print("B148", error(object.__init__, Neither(), 1), "|", error(object.__init__, OnlyNew(), 1), "|", error(object.__init__, OnlyInit(), 1))


class OnInt(int):
    pass


print("B149", error(int.__new__, str), "|", error(object.__new__, int), "|", error(object.__new__, OnInt), "|", error(int.__new__, OnInt))
print("B149", error(object.__new__, 5), "|", error(object.__new__), "|", error(int.__new__), "|", error(int.__new__, 5))
print("B149", error(list.__new__, dict), "|", error(dict.__new__, OnInt), "|", error(object.__new__, type), "|", error(object.__new__, list))
print("B149", error(int.__new__, bool), "|", error(Exception.__new__, KeyError), error(Exception.__new__, OSError))
