# cites: B015 B018
# differs: 3.12 3.13: tuple gained a cached hash, and type, function, module and bytearray changed
import types

for kind in (tuple, type, bytearray, types.FunctionType, types.ModuleType):
    print("B018", kind.__name__, kind.__basicsize__)
print("B015", ().__sizeof__(), (1, 2).__sizeof__())
