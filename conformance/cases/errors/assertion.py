# feature: assert with a message
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places

assert True, "not this one"
assert 1 + 1 == 3, "arithmetic holds: " + str(1 + 1)
