# cites: B194 B195
# differs: 3.12 3.13: the messages did not name the class


class Bool:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer

    def __len__(self):
        return 0


class Len:
    def __init__(self, answer):
        self.answer = answer

    def __len__(self):
        return self.answer


class Index:
    def __index__(self):
        return 3


class Neither:
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B194", bool(Bool(True)), bool(Bool(False)), bool(Len(0)), bool(Len(5)), bool(Neither()), not Bool(True), not Len(0))
print("B194", "yes" if Bool(True) else "no", "yes" if Len(0) else "no", (Len(0) or "right"), (Bool(True) and "right"), type(Len(0) and 1).__name__)
for answer in (1, 0, None, "text", 1.5):
    print("B194", error(bool, Bool(answer)), "|", error(lambda: not Bool(answer)))
for answer in (-1, 1.5, "3", None, 2**63, 2**100, -(2**100), True, Index()):
    print("B195", error(len, Len(answer)), "|", error(bool, Len(answer)))
print("B195", error(len, 5), "|", error(len, Neither()), "|", error(len), "|", error(len, [], []), "|", error(len, None), "|", Len(-1).__len__())
