"""Whole files of every kind that people import, made up by hypothesis, with the figures that they
should leave behind, worked out here by hand.

parts      a part of a file, and the figures of parts that came in one after the other
documents  lists of documents: lines, types, statuses and tax
lists      files without numbers: a bank's, a time tracker's
tables     months across, and deals
"""
