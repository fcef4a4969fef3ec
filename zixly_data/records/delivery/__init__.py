"""Delivery: what is measured about the work for a client.

metrics             values of metrics
metric_definitions  unit, kind, direction and target of a metric
adding_up           how its values add up over time and over clients
formulas            reading a formula, and its statement
metric_inputs       what a computed metric is computed from
metric_purposes     the metric that billable hours come from
"""
