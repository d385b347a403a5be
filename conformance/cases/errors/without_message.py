# feature: traceback of an exception without arguments
# exit: 1
# stderr: yes


class Failure(Exception):
    pass


raise Failure
