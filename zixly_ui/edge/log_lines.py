"""One line a minute for a message that repeats.

What a stranger can make the server say again and again would fill the disk: a connection that
cannot be accepted alone wrote 2 MB a second. Our own messages have an incident number each and are
not limited.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Hashable

SECONDS = 60.0
OWN = ("zixly_data", "zixly_ui", "app", "__main__")


class OncePerMinute(logging.Filter):
    """Passes one line a minute for the same message of the same place, and counts the others."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._lines: dict[Hashable, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is written. What was left out since the last one is added."""
        if record.name.partition(".")[0] in OWN:
            return True
        verdict = getattr(record, "is_written", None)
        if verdict is None:
            verdict = self._is_written(record)
            # A second handler must not count the same record.
            record.is_written = verdict
        return bool(verdict)

    def _is_written(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[0] if record.exc_info else None
        key = (record.name, record.pathname, record.lineno, error)
        now = self._now()
        since, left_out = self._lines.get(key, (now - SECONDS, 0))
        if now - since < SECONDS:
            self._lines[key] = (since, left_out + 1)
            return False
        self._lines[key] = (now, 0)
        if left_out:
            record.msg = f"{record.getMessage()} (and {left_out:,} more since the last such line)"
            record.args = ()
        return True


def limit() -> None:
    """Limit the lines of every logger that writes by itself, and of the root."""
    once = OncePerMinute()
    for logger in [logging.root, *logging.root.manager.loggerDict.values()]:
        if isinstance(logger, logging.Logger):
            for handler in logger.handlers:
                handler.addFilter(once)
    if logging.lastResort is not None:
        logging.lastResort.addFilter(once)
