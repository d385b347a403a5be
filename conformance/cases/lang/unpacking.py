# feature: unpacking and assignment targets
# differs: 3.12 3.13: the messages said less


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


a, b = 1, 2
a, b = b, a
(c, d), [e, *f] = (3, 4), "xyz"
*g, h = range(4)
i, *j, k = [1, 2]
l = m = n = []
print(a, b, c, d, e, f, g, h, i, j, k, l is m is n)
first, (second, (third, *fourth)), *fifth = 1, (2, (3, 4, 5)), 6, 7
print(first, second, third, fourth, fifth)


def wrong(source, shape):
    if shape == 2:
        x, y = source
    elif shape == 3:
        x, y, z = source
    elif shape == "star":
        x, *y, z = source
    return x, y


for source in ([1], [1, 2, 3], "abcd", 5, None, iter([1]), {1: 2, 3: 4, 5: 6}, (n for n in range(9))):
    print(error(lambda: wrong(source, 2)))
print(error(lambda: wrong([1, 2], 3)), "|", error(lambda: wrong([1], "star")), "|", error(lambda: wrong([], "star")), "|", wrong([1, 2], "star"))


class Target:
    def __setattr__(self, name, value):
        log.append((name, value))

    def __setitem__(self, key, value):
        log.append((key, value))


log = []
t = Target()
t.x, t["y"], t[1:2] = 1, 2, 3
t.a = t.b = t["c"] = 4
for t.loop in (7, 8):
    pass
print(log)


def order(name, value=None):
    log.append(name)
    return value


log.clear()
items = [0, 0]
order("list", items)[order("index", 1)] = order("value", 5)
print(items, log)
log.clear()
table = {order("k1"): order("v1"), **{order("k2", "x"): order("v2")}}
print(log, order("f", print)(order("a", "shown"), *order("b", []), sep=order("c", "-")), log)
x = [1, 2, 3]
x[0], x[x[0]] = 2, "reached"
print(x)
i = 0
i, x[i] = 1, "after i"
print(i, x)
print([*range(3), *"ab"], (*[], 1), {**{"a": 1}, **{"a": 2}}, max(*[1, 5], 3))
(z) = 5
[y] = [6]
() = []
[] = ()
print(z, y)
w: int = 5
v: str
print(w, "v" in globals())
if (found := len("walrus")) > 5:
    print(found, [found := found + 1 for _ in range(2)], found)
del a, (b, c), [d]
print([name for name in "abcd" if name in globals()])
del items[0], table["x"]
print(items, table, error(lambda: [].pop()), "|", error(lambda: {}.popitem()))
