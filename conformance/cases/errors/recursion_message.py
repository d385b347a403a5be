# feature: the message of RecursionError, its limit and its handling
import sys


def endless():
    return endless()


def depth():
    try:
        return depth() + 1
    except RecursionError:
        return 0


try:
    endless()
except RecursionError as problem:
    print(problem, isinstance(problem, RuntimeError))
print(sys.getrecursionlimit())
sys.setrecursionlimit(300)
found = depth()
print(200 < found < 300, sys.getrecursionlimit())
for limit in (0, -5, "x"):
    try:
        sys.setrecursionlimit(limit)
    except (ValueError, TypeError) as problem:
        print(type(problem).__name__, problem)
sys.setrecursionlimit(600)
print(500 < depth() < 600)
sys.setrecursionlimit(1000)
print(900 < depth() < 1000)
