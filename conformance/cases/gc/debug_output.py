# cites: B280
import gc
import sys

# The debug flags report through sys.stderr.


class Node:
    pass


class Keeps:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def garbage():
    node = Node()
    node.me = node


def reported(flags):
    usual, kept = sys.stderr, Keeps()
    gc.set_debug(flags)
    sys.stderr = kept
    try:
        gc.collect()
    finally:
        sys.stderr = usual
        gc.set_debug(0)
    return kept.text


gc.collect()
gc.disable()
garbage()
text = reported(gc.DEBUG_COLLECTABLE)
print("B280", text.count("gc: collectable <Node"), text.partition(" 0x")[0])
garbage()
text = reported(gc.DEBUG_STATS)
print("B280", "gc: collecting generation 2" in text, "gc: done" in text, "collectable <" in text)
garbage()
print("B280", repr(reported(0)))
gc.enable()
