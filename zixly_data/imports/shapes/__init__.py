"""Tables of other shapes, turned into tables with a record in each row.

reshaping        the shape of a table
months_across    a column for each month
month_rows       the rows of such a table: records, totals, headings
grouped_reports  a client or an account in a line of its own above its rows
journals         both sides of double entries
iif              QuickBooks Desktop's journal, a format of its own
directions       labels such as Revenue and Expenses
raw_table        a table before and after

Stands on cells; files uses it.
"""
