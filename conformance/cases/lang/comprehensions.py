# feature: comprehensions and their scopes
# differs: 3.12 3.13: other words for a division by zero

x = "outside"
print([x for x in range(3)], x)
print({x: x * x for x in range(3)}, {x % 2 for x in range(5)} == {0, 1}, x)
print([(a, b) for a in range(3) for b in range(a)], [a for a in range(10) if a % 2 if a > 3])
print([[b for b in range(a)] for a in range(3)], [y for row in [[1, 2], [3]] for y in row])
print([n for n in range(6) if (half := n // 2) > 0], half)
print([(lambda: i)() for i in range(3)], [f() for f in [lambda: i for i in range(3)]])


def scoped():
    items = [1, 2, 3]
    factor = 2
    return [item * factor for item in items], {k: v for k, v in zip("ab", items)}, sum(item for item in items if item > 1)


print(scoped())


class Body:
    numbers = [1, 2]
    doubled = [n * 2 for n in numbers]
    try:
        crossed = [n * m for n in numbers for m in numbers]
    except NameError as problem:
        crossed = str(problem)


print(Body.doubled, Body.crossed)


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def calls(value):
    log.append(value)
    return value


log = []
print([calls(a) for a in (1, 2)], {calls("k"): calls("v") for _ in range(1)}, log)
print(error(lambda: [1 // n for n in (1, 0)]), error(lambda: [n for n in 5]), error(lambda: {[]: 1 for _ in "a"}).partition(":")[0])
lazy = (calls(n) for n in range(2))
log.clear()
print(log, list(lazy), log)
print([*[1, 2], *(3,)], {**{"a": 1}, "b": 2}, {*[1], 2} == {1, 2}, (*"ab", "c"))
print([a if a % 2 else -a for a in range(4)], [(a, b) for a, (b, *c) in [(1, (2, 3)), (4, "xy")]], [[]] + [[c] for c in ""])
print([[j for j in range(i) if j != x] for i in range(3)])
