"""A block pasted into a month's grid: read, matched by name, previewed, and put in as if typed.

listener   catching a paste into the grid in the browser
block      the rows and cells of a pasted text
columns    which column of the grid each one fills
clients    the clients of the tenant by name and external id
rows       the rows of the grid, those of clients and those without
places     which row of the grid each one fills, and what is asked about
cells      the cells before and after, and those that cannot be read
paste      the block that is being put in
questions  what is asked about its columns and rows
dialog     the preview
text       the preview in words
"""
