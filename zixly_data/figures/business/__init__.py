"""The business as a whole: its clients and what belongs to no client.

overhead_sums  sums of what belongs to no client, kept by the database
lines          four lines that add up to the profit of the business
report         these lines for a period and those it is compared with, and by month
bridge_lines   how the lines changed between two periods
provenance     the months behind a line
line_records   the records of no client behind it

Stands on figures of clients.
"""
