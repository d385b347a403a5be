# feature: lambda, del, assert, pass, chained comparisons and conditional expressions


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def check(value, message=None):
    if message is None:
        assert value
    else:
        assert value, message
    return "passed"


print(check(1), error(lambda: check(0)), error(lambda: check([], "text")), error(lambda: check(0, ("a", 1))), error(lambda: check(0, ValueError("v"))))
print((lambda: None)(), (lambda a, b=2, *c, d=4, **e: (a, b, c, d, e))(1, 5, 6, x=7), (lambda x: x if x else "falsy")(0), [f(2) for f in (lambda x: x**2, lambda x: -x)])


def noted(value):
    log.append(value)
    return value


log = []
print(noted(1) < noted(2) < noted(3) > noted(0), log)
log.clear()
print(noted(1) > noted(2) > noted(3), log)
log.clear()
print(noted(0) or noted("") or noted("last"), noted(1) and noted(0) and noted(2), log)
log.clear()
print(noted("then") if noted(False) else noted("else"), log)
log.clear()
print(noted(2) ** noted(3), noted(7) // noted(2), {noted("k"): noted("v")}, noted([5])[noted(0)], log)
print(1 if False else 2 if False else 3, not 1 == 2, -2**2, 2**-1, 2**3**2, 1 + 2 * 3 % 2, 7 // 2 * 2, ~5 & 3 | 8 ^ 2, 1 << 2 + 1, "a" "b" * 2, not True or True, 5 in [5] == True, (5 in [5]) == True)
x = y = 1
x, y = y + 1, x + 2
x += y
y -= 5; x *= 2; z = x if x > y else y
print(x, y, z)
d = {"a": {"b": [1, 2, {"c": 3}]}}
d["a"]["b"][2]["c"] += 10
del d["a"]["b"][0]
print(d, d["a"]["b"][-1]["c"], len(d["a"]), list(d))
if True: print("one line"); print("two")
while False: pass
else: print("while else")
class Empty: pass
class OneLine: x = 1; y = x + 1
print(Empty.__name__, OneLine.y, type(Empty()).__name__)
def documented():
    """The text."""
print(documented.__doc__, documented(), documented.__name__, documented.__qualname__)
value = (
    1
    + 2  # a comment
    + \
    3
)
print(value, 0x1F, 0b101, 0o17, 1_000_000, 1e3, .5, 5., 1j, "\t|\x41\101\u0041\n".strip(), r"\n", b"\x00a", '''three
lines''', "it's", 'say "x"', "\\", "")
print(...) ; print(type(...).__name__, __name__, __debug__)
