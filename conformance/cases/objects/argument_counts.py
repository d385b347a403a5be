# feature: arguments of the methods of object

# Each method of `object` counts its arguments before it looks at them.


class One:
    pass


def tell(call):
    try:
        call()
    except TypeError as error:
        print(error)
    else:
        print("accepted")


for cls in (object, One):
    tell(lambda: cls().__format__())
    tell(lambda: cls().__format__(1, 2))
    tell(lambda: cls().__sizeof__(1))
    tell(lambda: cls().__dir__(1))
    tell(lambda: cls().__reduce__(1))
    tell(lambda: cls().__reduce_ex__())
    tell(lambda: cls().__getstate__(1))
    tell(lambda: cls().__repr__(1))
    tell(lambda: cls().__str__(1))
    tell(lambda: cls().__hash__(1))
    tell(lambda: cls().__eq__())
    tell(lambda: cls().__eq__(1, 2))
    tell(lambda: cls().__getattribute__())
    tell(lambda: cls().__setattr__("a"))
    tell(lambda: cls().__delattr__())
tell(lambda: One.__init_subclass__(1))
tell(lambda: One.__subclasshook__())
tell(lambda: One.__subclasshook__(1, 2))
tell(lambda: object.__format__(1, 2, 3))
tell(lambda: object.__sizeof__())
tell(lambda: object.__format__())
tell(lambda: object.__format__(1, format_spec=""))
tell(lambda: object.__sizeof__(1, a=2))
tell(lambda: object.__dir__(1, a=2))
tell(lambda: object.__repr__(1, a=2))

# Those that wrap slots count theirs alike, each kind in its own words.
for what, names in (
    (5, ("__add__", "__pow__", "__rpow__", "__hash__", "__lt__", "__bool__")),
    ([], ("__setitem__", "__delitem__", "__len__", "__iadd__", "__mul__", "__contains__")),
    (property(), ("__get__", "__set__", "__delete__")),
    (iter(()), ("__iter__", "__next__")),
):
    for name in names:
        for count in (0, 1, 2, 3, 4):
            print(name, count, end=": ")
            try:
                getattr(type(what), name)(what, *range(1, 1 + count))
            except Exception as error:
                print(error)
            else:
                print("accepted")
