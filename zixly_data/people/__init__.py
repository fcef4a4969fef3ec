"""People and their organisation: tenants, team, invitations, saved views, audit trail.

tenants       the organisation: its settings and security
team          members, roles, deactivation, deletion
invitations   inviting by email
saved_views   filters of a page saved by a person
audit         the audit trail: entries, filters, history of a record
archive       audit entries of deleted people in cold storage
demo_removal  removing the demo, with or without the organisation

Stands on access.
"""
