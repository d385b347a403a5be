# feature: traceback of a context
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def handle(problem):
    raise AttributeError("while handling " + str(problem))


try:
    raise ValueError("original")
except ValueError as problem:
    handle(problem)
