# feature: endless recursion in isinstance and issubclass


class Meta(type):
    def __instancecheck__(cls, instance):
        return isinstance(instance, cls)

    def __subclasscheck__(cls, sub):
        return issubclass(sub, cls)


class Made(metaclass=Meta):
    pass


class Bases:
    @property
    def __bases__(self):
        return Bases(), Bases()


def error(call):
    try:
        return call()
    except RecursionError as problem:
        return type(problem).__name__


print(error(lambda: isinstance(1, Made)), error(lambda: issubclass(int, Made)))
print(error(lambda: issubclass(Bases(), int)))
