"""Ids that Zixly generates: text with a prefix for the kind of row, ordered by time.

`fin_0192f3c1a8b27c4e9d0f6a5b4c3d2e1f` is `fin`, an underscore and the 32 hexadecimal digits of an
RFC 9562 version 7 UUID. Under the C collation these ids sort in the order of their creation, so new
rows go to the right-hand end of an index. Ids are not secret.
"""

from __future__ import annotations

import re
import secrets
import threading
import time

_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}")
_TIMESTAMP_SHIFT = 80
_VERSION_7 = 7 << 76
_VARIANT = 2 << 62

_lock = threading.Lock()
_last_number = 0


def new_id(prefix: str) -> str:
    """Return a unique id such as `fin_0192f3…`: prefix, underscore, 32 lower-case hex digits.

    Within one process each id sorts after the one before it, even if the clock is set back.

    Raises ValueError if the prefix is not 1 to 16 lower-case letters and digits.
    """
    return new_ids(prefix, 1)[0]


def new_ids(prefix: str, count: int) -> list[str]:
    """Return `count` unique ids in order. Raises as `new_id` does."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} cannot start an id: use lower-case letters and digits")
    first = _next_number(count)
    return [f"{prefix}_{number:032x}" for number in range(first, first + count)]


def _next_number(count: int) -> int:
    """Reserve `count` consecutive numbers and return the first."""
    global _last_number
    with _lock:
        first = max(_time_ordered_number(), _last_number + 1)
        _last_number = first + count - 1
        return first


def _time_ordered_number() -> int:
    milliseconds = time.time_ns() // 1_000_000
    return (
        milliseconds << _TIMESTAMP_SHIFT
        | _VERSION_7
        | secrets.randbits(12) << 64
        | _VARIANT
        | secrets.randbits(62)
    )
