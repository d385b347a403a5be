# cites: B188 B189


class Never:
    """Equal to nothing, itself included."""

    def __eq__(self, other):
        calls.append("eq")
        return False

    def __hash__(self):
        return 1


class Passes:
    def __eq__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return NotImplemented

    def __gt__(self, other):
        return NotImplemented


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
a, b = Passes(), Passes()
print("B188", a == b, a == a, a != b, a != a, a == 5, 5 == a)
print("B188", error(lambda: a < b), "|", error(lambda: a > 5), "|", error(lambda: 5 <= a), "|", error(lambda: a >= None))
print("B188", error(lambda: 1 < "x"), "|", error(lambda: [] < ()), "|", error(lambda: None > None), "|", error(lambda: {} <= {}), "|", error(sorted, [1, "x"]))

n, m = Never(), Never()
print("B189", n == n, [n] == [n], (n,) == (n,), n in [n], n in (n,), n in {n}, {n: 1} == {n: 1}, [n].count(n), [n].index(n), calls)
calls.clear()
print("B189", [n] == [m], n in [m], {n: 1}.get(m), [n, n].count(m), [n] != [n], {1: n} == {1: n}, len(calls))
nan = float("nan")
print("B189", nan == nan, [nan] == [nan], nan in [nan], [nan] == [float("nan")], {nan: 1}[nan], (1, nan) < (1, nan), [nan].remove(nan))
