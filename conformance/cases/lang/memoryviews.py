# feature: views of bytes, and what they keep from changing


def error(call, *args, **named):
    try:
        return call(*args, **named)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


def put(view, key, value):
    view[key] = value
    return bytes(array)


m = memoryview(b"abcdef")
print(m.obj, m.nbytes, m.itemsize, m.format, m.readonly, m.ndim, m.shape, m.strides, m.suboffsets, m.contiguous)
print(len(m), m[0], m[-1], m[1:3].tobytes(), m[::-2].tolist(), m[::2].strides, m[::2].contiguous, m[4:1].tolist(), m[1:][1:][0])
print(error(lambda: m[10]), "|", error(lambda: m["a"]), "|", error(put, m, 0, 1), "|", error(m.__delitem__, 0))
array = bytearray(b"abcdef")
w = memoryview(array)
print(put(w, 0, 65), put(w, -1, 66), put(w, slice(0, 2), b"xy"), put(w, slice(0, 6, 2), b"123"), put(w[1:], 0, 33))
print(error(put, w, 0, 256), "|", error(put, w, 0, "a"), "|", error(put, w, slice(0, 2), b"xyz"), "|", error(put, w, 10, 1), "|", error(put, w, slice(0, 2), 5))
print(hash(m) == hash(b"abcdef"), error(hash, w), "|", m == b"abcdef", b"abcdef" == m, m != w, m == 5, m == memoryview(bytearray(b"abcdef")), error(lambda: m < m))
print(repr(m).startswith("<memory at 0x"), error(array.append, 1), "|", error(array.clear), "|", w.toreadonly().readonly, error(put, w.toreadonly(), 0, 1))
part = w[1:3]
w.release()
print(repr(w).startswith("<released memory at 0x"), error(array.append, 1), "|", error(lambda: w[0]), "|", error(len, w), "|", error(w.tobytes), "|", w.release(), w == w, w == b"")
part.release()
print(error(array.append, 1), array)
with memoryview(array) as view:
    print(view[0], error(array.pop))
print(error(lambda: view[0]), "|", error(view.__enter__), "|", error(memoryview, view))
first = memoryview(array)
second = memoryview(first)
first.release()
print(second[0], second.obj is array, error(array.append, 2))
del second
print(error(array.append, 2), array)
x = memoryview(array)
print(list(iter(x)), x.hex(), x.tolist(), bytes(x), bytearray(x), 50 in x, list(reversed(x)), b"-".join([x[:1], x[1:2]]), b"!y!".find(x[1:2]))
print(error(memoryview), "|", error(memoryview, 1), "|", error(memoryview, 1, 2), "|", memoryview(object=b"z").tobytes(), error(memoryview, "a"), "|", error(type, "Sub", (memoryview,), {}))
print(int(memoryview(b"12")), float(memoryview(b"1.5")), b"x" + memoryview(b"y"), error(lambda: memoryview(b"y") + b"x"))


class Lender:
    def __buffer__(self, flags):
        return memoryview(self.data)

    def __release_buffer__(self, view):
        raise ValueError("lost")


one = Lender()
one.data = bytearray(b"lent")
view = memoryview(one)
print(view.tobytes(), view.readonly, type(view.obj).__name__, error(one.data.append, 1))
view.release()
print(one.data.append(1), one.data, error(memoryview, object()))
