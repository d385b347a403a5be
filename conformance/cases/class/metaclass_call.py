# cites: B121 B122 B123


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases, **named):
        calls.append(("prepare", mcs.__name__, name, bases, named))
        return {"prepared": True}

    def __new__(mcs, name, bases, namespace, **named):
        calls.append(("new", mcs.__name__, name, bases, named))
        return super().__new__(mcs, name, bases, namespace)

    def __init__(cls, name, bases, namespace, **named):
        calls.append(("init", cls.__name__, name, sorted(named)))
        super().__init__(name, bases, namespace)

    def __call__(cls, *args):
        calls.append(("call", cls.__name__, args))
        return super().__call__()


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def show(tag):
    for call in calls:
        print(tag, *call)
    calls.clear()


calls = []


class A(metaclass=Meta):
    x = 1


show("B121")
print("B121", type(A).__name__, A.prepared, A.x)


class B(A):
    pass


print("B122", type(B).__name__, B.prepared)
show("B122")


class C(B, flag=1, other="two"):
    pass


show("B123")
named = {"metaclass": Meta, "third": 3}


class D(**named):
    pass


show("B123")
A()
show("B121")


def function(name, bases, namespace):
    return name, bases, sorted(key for key in namespace if not key.startswith("__"))


class F(metaclass=function):
    y = 2
    z = 3


print("B121", F)
print("B123", error(type, "X", (), {}, flag=1), "|", error(type.__init__, A, "A", (), {}, flag=1))
print("B123", error(type.__prepare__), error(type.__prepare__, 1, 2, x=3))
