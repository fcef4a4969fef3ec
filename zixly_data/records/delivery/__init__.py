"""Delivery: what is measured about the work for a client.

metrics             values of metrics
metric_definitions  unit, kind and direction of a metric
adding_up           how its values add up over time and over clients
formulas            reading a formula, and its statement
metric_inputs       what a computed metric is computed from
metric_targets      what the values of a metric should reach, from a month on
valid_values        valid values by kind of metric
metric_purposes     the metric that billable hours come from
"""
