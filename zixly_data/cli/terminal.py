"""Input and output of commands: results on standard output, messages and errors on standard error.

That way the file of `… --format csv > file` contains only rows.
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
from typing import NoReturn

import typer

from zixly_data import os_errors
from zixly_data.database import connection
from zixly_data.errors import ZixlyError
from zixly_data.imports.files.opening import LARGEST_FILE, FileRefused
from zixly_data.settings import settings

STANDARD_INPUT = "-"
EXIT_REFUSED = 2
EXIT_UNEXPECTED = 1


def read_file(file: str) -> bytes:
    """Read a file; `-` is standard input. Raises FileRefused."""
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.buffer.read(LARGEST_FILE + 1)
        with open(file, "rb") as content:
            return content.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileRefused(
            f"The file {file} cannot be read: {error.strerror}.",
            advice="Check the file name and permissions.",
        ) from None


def result(text: str) -> None:
    """Print a line of the result."""
    typer.echo(text)


def result_bytes(content: bytes) -> None:
    """Print a result byte for byte."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """Print a message to standard error."""
    typer.echo(text, err=True)


def run(command: Callable[[], object]) -> None:
    """Run a command and exit. The embedded server is released in any case."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with report_errors():
        try:
            command()
        finally:
            connection.close_database()


@contextmanager
def report_errors() -> Iterator[None]:
    """Print an error of the block as a message and exit with its status."""
    try:
        yield
    except ZixlyError as error:
        say(str(error))
        say(error.advice)
        sys.exit(EXIT_REFUSED)
    except BrokenPipeError:
        # The reader of the output, such as `head`, has closed it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_UNEXPECTED)
    except OSError as error:
        if not os_errors.is_of_machine(error):
            _report_unexpected()
        failed = os_errors.storage_failed("The command could not read or write its files", error)
        say(str(failed))
        say(failed.advice)
        sys.exit(EXIT_REFUSED)
    except Exception:
        _report_unexpected()


def _report_unexpected() -> NoReturn:
    say("An unexpected error occurred.")
    say(_write_incident())
    sys.exit(EXIT_UNEXPECTED)


def _write_incident() -> str:
    """Write the current exception to a file and return a message with its path."""
    now = datetime.now(UTC)
    try:
        folder: Path = settings().home / "incidents"
        folder.mkdir(parents=True, exist_ok=True)
        log_file = folder / f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}.log"
        with open(os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(traceback.format_exc())
    except OSError as error:
        traceback.print_exc()
        return f"The details could not be saved: {os_errors.reason(error).text}."
    except ZixlyError as error:
        return f"The details could not be saved: {error}"
    return f"The details are in {log_file}. Send them to the operator of the server."
