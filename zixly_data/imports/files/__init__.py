"""From the bytes of a file to tables of cells.

opening          format by content, and the tables in it
text_formats     formats of text that are no tables: QIF, OFX, XML, JSON
zip_names        the names in a workbook's archive
delimited        CSV and other delimited text
workbook         Excel workbooks, read in a child process
workbook_reader  that child process
layout           title lines, header, rows and totals of a sheet
header           the line with the column names
total_rows       rows that hold totals
refusal          files that are not read, and limits

Stands on shapes and cells.
"""
