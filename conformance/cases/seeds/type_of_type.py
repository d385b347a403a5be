# cites: B150
# seed: 003_c5777e93237733cd.txt

# Every object has a type, and every type is an instance of type.


class A:
    pass


class Meta(type):
    pass


class B(metaclass=Meta):
    pass


def generator():
    yield


objects = (None, True, 1, 1.5, "s", b"b", (), [], {}, set(), Ellipsis, NotImplemented, A(), A, int, type, len, generator, generator(), A.__dict__, range(3), slice(1), [].append, iter(()), Exception())
print("B150", [type(type(x)) is type for x in objects].count(False), len(objects))
print("B150", type(A()) is A, type(A) is type, type(type) is type, type(object) is type)

# A metaclass of one's own is the exception that the seed overlooks, one level further up.
print("B150", type(type(B())) is type, type(type(B())) is Meta, type(type(type(B()))) is type)
print("B150", isinstance(type(B()), type), isinstance(Meta, type))
