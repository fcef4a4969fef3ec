"""The import page, step by step.

steps      the steps in order
upload     receiving a file
workspace  file, mapping and proposal of a session
columns    sheet, kind, columns and doubts
metric     the metric of all rows
meanings   which rows count, and as what
tax        whether amounts include tax
clients    clients in the file that are not on record
stages     stages in the file that are not yours
duplicates rows with the amounts of another record
preview    what the file would change
confirm    importing it
history    earlier imports, and undoing one
samples    sample files
text       imports in words

Stands on components.
"""
