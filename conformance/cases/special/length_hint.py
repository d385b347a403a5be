# cites: B196
# differs: 3.12 3.13: the messages did not name the class
import operator


class Hints:
    def __init__(self, answer):
        self.answer = answer

    def __length_hint__(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Sized(Hints):
    def __len__(self):
        return 7


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for answer in (3, 0, NotImplemented, -1, "3", 1.5, TypeError("mine"), ValueError("mine")):
    print("B196", error(operator.length_hint, Hints(answer), 9), "|", error(operator.length_hint, Sized(answer)))
print("B196", operator.length_hint(object()), operator.length_hint(5, 4), operator.length_hint([1, 2]), operator.length_hint(iter([1, 2, 3])), error(operator.length_hint, [], "x"))
