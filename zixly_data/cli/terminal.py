"""What comes from the terminal and reaches it: results on standard output and nothing else there.

Messages and errors go to standard error, so that `… --format csv > file` holds the rows alone.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer

from zixly_data.database import connection
from zixly_data.errors import ZixlyError
from zixly_data.imports.files.opening import LARGEST_FILE, FileRefused
from zixly_data.settings import settings

STANDARD_INPUT = "-"
REFUSED = 2
UNEXPECTED = 1


def given(file: str) -> bytes:
    """What is in a file that was named; `-` is standard input. Raises FileRefused."""
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.buffer.read(LARGEST_FILE + 1)
        with open(file, "rb") as content:
            return content.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileRefused(
            f"The file {file} cannot be read: {error.strerror}.",
            advice="Check its name and who may read it.",
        ) from None


def result(text: str) -> None:
    """A line of the result."""
    typer.echo(text)


def result_bytes(content: bytes) -> None:
    """A result as it stands, to the byte."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """A message about what is happening."""
    typer.echo(text, err=True)


def run(command: Callable[[], object]) -> None:
    """Runs a command and exits; whatever happens, the embedded server is let go."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with in_sentences():
        try:
            command()
        finally:
            connection.close_database()


@contextmanager
def in_sentences() -> Iterator[None]:
    """Says every failure of the block in words and exits with its status."""
    try:
        yield
    except ZixlyError as error:
        say(str(error))
        say(error.advice)
        sys.exit(REFUSED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more can be written there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNEXPECTED)
    except Exception:
        say("Something went wrong that Zixly did not expect.")
        say(_incident())
        sys.exit(UNEXPECTED)


def _incident() -> str:
    """Writes down the error being handled; says where."""
    now = datetime.now(UTC)
    try:
        folder: Path = settings().home / "incidents"
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}.log"
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(traceback.format_exc())
    except (OSError, ZixlyError) as error:
        return f"The details could not be written down: {error}"
    return f"The details are in {place}. Show them to whoever looks after Zixly."
