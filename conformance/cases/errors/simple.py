# feature: traceback of an uncaught exception
# exit: 1
# stderr: yes

print("before")
raise ValueError("the message")
print("never")
