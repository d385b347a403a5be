# feature: notes of an exception
# exit: 1
# stderr: yes

problem = ValueError("with notes")
problem.add_note("the first note")
problem.add_note("the second\nof two lines")
raise problem
