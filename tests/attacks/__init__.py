"""Attacks on a real running app and database, each with a control that shows that it could succeed.

test_clock           a clock that jumps by an hour and by a year, forwards and back
test_corruption      damaged pages of tables and indexes
test_full_disk       a full disk under the database, its log and the data folder
test_no_locks        a data folder on a disk without flock
test_time_limit      a statement that takes too long in the middle of saving a grid
"""
