# cites: B156 B157 B158
import types


class Alias:
    def __init__(self, *answer):
        self.answer = answer

    def __mro_entries__(self, bases):
        return self.answer


class Real:
    pass


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **named):
        return {"prepared": (name, named)}

    def __new__(mcs, name, bases, namespace, **named):
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **named):
        cls.named = named


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def body(namespace):
    namespace["x"] = 1
    namespace["method"] = lambda self: self.x


alias = Alias(Real)
made = types.new_class("Made", (alias,), {"metaclass": Meta, "flag": 2}, body)
print("B156", made, made.__bases__, made.__orig_bases__ == (alias,), made.prepared, made.named, made().method(), type(made).__name__)
plain = types.new_class("Plain")
print("B156", plain, plain.__bases__, plain.__module__, types.new_class("Sub", (made,), {"flag": 3}).named)
print("B156", [one if isinstance(one, dict) else getattr(one, "__name__", one) for one in types.prepare_class("P", (made,), {"k": 1})])

print("B157", types.resolve_bases((Real, int)), types.resolve_bases((alias, int)), types.resolve_bases((Alias(), Real)), types.resolve_bases([]))
print("B157", types.resolve_bases((5, "text")), error(types.resolve_bases, (Alias.__new__(Alias),)))
given = (Real, int)
print("B157", types.resolve_bases(given) is given)
print("B158", types.get_original_bases(made) == (alias,), types.get_original_bases(Real), types.get_original_bases(bool), types.get_original_bases(type("S", (made,), {})) == (made,))
print("B158", error(types.get_original_bases, 5), error(types.get_original_bases, "text"))
