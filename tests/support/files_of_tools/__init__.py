"""Files as other programs export them, with the right value of each.

exported_files  invoices, bills and payments
reports         reports of accounting programs, and lists of payments
timesheets      entries of time
"""
