# feature: traceback from a lambda in a comprehension
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places

table = {"a": 1}
find = lambda key: table[key]
print([find(key) for key in ["a"]])
print([find(key) for key in ["a", "b"]])
