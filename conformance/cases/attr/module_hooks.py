# cites: B036 B037 B038 B039
import sys
import types

this = sys.modules[__name__]
present = "present"


def __getattr__(name):
    calls.append(name)
    if name == "absent":
        raise AttributeError("not even made")
    return "made " + name


def __dir__():
    return ["z", "a", "calls"]


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
print("B036", this.present, calls, this.other, calls)
print("B036", error(getattr, this, "absent"), getattr(this, "absent", "default"), hasattr(this, "x"), calls)
print("B037", dir(this))
print("B039", error(eval, "other"), error(lambda: other), calls)
print("B039", globals().get("other"), "other" in vars(this))

module = types.ModuleType("made")
module.x = 1
module.__getattr__ = lambda name: name * 2
print("B036", module.x, module.ab)
del module.__getattr__
print("B036", error(getattr, module, "ab"))
print("B037", [name for name in dir(module) if not name.startswith("__")])


class Active(types.ModuleType):
    @property
    def now(self):
        return "computed for " + self.__name__

    def __setattr__(self, name, value):
        calls.append(name)
        super().__setattr__(name, value)

    def __call__(self, value):
        return value + 1


calls.clear()
module.__class__ = Active
module.y = 2
print("B038", module.now, module.y, module(4), calls, type(module) is Active, module.x)
print("B038", error(setattr, module, "__class__", int), "|", error(setattr, module, "__class__", type("Plain", (), {})))
module.__class__ = types.ModuleType
print("B038", error(getattr, module, "now"), callable(module))
