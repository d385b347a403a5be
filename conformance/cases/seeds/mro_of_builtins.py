# cites: B161
# seed: 003_c5777e93237733cd.txt

# The order of resolution of a type like int is itself and object; few built-in types have other bases.
import types


def names(cls):
    return " ".join(base.__name__ for base in cls.__mro__)


for cls in (int, str, float, list, dict, type, object, type(None), bool, types.FunctionType, types.ModuleType):
    print("B161", names(cls))
for cls in (KeyError, ZeroDivisionError, UnicodeDecodeError, FileNotFoundError, RecursionError, StopIteration, KeyboardInterrupt, ModuleNotFoundError):
    print("B161", names(cls))
print("B161", int.__mro__ == (int, object), int.mro() == [int, object])
