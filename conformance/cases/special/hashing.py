# cites: B190 B191 B192 B193
# differs: 3.12 3.13: the messages did not say what the value was to be used for


class Base:
    def __hash__(self):
        return 11


class OnlyEq(Base):
    def __eq__(self, other):
        return True


class Kept(Base):
    __hash__ = Base.__hash__

    def __eq__(self, other):
        return True


class SubOfEq(OnlyEq):
    pass


class Again(OnlyEq):
    def __hash__(self):
        return 12


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def __hash__(self):
        return self.answer


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B190", OnlyEq.__dict__["__hash__"], error(hash, OnlyEq()), "|", error(hash, SubOfEq()), SubOfEq.__hash__, hash(Again()), error(lambda: {OnlyEq()}))
print("B190", type("T", (), {"__eq__": None}).__hash__, type("T", (), {"__eq__": None, "__hash__": lambda self: 5}).__hash__ is None, "__hash__" in Base.__dict__)
OnlyEq.late = 1
Base.__eq__ = lambda self, other: False
print("B190", hash(Base()), "later assignment leaves it")
print("B191", hash(Kept()), Kept() == 5, len({Kept(), Kept()}), object.__hash__ is not Base.__hash__)

for answer in (5, -1, -2, 2**61 - 1, 2**61, 2**64 + 3, -(2**63), 2**63 - 1, 2**63, True):
    print("B192", answer, hash(Answers(answer)), Answers(answer).__hash__() == answer)
for answer in (1.5, "text", None, [], b"x"):
    print("B193", error(hash, Answers(answer)))
print("B193", error(hash, []), "|", error(hash, {}), "|", error(hash, set()), "|", error(hash, ([],)), "|", error(lambda: {[]: 1}), "|", error(lambda: {[1]}))
print("B192", hash(1) == hash(1.0) == hash(True), hash(2**61 - 1), hash(-1), hash(0.5), hash(float("inf")), hash(()) == hash(()), hash("x") == hash("x"))
