# feature: endless recursion in repr and str


class Shows:
    def __repr__(self):
        return repr(self)


class Indirect:
    def __str__(self):
        return f"{self}"


class InList:
    def __repr__(self):
        return repr([self])


class InFormat:
    def __format__(self, spec):
        return format(self, spec)


class InPercent:
    def __str__(self):
        return "%s" % self


def error(call, *args):
    try:
        return call(*args)
    except RecursionError as problem:
        return type(problem).__name__


print(error(repr, Shows()), error(str, Indirect()), error(repr, InList()), error(format, InFormat()), error(str, InPercent()))
items = []
items.append(items)
table = {}
table["self"] = table
both = [table, (items,)]
table["both"] = both
print(items, table, both)
items.append(Shows())
print(error(repr, items), error(str, {"k": Shows()}))


def nested(depth):
    found = []
    for _ in range(depth):
        found = [found]
    return found


print(repr(nested(5)), len(repr(nested(90))), error(repr, nested(200_000)) == "RecursionError")
print(error(str, tuple(nested(200_000))) == "RecursionError")
