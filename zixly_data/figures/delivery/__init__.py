"""Delivery: what metrics say about the work for clients.

all_values       the value of any metric in a period, of a client and of all
metric_values    what recorded values add up to
computed_values  what formulas give
computed_inputs  the values and amounts that formulas use
formula_preview  what a formula would give, month by month
metric_points    values of a metric over time: months or dates
computed_points  the same of computed metrics: months
targets          targets of months and periods, and the band of a value
target_spans     the months that each target judges
metric_series    the statement behind metric_history
metric_history   values of a period, targets and history of metrics
billable_hours   hours for rates and volume
judged_values    values of a period beside their targets, and the clients they are listed for
scorecard        clients by metrics in one month (scorecard_frames: its frames)
scorecard_cell   what is behind a cell of the scorecard
metric_report    values of a period as rows for files
"""
