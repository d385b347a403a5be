"""What `inspect.signature` and `help` say of classes whose constructor is that of `Base`."""

import functools
import keyword
import operator

from mortice import _mortice


class Factory:
    """Stands for a default that a factory makes."""

    __slots__ = ()

    def __repr__(self):
        return "<factory>"


FACTORY = Factory()


class Signature:
    """`__signature__` of classes, unless they have one of their own or call something else than `Base.__init__`."""

    __slots__ = ()

    def __get__(self, cls, meta=None):
        if cls is None:
            return self
        base = _mortice.Base
        if not (cls.__init__ is base.__init__ and cls.__new__ is base.__new__ and type(cls).__call__ is type.__call__):
            raise AttributeError(f"type object '{cls.__name__}' has no attribute '__signature__'")
        return signature(cls)


def signature(cls):
    """A keyword for each slot, with its default and what `type` asks for."""
    from inspect import Parameter, Signature

    parameters = []
    for name, one in _mortice.describe(cls)[2].items():
        if not name.isidentifier() or keyword.iskeyword(name):
            continue
        default, kinds = FACTORY if one.factory else one.default, one.type
        if isinstance(kinds, tuple):
            kinds = functools.reduce(operator.or_, kinds)
        annotation = Parameter.empty if kinds is None else kinds
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation))
    return Signature(parameters)
