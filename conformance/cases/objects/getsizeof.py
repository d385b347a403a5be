# cites: B012 B013
import sys


class Fixed:
    __slots__ = ()

    def __sizeof__(self):
        return 1000


class Loose:
    def __sizeof__(self):
        return 2000


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def __sizeof__(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


# A class of Python code is always managed by the collector; a managed dictionary adds its own word, and weak references too.
print("B012", sys.getsizeof(Fixed()), sys.getsizeof(Loose()), Fixed().__sizeof__(), object().__sizeof__(), sys.getsizeof(object()))
for thing in (object(), 1.5, 2**40, "text", b"text", None, 1j):
    print("B012 atomic", type(thing).__name__, sys.getsizeof(thing) - thing.__sizeof__())
for thing in ([], (1,), {}, set(), frozenset([1]), slice(1), len, [].append):
    print("B012 collected", type(thing).__name__, sys.getsizeof(thing) - thing.__sizeof__())

for answer in (-1, "ten", 1.5, None, 1 << 80, ValueError("mine"), TypeError("mine too")):
    one = Answers(answer)
    print("B013", error(sys.getsizeof, one), "|", error(sys.getsizeof, one, 77))
print("B013", error(sys.getsizeof), "|", error(sys.getsizeof, 1, 2, 3), "|", sys.getsizeof([], default=3) == sys.getsizeof([]))
