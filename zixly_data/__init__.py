"""Zixly's data-access package: who may see what, and what the figures mean. Knows no Streamlit.

settings       the environment, read once
identity       who is asking: tenant, user, role
errors         everything that can go wrong on purpose, with advice
auth           from a password to a session, from a session to an identity
connection     scoped transactions; the only place that sets tenant and role
frames         results to validated frames
clients, financials, leads, metrics, team, tenants
               one module per entity: model, queries, changes
reports        profitability and its kin
bridge         why profit changed between two periods; bridge_parts, billable_hours, comparison
period, client_filter
               what a question is about
amounts, dates, names, ids, csv_file
               values in and out
exports, csv_copy
               tables as files, of any size
server, logins, migration, demo, doctor, operators, passwords
               the database itself
cli            the command line: python -m zixly_data
"""
