# cites: B072 B074 B075 B077


class Plain:
    def method(self, *args, **named):
        return self.tag, args, named

    def __init__(self, tag):
        self.tag = tag


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p, q = Plain("p"), Plain("q")
m = p.method
print("B072", m.__self__ is p, m.__func__ is Plain.method, m.__func__ is Plain.__dict__["method"], type(m).__name__)
print("B072", error(setattr, m, "__self__", q), "|", error(setattr, m, "__func__", len))
print("B074", m(1, two=2), m.__func__(q, 3), Plain.method(q), m.__call__(4))
p.tag = "changed"
print("B074", m(), type(m)(Plain.method, q)(5))
print("B074", type(m)(len, [1, 2, 3])(), type(m)(print, "B074 first argument")("second"))

p.stored = Plain.method
print("B075", p.stored is Plain.method, error(p.stored), p.stored(q))
p.bound = q.method
print("B075", p.bound())
p.builtin = len
print("B075", p.builtin([1, 2]))

print("B077", p.method is p.method, p.method == p.method, hash(p.method) == hash(p.method), p.method == q.method, p.method != q.method)
print("B077", len({p.method, p.method, q.method}), [].append == [].append, p.method == Plain.method)


class Equal:
    def __eq__(self, other):
        return True

    def method(self):
        pass


print("B077", Equal() == Equal(), Equal().method == Equal().method, error(type(m), 5, None), "|", error(type(m), len, None), "|", error(type(m), len))
