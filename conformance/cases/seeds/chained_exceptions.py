# cites: B239
# seed: 001_404d3b1628fae2ef.txt

# Chains as the interpreter itself makes them: by raising while another exception is handled.
import gc


class Failure(Exception):
    def __init__(self, depth):
        self.depth = depth

    def __del__(self):
        global gone
        gone += 1


def in_except(depth):
    try:
        raise Failure(depth)
    except Failure:
        if depth:
            in_except(depth - 1)
        raise


def length(problem):
    links = 0
    while problem.__context__ is not None:
        problem = problem.__context__
        links += 1
    return links


gone = 0
try:
    in_except(11)
except Failure as problem:
    print("B239 nested", problem.depth, length(problem))
print("B239 nested", gone)

# Each round is raised while the one before is being handled.
gone = 0
previous = None
for depth in range(8192):
    try:
        try:
            if previous is not None:
                raise previous
        finally:
            raise Failure(depth)
    except Failure as problem:
        previous = problem
print("B239 rounds", previous.depth, length(previous), gone)
problem = previous = None
gc.collect()
print("B239 rounds", gone)
