# cites: B165 B164


class A:
    pass


class B(A):
    pass


def error(*bases):
    try:
        return type("Made", bases, {}).__mro__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B165", error(A, A))
print("B165", error(A, B, A))
print("B165", error(object, object))
print("B165", error(B, A, B))
print("B165", error(int, int), "|", error(type("A", (), {}), A, A))
try:

    class Made(B, B):
        pass

except TypeError as problem:
    print("B165", problem)
print("B164", error(A, object), error(B, A, object))
