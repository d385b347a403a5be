# cites: B196
# differs: 3.12 3.13: the messages did not name the class, and tuple asked too

# What list() asks for, without the operator module.


class Hints:
    def __init__(self, answer):
        self.answer, self.left = answer, 3

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self.left

    def __length_hint__(self):
        calls.append("hint")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
for answer in (3, 0, 100, NotImplemented, -1, "3", TypeError("mine"), ValueError("mine")):
    print("B196", error(list, Hints(answer)), calls)
    calls.clear()
print("B196", error([].extend, Hints(-1)), "|", error(tuple, Hints(2)), calls)
iterator = iter([1, 2, 3])
next(iterator)
print("B196", iterator.__length_hint__(), reversed([1, 2]).__length_hint__(), iter(()).__length_hint__(), iter(range(5)).__length_hint__(), iter({1: 2}).__length_hint__())
