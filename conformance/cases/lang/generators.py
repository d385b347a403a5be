# feature: generators: send, throw, close, yield from, return values


def error(call, *args):
    try:
        return call(*args)
    except BaseException as problem:
        return f"{type(problem).__name__}: {problem}"


def echo():
    got = "nothing yet"
    while True:
        try:
            got = yield got
        except ValueError as problem:
            got = f"caught {problem}"


g = echo()
print(error(g.send, "too early"), next(g), g.send(1), next(g), g.throw(ValueError("thrown")), g.send(2))
print(error(g.throw, KeyError("other")), error(next, g), next(g, "default"), list(g))


def closes():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        calls.append("exit")
        raise
    finally:
        calls.append("finally")


calls = []
g = closes()
print(next(g), g.close(), calls, g.close(), error(next, g))
calls.clear()
g = closes()
print(g.close(), calls)
g = closes()
next(g)
del g
print(calls)


def ignores():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = ignores()
next(g)
print(error(g.close))


def returns():
    yield 1
    return "result"


def delegates():
    result = yield from returns()
    yield result
    inner = yield from [10, 20]
    return inner


g = delegates()
print(list(g), error(next, g))
g = returns()
next(g)
try:
    next(g)
except StopIteration as problem:
    print(problem.value, problem.args)


def inner():
    try:
        while True:
            got = yield
            calls.append(got)
    except KeyError:
        calls.append("inner caught")
        return "from inner"
    finally:
        calls.append("inner finally")


def outer():
    result = yield from inner()
    yield result
    yield "last"


calls.clear()
g = outer()
next(g)
g.send("a")
g.send("b")
print(g.throw(KeyError), next(g), calls)
calls.clear()
g = outer()
next(g)
g.close()
print(calls)


def stops():
    yield 1
    raise StopIteration("inside")


print(error(list, stops()))


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


print(list(tree(3)), sum(tree(10)))
g = (n * n for n in range(4) if n % 2)
print(list(g), list(g), type(g).__name__, g.__name__)


def running():
    yield error(next, me)


me = running()
print(next(me))


def fails():
    yield 1
    raise ValueError("in the generator")


g = fails()
print(next(g), error(next, g), error(next, g))


def lazy():
    calls.append("started")
    yield


calls.clear()
g = lazy()
print(calls, next(g), calls)
first, second, *rest = (n for n in range(5))
print(first, second, rest, [*(n for n in "ab")], dict((k, v) for k, v in [("a", 1)]))


def numbers():
    n = 0
    while True:
        yield n
        n += 1


for n in numbers():
    if n > 3:
        break
print(n, g.gi_frame is not None, type(g.gi_code).__name__)
