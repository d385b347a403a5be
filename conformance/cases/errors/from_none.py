# feature: a context that is suppressed
# exit: 1
# stderr: yes

try:
    raise ValueError("hidden")
except ValueError:
    raise TypeError("shown") from None
