# feature: an expression of 100,000 terms

# A chain of one operator nests to the left, and is refused; what compiles to a flat sequence is not.
x = 1
COUNT = 100_000


def outcome(source):
    try:
        return type(eval(source)).__name__
    except RecursionError as problem:
        return type(problem).__name__


print("sum", outcome("+".join(["x"] * COUNT)))
print("differences", outcome("-".join(["x"] * COUNT)))
print("attributes", outcome("x" + ".real" * COUNT))
print("items", outcome("x" + "[0]" * COUNT))
print("calls", outcome("x" + "()" * COUNT))
print("short sum", outcome("+".join(["x"] * 500)))
print("and", outcome(" and ".join(["x"] * COUNT)))
print("comparisons", outcome(" < ".join(["x"] * COUNT)))
print("a flat list", outcome("[" + "x," * COUNT + "]"))
print("strings side by side", outcome("'a'" * COUNT))
