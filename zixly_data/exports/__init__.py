"""Exports: tables as CSV files and Excel workbooks of any size.

record_files   columns and order of each table; writing a file for an identity
exported_file  a file with its entry on the audit trail, before it is handed out
file_format    CSV or XLSX
csv_copy       rows written as CSV by PostgreSQL
csv_file       frames as CSV, safe to open in a spreadsheet
row_batches    rows of a query in batches, for workbooks
xlsx_file      rows as a workbook of one sheet

Stands on figures.
"""
