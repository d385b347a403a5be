# cites: B281
# stderr: yes
# process: yes
import gc


class Kept:
    def __repr__(self):
        print("B281 shown at the end")
        return "Kept()"


# The ResourceWarning itself is not shown by default.
gc.garbage.append(Kept())
gc.garbage.append([1, 2])
gc.set_debug(gc.DEBUG_UNCOLLECTABLE)
print("B281", len(gc.garbage))
