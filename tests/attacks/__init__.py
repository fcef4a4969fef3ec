"""Attacks on a real, running server, each with a positive control.

test_contexts   a context beyond its transaction, a second statement, another's statement texts
"""
