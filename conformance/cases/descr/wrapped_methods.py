# cites: B069 B071


def work(x: int = 1):
    """What it does."""
    return x


work.extra = "kept"
for kind in (staticmethod, classmethod):
    one = kind(work)
    print("B069", kind.__name__, one.__name__, one.__qualname__, one.__doc__, one.__module__ == __name__, one.__wrapped__ is work, one.__func__ is work)
    print("B069", hasattr(one, "extra"), one.__annotations__)
    one.more = 1
    print("B069", one.more, hasattr(work, "more"))
print("B069", hasattr(staticmethod(5), "__name__"), staticmethod(5).__wrapped__)


class Chained:
    @classmethod
    @property
    def name(cls):
        return cls.__name__.lower()


print("B071", type(Chained.__dict__["name"].__wrapped__).__name__)
