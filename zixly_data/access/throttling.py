"""Serialisation of the attempts to sign in from one site.

Failed attempts are counted to limit the rate of guesses. A thousand simultaneous guesses would all
be checked before the first is counted as failed, so attempts from one site run one at a time. A
site is an IPv4 address or the /48 of an IPv6 address: the largest network that failures are counted
by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Lock
from weakref import WeakValueDictionary

SITE_BITS = 48
# Behind this prefix, the last 32 bits are the IPv4 address of a client of an IPv6-only server.
_NAT64 = IPv6Network("64:ff9b::/96")
_ADDRESS = re.compile(r"[0-9a-fA-F:.]+")
_LONGEST_TEXT = 64


class _SiteLock:
    """The lock of one site, dropped when no attempt holds or awaits it."""

    def __init__(self) -> None:
        self.lock = Lock()


_site_locks: WeakValueDictionary[str, _SiteLock] = WeakValueDictionary()
_registry_lock = Lock()


@contextmanager
def serialise_attempts(address: str) -> Iterator[None]:
    """Run the block once no other attempt from the address's site is running in this process."""
    site = network(address, SITE_BITS)
    with _registry_lock:
        site_lock = _site_locks.get(site)
        if site_lock is None:
            site_lock = _site_locks[site] = _SiteLock()
    with site_lock.lock:
        yield


def network(address: str, bits: int) -> str:
    """Return the network of an address: of IPv6 its first `bits` bits, of IPv4 the address itself.

    Text that is no address is itself, cut off as the database keeps it. The rule is that of
    `app_private.network` in PostgreSQL, which gives the reasons.
    """
    spelled = address.strip(" ").partition("%")[0]
    try:
        if not _ADDRESS.fullmatch(spelled):
            raise AddressValueError
        parsed = ip_address(spelled)
    except ValueError:
        return address[:_LONGEST_TEXT]
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    stood_for = _ipv4_of(parsed)
    return str(stood_for or IPv6Network((parsed, bits), strict=False))


def _ipv4_of(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
