"""The team page: members and invitations.

member_forms      changing a role, deactivating, deleting, requiring a second factor
invitation_forms  inviting people
link_delivery     a link by mail, or shown once
text              the team in words

Stands on audit.
"""
