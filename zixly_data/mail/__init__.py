"""Mail: messages and the SMTP server that sends them.

messages  invitations, password resets and set-up links as plain text
smtp      sending, where a server is configured

Stands on settings and values.
"""
