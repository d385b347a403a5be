# cites: B312
import weakref


class A:
    pass


def fails():
    print("B312 fails")
    raise ValueError("told to sys.excepthook")


one, two, three = A(), A(), A()
weakref.finalize(one, print, "B312 made first")
weakref.finalize(two, print, "B312 made second", end="!\n")
kept = weakref.finalize(three, print, "B312 not at exit")
kept.atexit = False
print("B312", kept.alive, kept.atexit)
weakref.finalize(three, print, "B312 called by hand")()
weakref.finalize(A(), print, "B312 at once")
weakref.finalize(one, fails)
weakref.finalize(two, lambda: weakref.finalize(one, print, "B312 made at exit"))
weakref.finalize(one, print, "B312 made last")
print("B312 end of the program")
