# cites: B205
# differs: 3.12 3.13: the reflected method was not asked for three arguments


class Right:
    def __rpow__(self, other, modulus=None):
        return "rpow", other, modulus


class Left:
    def __pow__(self, other, modulus=None):
        return "pow", modulus


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B205", error(pow, 2, Right()), error(pow, 2, Right(), 5), error(lambda: 2 ** Right()))
print("B205", error(pow, Left(), 2, 5), error(pow, Left(), 2), error(pow, 2, Left()), error(pow, 2, 3, Left()))
print("B205", pow(2, 10, 1000), pow(3, -1, 7), error(pow, 2, -1, 4), error(pow, 2, 3, 0), error(pow, 2.0, 3, 4))
