# cites: B005 B007 B008
# differs: 3.12: the message did not yet mention the missing __dict__


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


for name, one in (("None", None), ("Ellipsis", ...), ("NotImplemented", NotImplemented)):
    kind = type(one)
    tag = "B005" if one is None else "B007"
    print(tag, name, repr(one), kind.__name__, kind() is one, kind.__new__(kind) is one)
    print(tag, error(kind, 1), "|", error(type, "Sub", (kind,), {}), "|", error(setattr, one, "x", 1))

print("B005", bool(None), not None, None == 0, None == None, None is None, hash(None) == hash(None))
print("B007", bool(...), ... is Ellipsis, [...][0] is ..., {...: 1}[Ellipsis])
print("B008", bool.__mro__, isinstance(True, int), bool(5) is True, bool([]) is False, (1 == 1) is True, True is bool(1))
print("B008", True + True, True == 1, hash(True) == hash(1), {1: "a"}[True], "xyz"[True], repr(True), str(False), int(True), float(True))
print("B008", error(type, "Sub", (bool,), {}), "|", error(bool, 1, 2), "|", bool() is False)
print("B008", True & False, True | False, True ^ True, type(True & 1).__name__, type(True & True).__name__, -True, True * 3)
