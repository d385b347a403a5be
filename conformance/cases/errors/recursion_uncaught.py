# feature: traceback of an endless recursion is cut
# exit: 1
# stderr: yes
# differs: 3.12: the traceback marked fewer places


def endless():
    endless()


endless()
