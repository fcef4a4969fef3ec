"""Attacks on a running app and its database, each with a positive control. They run nightly.

test_connections  half requests, windows, messages that never end
"""
