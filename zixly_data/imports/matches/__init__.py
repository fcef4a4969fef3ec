"""The rows of a file beside the rows on record.

targets             the table of each kind: the key of a row, the columns a file may change
arrays              rows of a file as a table inside a statement
matching            pairs rows of the file with rows on record
document            lines that share a number: whose they are, and which of them are near in time
documents_in_file   the documents of a file, with their lines on record
document_lines      pairs the lines of documents, and names those that go
deals               places the deals of a file among the leads on record
recorded_elsewhere  documents that are on record in the other table of amounts
duplicates          new rows with the amounts of another record of their month
record_questions    questions about rows beside the records, with an example

Stands on rows.
"""
