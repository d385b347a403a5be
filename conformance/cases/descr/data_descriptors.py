# cites: B053 B054 B055


class OnlySet:
    def __set__(self, instance, value):
        instance.__dict__["seen"] = value


class OnlyDelete:
    def __delete__(self, instance):
        instance.__dict__["deleted"] = True


class Both:
    def __get__(self, instance, owner):
        return "got"

    def __set__(self, instance, value):
        raise AttributeError("read only")


class OnlyGet:
    def __get__(self, instance, owner):
        return "got"


class Holder:
    only_set, only_delete, both, only_get = OnlySet(), OnlyDelete(), Both(), OnlyGet()


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


h = Holder()
for name in ("only_set", "only_delete", "both", "only_get"):
    h.__dict__[name] = "in the dict"
print("B053", h.both, error(setattr, h, "both", 1), h.__dict__["both"])
print("B053", error(delattr, h, "both"), "|", error(setattr, h, "only_delete", 1))
del h.only_delete
print("B053", h.deleted, "only_delete" in h.__dict__, error(delattr, h, "only_set"))
h.only_set = 8
print("B054", h.seen, h.only_set, h.only_delete)
del h.__dict__["only_set"], h.__dict__["only_delete"]
print("B054", type(h.only_set).__name__, type(h.only_delete).__name__, h.only_set is Holder.__dict__["only_set"])
print("B055", h.only_get, Holder.only_get)
del h.only_get
print("B055", h.only_get, error(delattr, h, "only_get"))
h.only_get = "stored"
print("B055", h.only_get, h.__dict__["only_get"])
OnlyGet.__set__ = lambda self, instance, value: None
print("B055", h.only_get)
del OnlyGet.__set__
print("B055", h.only_get)
