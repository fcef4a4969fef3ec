"""Forms, tables and texts for metrics.

metric_forms             recording metric values
metric_definition_forms  defining metrics
formula_forms            defining computed metrics, with a preview
metric_tables            metric values as tables
metric_summary           metrics against their targets
metric_text              a metric value as text
target_forms             targets: their list, adding and changing them
target_text              a target and a band as text
scorecard_table          the table of the scorecard, its cells tinted by band
scorecard_dialog         what is behind a cell of the scorecard
scorecard_choices        the metrics and pages of the scorecard, and its empty states
scorecard_text           the scorecard in words
"""
