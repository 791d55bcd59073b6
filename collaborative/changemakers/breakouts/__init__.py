"""Small groups of a workshop: who is in which, who takes notes, which adults go with young people.

What is said in a group is a note on the board of the part, marked with the group (`boards/`).
"""
