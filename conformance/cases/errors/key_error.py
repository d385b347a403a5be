# feature: the message of KeyError is the repr of the key
# exit: 1
# stderr: yes

{"a": 1}["the 'key'"]
