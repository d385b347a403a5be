# cites: B127 B128 B129


class M1(type):
    pass


class M2(M1):
    pass


class Other(type):
    pass


class A(metaclass=M1):
    pass


class B(metaclass=M2):
    pass


class X(metaclass=Other):
    pass


def statement(*bases, **named):
    try:

        class Made(*bases, **named):
            pass

        return type(Made).__name__
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


class Caller:
    def __call__(self, name, bases, namespace, **named):
        return type("From " + name, bases, dict(namespace))


class WithPrepare(Caller):
    def __prepare__(self, name, bases):
        return {"given": name}


def function(name, bases, namespace, **named):
    made = type(name, bases, namespace)
    made.named = named
    return made


class F(A, metaclass=function, x=1):
    pass


class G(metaclass=WithPrepare()):
    pass


print("B127", type(F).__name__, F.named, F.__bases__, G.__name__, G.given)
print("B127", statement(metaclass=lambda *all: all[0]), statement(metaclass=Caller()), statement(metaclass=5))
print("B128", statement(A), statement(B), statement(B, A), statement(A, metaclass=M2), statement(B, metaclass=M1), statement(A, metaclass=type))
print("B128", type(type("N", (B, A), {})).__name__, type(M1("N", (B,), {})).__name__, type(M1.__new__(M1, "N", (B,), {})).__name__)
print("B129", statement(A, X))
print("B129", statement(A, metaclass=Other))
print("B129", statement(X, metaclass=M2))


class Joined(M2, Other):
    pass


print("B129", statement(A, X, metaclass=Joined), statement(B, X, metaclass=Joined))
try:
    type("N", (A, X), {})
except TypeError as problem:
    print("B129", problem)
