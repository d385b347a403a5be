# feature: __bytes__ of a subclass of str

# Without an encoding, a subclass of str is asked for its bytes as all others are.


class Text(str):
    def __bytes__(self):
        return b"own"


class Wrong(str):
    def __bytes__(self):
        return 5


def tell(*args):
    try:
        print(bytes(*args))
    except TypeError as error:
        print(error)


tell(Text("a"))
tell(Text("a"), "ascii")
tell(Wrong("a"))
tell(Wrong("a"), "ascii")
tell("a")
tell("a", "ascii")
