# seed: 003_c5777e93237733cd.txt
# hosts: cpython
# oracle: 2.7

# What repr calls a class and what it calls a type, as the seed's year had it.


class A(object):
    pass


class Old:
    pass


class OnString(str):
    pass


class Meta(type):
    pass


print("class: %r" % A)
print("type of the class: %r" % type(A))
print("built-in: %r" % str)
print("type of the built-in: %r" % type(str))
print("subclass of a built-in: %r" % OnString)
print("metaclass: %r %r" % (Meta, Meta("M", (), {})))
print("object and type: %r %r" % (object, type))
print("old: %s %r %r" % (Old, type(Old), type(Old())))
print("type(type(x)) is type: %r" % [type(type(x)) is type for x in (A(), A, 1, "s", None, Old, Old(), len, type)])
print("isinstance and issubclass: %r %r" % (isinstance(A, type), issubclass(A, type)))
print("an old class is no type: %r" % isinstance(Old, type))
print("mro of int: %r" % (int.__mro__,))
