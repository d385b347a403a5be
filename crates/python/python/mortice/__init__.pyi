# What type checkers know of the package.
#
# A slot is a descriptor with two types: T is what reading gives, S what may be written. `slot[int]` means both.
# `slot` is no field specifier of `dataclass_transform`: a specifier without the keyword `default` would make its
# keyword required, where every keyword of a constructor may be left out. As a plain descriptor with a value, an
# annotated slot is a keyword that may be left out, of the type that `__set__` takes.
# "| Any" stands for UNSET or None where a program nearly always knows that it is neither.

from builtins import object as _object
from builtins import type as _type
from collections.abc import Callable
from inspect import Signature
from types import GenericAlias
from typing import Any, Final, Generic, Literal, Self, SupportsIndex, dataclass_transform, final, overload, type_check_only

from typing_extensions import Never, TypeVar

from mortice._mortice import Definition

__all__ = [
    "Base", "slot", "delegated", "observe", "delegate", "undelegate", "hold", "Change", "Subscription", "UNSET",
    "slots", "layout", "SealedError", "DelegationError",
]  # fmt: skip

_T = TypeVar("_T")
_S = TypeVar("_S", default=_T)
_T_co = TypeVar("_T_co", covariant=True, default=Any)
# The classes of `type`, the default, what `validate` takes and gives.
_A = TypeVar("_A", default=Any)
_B = TypeVar("_B", default=Never)
_C = TypeVar("_C", default=Never)
_D = TypeVar("_D", default=Never)
_W = TypeVar("_W", default=Any)
_V = TypeVar("_V", default=Any)
_Observer = TypeVar("_Observer", bound=Callable[[Any, Change[Any]], _object])

# A class comes first: as a callable, pyright refuses one whose keywords are slots.
type _Factory[_R] = _type[_R] | Callable[[], _R]
type _Compare = Literal["equal", "identity", "always"]

@final
@type_check_only
class _UnsetType:
    def __new__(cls) -> _UnsetType: ...
    def __bool__(self) -> Literal[False]: ...

UNSET: Final[_UnsetType]

@final
class slot(Definition[_T, _S]):
    @overload
    def __new__(
        cls,
        default: _UnsetType | None = ...,
        *,
        factory: None = None,
        type: None = None,
        validate: None = None,
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[Any]: ...
    @overload
    def __new__(
        cls,
        default: _A,
        *,
        factory: None = None,
        type: None = None,
        validate: None = None,
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[_A]: ...
    @overload
    def __new__(
        cls,
        default: _UnsetType = ...,
        *,
        factory: _Factory[_A],
        type: None = None,
        validate: None = None,
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[_A]: ...
    @overload
    def __new__(
        cls,
        default: _D | _UnsetType = ...,
        *,
        factory: _Factory[_D] | None = None,
        type: _type[_A] | tuple[_type[_A]] | tuple[_type[_A], _type[_B]] | tuple[_type[_A], _type[_B], _type[_C]],
        validate: None = None,
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[_A | _B | _C | _D, _A | _B | _C]: ...
    @overload
    def __new__(
        cls,
        default: Any = ...,
        *,
        factory: Callable[[], Any] | None = None,
        type: tuple[_type, ...],
        validate: None = None,
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[Any]: ...
    @overload
    def __new__(
        cls,
        default: _D | _UnsetType = ...,
        *,
        factory: _Factory[_D] | None = None,
        type: _type | tuple[_type, ...] | None = None,
        validate: Callable[[Any, _W], _V],
        compare: _Compare = "equal",
        doc: str | None = None,
    ) -> slot[_V | _D, _W]: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

@final
class delegated(Definition[_T, _S]):
    def __new__(cls, via: str, name: str | None = None, *, doc: str | None = None) -> delegated[Any]: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

@final
class Change(Generic[_T_co]):
    def __new__(
        cls, object: Any, name: str, old: _T_co | _UnsetType, new: _T_co | _UnsetType, source: tuple[Any, str] | None = None
    ) -> Change[_T_co]: ...
    @property
    def object(self) -> Any: ...
    @property
    def name(self) -> str: ...
    @property
    def old(self) -> _T_co | Any: ...
    @property
    def new(self) -> _T_co | Any: ...
    @property
    def source(self) -> tuple[Any, str] | None: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

@final
class Subscription:
    @property
    def active(self) -> bool: ...
    def cancel(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: _object) -> None: ...

class BaseMeta(type):
    # The constructor's keywords; classes that are constructed otherwise have none.
    @property
    def __signature__(self) -> Signature: ...
    def __setattr__(self, name: str, value: Any, /) -> None: ...
    def __delattr__(self, name: str, /) -> None: ...

@dataclass_transform(eq_default=False, kw_only_default=True)
class Base(metaclass=BaseMeta):
    def __init__(self, **slots: Any) -> None: ...
    # Watches one instance, or from the class every instance.
    @classmethod
    def observe(
        cls, name: str | None, callback: Callable[[Change[Any]], _object], *, strong: bool = False
    ) -> Subscription: ...
    def __getstate__(self) -> tuple[Any, ...]: ...
    def __setstate__(self, state: tuple[Any, ...]) -> None: ...
    def __replace__(self, /, **slots: Any) -> Self: ...
    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]: ...

def observe(*names: str | None) -> Callable[[_Observer], _Observer]: ...
def delegate(obj: Base, slot: str, /, *, to: Base, name: str | None = None) -> None: ...
def undelegate(obj: Base, slot: str, /) -> None: ...
def slots(cls: type[Base], /) -> dict[str, slot[Any] | delegated[Any]]: ...
def layout(cls: type[Base], /) -> str: ...

@final
class hold:
    def __new__(cls, *objects: Base) -> Self: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *error: _object) -> None: ...

class SealedError(TypeError): ...
class DelegationError(ValueError): ...
