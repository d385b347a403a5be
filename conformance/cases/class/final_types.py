# cites: B152 B159 B160
import types


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def generator():
    yield


final = (bool, type(None), type(...), type(NotImplemented), types.FunctionType, types.MethodType, range, slice, memoryview, types.GeneratorType, type(len), types.MappingProxyType, types.CodeType, type(iter([])), type(iter(())), types.FrameType)
for kind in final:
    print("B152", kind.__name__, error(type, "Sub", (kind,), {}))
open_ones = (object, int, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset, type, property, staticmethod, classmethod, super, Exception, enumerate, zip, map, filter, reversed, types.ModuleType)
print("B152", [kind.__name__ for kind in open_ones if not isinstance(error(type, "Sub", (kind,), {}), type)])

for kind, name in ((int, "x"), (list, "append"), (object, "__init__"), (type, "mro"), (type(None), "y"), (type(len), "z"), (KeyError, "w"), (dict, "get")):
    print("B159", error(setattr, kind, name, 1), "|", error(delattr, kind, name))
print("B159", error(setattr, int, "__name__", "x"), "|", error(setattr, list, "__bases__", (object,)), "|", error(setattr, dict, "__module__", "x"))

for kind in (type(len), types.GeneratorType, type(iter([])), type({}.keys()), types.FrameType, type(int.__add__), type(list.append), types.GetSetDescriptorType, types.MemberDescriptorType):
    print("B160", kind.__name__, error(kind), "__new__" in kind.__dict__)
print("B160", error(types.GeneratorType, 1), "|", error(type(len), 1, 2))
