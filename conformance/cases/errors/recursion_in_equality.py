# feature: endless recursion in comparisons and hashing


class Equal:
    def __eq__(self, other):
        return self == other


class Less:
    def __lt__(self, other):
        return self < other


class Hashes:
    def __hash__(self):
        return hash(self)


def error(call):
    try:
        return call()
    except RecursionError as problem:
        return type(problem).__name__


def nested(make, depth):
    found = make([])
    for _ in range(depth):
        found = make([found])
    return found


print(error(lambda: Equal() == Equal()), error(lambda: Less() < Less()), error(lambda: hash(Hashes())))
a, b = [], []
a.append(b)
b.append(a)
print(error(lambda: a == b), error(lambda: a == a), error(lambda: a != b), error(lambda: a < b))
x, y = {}, {}
x["k"], y["k"] = y, x
print(error(lambda: x == y))
print(error(lambda: nested(list, 50) == nested(list, 50)), error(lambda: nested(tuple, 50) == nested(tuple, 50)), error(lambda: hash(nested(tuple, 50)) == hash(nested(tuple, 50))))
print(error(lambda: nested(list, 300_000) == nested(list, 300_000)))
print(error(lambda: nested(tuple, 300_000) < nested(tuple, 300_000)))
