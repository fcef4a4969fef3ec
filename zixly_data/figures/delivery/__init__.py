"""Delivery: what metrics say about the work for clients.

metric_values   the value of a metric in a period, of a client and of all
billable_hours  hours for rates and volume
metric_history  values of a period, targets and history of metrics
targets         targets of months and periods, and the band of a value
target_spans    the months that each target judges
judged_values   values of a period beside their targets, and the clients they are listed for
scorecard       clients by metrics in one month (scorecard_frames: its frames)
scorecard_cell  what is behind a cell of the scorecard
metric_report   values of a period as rows for files
"""
