# feature: functions as objects, decorators, recursion


def counted(function):
    def wrapper(*args, **named):
        wrapper.calls += 1
        return function(*args, **named)

    wrapper.calls = 0
    wrapper.__name__ = function.__name__
    return wrapper


def times(n):
    def decorate(function):
        return lambda *args: [function(*args) for _ in range(n)]

    return decorate


@counted
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@times(2)
@counted
def greet(name):
    return "hello " + name


def memo(function):
    known = {}

    def wrapper(n):
        if n not in known:
            known[n] = function(n)
        return known[n]

    return wrapper


@memo
def fast_fib(n):
    return n if n < 2 else fast_fib(n - 1) + fast_fib(n - 2)


print(fib(15), fib.calls, fib.__name__, greet("x"), fast_fib(90))


def hanoi(n, a="a", b="b", c="c"):
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def flatten(items):
    return [leaf for item in items for leaf in (flatten(item) if isinstance(item, list) else [item])]


def compose(*functions):
    def composed(x):
        for function in reversed(functions):
            x = function(x)
        return x

    return composed


print(hanoi(8), flatten([1, [2, [3, [4]], []], 5]), compose(str, lambda x: x + 1, abs)(-5), [f(3) for f in (abs, str, lambda x: x * x, [].append, {3: "three"}.get)])


def function(a, b=1, *c, d, e=2, **f):
    """Text."""
    g = 1
    return a


code = function.__code__
print(code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_varnames, code.co_posonlyargcount, code.co_nlocals, code.co_firstlineno)
function.tag = {"x": 1}
function.__defaults__ = (7,)
function.__name__ = "renamed"
print(function.tag, function.__dict__, function.__name__, function.__qualname__, function.__module__, function.__doc__, function.__kwdefaults__)


def swapped():
    return "before"


def other():
    return "after"


swapped.__code__ = other.__code__
print(swapped(), swapped.__name__)
is_even = lambda n: n == 0 or is_odd(n - 1)
is_odd = lambda n: n != 0 and is_even(n - 1)
print(is_even(100), is_odd(7), (lambda f: f(f, 5))(lambda f, n: 1 if n == 0 else n * f(f, n - 1)))
for name, value in (("__defaults__", 5), ("__name__", 5), ("__code__", 5), ("__dict__", 5), ("__globals__", {}), ("__closure__", ())):
    try:
        setattr(function, name, value)
    except (TypeError, AttributeError) as problem:
        print(name, type(problem).__name__, problem)
