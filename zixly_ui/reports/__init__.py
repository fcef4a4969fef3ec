"""Reports: profitability, what changed, and where a figure comes from.

profit_section       one currency of the profitability page
profit_cards         its cards and sentences
breakdown_table      the table of a breakdown
breakdown_charts     a breakdown as charts
breakdown_text       a breakdown in words
bridge_view          the bridge of one currency
bridge_chart         the bridge as a waterfall
bridge_table         its clients
bridge_text          the bridge in words
bridge_provenance    its two profits and its parts, opened
business_view        the profit of the business, in four lines
business_text        these lines in words
business_changes     their changes in words
business_provenance  one of these lines, opened
provenance_dialog    formula, filters, months and records of a figure

Stands on http.
"""
