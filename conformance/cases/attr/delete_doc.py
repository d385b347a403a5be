# cites: B042
# differs: 3.12 3.13: the message called the class immutable


class A:
    "The text."


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for name in ("__doc__", "__name__", "__qualname__", "__module__", "__bases__", "__mro__", "__dict__", "__basicsize__"):
    print("B042", name, error(delattr, A, name))
