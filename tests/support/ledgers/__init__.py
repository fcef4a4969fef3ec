"""Ledgers of difficult values, and their figures by hand."""
