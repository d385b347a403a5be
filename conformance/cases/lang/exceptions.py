# feature: exceptions as objects
# differs: 3.12 3.13: other words for a missing item


def error(call):
    try:
        return call()
    except BaseException as problem:
        return problem


def shown(problem):
    return type(problem).__name__, problem.args, str(problem), repr(problem)


for problem in (ValueError(), ValueError("a"), ValueError("a", 1), KeyError("k"), KeyError(), OSError(2, "text"), OSError(2, "text", "file"), StopIteration(5), SystemExit(3), AttributeError("x"), Exception(None), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "reason"), KeyError("a", "b"), AssertionError(("t",))):
    print(*shown(problem), sep=" | ")
print(type(OSError(2, "x")).__name__, OSError(2, "x").errno, OSError(2, "x", "f").filename, StopIteration(5).value, SystemExit(3).code, NameError("n", name="x").name, ImportError("i", name="m").name)
for call in (lambda: {}["k"], lambda: [][1], lambda: nothing, lambda: 1 / 0, lambda: None.x, lambda: int("x"), lambda: "a" + 1, lambda: next(iter([])), lambda: len(5), lambda: [].index(1), lambda: len([]).x, lambda: 2.0**10000, lambda: "é".encode("ascii"), lambda: {}.popitem()):
    print(*shown(error(call))[::2])
a = ValueError("a")
a.__cause__ = b = KeyError("b")
print(a.__suppress_context__, a.__context__, a.__cause__ is b, b.__suppress_context__)
a.__context__ = b
a.custom = 1
print(a.__dict__, a.with_traceback(None) is a, a.__traceback__, a == ValueError("a"), a.add_note("n"), a.__notes__)
for name, value in (("__cause__", 5), ("__context__", "x"), ("__traceback__", 1), ("args", 5)):
    print(name, error(lambda: setattr(a, name, value)))
a.args = [1, 2]
print(a.args, str(a))


def trace():
    raise ValueError


caught = error(trace)
depth, tb = 0, caught.__traceback__
while tb:
    depth, last, tb = depth + 1, tb, tb.tb_next
print(depth, last.tb_frame.f_code.co_name, last.tb_lineno == trace.__code__.co_firstlineno + 1)


class Own(ValueError):
    default = "none"

    def __init__(self, *args, code=0):
        super().__init__(*args)
        self.code = code

    def __eq__(self, other):
        return isinstance(other, Own) and self.args == other.args


class NoInit(Exception):
    def __init__(self):
        pass


print(*shown(Own("m", code=5)), Own("m") == Own("m"), Own.default, NoInit().args, error(lambda: NoInit(1)), issubclass(Own, Exception), Own.__mro__[1])


def catches(problem, kinds):
    try:
        raise problem
    except kinds as found:
        return type(found).__name__
    except:
        return "bare except"


print(catches(Own(), ValueError), catches(Own(), (KeyError, Exception)), catches(KeyError(), LookupError), catches(SystemExit(), Exception), catches(Own, Own), catches(KeyboardInterrupt(), BaseException), catches(ValueError(), ()))
print([cls.__name__ for cls in (ZeroDivisionError.__mro__)], issubclass(FileNotFoundError, OSError), IOError is OSError, issubclass(UnicodeError, ValueError), Exception("a", "b").args, ArithmeticError.__base__, BaseException.__base__)
