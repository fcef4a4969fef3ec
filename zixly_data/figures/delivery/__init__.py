"""Delivery: what metrics say about the work for clients.

metric_values   the value of a metric in a period, of a client and of all
metric_points   values of a metric over time: months or dates
metric_series   the statement behind metric_history
metric_history  values of a period, targets and history of metrics
billable_hours  hours for rates and volume
"""
