# cites: B197
# feature: slices of lists, tuples, strings, bytes and ranges
# differs: 3.12 3.13: other words for a wrong slice


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


items = list(range(10))
for part in (slice(2, 5), slice(None, 3), slice(-3, None), slice(None, None, 2), slice(None, None, -1), slice(8, 2, -2), slice(5, 2), slice(-100, 100), slice(100, -100, -3), slice(3, None, 100)):
    print("B197", part, items[part], "0123456789"[part], tuple(items)[part] == tuple(items[part]), range(10)[part], part.indices(10))
print(b"abcdef"[1:3], b"abc"[::-1], b"abc"[0], "αβγ"[1:], ""[5:], items[1:2][0], "abc"[True])
print(error(lambda: items[::0]), "|", error(lambda: items["1":]), "|", error(lambda: items[10]), "|", error(lambda: "abc"[5]), "|", error(lambda: ()[0]), "|", error(lambda: items[-11]), "|", error(lambda: b""[0]), "|", error(lambda: range(3)[3]))


def assign(part, value):
    found = list(range(6))
    try:
        found[part] = value
        return found
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


print(assign(slice(1, 3), "abc"), assign(slice(2, 2), [9]), assign(slice(None), []), assign(slice(4, 1), [7]), assign(slice(1, 1), range(2)))
print(assign(slice(None, None, 2), "xyz"), assign(slice(None, None, -1), range(6)), assign(slice(None, None, 2), "x"), assign(slice(1, 2), 5), assign(slice(5, 0, -2), (n for n in "pqr")))


def delete(part):
    found = list(range(8))
    del found[part]
    return found


print(delete(slice(1, 3)), delete(slice(None, None, 3)), delete(slice(None, None, -2)), delete(slice(6, 2)), delete(-1), delete(slice(2, 100)))
own = [1, 2, 3]
own[1:2] = own
print(own, own[:] is own, own[:] == own)
own += own
print(own, own * 2 == own + own, [0] * 3, [] * 5, [1] * -1)
s = slice(1, 2, 3)
print("B197", s.start, s.stop, s.step, s == slice(1, 2, 3), repr(slice("a")), error(lambda: s < slice(2)), error(lambda: slice()), error(setattr, s, "start", 5))
