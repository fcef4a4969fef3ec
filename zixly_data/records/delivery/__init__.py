"""Delivery: what is measured about the work for a client.

metrics             values of metrics
metric_definitions  unit, kind and direction of a metric
metric_targets      what the values of a metric should reach, from a month on
metric_purposes     the metric that billable hours come from
"""
