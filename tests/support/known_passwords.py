"""Passwords of the people in the scenario, hashed once.

A hash takes a quarter of a second, on purpose; these hashes are ready. Checking a typed password
still takes the full time. `test_passwords.py` tests hashing.
"""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from zixly_data.access import passwords
from zixly_data.database import administration

hashed = cache(passwords.hash_password)


def give(admin_url: str, email: str, password: str) -> None:
    """Sets the password of an existing person, as `operators.set_password` does."""
    with administration.admin_engine(admin_url).begin() as admin:
        query = sa.text("select app_operator.set_password(:email, :hash)")
        user_id = admin.execute(query, {"email": email, "hash": hashed(password)}).scalar_one()
    assert user_id, email
