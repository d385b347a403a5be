# feature: an exception whose text cannot be made
# exit: 1
# stderr: yes


class Failure(Exception):
    def __str__(self):
        raise ValueError("no text")


raise Failure(1)
