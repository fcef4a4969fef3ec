"""The command `report`, a file for the reports of one kind.

report          profitability of clients and of the business
bridge          why profit changed
contradictions  records that cannot both be right
funnel          leads by stage
metrics         values of metrics against their targets
report_options  the options that reports share
report_output   what every report writes and notes
"""
