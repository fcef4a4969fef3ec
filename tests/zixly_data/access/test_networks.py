"""Attempts are counted by network: a /64 of IPv6 and the /48 above it, an IPv4 address itself.

Vera's account is guessed at from many IPv6 addresses, which cost an attacker nothing.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv6Address

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.second_factors import account_of, browser_session
from zixly_data.access import sessions, throttling
from zixly_data.access.throttling import network
from zixly_data.errors import TooManyAttempts
from zixly_data.identity import Identity

SITE = "2001:db8:77"
NEIGHBOUR, ELSEWHERE = "2001:db8:78::1", "198.51.100.9"

# The address, its network, and its site.
NETWORKS = [
    ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
    ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64", "2001:db8::/48"),
    ("2001:DB8:0:1::9", "2001:db8:0:1::/64", "2001:db8::/48"),
    ("2001:0db8:0000:0001:0000:0000:0000:0009", "2001:db8:0:1::/64", "2001:db8::/48"),
    ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
    ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
    ("::FFFF:c000:207", "192.0.2.7", "192.0.2.7"),
    ("::ffff:192.0.2.7%eth0", "192.0.2.7", "192.0.2.7"),
    ("64:ff9b::192.0.2.7", "192.0.2.7", "192.0.2.7"),
    ("2002:c000:207:1::5", "192.0.2.7", "192.0.2.7"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdf8", "192.0.2.7", "192.0.2.7"),
    ("64:ff9b:1::7", "64:ff9b:1::/64", "64:ff9b:1::/48"),
    ("command line", "command line", "command line"),
    ("192.0.2.7/8", "192.0.2.7/8", "192.0.2.7/8"),
    ("192.0.2.007", "192.0.2.007", "192.0.2.007"),
    ("2001:db8::1::2", "2001:db8::1::2", "2001:db8::1::2"),
    ("", "", ""),
    ("x" * 100, "x" * 64, "x" * 64),
]


@pytest.fixture
def vera(new_team: Callable[[], Team], no_failures: None) -> Identity:
    return new_team().viewer


@pytest.fixture
def no_failures(admin: sa.Engine) -> Iterator[None]:
    def forget() -> None:
        with admin.begin() as superuser:
            superuser.exec_driver_sql("delete from app_private.sign_in_failures")

    forget()
    yield
    forget()


def guess(email: str, address: str) -> bool:
    """Try a wrong password; return whether it was checked."""
    try:
        sessions.credentials(email, address)
    except TooManyAttempts:
        return False
    sessions.record_failure(email, address)
    return True


def one_network(count: int) -> list[str]:
    """Addresses of one /64."""
    return [f"{SITE}:1::{number:x}" for number in range(1, count + 1)]


def one_site(count: int) -> list[str]:
    """Addresses of as many /64s, all of one /48."""
    return [f"{SITE}:{number:x}::1" for number in range(1, count + 1)]


# ── the rule ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("address", "of_network", "of_site"), NETWORKS)
def test_the_network_of_an_address(
    admin: sa.Engine, address: str, of_network: str, of_site: str
) -> None:
    assert (network(address, 64), network(address, 48)) == (of_network, of_site)
    assert _networks_in_postgresql(admin, [address], 64) == [of_network]
    assert _networks_in_postgresql(admin, [address], 48) == [of_site]


def test_python_and_postgresql_read_every_text_alike(admin: sa.Engine) -> None:
    texts = list(_awkward_addresses(random.Random(7), 5_000))
    assert len({network(text, 64) for text in texts}) > 2_000
    for bits in (48, 64):
        assert _networks_in_postgresql(admin, texts, bits) == [network(t, bits) for t in texts]


# ── guesses ─────────────────────────────────────────────────────────────────────────────────────
def test_addresses_of_one_network_are_stopped_as_one_address(vera: Identity) -> None:
    from_one = [guess("somebody@example.com", ELSEWHERE) for _ in range(200)]
    assert [guess(vera.email, address) for address in one_network(200)] == from_one
    assert sum(from_one) == 5
    assert guess(vera.email, NEIGHBOUR)
    assert guess(vera.email, ELSEWHERE)


def test_networks_of_one_site_are_stopped_at_the_sites_allowance(vera: Identity) -> None:
    assert sum(guess(vera.email, address) for address in one_site(200)) == 20
    assert guess(vera.email, NEIGHBOUR)
    assert guess(vera.email, ELSEWHERE)
    assert guess("somebody@example.com", f"{SITE}:ffff::1"), "another account, from the site"


def test_failures_of_many_accounts_stop_a_network_and_a_site(
    admin: sa.Engine, no_failures: None
) -> None:
    keep = sa.text("""
        select app_private.keep_failure(
          'person-' || n || '@example.com', replace(:address, '*', to_hex(n)))
        from generate_series(cast(:first as integer), cast(:last as integer)) as n
    """)

    def fail(address: str, first: int, last: int) -> None:
        with admin.begin() as superuser:
            superuser.execute(keep, {"address": address, "first": first, "last": last})

    fail(f"{SITE}:1::*", 1, 49)
    assert guess("somebody@example.com", f"{SITE}:1::ffff")
    assert not guess("another@example.com", f"{SITE}:1::fffe"), "50 of the network"
    fail(f"{SITE}:*::1", 51, 199)
    assert guess("third@example.com", f"{SITE}:fff::1")
    assert not guess("fourth@example.com", f"{SITE}:ffe::1"), "200 of the site"
    assert guess("fourth@example.com", NEIGHBOUR)
    assert guess("fourth@example.com", ELSEWHERE)


def test_a_network_that_she_has_signed_in_from_is_not_held_to_its_site(vera: Identity) -> None:
    browser_session(vera, f"{SITE}:a::7")
    for address in one_site(200):
        guess(vera.email, address)
    assert not guess(vera.email, f"{SITE}:b00::8")
    assert [guess(vera.email, f"{SITE}:a::{number}") for number in range(1, 7)] == [
        *[True] * 4, False, False,
    ], "five attempts, and one of the attack's was from there"  # fmt: skip


def test_a_sign_in_forgives_the_failures_of_its_network(vera: Identity) -> None:
    for address in one_network(4):
        guess(vera.email, address)
    sessions.issue_ticket(account_of(vera), f"{SITE}:1::ffff")
    assert [guess(vera.email, f"{SITE}:1::7") for _ in range(6)] == [*[True] * 5, False]


def test_the_trail_has_the_whole_address(vera: Identity, admin: sa.Engine) -> None:
    address = "2001:db8:77:1:2:3:4:5"
    assert guess(vera.email, address)
    with admin.connect() as superuser:
        noted = superuser.execute(
            sa.text("select address from zixly.audit_log where user_id = :u"
                    " and action = 'SIGN_IN_FAILED'"), {"u": vera.user_id},
        )  # fmt: skip
        assert noted.scalars().all() == [address]


# ── one at a time ───────────────────────────────────────────────────────────────────────────────
def test_attempts_of_one_site_wait_for_each_other_and_others_do_not() -> None:
    meeting = threading.Barrier(2, timeout=60)

    def attempt(address: str) -> None:
        with throttling.serialise_attempts(address):
            meeting.wait()

    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(attempt, (f"{SITE}::1", NEIGHBOUR)))
    second_is_in = threading.Event()

    def late_attempt() -> None:
        with throttling.serialise_attempts(f"{SITE}:2::1"):
            second_is_in.set()

    with throttling.serialise_attempts(f"{SITE.upper()}:1::1"):
        waiting = threading.Thread(target=late_attempt)
        waiting.start()
        assert not second_is_in.wait(0.2)
    waiting.join(60)
    assert second_is_in.is_set()


def _networks_in_postgresql(admin: sa.Engine, texts: list[str], bits: int) -> list[str]:
    with admin.connect() as superuser:
        return list(superuser.execute(sa.text("""
            select app_private.network(t, :bits)
            from unnest(cast(:texts as text[])) with ordinality as a (t, place) order by place
        """), {"texts": texts, "bits": bits}).scalars())  # fmt: skip


def _awkward_addresses(chance: random.Random, count: int) -> Iterator[str]:
    """Addresses in every spelling, nearly addresses, and no addresses."""
    for _ in range(count):
        match chance.randrange(4):
            case 0:
                yield "".join(chance.choices("0123456789abcF.:.::", k=chance.randrange(1, 20)))
            case 1:
                yield ".".join(str(chance.randrange(280)) for _ in range(chance.choice([3, 4, 4])))
            case 2:
                exploded = IPv6Address(chance.getrandbits(128)).exploded
                yield exploded.replace("0", chance.choice(["0", "", ":"]), chance.randrange(3))
            case _:
                prefix = chance.choice(["::ffff:", "64:ff9b::", "2002:", "2001:0:", "1:2:3::"])
                yield prefix + str(IPv6Address(chance.getrandbits(60))).removeprefix("::").upper()
