"""The tables that people fill, each column described once.

field               one column: label, type, limit, what files call it
entry_table         one table: its fields and the lists of columns that follow from them
clients             the businesses the tenant serves
financials          revenue and expenses of clients
overheads           revenue and expenses of no client
lead_events         stages that leads reached
custom_metrics      values of metrics
metric_definitions  the metrics
metric_targets      what the values of metrics should reach
exchange_rates      rates of a month
date_notes          remarks about a day
tenants             the settings of an organisation
catalogue           all of them by name

Queries, rights, exports, imports, forms and the audit trail take their columns from here. Stands on
values.
"""
