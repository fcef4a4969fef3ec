"""Attempts to sign in follow one another, address by address.

Guessing is slowed by counting what failed. A thousand guesses sent at the same moment would all be
looked at before the first of them has failed; so those of one address wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakValueDictionary


class _Turn:
    """One address's turn; forgotten when nobody waits for it."""

    def __init__(self) -> None:
        self.lock = Lock()


_turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()
_finding = Lock()


@contextmanager
def one_at_a_time(address: str) -> Iterator[None]:
    """Waits until no other attempt of this address is under way in this process."""
    with _finding:
        turn = _turns.get(address)
        if turn is None:
            turn = _turns[address] = _Turn()
    with turn.lock:
        yield
