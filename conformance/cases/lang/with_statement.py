# cites: B210
# feature: with


class Manager:
    def __init__(self, name, swallow=False, fails=None):
        self.name, self.swallow, self.fails = name, swallow, fails

    def __enter__(self):
        log.append("enter " + self.name)
        if self.fails == "enter":
            raise OSError("enter failed")
        return self.name.upper()

    def __exit__(self, kind, problem, traceback):
        log.append(f"exit {self.name} {kind.__name__ if kind else None}")
        if self.fails == "exit":
            raise KeyError("exit failed")
        return self.swallow


def error(call):
    try:
        return call()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}", repr(problem.__context__)


def run(*managers, problem=None):
    first, second = managers
    with first as a, second as b:
        log.append((a, b))
        if problem:
            raise problem
        return "returned"
    return "swallowed"


log = []
cases = {
    "plain": (Manager("a"), Manager("b"), None),
    "problem": (Manager("a"), Manager("b"), ValueError("v")),
    "inner swallows": (Manager("a"), Manager("b", True), ValueError("v")),
    "outer swallows": (Manager("a", True), Manager("b"), ValueError("v")),
    "second enter fails": (Manager("a"), Manager("b", fails="enter"), None),
    "first swallows that": (Manager("a", True), Manager("b", fails="enter"), None),
    "exit fails": (Manager("a"), Manager("b", fails="exit"), None),
    "exit fails too": (Manager("a"), Manager("b", fails="exit"), ValueError("v")),
}
for name, (first, second, problem) in cases.items():
    print("B210", name, error(lambda: run(first, second, problem=problem)), log)
    log.clear()

holder = {}
with Manager("stored") as holder["key"], Manager("pair") as (p, a, *rest):
    pass
print(holder, p, a, rest)


def generator():
    with Manager("in a generator"):
        yield 1
        yield 2


log.clear()
g = generator()
next(g)
g.close()
print(log)
log.clear()
for n in range(3):
    with Manager(str(n)):
        if n == 1:
            break
print(log)
