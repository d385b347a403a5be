# cites: B178 B179
# differs: 3.12 3.13: the messages did not say what the value was to be used for


class Base:
    def __add__(self, other):
        return "added"

    def __radd__(self, other):
        return "added from the right"

    def __len__(self):
        return 2

    def __getitem__(self, key):
        if key < 2:
            return key
        raise IndexError(key)

    def __lt__(self, other):
        return True


class Sub(Base):
    __add__ = None
    __radd__ = None
    __iter__ = None
    __lt__ = None


class Less:
    __contains__ = None
    __hash__ = None
    __reversed__ = None
    __bool__ = None

    def __iter__(self):
        return iter("ab")

    def __len__(self):
        return 1

    def __getitem__(self, key):
        return key


class OnlyItems(Base):
    __contains__ = None


class NoCall:
    __call__ = None
    __enter__ = None
    __eq__ = None


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


s, b = Sub(), Base()
print("B178", b + 1, 1 + b, list(b), error(lambda: s + 1), "|", error(lambda: 1 + s))
print("B178", error(lambda: s + b), "|", error(lambda: b + s), "|", error(iter, s), "|", error(lambda: s < b))
print("B178", error(list, s), "|", error(lambda: 1 in s), "|", error(tuple, s))
print("B179", error(lambda: "a" in Less()), "|", error(hash, Less()), "|", error(reversed, Less()), "|", error(bool, Less()))
print("B179", error(lambda: 1 in OnlyItems()), "|", error(lambda: {Less(): 1}), "|", 1 in Base())
print("B178", error(NoCall()), "|", callable(NoCall()), error(lambda: NoCall() == 1), "|", error(lambda: NoCall() != 1))
