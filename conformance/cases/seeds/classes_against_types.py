# cites: B228
# seed: 003_c5777e93237733cd.txt

# Classes have a hierarchy rooted at object; types are all just instances of type.


class A(object):
    pass


class B(A):
    pass


class Meta(type):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B228 instances", isinstance(A, type), isinstance(int, type), isinstance(type, type), isinstance(object, type), isinstance(A(), type))
print("B228 subclasses", issubclass(A, type), issubclass(int, type), issubclass(type, type), issubclass(Meta, type), issubclass(type, object))
print("B228 the hierarchy", issubclass(B, A), issubclass(A, B), issubclass(B, object), issubclass(bool, int), issubclass(int, bool))
print("B228 rooted at object", [cls.__mro__[-1] is object for cls in (A, B, Meta, int, bool, type, Exception, dict, type(None))])
print("B228 wrong question", error(issubclass, A(), type))
print("B228 wrong answerer", error(isinstance, A, A()))
print("B228", A.__bases__, B.__bases__, object.__bases__, type.__bases__, A.__base__, object.__base__)
