# cites: B020 B021
import sys
import types

this = sys.modules[__name__]
module = types.ModuleType("made", "its text")


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print("B020", module.__name__, module.__doc__, repr(module), sorted(module.__dict__))
module.x = 1
module.__dict__["y"] = 2
print("B020", module.__dict__["x"], module.y, vars(module) is module.__dict__)
del module.x
print("B020", error(getattr, module, "x"), "x" in module.__dict__)
print("B020", error(delattr, module, "x"))
this.stored = "through the module"
print("B020", stored, globals() is this.__dict__, this.__name__ == __name__)

print("B021", error(setattr, module, "__dict__", {}))
print("B021", error(delattr, module, "__dict__"))
print("B021", module.y, error(types.ModuleType), error(types.ModuleType, 5))
bare = types.ModuleType.__new__(types.ModuleType)
print("B021", error(getattr, bare, "x"), error(getattr, bare, "__name__"))
