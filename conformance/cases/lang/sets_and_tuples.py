# feature: sets, frozensets and tuples


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


a, b = {1, 2, 3}, {3, 4}
print(a | b, a & b, a - b, a ^ b, a <= b, {3} < b, a.isdisjoint({9}), a.issuperset([1]), {1}.issubset(a), a.union([7], (8,)), a.intersection([2, 3, 9]), a.difference([1]), a.symmetric_difference([1, 9]))
a.add(10)
a.discard(99)
a.discard(1)
a.remove(2)
a.update([5], {6})
print(sorted(a), len(a), 5 in a, {1, 1.0, True}, set(), set("aab") == {"a", "b"}, {1, 2} == {2, 1}, frozenset([1, 2]) == {1, 2}, bool(set()), sorted(a.copy() - {10}))
a -= {10}
a |= {0}
a &= {0, 5, 7}
a ^= {7}
print(sorted(a), repr(frozenset()), repr({1}), repr(frozenset([1])), hash(frozenset([1, 2])) == hash(frozenset([2, 1])), {frozenset([1]): "key"}[frozenset([1])], frozenset([1]) in [{1}], {1}.pop())
print(error(a.remove, 99), "|", error(set().pop), "|", error(lambda: {1} | [2]), "|", error(set, 5), "|", error(lambda: {1} < [1]), "|", error(frozenset().__getattribute__, "add"), "|", error(hash, {1}), "|", error(lambda: {1} + {2}))


def changes():
    items = {1, 2}
    for item in items:
        items.add(item + 10)


print(error(changes))
t = (1, "a", 1)
print(t, (), (1,), t + (2,), t * 2, t[0], t[-1], t[1:], len(t), t.count(1), t.index("a"), 1 in t, t == (1, "a", 1), hash(t) == hash((1, "a", 1)), (1, 2) < (1, 3), (1,) < (1, 0), tuple("ab"), tuple([1]), ((1, 2), (3,))[0][1])
print(error(lambda: t.index("z")), "|", error(lambda: (1, 2)[2]), "|", error(t.__setattr__, "x", 1) is not None, "|", error(lambda: (1,) + [2]), "|", error(hash, ([],)), "|", error(lambda: (1,) < ("a",)), "|", error(tuple, 5))


def store():
    t[0] = 5


def delete():
    del t[0]


print(error(store), "|", error(delete), repr((1, (2, "x"), None)), max((1, 2), (1, 3)), sorted([(2, "a"), (1, "b")]), *(1, 2))
