# feature: SystemExit with a text
# exit: 1
# stderr: yes

import sys

print("before")
sys.exit("the reason")
