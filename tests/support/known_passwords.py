"""Passwords of the people in the scenario, whose hashes cost next to nothing.

A hash takes a quarter of a second to make and to check, on purpose. The tests of this process use
the lowest cost that bcrypt has. `test_passwords.py` and `test_sign_in_attack.py` test the cost
itself, with `at_full_price`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest import mock

import sqlalchemy as sa

from zixly_data.access import passwords
from zixly_data.database import administration

_FULL_PRICE, _LEAST = passwords._WORK_FACTOR, 4

hashed = cache(passwords.hash_password)


def begin_run() -> None:
    """From now on whatever this process hashes costs the least."""
    vars(passwords)["_WORK_FACTOR"] = _LEAST


@contextmanager
def at_full_price() -> Iterator[None]:
    """What is hashed inside is hashed as the app does it."""
    with mock.patch.object(passwords, "_WORK_FACTOR", _FULL_PRICE):
        yield


def give(admin_url: str, email: str, password: str) -> None:
    """Sets the password of an existing person, as `operators.set_password` does."""
    with administration.admin_engine(admin_url).begin() as admin:
        query = sa.text("select app_operator.set_password(:email, :hash)")
        user_id = admin.execute(query, {"email": email, "hash": hashed(password)}).scalar_one()
    assert user_id, email
