"""Answers that did not come through the web form: keyed in by staff, or brought in a spreadsheet (CON-2).

`entry` keying in · `columns` what a column may hold · `words` what people write for an age, a permission, a
day · `cells` cells to answers · `reading` rows to responses · `actions` what can happen to a file ·
`work` the part that runs in the background.
"""
