# cites: B209 B210 B211 B216
# differs: 3.12 3.13: only a missing __exit__ was named


class Called:
    def __call__(self, *args, **named):
        return "called", args, named


class Context:
    def __init__(self, answer=None):
        self.answer = answer

    def __enter__(self):
        calls.append("enter")
        return self

    def __exit__(self, kind, problem, traceback):
        calls.append(("exit", kind and kind.__name__, str(problem), traceback is not None))
        return self.answer


class NoExit:
    def __enter__(self):
        return self


class NoEnter:
    def __exit__(self, *args):
        pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
c = Called()
c.__call__ = lambda: "never"
print("B209", c(1, x=2), c.__call__(), callable(c), error(Context()), "|", callable(Context()), callable(Called), error(None), "|", error("text"))
Called.__call__ = lambda self: "replaced"
print("B216", c(), error(c, 1))
del Called.__call__
print("B216", error(c), callable(c))
Called.__call__ = staticmethod(lambda *args: args)
print("B216", c(5))
Called.__call__ = Context
print("B216", type(c(5)).__name__, Called.__call__ is Context)


def body(context, problem=None):
    with context as value:
        if problem:
            raise problem
        return type(value).__name__
    return "after"


for answer in (None, False, True, 1, "text"):
    print("B210", answer, error(body, Context(answer)), error(body, Context(answer), ValueError("inside")), calls)
    calls.clear()
own = Context()
own.__enter__ = lambda: "never"
own.__exit__ = lambda *args: True
print("B210", error(body, own, KeyError("k")), calls)
print("B211", error(body, NoExit()), "|", error(body, NoEnter()), "|", error(body, 5))
calls.clear()
with Context() as a, Context(True) as b:
    raise KeyError("inner")
print("B210", calls, a is b)
calls.clear()


def leaves():
    for n in range(3):
        with Context():
            if n == 0:
                continue
            if n == 1:
                break
    with Context():
        return "returned"


print("B210", leaves(), len(calls), [call[1] for call in calls if call != "enter"])
