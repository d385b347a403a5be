# cites: B295 B296
import weakref


class Valued:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        calls.append(self.value)
        return isinstance(other, Valued) and self.value == other.value

    def __hash__(self):
        calls.append("hash")
        return hash(self.value)

    def __lt__(self, other):
        return True


class Unhashable:
    __hash__ = None


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
a, b, c = Valued(1), Valued(1), Valued(2)
ra, rb, rc = weakref.ref(a), weakref.ref(b), weakref.ref(c)
print("B295", hash(ra) == hash(1) == hash(rb), hash(ra), calls, error(hash, weakref.ref(Unhashable())))
calls.clear()
print("B296", ra == rb, ra == rc, ra != rc, ra == ra, calls, ra == a, ra == 5)
print("B296", error(lambda: ra < rb), "|", error(sorted, [ra, rb]))
rd = weakref.ref(b, print)
print("B296", rd == rb, rd is rb, {ra: "found"}[rb])
del a
print("B295", hash(ra), {ra: "kept"}[ra])
print("B296", ra == rb, rb == ra, ra == ra, ra != rb)
late = weakref.ref(c)
never = weakref.ref(Valued(3))
print("B295", error(hash, never))
dead = weakref.ref(Valued(3))
print("B296", never == dead, never == never, never is dead)
