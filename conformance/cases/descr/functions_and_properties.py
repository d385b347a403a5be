# cites: B061 B062 B063 B078


def free(self):
    return type(self).__name__


class Plain:
    method = free

    @property
    def only_get(self):
        return "computed"

    only_set = property(None, lambda self, value: self.__dict__.update(kept=value))
    nothing = property()


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


p = Plain()
print("B061", hasattr(free, "__get__"), hasattr(free, "__set__"), hasattr(free, "__delete__"), hasattr(property, "__set__"), hasattr(property, "__delete__"))
p.method = "shadow"
print("B061", p.method, Plain().method(), free.__get__(5)(), type(free.__get__(5, int)).__name__)
p.__dict__["only_get"] = "shadow"
print("B062", p.only_get, error(setattr, p, "only_get", 1), p.__dict__["only_get"])
print("B063", error(setattr, p, "only_get", 1), "|", error(delattr, p, "only_get"))
print("B063", error(getattr, p, "only_set"), "|", error(delattr, p, "only_set"))
p.only_set = 3
print("B063", p.kept, error(getattr, p, "nothing"), "|", error(setattr, p, "nothing", 1), "|", error(delattr, p, "nothing"))
print("B063", error(property().__get__, p), "|", error(property().__set__, p, 1))
print("B078", Plain.method is free, Plain.__dict__["method"] is free, Plain.method(p), error(Plain.method))
print("B078", type(Plain().method).__name__, type(Plain.method).__name__)
print("B062", type(Plain.only_get).__name__, Plain.only_get is Plain.__dict__["only_get"])
