"""Delivery: what metrics say about the work for clients.

billable_hours  hours for rates and volume
metric_history  latest values, targets and history of metrics
"""
