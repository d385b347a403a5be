# feature: an unset slot of a class that lost its __module__

# The message needs the class's full name, and there is none.


class Meta(type):
    pass


class A(metaclass=Meta):
    __slots__ = ("x",)


def tell(one):
    try:
        print(one.x)
    except AttributeError as error:
        print(error)


tell(A())
A.__module__ = "elsewhere"
tell(A())
A.__module__ = 5
tell(A())
# The metaclass has a `__module__` of its own, so that of the class is an attribute like others.
del A.__module__
tell(A())
