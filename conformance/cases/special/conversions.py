# cites: B208
# differs: 3.12 3.13: the messages did not name the class


class Index:
    def __index__(self):
        return 5


class Int:
    def __int__(self):
        return 6

    def __index__(self):
        return 7


class Float:
    def __float__(self):
        return 1.5

    def __index__(self):
        return 2


class Complex:
    def __complex__(self):
        return 1 + 2j


class Wrong:
    def __int__(self):
        return "6"

    def __float__(self):
        return 6

    def __complex__(self):
        return 6.0

    def __index__(self):
        return 6.0


class Trunc:
    def __trunc__(self):
        return 3


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B208", int(Index()), int(Int()), float(Index()), float(Float()), complex(Float()), complex(Complex()), complex(Index()))
print("B208", error(int, Float()), error(float, Int()), error(float, Complex()), "|", error(int, Complex()), "|", error(complex, "x"))
print("B208", error(int, Wrong()), "|", error(float, Wrong()), "|", error(complex, Wrong()), "|", error(range, Wrong()))
print("B208", error(int, None), "|", error(float, []), "|", error(int, "5x"), "|", error(float, "x"), "|", error(int, "zz", 36), error(int, 5, 10))
print("B208", round(2.5), round(3.5), round(-0.5), abs(-3), divmod(-7, 2), divmod(7, -2), int(-2.9), int("-0x1f", 16), int(" 12 "), int("1_000"), float(" 1e3 "))
