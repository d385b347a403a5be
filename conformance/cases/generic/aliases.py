# cites: B236 B237 B238
import types


class Plain:
    pass


class OnList(list):
    pass


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


alias = list[int]
print("B236", alias, type(alias) is types.GenericAlias, alias.__origin__, alias.__args__, alias == types.GenericAlias(list, int), alias == list[str], hash(alias) == hash(list[int]))
print("B236", dict[str, int], dict[str, int].__args__, tuple[int, ...], list[list[int]], list[...], list[()], list[Plain], type[int], list["text"])
print("B236", alias.append is list.append, alias.__parameters__, alias is list[int], alias.__mro_entries__(()), error(setattr, alias, "x", 1) is not None)
print("B236", OnList[int], OnList[int].__origin__, error(lambda: alias[int]))
print("B237", alias("ab"), type(alias()).__name__, dict[str, int](a=1), type(OnList[int]()).__name__, OnList[int]().__orig_class__)
print("B237", error(isinstance, [], alias), "|", error(issubclass, list, alias), "|", error(isinstance, 1, (int, alias)), "|", isinstance(alias, types.GenericAlias), isinstance(alias, type))


class FromAlias(list[int]):
    pass


print("B237", FromAlias.__bases__, FromAlias.__orig_bases__, FromAlias([1]))

union = int | str
print("B238", isinstance(1, union), isinstance("x", union), isinstance(1.5, union), issubclass(bool, union), union.__args__, type(union) is types.UnionType)
print("B238", int | int, (int | str) | int, int | None, None | int, int | str == str | int, Plain | None, (int | str) | (float | int), list[int] | None)
print("B238", error(lambda: int | 5), "|", error(lambda: 5 | int), "|", error(lambda: int | "text"), "|", error(isinstance, 1, list[int] | str))
print("B238", hash(int | str) == hash(str | int), error(lambda: Plain() | int), "|", (int | str) == int, {int | str: 1}[str | int])
