# cites: B222 B223 B224


class Meta(type):
    def __instancecheck__(cls, instance):
        calls.append(("instance", cls.__name__, repr(instance)))
        return instance == 5

    def __subclasscheck__(cls, sub):
        calls.append(("subclass", cls.__name__, sub.__name__))
        return "" if sub is str else sub.__name__


class Made(metaclass=Meta):
    def __repr__(self):
        return "<Made>"


class Sub(Made):
    pass


class Plain:
    @classmethod
    def __instancecheck__(cls, instance):
        return True

    @classmethod
    def __subclasscheck__(cls, sub):
        return True


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
print("B222", isinstance(5, Made), isinstance("x", Made), calls)
calls.clear()
print("B222", isinstance(5, Plain), isinstance(Plain(), Plain), issubclass(int, Plain), Plain.__instancecheck__(5))
print("B223", issubclass(int, Made), issubclass(str, Made), issubclass(Made, Made), calls)
calls.clear()
print("B224", isinstance(Made(), Made), calls)
print("B224", isinstance(Sub(), Made), isinstance(Sub(), Sub), calls)
calls.clear()
print("B224", type.__instancecheck__(Made, Sub()), type.__instancecheck__(Made, 5), type.__subclasscheck__(Made, Sub), calls)
print("B222", isinstance(5, (str, Made)), isinstance(Made(), (str, Made)), calls)


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def __instancecheck__(self, instance):
        return self.answer

    def __subclasscheck__(self, sub):
        return self.answer


print("B222", isinstance(1, Answers("true")), isinstance(1, Answers([])), issubclass(int, Answers(1)), isinstance(1, (Answers(0), Answers(2))))


class Fails(type):
    def __instancecheck__(cls, instance):
        raise KeyError("no answer")


print("B222", error(isinstance, 1, Fails("F", (), {})), error(isinstance, 1, (int, Fails("F", (), {}))), error(isinstance, 1, (Fails("F", (), {}), int)))
