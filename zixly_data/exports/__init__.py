"""Exports: tables as CSV files of any size.

record_files  columns and order of each table; writing a file for an identity
csv_copy      rows written as CSV by PostgreSQL
csv_file      frames as CSV, safe to open in a spreadsheet

Stands on figures.
"""
