# cites: B003
# oracle: none

# The address in a default repr is the id.


class Node:
    pass


for thing in (Node(), object(), Node):
    if thing is Node:
        text, number = repr(thing.mro), id(thing)
        assert text.startswith("<built-in method mro of type object at 0x"), text
    else:
        text, number = repr(thing), id(thing)
    assert int(text[:-1].rpartition(" at 0x")[2], 16) == number, text
    assert number % 16 == 0, number
    print("B003 ok")
