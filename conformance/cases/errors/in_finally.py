# feature: an exception from finally
# exit: 1
# stderr: yes

try:
    try:
        raise ValueError("in try")
    finally:
        raise OSError("in finally")
finally:
    print("outer finally")
