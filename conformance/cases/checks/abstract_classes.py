# cites: B230 B231 B232 B233
import abc


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        return "from the base"

    @property
    @abc.abstractmethod
    def name(self): ...

    @classmethod
    def __subclasshook__(cls, sub):
        asked.append(sub.__name__)
        if cls is Shape and "refuses" in sub.__dict__:
            return False
        if "looks_right" in sub.__dict__:
            return True
        return NotImplemented


class Half(Shape):
    def area(self):
        return super().area() + ", half"


class Whole(Half):
    name = "whole"


class Stranger:
    pass


class LooksRight:
    looks_right = True


class Refuses(Whole):
    refuses = True


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


asked = []
print("B232", error(Shape), "|", error(Half), "|", Whole().area(), sorted(Shape.__abstractmethods__), sorted(Half.__abstractmethods__), Whole.__abstractmethods__)
print("B231", issubclass(LooksRight, Shape), isinstance(LooksRight(), Shape), issubclass(Refuses, Shape), isinstance(Refuses(), Shape), issubclass(Stranger, Shape), asked)
print("B230", Shape.register(Stranger) is Stranger, issubclass(Stranger, Shape), isinstance(Stranger(), Shape), Shape in Stranger.__mro__, error(Shape.register, 5), "|", error(Whole.register, Shape))
Half.name = "given later"
print("B233", error(Half))
print("B233", abc.update_abstractmethods(Half) is Half, Half().area(), Half.__abstractmethods__)
del Half.name
print("B233", type(Half()).__name__, error(abc.update_abstractmethods, Half) is Half, error(Half))
