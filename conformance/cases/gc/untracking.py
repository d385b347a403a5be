# cites: B271
# differs: 3.12 3.13: a tuple of atomic values was tracked until the first collection, and one level was untracked at a time
import gc


class Plain:
    pass


def make(*items):
    return tuple(list(items))


one = make(1, "a", None)
two = make(1, [])
three = make(1, make(2, 3))
four = make(Plain())
print("B271", [gc.is_tracked(row) for row in (one, two, three, four)], gc.is_tracked(()))
gc.collect()
print("B271", [gc.is_tracked(row) for row in (one, two, three, four)])
gc.collect()
print("B271", [gc.is_tracked(row) for row in (one, two, three, three[1], four)])
two[1].append(two)
gc.collect()
print("B271", gc.is_tracked(two))


class Sub(tuple):
    pass


sub = Sub((1, 2))
gc.collect()
print("B271", gc.is_tracked(sub))
