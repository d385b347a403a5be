# cites: B212 B213
# differs: 3.12 3.13: the messages did not name the class


class Buffer:
    def __init__(self, data):
        self.data = bytearray(data)

    def __buffer__(self, flags):
        calls.append("buffer")
        return memoryview(self.data)

    def __release_buffer__(self, view):
        calls.append("release")
        view.release()


class Wrong:
    def __buffer__(self, flags):
        return b"not a view"


def error(call, *args):
    try:
        return call(*args)
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"


calls = []
one = Buffer(b"abc")
print("B212", bytes(one), calls, error(bytes, Wrong()), "|", error(memoryview, 5))
calls.clear()
view = memoryview(one)
view[0] = 65
another = memoryview(view)
print("B212", one.data, view.tobytes(), len(view), calls)
view.release()
print("B213", calls, error(len, view))
another.release()
print("B213", calls)
calls.clear()
with memoryview(one) as view:
    print("B213", view.obj is one, calls)
print("B213", calls)
