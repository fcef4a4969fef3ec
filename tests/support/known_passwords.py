"""Passwords of the people in the stories, whose hashes are made once.

A hash takes a quarter of a second, on purpose; who has it from here has it at once. What is then
typed is checked at the full price. Making hashes is the matter of `test_passwords.py`.
"""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from zixly_data.access import passwords
from zixly_data.database import administration

hashed = cache(passwords.hash_password)


def give(admin_url: str, email: str, password: str) -> None:
    """Gives somebody who exists this password, as `operators.set_password` does."""
    with administration.admin_engine(admin_url).begin() as admin:
        query = sa.text("select app_operator.set_password(:email, :hash)")
        user_id = admin.execute(query, {"email": email, "hash": hashed(password)}).scalar_one()
    assert user_id, email
