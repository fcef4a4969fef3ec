"""The rows of a file: cells to values, each row ready or rejected.

values          columns of cells to exact texts for PostgreSQL
staging         reads a file column by column; staged are the rows, with their problems
questions       what a person has to answer about a file
clients_in_file resolves the client of each row: client_names has lists and decisions, new_clients
                the clients that a file adds
stages_in_file  resolves the stage of each row
deals           files with a row for each deal: its days, and the event with which it began
row_rules       chooses the rules of a kind: client_rows, financial_rows, overhead_rows, lead_rows
                (with deal_rows), metric_rows
amounts/        revenue and expenses, by the meaning of a row, its sign and its tax
document_rows   lines of documents, which replace those on record
currency_rules  the currencies that a file states, against those of its clients
causes          why rows are rejected, in general

Stands on cells and references.
"""
