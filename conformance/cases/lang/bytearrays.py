# feature: bytearrays, their changes and the errors of each


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def put(array, key, value):
    array[key] = value
    return bytes(array)


def delete(array, key):
    del array[key]
    return bytes(array)


def grown(array, other):
    array += other
    return array


class Sub(bytearray):
    pass


b = bytearray(b"hello")
print(b, repr(b), str(b), len(b), b[0], b[-1], b[1:3], b[::-2], b[:], b == b"hello", b"hello" == b, b != b"", b < b"z", b"a" < b)
print(error(lambda: b[100]), "|", error(lambda: b["a"]), "|", error(lambda: b < 1), "|", error(hash, b))
b.append(33)
b.extend(b"xy")
b.extend([1, 2])
b.insert(1, 65)
b.insert(-100, 66)
b.insert(100, 67)
print(b, b.pop(), b.pop(0), b.remove(108), b)
b.reverse()
print(b, b.copy() is b, b.copy() == b)
b.clear()
print(b, error(b.pop), "|", error(b.remove, 1), "|", error(b.pop, 1, 2), "|", error(bytearray(b"a").pop, 5))
print(error(b.append, 256), "|", error(b.append, -1), "|", error(b.append), "|", error(b.append, 1, 2), "|", error(b.insert, 0))
print(error(b.extend, 5), "|", error(b.extend, [300]), "|", error(b.extend, [1.5]), "|", b)

b = bytearray(b"abcdef")
print(put(b, 0, 90), put(b, -1, 0), error(put, b, 10, 1), "|", error(put, b, 0, 256), "|", error(put, b, "a", 1), "|", error(put, b, 0, "a"))
print(put(b, slice(0, 2), b"XYZ"), put(b, slice(0, 6, 2), b"123"), put(b, slice(0, 0), [1, 2]), put(b, slice(5, 2), b"in"))
print(error(put, b, slice(0, 6, 2), b"12"), "|", put(b, slice(None, None, 2), b""), "|", error(put, b, slice(0, 1), [300]))
print(delete(b, 0), delete(b, slice(0, 2)), delete(b, slice(None, None, -2)), error(delete, b, 100), "|", error(delete, b, "a"))
b = bytearray(b"ab")
b[:] = b
b.extend(b)
print(b, grown(b, b"!"), error(grown, b, b), "|", error(grown, b, "a"), "|", error(grown, b, [1]))
b *= 2
print(b, b * 0, 2 * bytearray(b"z"), error(lambda: b * "a"), "|", b"b!" in b, 33 in b, error(lambda: 300 in b), "|", error(lambda: "a" in b))
for one in (b + b"x", b"x" + bytearray(b"y"), b.upper(), b.replace(b"a", b"-"), b.strip(b"a"), b.partition(b"!"), b[:2].split(b"a"), b.join([b"1", bytearray(b"2")])):
    print(type(one).__name__, one)
print(b.find(b"b"), b.rfind(98), b.count(b"a"), b.startswith(b"ab"), b.hex(), bytearray.fromhex("61 62"), b.decode(), b.isalpha(), error(b.index, b"zz"))
print(error(bytearray, "a"), "|", bytearray("é", "utf-8"), bytearray(3), bytearray([1, 2]), bytearray(source=b"z"), error(bytearray, -1), "|", error(bytearray, 1.5), "|", error(bytearray, [1, "a"]), "|", error(bytearray, b"a", "x"))
print(int(bytearray(b"12")), float(bytearray(b"1.5")), bytes(bytearray(b"q")), b"-".join([bytearray(b"x"), b"y"]), b"a,b".split(bytearray(b",")), list(bytearray(b"ab")))

s = Sub(b"abc")
s.tag = 1
print(type(s.copy()).__name__, type(s + b"").__name__, type(s[:]).__name__, type(Sub.fromhex("6162")).__name__, s.tag)
print(s.__reduce_ex__(2)[1:], s.__reduce_ex__(3)[1:])
changing = bytearray(b"abc")
seen = []
for byte in changing:
    seen.append(byte)
    if len(changing) < 6:
        changing.append(byte + 1)
print(seen, list(iter(changing)))
