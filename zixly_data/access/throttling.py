"""Serialisation of the attempts to sign in from one address.

Failed attempts are counted to limit the rate of guesses. A thousand simultaneous guesses would all
be checked before the first is counted as failed, so attempts from one address run one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakValueDictionary


class _AddressLock:
    """The lock of one address, dropped when no attempt holds or awaits it."""

    def __init__(self) -> None:
        self.lock = Lock()


_address_locks: WeakValueDictionary[str, _AddressLock] = WeakValueDictionary()
_registry_lock = Lock()


@contextmanager
def serialise_attempts(address: str) -> Iterator[None]:
    """Run the block once no other attempt from this address is running in this process."""
    with _registry_lock:
        address_lock = _address_locks.get(address)
        if address_lock is None:
            address_lock = _address_locks[address] = _AddressLock()
    with address_lock.lock:
        yield
