"""Delivery: what metrics say about the work for clients.

billable_hours  hours for rates and volume
metric_history  latest values, targets and history of metrics
targets         targets of months and periods, and the band of a value
target_spans    the months that each target judges
"""
