# imported by the cases beside it
print("_sibling runs as", __name__)
value = [1, 2]
_private = "private"
__all__ = ["value", "function"]


def function():
    return value, __name__


class Made:
    pass
