"""What the rows of a file mean: which of them count, and with which sign.

asked     columns that say what their rows are, with an answer for each value
columns   the columns of a file that say what its rows are
vocabulary  terms that suggest a meaning, in English and German
meaning   the answers that a person can give, and which of two answers wins
"""
