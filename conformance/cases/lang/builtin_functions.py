# feature: enumerate, zip, map, filter, reversed, sum, min, max, any, all and their errors
# differs: 3.12 3.13: other words for a division by zero


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def noted(value):
    log.append(value)
    return value


print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], start=1)), list(zip("ab", [1, 2, 3])), list(zip()), list(zip("a")), list(zip(*[(1, 2), (3, 4)])), list(zip("ab", range(2), strict=True)))
print(list(map(len, ["a", "bb"])), list(map(lambda a, b: a + b, [1, 2], [10, 20, 30])), list(filter(None, [0, 1, "", "a"])), list(filter(lambda n: n % 2, range(5))), list(reversed([1, 2])), "".join(reversed("abc")))
print(sum([1, 2]), sum([1.5, 2]), sum([], 5), sum([[1], [2]], []), sum(range(5)), sum([True, True]), sum((n for n in range(3)), start=10), min(3, 1, 2), max("bca"), min([5]), max([], default="none"), min([1, -2], key=abs), max("aB", key=str.lower), max([1, 1.0]), min([1.0, 1]))
log = []
print(any(noted(n) for n in (0, 1, 2)), all(noted(n) for n in (1, 0, 2)), log, any([]), all([]), any("a"), all([[]]))
print(list(range(5)), list(range(2, 8, 3)), list(range(5, 0, -2)), range(3) == range(0, 3, 1), range(0) == range(5, 5), len(range(0, 10, 3)), 4 in range(0, 10, 2), 5 in range(0, 10, 2), range(10)[-1], repr(range(1, 5, 2)), range(5).index(3), range(10**20)[10**19], hash(range(3)) == hash(range(3)))
print(abs(-3), divmod(7, 3), pow(2, 5), round(2.567, 1), chr(97), ord("a"), bin(5), hex(17), oct(8), len("abc"), repr("a"), ascii("é"), callable(len), callable(5), id(log) == id(log), type(5)(6.7), isinstance([], list), hash("a") == hash("a"))
iterator = iter([1, 2])
print(next(iterator), next(iterator), next(iterator, "end"), error(next, iterator), iter(iterator) is iterator, list(iter(iter([3, 2, 1, 0]).__next__, 1)))
print(error(list, zip("ab", "c", strict=True)), "|", error(list, zip("a", "bc", strict=True)), "|", error(zip, 5), "|", error(map, len), "|", error(list, map(len, [5])), "|", error(filter, None), "|", error(enumerate), "|", error(sum, ["a"]), "|", error(sum, ["a"], ""), "|", error(sum, 5))
print(error(min, []), "|", error(max), "|", error(min, 5), "|", error(max, 1, "a"), "|", error(max, [1], default=1, key=5), "|", error(min, 1, 2, default=3), "|", error(any, 5), "|", error(all, None), "|", error(range), "|", error(range, 1, 2, 0), "|", error(range, "a"), "|", error(iter, 5), "|", error(iter, 5, 6), "|", error(next, []))
print(sorted([3, 1, 2], key=lambda n: -n), sorted("bA", key=str.lower), error(sorted, [1], key=5), "|", error(abs, "x"), "|", error(ord, "ab"), "|", error(round, "x"), "|", error(divmod, 1, 0), "|", error(hash, []), "|", error(len, 5), "|", error(reversed, {}.keys().__iter__()) is not None)
print(vars(type("V", (), {"x": 1})())  , error(vars, 5), "|", getattr("a", "upper")(), list(map(str, (1, None))), print("a", "b", sep="-", end="!\n"), print(), print(1, 2, sep=""))
total = 0
for index, (left, right) in enumerate(zip([1, 2], [3, 4]), start=1):
    total += index * left * right
print(total, [(i, a, b) for i, (a, b) in enumerate(zip("xy", range(2)))], list(zip(range(3), reversed(range(3)))), dict(enumerate("ab")), list(map(list, zip("ab", "cd"))))
