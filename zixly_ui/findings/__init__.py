"""Findings on pages, and the first steps of a new organisation.

listing      findings as a list, and putting one away
text         a finding as a sentence
links        links to the evidence
first_steps  three steps from empty to a first chart

Stands on records.
"""
