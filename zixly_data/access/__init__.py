"""Access: sessions, passwords, second factor, one-time links, and the permission matrix.

sessions             password to session, session to Identity
passwords            rules, hashes, generated passwords
second_factor        TOTP (RFC 6238) and recovery codes
one_time_links       invitations, password resets, set-up
forgotten_passwords  requests for a new password
throttling           failed sign-ins per address
account              own password and own sessions
table_permissions    tables and columns per role
action_permissions   pages, buttons, commands and functions per role
delivery_actions     the functions on metrics
pipeline_actions     the functions on leads

Stands on database and mail.
"""
