"""A month entered in grids; closing months.

grid             what was read, typed and is to be saved
editor           typing, saving, conflicts
entries          the parts of a grid
cards            the totals above a grid
financials_grid  the grid of financials
overheads_grid   the grid of overheads
leads_grid       the grid of lead events
metrics_grid     the grid of metric values
opening          opening a grid
pages            the pages of a grid and the search
picker           choosing month and grid
pasting          a block pasted into a grid
unsaved          grids with unsaved cells
closing_forms    closing and reopening months
closing_text     closed months in words

Stands on records.
"""
