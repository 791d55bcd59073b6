"""What the team takes out of one consultation or workshop: answers with their permission, as a spreadsheet.

`reading` says what may leave (P3, KC-9), `tables` makes rows of it, `codebook` explains them, `actions` lets
people have them. Docs: decision 37.
"""
