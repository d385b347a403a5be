# feature: endless recursion in a function


def endless(depth):
    deepest[0] = depth
    return endless(depth + 1) + 1


def in_method():
    class Self:
        def __call__(self):
            return self()

    Self()()


def mutual_a(n):
    return mutual_b(n)


def mutual_b(n):
    return mutual_a(n)


def in_generator():
    def generate():
        yield from generate()

    next(generate())


def in_lambda():
    f = lambda: f()
    f()


def in_new():
    class Made:
        def __new__(cls):
            return cls()

    Made()


def in_init():
    class Made:
        def __init__(self):
            Made()

    Made()


def in_getattr():
    class Hooked:
        def __getattr__(self, name):
            return self.other

    Hooked().x


def in_property():
    class Plain:
        @property
        def x(self):
            return self.x

    Plain().x


def in_len():
    class Sized:
        def __len__(self):
            return len(self)

    len(Sized())


def in_add():
    class Adds:
        def __add__(self, other):
            return self + other

    Adds() + 1


def in_iter():
    class Iterates:
        def __iter__(self):
            return iter(self)

    list(Iterates())


def in_contains():
    class Contains:
        def __contains__(self, item):
            return item in self

    1 in Contains()


def in_sort_key():
    def key(item):
        return sorted([item], key=key)

    sorted([1], key=key)


def in_map():
    def f(x):
        return list(map(f, [x]))

    f(1)


deepest = [0]
for call in (lambda: endless(0), in_method, lambda: mutual_a(1), in_generator, in_lambda, in_new, in_init, in_getattr, in_property, in_len, in_add, in_iter, in_contains, in_sort_key, in_map):
    try:
        call()
    except RecursionError as problem:
        print(call.__name__, type(problem).__name__, "recursion" in str(problem) or str(problem))
print(deepest[0] > 500)


def still_works(n):
    return n if n == 0 else still_works(n - 1)


print(still_works(100))
