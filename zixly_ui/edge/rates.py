"""How often one address may do something without a session.

Each time runs Python for everybody: opening a window some 10 ms, running the main script some 30.
Whoever does it hundreds of times at once would keep all others waiting for as long as that takes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable

# Addresses whose bucket is not full; at 5 a second, a minute of guests from everywhere.
MOST_ADDRESSES = 10_000


class Rate:
    """A token bucket for each address: `at_once` times at once, then `per_second`.

    Whoever is too quick waits, up to `longest_wait` seconds.
    """

    def __init__(
        self,
        at_once: int,
        per_second: float,
        longest_wait: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.at_once = at_once
        self.per_second = per_second
        self.longest_wait = longest_wait
        self._now = now
        # Per address: the moment at which its bucket is full again.
        self._full_at: dict[Hashable, float] = {}

    def delay(self, address: Hashable) -> float | None:
        """Return the seconds after which the address may go on, or None if those are too many.

        What is refused does not count.
        """
        now = self._now()
        full_at = max(self._full_at.get(address, now), now)
        wait = full_at - now - (self.at_once - 1) / self.per_second
        if wait > self.longest_wait:
            return None
        self._full_at[address] = full_at + 1 / self.per_second
        if len(self._full_at) > MOST_ADDRESSES:
            self._full_at = {k: v for k, v in self._full_at.items() if v > now}
        return max(wait, 0.0)

    async def wait(self, address: Hashable) -> bool:
        """Wait until the address may go on. Return False if it may not."""
        delay = self.delay(address)
        if delay:
            await asyncio.sleep(delay)
        return delay is not None
