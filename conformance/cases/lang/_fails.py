# imported by importing.py
started = True
raise ValueError("while importing")
