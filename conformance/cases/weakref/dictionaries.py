# cites: B304 B305 B306 B307
import weakref


class Key:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return self.value == other.value

    def __hash__(self):
        return hash(self.value)

    def __repr__(self):
        return f"Key({self.value})"


keys = weakref.WeakKeyDictionary()
a, b = Key(1), Key(2)
keys[a], keys[b] = "a", "b"
print("B304", len(keys), keys[a], sorted(keys.values()), a in keys, Key(1) in keys)
del b
print("B304", len(keys), list(keys.items()))
same = Key(1)
keys[same] = "same"
print("B305", len(keys), keys[a], list(keys)[0] is a)
del a
print("B305", len(keys), same in keys)
values = weakref.WeakValueDictionary()
v, w = Key(1), Key(2)
values["v"], values["w"] = v, w
print("B306", sorted(values), values["v"] is v, len(values.valuerefs()), values.valuerefs()[0]() is v)
del v
print("B306", sorted(values), "v" in values, values.get("v", "default"))
elements = weakref.WeakSet([w])
x = Key(5)
elements.add(x)
print("B307", len(elements), x in elements, sorted(one.value for one in elements))
del x
print("B307", len(elements), Key(2) in elements)
