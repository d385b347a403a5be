# cites: B049


class Plain:
    pass


class SubDict(dict):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Plain()
p.x = 1
old = p.__dict__
mine = {"y": 2}
p.__dict__ = mine
print("B049", hasattr(p, "x"), p.y, p.__dict__ is mine, old)
mine["z"] = 3
p.w = 4
print("B049", p.z, mine)
p.__dict__ = SubDict(a=1)
print("B049", p.a, type(p.__dict__).__name__)
for wrong in (5, None, [("a", 1)], "text", Plain):
    print("B049", error(setattr, p, "__dict__", wrong))
print("B049", p.a)
del p.__dict__
print("B049", p.__dict__, hasattr(p, "a"))
q = Plain()
q.__dict__ = p.__dict__
p.shared = 5
print("B049", q.shared, q.__dict__ is p.__dict__)
q.__dict__.update({5: "not a name"})
print("B049", p.__dict__, error(dir, type("Other", (), {"__slots__": ()})()) is None)
