# cites: B022 B047


class Meta(type):
    only_meta = "Meta"
    both = "Meta"


class Base(metaclass=Meta):
    a = b = c = "Base"


class Middle(Base):
    b = c = "Middle"


class Side(Base):
    b = c = d = "Side"


class Leaf(Middle, Side):
    c = "Leaf"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


leaf = Leaf()
print("B022", leaf.a, leaf.b, leaf.c, leaf.d)
leaf.a = "instance"
print("B022", leaf.a, Leaf.a, Leaf().a)
print("B022", Leaf.only_meta, error(getattr, leaf, "only_meta"))
del Leaf.c
print("B022", leaf.c)
Side.c = "new on Side"
del Middle.c
print("B022", leaf.c, error(getattr, leaf, "nothing"), "|", error(getattr, Leaf, "nothing"))


class Data:
    def __get__(self, instance, owner):
        return "data descriptor"

    def __set__(self, instance, value):
        raise AttributeError("refused")


class NonData:
    def __get__(self, instance, owner):
        return "non-data descriptor"


class Holder:
    data, non_data, plain = Data(), NonData(), "class value"


holder = Holder()
print("B047", holder.data, holder.non_data, holder.plain)
for name in ("data", "non_data", "plain"):
    holder.__dict__[name] = "instance"
print("B047", holder.data, holder.non_data, holder.plain)
Holder.data = NonData()
print("B047", holder.data)
Holder.plain = Data()
print("B047", holder.plain, error(setattr, holder, "plain", 1))
print("B047", object.__getattribute__(holder, "plain"), error(object.__getattribute__, holder, "absent"), error(getattr, holder, 5))
