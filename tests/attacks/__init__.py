"""Attacks on a running app or database, each with a positive control. All are nightly.

test_rejected_rows  files of 40,000 rejected rows: the time they take, and what others notice
"""
