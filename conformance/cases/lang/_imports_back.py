# imported by importing.py; imports a sibling and fails on request
import _sibling as again

seen = again.value
counter = 0


def bump():
    global counter
    counter += 1
    return counter
