# feature: methods of dict and their order
# differs: 3.12 3.13: other words for an element that is no pair


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 10
print(d, len(d), list(d), list(d.keys()), list(d.values()), list(d.items()), d["a"], d.get("z"), d.get("z", 0), "a" in d, 1 in d)
del d["b"]
d["b"] = 4
print(d, d.pop("c"), d.pop("c", "default"), d.setdefault("n", []), d.setdefault("a", 9), d.popitem(), d)
d.update({"x": 1}, y=2)
d.update([("z", 3), "pq"])
print(d, dict(a=1), dict([("k", "v")]), dict({"a": 1}, b=2), dict(zip("ab", (1, 2))), dict.fromkeys("ab"), dict.fromkeys([1, 2], 0), {**d, "x": 0})
print({1: "int", 1.0: "float", True: "bool"}, {(1, 2): "tuple", "1": 1, None: 0}, d == dict(reversed(list(d.items()))), {} == {}, {"a": 1} != {"a": 2}, {"a": 1} | {"b": 2}, bool({}))
d |= {"last": 1}
print(list(reversed(d)), list(reversed(d.items()))[0], d.copy() == d, d.copy() is d, type(d.keys()).__name__, d.keys() & {"a", "zz"}, "a" in d.keys(), ("a", 2) in d.items(), len(d.values()))
print(error(lambda: {}["absent"]), "|", error(lambda: {}[1.5]), "|", error({}.pop, "k"), "|", error({}.popitem), "|", error(dict, [1]), "|", error(dict, ["abc"]), "|", error(dict, 5), "|", error({}.update, 5))


def changes(what):
    table = {1: 1, 2: 2}
    for key in table:
        what(table, key)


print(error(changes, lambda t, k: t.update({k + 10: 1})), "|", error(changes, lambda t, k: t.pop(k)), "|", error(changes, lambda t, k: t.update({k: 5})))
view = d.keys()
d["later"] = 1
print("later" in view, list(view)[-1], d.items() == d.copy().items(), {"a": 1}.items() <= {"a": 1, "b": 2}.items(), {"k": 1}.keys() | {"j"} == {"j", "k"}, repr({"a": 1}.values()), repr({"a": 1}.items()))
counts = {}
for letter in "mississippi":
    counts[letter] = counts.get(letter, 0) + 1
print(counts, sorted(counts, key=counts.get), max(counts, key=lambda k: (counts[k], k)), {v: k for k, v in counts.items()}, sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return 1

    def __eq__(self, other):
        compared.append((self.name, other.name))
        return self.name == other.name


compared = []
table = {Key("a"): 1, Key("b"): 2}
print(table[Key("b")], Key("c") in table, len(table), compared)
big = {n: str(n) for n in range(1000)}
for n in range(0, 1000, 3):
    del big[n]
big[0] = "back"
print(len(big), list(big)[:3], list(big)[-1], big[998], 999 in big, sum(big))
d.clear()
print(d, dict(**{"not a name": 1}), {"a": {"b": {}}}["a"]["b"], [k for k in {"z": 1, "y": 2}], {k: v for k, v in sorted({"b": 1, "a": 2}.items())})
