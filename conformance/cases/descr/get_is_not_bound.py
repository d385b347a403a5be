# cites: B056 B057

# Unlike all other special methods, `__get__` is called as it stands in the descriptor's class: nothing binds it,
# and the descriptor is always its first argument.


class Descriptor:
    pass


class Owner:
    x = Descriptor()


def told(*args):
    return [type(one).__name__ for one in args]


class Callable:
    def __call__(self, *args):
        return told(*args)

    def __get__(self, instance, owner):
        return "bound"


class Uncallable:
    def __get__(self, instance, owner):
        return told


def attempt(read):
    try:
        return read()
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for kind in (lambda f: f, staticmethod, classmethod, lambda f: Callable(), lambda f: Uncallable(), property, lambda f: None):
    Descriptor.__get__ = kind(told)
    print("B056", attempt(lambda: Owner().x))
    print("B057", attempt(lambda: Owner.x))
