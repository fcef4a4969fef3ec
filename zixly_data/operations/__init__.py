"""Operations: what runs an installation.

operator  creating tenants, adding users, opening a session for a user
doctor    what is wrong with an installation, and what to do
demo      the demo organisation and its books

Stands on access; used by the command line.
"""
