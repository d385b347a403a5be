# cites: B197 B199 B201 B207
# differs: 3.12 3.13: other words in two messages


class Shows:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        calls.append(("set", key, value))

    def __delitem__(self, key):
        calls.append(("delete", key))


class Missing(dict):
    def __missing__(self, key):
        return "missing " + str(key)


class Contains:
    def __init__(self, answer):
        self.answer = answer

    def __contains__(self, item):
        calls.append(item)
        return self.answer


class Iterates:
    def __iter__(self):
        for n in (1, 2, 3):
            calls.append(n)
            yield n


class Items:
    def __getitem__(self, key):
        if key < 3:
            return key * 10
        raise IndexError


class Index:
    def __init__(self, answer):
        self.answer = answer

    def __index__(self):
        return self.answer


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
s = Shows()
print("B197", s[1], s[:], s[1:], s[:2], s[::3], s[1:2:3], s[None:None], s["a":"b"], s[1, 2], s[1:2, ...], s[()])
s[1:2] = "x"
s[...] = 5
del s[1:], s["k"]
print("B197", calls, slice(1, 2) == slice(1, 2, None), slice(1, 10, 2).indices(5), slice(None, None, -1).indices(5))
m = Missing(a=1)
print("B199", m["a"], m["b"], m.get("b"), m.get("b", "default"), "b" in m, len(m), error({}.__getitem__, "b"), m.pop("b", None))
plain = dict(a=1)
try:
    plain.__missing__ = lambda key: "never"
except AttributeError as problem:
    print("B199", type(problem).__name__)
calls.clear()
print("B201", 1 in Contains("truthy"), 1 in Contains([]), 1 not in Contains(0), calls)
calls.clear()
print("B201", 2 in Iterates(), calls, 9 in Iterates(), 20 in Items(), 5 in Items(), error(lambda: 1 in 5))
print("B201", error(lambda: 5 in "text"), "|", "ex" in "text", "" in "", 97 in b"a", error(lambda: 300 in b"a"), "|", (1, 2) in [(1, 2)])

i = Index(2)
print("B207", "abcd"[i], [1, 2, 3, 4][i:], list(range(i)), bin(i), hex(i), int(i), "ab" * i, [0] * i, (1, 2, 3)[Index(-1)])
print("B207", error(bin, Index("2")), "|", error(lambda: [1][Index(1.5)]), "|", error([1].__getitem__, "0"), "|", error(range, 1.5), "|", error("abc".__getitem__, None))
print("B207", error(lambda: [1][Index(2**100)]), "|", [1, 2][: Index(2**100)], error(lambda: "a" * Index(2**100)), "|", chr(Index(97)), round(1.2345, i))
