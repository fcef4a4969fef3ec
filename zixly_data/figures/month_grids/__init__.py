"""The rows of the grids for entering a month, one page at a time, and totals of the whole month.

grid_page        a page of rows, at most 200
financial_lines  the grid of financials
overhead_lines   the grid of overheads
lead_lines       the grid of lead events
metric_lines     the grid of metric values

Rows are in the order of people: names without regard to case and accents. `search` matches any part
of a client's name or external id, or of an overhead's account, counterparty or note, ignoring case.
"""
