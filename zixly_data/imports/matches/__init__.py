"""The rows of a file beside the rows on record.

targets             the table of each kind: the key of a row, the columns a file may change
arrays              rows of a file as a table inside a statement
matching            pairs rows of the file with rows on record
deals               places the deals of a file among the leads on record
recorded_elsewhere  documents that are on record in the other table of amounts
duplicates          new rows with the amounts of another record of their month

Stands on rows.
"""
