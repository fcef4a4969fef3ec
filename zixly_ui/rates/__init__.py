"""Exchange rates: chart, forms, grid, file.

charts       a rate over time
forms        entering and changing a rate
grid         missing rates as a grid
file_import  importing a file of rates
text         exchange rates in words

Stands on audit.
"""
