"""Passwords guessed at the sign-in form's functions from IPv6 addresses, of which nobody has few.

The positive control of each attack is the person herself, from her own network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords
from zixly_data.access import sessions
from zixly_data.database.connection import Database
from zixly_data.errors import TooManyAttempts
from zixly_ui.account.sign_in import _PasswordCheck, _Users

pytestmark = pytest.mark.nightly
PASSWORD = "four words make passwords"
SITE, NEIGHBOUR = "2001:db8:66", "2001:db8:67:1::1"


@pytest.fixture
def email(new_team: Callable[[], Team], database: Database, admin: sa.Engine) -> Iterator[str]:
    person = new_team().viewer
    known_passwords.give(database.logins.admin_url, person.email, PASSWORD)
    yield person.email
    with admin.begin() as superuser:
        superuser.exec_driver_sql("delete from app_private.sign_in_failures")


def is_checked(email: str, address: str) -> bool:
    """Whether a wrong password from this address is compared with the right one."""
    try:
        sessions.credentials(email, address)
    except TooManyAttempts:
        return False
    sessions.record_failure(email, address)
    return True


def signs_in(email: str, address: str) -> bool:
    return bool(_PasswordCheck(_Users(address)).login(email, PASSWORD))


SPELLINGS = {
    "addresses of one /64": ([f"{SITE}:1::{n:x}" for n in range(1, 201)], 5),
    "zones": ([f"fe80::1%eth{n}" for n in range(200)], 5),
    "capitals and zeros": ([f"2001:0DB8:0066:0001:{n:04X}::" for n in range(200)], 5),
    "mapped": ([f"::ffff:192.0.2.9%{n}" for n in range(200)], 5),
    "6to4": ([f"2002:c000:209:{n:x}::1" for n in range(200)], 5),
    "Teredo": ([f"2001:0:4136:e378:8000:{n:x}:3fff:fdf6" for n in range(200)], 5),
    "networks of one /48": ([f"{SITE}:{n:x}::1" for n in range(1, 201)], 20),
}


@pytest.mark.parametrize(("addresses", "allowed"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_two_hundred_guesses_at_one_account(email: str, addresses: list[str], allowed: int) -> None:
    assert len(set(addresses)) == 200
    assert sum(is_checked(email, address) for address in addresses) == allowed
    with pytest.raises(TooManyAttempts):
        signs_in(email, addresses[-1])
    assert signs_in(email, NEIGHBOUR)
    assert signs_in(email, "198.51.100.9")


def test_guesses_at_many_accounts(email: str) -> None:
    people = [f"person-{number}@example.com" for number in range(300)]
    network = [f"{SITE}:1::{number:x}" for number in range(300)]
    assert sum(map(is_checked, people, network)) == 50
    site = [f"{SITE}:{number:x}::1" for number in range(2, 302)]
    assert sum(map(is_checked, people, site)) == 150, "of the 200 of the site, 50 are used up"
    with pytest.raises(TooManyAttempts):
        signs_in(email, f"{SITE}:fff::1")
    assert signs_in(email, NEIGHBOUR)
