# cites: B166 B167
# differs: 3.12 3.13: the messages did not name the class


class Extra:
    value = "Extra"


class Slotted:
    __slots__ = ("x",)


class Meta(type):
    def mro(cls):
        if cls.__name__ == "Sub" and answer is not None:
            return answer(cls)
        return super().mro()


class Base(metaclass=Meta):
    value = "Base"


def make(what):
    global answer
    answer = what
    try:
        made = Meta("Sub", (Base,), {})
        return [one.__name__ for one in made.__mro__], getattr(made, "value", None)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"
    finally:
        answer = None


answer = None
print("B166", make(lambda cls: [cls, Base, object]), make(lambda cls: (cls, Extra, Base, object)), make(lambda cls: iter([cls, Base])))
print("B166", make(lambda cls: [cls, object]), make(lambda cls: [Base, object]), make(lambda cls: []))
print("B166", make(lambda cls: 5), "|", make(lambda cls: None), "|", make(lambda cls: [cls, 5, object]))
print("B166", make(lambda cls: [cls, Slotted, object]), "|", make(lambda cls: [cls, int, object]))


def fails(cls):
    raise KeyError("inside mro")


print("B166", make(fails))


class Switching(type):
    def mro(cls):
        calls.append(cls.__name__)
        usual = super().mro()
        return usual[:1] + list(extra) + usual[1:]


calls, extra = [], ()


class S(metaclass=Switching):
    value = "S"


class Other:
    value = "Other"


class T(S):
    pass


extra = (Extra,)
print("B167", [one.__name__ for one in T.__mro__], T.value, calls)
print("B167", [one.__name__ for one in T.mro()], [one.__name__ for one in T.__mro__])
T.__bases__ = (S,)
print("B167", [one.__name__ for one in T.__mro__], T.value, calls)
extra = ()
S.new_attribute = 1
print("B167", [one.__name__ for one in T.__mro__])
