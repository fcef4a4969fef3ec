"""Figures: everything computed from records. docs/figures.md is made from definitions.

definitions     each figure in words: formula, unit, what is left out
month_sums      sums per client and month, kept by the database
ledger          these sums with the client, converted where asked
monthly         revenue, expenses and profit by client and month
client_totals   clients with their sums over all time
profitability   the profitability report
period_totals   totals of several periods at one moment
ranked_clients  the best and the worst clients
breakdown       the same by client, industry, status or time
compared_sums   sums of several periods beside each other
client_moves    clients that turned, shrink or lose money
concentration   shares of the largest clients
bridge          why profit changed, in parts that add up
bridge_parts    the statement of the bridge
conversion      exchange rates needed and missing
provenance      the records behind a figure
business        the same with revenue and expenses of no client
delivery        what metrics say about the work for clients
pipeline        what lead events say about sales
month_grids     rows and totals of the grids for entering a month

Stands on records.
"""
