"""Forms, tables and texts for metrics.

metric_forms             recording metric values
metric_definition_forms  defining metrics
metric_tables            metric values as tables
metric_summary           metrics against their targets
metric_text              a metric value as text
target_forms             targets: their list, adding and changing them
target_text              a target and a band as text
"""
