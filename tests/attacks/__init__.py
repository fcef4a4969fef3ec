"""Attacks on a running app and its database, each beside a positive control.

test_disturbing  SQL of a VIEWER fills the disk, the trail or the server's locks
test_estimates   what EXPLAIN tells of other organisations
test_guessing    passwords guessed from many IPv6 addresses
"""
