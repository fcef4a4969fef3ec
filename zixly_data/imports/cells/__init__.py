"""From cells to values.

kinds           the kinds of rows and their fields
headings        column names and how they compare
amount_headings  what headings of amounts say about tax and documents
mapping         which column means what, and how dates are written
table           a table of cells
dates           a cell that holds a date
times           a cell that holds a time, beside the date of its row, or a moment
numbers         a cell that holds a number
durations       a cell that holds a duration: 1:30, 2h 15m
doubtful_dates  both readings of an ambiguous date
month_headings  headings that name months
total_labels    labels of totals

Stands on values.
"""
