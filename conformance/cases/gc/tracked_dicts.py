# cites: B270
# differs: 3.12 3.13: a dict of atomic values was not tracked
import gc


class Plain:
    pass


plain = {"a": 1, "b": "c"}
print("B270", gc.is_tracked({}), gc.is_tracked(plain), gc.is_tracked({"a": []}), gc.is_tracked({1: None}))
plain["d"] = []
print("B270", gc.is_tracked(plain))
gc.collect()
print("B270", gc.is_tracked({"a": 1}), gc.is_tracked(dict(a=1)), gc.is_tracked({"a": (1, 2)}))
p = Plain()
p.x = 1
print("B270", gc.is_tracked(p.__dict__))
p.y = []
print("B270", gc.is_tracked(p.__dict__))
