# cites: B006
# differs: 3.12 3.13: a DeprecationWarning, and true


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B006", error(bool, NotImplemented))
print("B006", error(lambda: not NotImplemented))
print("B006", error(lambda: 1 if NotImplemented else 2))
print("B006", error(lambda: NotImplemented and 1))
print("B006", [one is NotImplemented for one in (NotImplemented,)], NotImplemented == NotImplemented)
