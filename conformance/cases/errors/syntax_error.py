# feature: a program that does not compile prints nothing of its own
# exit: 1

compile("x = 1", "<text>", "exec")
for source in ("x = = 1", "def f(:\n    pass", "(1,", "'open", "  x = 1\ny", "return 5", "break", "x = 5 +", "f() = 1", "lambda x, x: 1", "nonlocal y", "del f()"):
    try:
        compile(source, "<text>", "exec")
    except SyntaxError as problem:
        print(type(problem).__name__, problem.lineno)
raise SystemExit(1)
