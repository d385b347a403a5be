# cites: B248 B249
# process: yes

# Module globals with one leading underscore go first; whatever is still alive may never be finalized.


class Noted:
    def __init__(self, name, tag):
        self.name, self.tag = name, tag

    def __del__(self):
        print(self.tag, "gone", self.name)


first = Noted("plain", "B248")
_under = Noted("underscored", "B248")
second = Noted("plain too", "B248")
__two = Noted("two underscores", "B248")
held = [Noted("in a list", "B249")]
Noted.kept = Noted("on its own class", "B249")
print("B248 end of the program")
print("B249 end of the program")
