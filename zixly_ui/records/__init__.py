"""Forms, tables and texts for records.

client_forms             adding, editing and deleting a client
merge_forms              merging clients, and undoing it
client_sections          the sections of a client's page
client_tables            tables of clients and of one client
client_text              clients in words
financial_forms          recording financials
duplicate_text           records with the same amounts in words
overhead_forms           recording overheads
overhead_decisions       marking an overhead as one, or assigning it to a client
overhead_text            overheads in words
date_note_forms          notes on dates
pipeline                 leads
delivery                 metrics

Stands on http.
"""
