# cites: B198 B200
# differs: 3.12 3.13: the messages did not name the class


class Items:
    def __init__(self, *values):
        self.values = values

    def __getitem__(self, key):
        calls.append(key)
        return self.values[key]


class Sized(Items):
    def __len__(self):
        return len(self.values)


class Failing:
    def __getitem__(self, key):
        if key == 2:
            raise StopIteration
        if key == 5:
            raise KeyError(key)
        return key


class Both(Sized):
    def __iter__(self):
        return iter("from iter")

    def __reversed__(self):
        return "anything at all"


class NotIterator:
    def __iter__(self):
        return 5


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
print("B198", list(Items("a", "b")), calls, tuple(Items()), [x for x in Items(1, 2)], sum(Items(1, 2)), max(Items(1, 5, 2)))
iterator = iter(Items("x", "y"))
print("B198", type(iterator).__name__, next(iterator), next(iterator), error(next, iterator), error(next, iterator), next(iterator, "default"))
print("B198", list(Failing()), error(lambda: "z" in Failing()), error(list, NotIterator()), "|", error(iter, 5), "|", error(list, Neither := type("N", (), {})()))
first, *rest = Items(1, 2, 3)
print("B198", first, rest, dict(enumerate(Items("p", "q"))), "".join(Items("p", "q")))
calls.clear()
print("B200", list(reversed(Sized("a", "b", "c"))), calls, type(reversed(Sized(1))).__name__)
print("B200", error(reversed, Items(1)), "|", reversed(Both()), "|", error(reversed, {1, 2}), "|", error(reversed, 5), "|", error(reversed, iter([])))
print("B200", list(reversed([1, 2])), list(reversed("ab")), list(reversed({"a": 1, "b": 2})), list(reversed(range(3))), list(reversed((1, 2))))
