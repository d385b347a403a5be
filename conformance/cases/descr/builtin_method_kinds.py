# cites: B085 B086
import types


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B085", type(int.__add__) is types.WrapperDescriptorType, type((5).__add__) is types.MethodWrapperType, type(object.__init__).__name__, type(object().__str__).__name__)
print("B085", int.__add__, repr(int.__add__), (5).__add__(6), int.__add__(5, 6), (5).__add__.__self__, (5).__add__.__name__, (5).__add__.__objclass__)
print("B085", type(list.__len__).__name__, list.__len__.__name__, [1, 2].__len__(), list.__len__([1]), type([].__len__).__name__)
print("B085", (5).__add__ == (5).__add__, [].__len__ == [].__len__, error((5).__add__), "|", error((5).__add__, 1, 2), "|", (5).__add__("x"))
print("B086", type(list.append) is types.MethodDescriptorType, type(dict.__dict__["fromkeys"]) is types.ClassMethodDescriptorType, type([].append) is types.BuiltinMethodType, type(len) is types.BuiltinFunctionType)
print("B086", list.append, dict.__dict__["fromkeys"], dict.fromkeys("ab", 1), type(dict.fromkeys).__name__, dict.fromkeys.__self__)
print("B086", list.append.__name__, list.append.__qualname__, dict.__dict__["fromkeys"].__objclass__, type(str.__dict__["maketrans"]).__name__)


class Sub(dict):
    pass


print("B086", type(Sub.fromkeys("a")).__name__, Sub.fromkeys.__self__, dict.__dict__["fromkeys"].__get__(None, Sub)("x"), error(dict.__dict__["fromkeys"], "x"))
print("B086", len.__name__, len.__qualname__, [].append.__qualname__, len.__module__, [].append.__self__, len.__self__.__name__)
