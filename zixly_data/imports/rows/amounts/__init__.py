"""Revenue and expenses of the rows of a file.

row_meanings     the meaning of each row, from the columns that say what rows are
row_amounts      the amounts of the rows, by all of the following
repeated_totals  totals of documents on each of their lines, counted once
tax              amounts without tax
tax_notes        the tax that was taken off, as sentences
signs            revenue or expenses, by meaning and sign

Stands on staging.
"""
