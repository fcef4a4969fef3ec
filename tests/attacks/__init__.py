"""Attacks on a real running app and database, each with a control that shows that it could succeed.

test_uploads         memory filled by uploaded files
test_markup          markup in the names that people give
"""
