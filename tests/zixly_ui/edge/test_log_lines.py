"""Lines of the log: the same message once a minute, with the number of those left out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from zixly_ui.edge.log_lines import OncePerMinute


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def written(clock: Clock) -> Iterator[io.StringIO]:
    text = io.StringIO()
    handlers = [logging.StreamHandler(text), logging.StreamHandler(io.StringIO())]
    once = OncePerMinute(clock)
    names = ("asyncio", "uvicorn.error", "zixly_ui.shell.errors")
    for name in names:
        for handler in handlers:
            handler.addFilter(once)
            logging.getLogger(name).addHandler(handler)
    yield text
    for name in names:
        for handler in handlers:
            logging.getLogger(name).removeHandler(handler)


def complain(address: str, error: Exception) -> None:
    try:
        raise error
    except type(error):
        logging.getLogger("asyncio").exception("socket.accept() out of %s", address)


def test_a_repeated_error_is_one_line_a_minute(written: io.StringIO, clock: Clock) -> None:
    for number in range(1000):
        complain(f"descriptors {number}", OSError(24, "Too many open files"))
    assert written.getvalue().count("Traceback") == 1
    assert "descriptors 0" in written.getvalue()
    clock.now = 61
    complain("descriptors", OSError(24, "Too many open files"))
    assert written.getvalue().count("Traceback") == 2
    assert "out of descriptors (and 999 more since the last such line)" in written.getvalue()


def test_another_error_and_another_place_are_written(written: io.StringIO) -> None:
    complain("descriptors", OSError())
    complain("descriptors", MemoryError())
    logging.getLogger("uvicorn.error").error("socket.accept() out of %s", "descriptors")
    assert written.getvalue().count("out of descriptors") == 3


def test_our_own_messages_are_all_written(written: io.StringIO) -> None:
    for incident in ("AAAA", "BBBB"):
        logging.getLogger("zixly_ui.shell.errors").error("Incident %s", incident)
    assert written.getvalue() == "Incident AAAA\nIncident BBBB\n"
