# feature: names that do not exist
# exit: 1
# stderr: yes


class Plain:
    pass


try:
    nowhere
except NameError as problem:
    print(problem, problem.name)
try:
    Plain().absent
except AttributeError as problem:
    print(problem, problem.name, type(problem.obj).__name__)
try:
    import no_such_module
except ImportError as problem:
    print(type(problem).__name__, problem, problem.name)
try:
    from sys import no_such_name
except ImportError as problem:
    print(type(problem).__name__, problem.name, str(problem).partition(" (")[0])
quite_different
