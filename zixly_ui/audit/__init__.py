"""The audit trail in words.

tables   filters, table, entry and file of the trail
text     an entry as a sentence
records  the name of the record an entry is about
values   values before and after
history  the history of one record

Stands on components.
"""
