# feature: SystemExit and its status
# exit: 7

try:
    raise SystemExit("caught")
except SystemExit as problem:
    print(problem.code, problem.args, problem)
try:
    try:
        raise SystemExit(3)
    finally:
        print("finally")
except BaseException as problem:
    print(type(problem).__name__, problem.code, isinstance(problem, Exception))
raise SystemExit(7)
