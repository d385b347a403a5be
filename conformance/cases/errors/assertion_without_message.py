# feature: assert without a message
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places

values = [1, 2]
assert not values
