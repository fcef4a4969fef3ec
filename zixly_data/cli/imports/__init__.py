"""The commands import and imports.

command   importing a file
answers   the options that answer questions about a file
mapping   the mapping of a file, built from the options
meanings  what the rows mean, as options
preview   a proposal as text, with the options to add
unknown   clients and stages to decide about
history   listing imports, and undoing one
"""
