"""Files in the shapes that people’s tools write, with the right value of each.

All names are made up.
"""
