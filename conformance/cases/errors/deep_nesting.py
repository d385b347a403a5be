# feature: source that nests too deeply for the parser

# The parser has a limit of its own, and speaks of memory.
COUNT = 100_000


def outcome(source):
    try:
        return type(eval(source)).__name__
    except (SyntaxError, MemoryError) as problem:
        return f"{type(problem).__name__}: {problem}".partition(" (")[0]


x = 1
print(outcome("(" * 150 + "x" + ")" * 150), outcome("(" * 250 + "x" + ")" * 250))
print(outcome("[" * COUNT + "]" * COUNT))
print(outcome("-" * 1000 + "x"), outcome("-" * COUNT + "x"))
print(outcome("not " * COUNT + "x"))
print(outcome("lambda: " * COUNT + "x"))
print(outcome("x if x else " * COUNT + "x"))
print(outcome("**".join(["x"] * COUNT)))
