"""Attacks on a real running app and database, each with a control that shows that it could succeed.

test_nginx           strangers at the nginx of `docs/many-people.md`, in front of the app
test_supply_chain    what the app is made of: altered packages, and who holds which secret
"""
