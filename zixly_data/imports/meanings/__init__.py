"""What the rows of a file mean: which of them count, and with which sign.

asked     columns that say what their rows are, with an answer for each value
meaning   the answers that a person can give, and which of two answers wins
"""
