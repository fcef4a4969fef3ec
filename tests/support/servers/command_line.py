"""The command line as its users run it: in a separate process, or, faster, in this one."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

from tests.support.servers import own_database
from zixly_data import cli
from zixly_data.cli import terminal
from zixly_data.settings import settings

ROOT = Path(__file__).parents[3]
REPORT = ["report", "profitability", "--from", "2024-01-01", "--to", "2024-03-31"]
Q1_2024 = """\
client_id,client_name,currency,revenue,expenses,profit,margin
HBC-2024-001,Harbor Bridge Construction,AUD,45000.00,24000.00,21000.00,0.4667
SLF-2024-003,Sydney Law Firm,AUD,25000.00,12000.00,13000.00,0.5200
BES-2024-002,Bondi E-commerce Store,AUD,24000.00,12000.00,12000.00,0.5000
"""
PASSWORD = re.compile(r"[a-z]{4}(-[a-z]{4}){4}")

Ended = subprocess.CompletedProcess[str]


class CommandLine:
    """`python -m zixly_data` in a separate process, on its own data folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, **environment: str) -> Ended:
        return subprocess.run(
            [sys.executable, "-m", "zixly_data", *arguments],
            cwd=ROOT, env=self._environment(environment),
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        bare = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
        return {**bare, "ZIXLY_HOME": str(self.home), "COLUMNS": "100", **more}


class CommandLineHere(CommandLine):
    """The same without the seconds that a process takes to start, for tests of other behaviour."""

    def __call__(self, *arguments: str, **environment: str) -> Ended:
        with (
            mock.patch.dict(os.environ, self._environment(environment), clear=True),
            own_database.aside(),
        ):
            settings.cache_clear()
            try:
                return here(*arguments)
            finally:
                settings.cache_clear()


def here(*arguments: str) -> Ended:
    """The same command in this process, on the database that is open in it."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    status: object = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            with terminal.report_errors():
                cli.app(list(arguments))
        except SystemExit as end:
            status = end.code
    outputs = []
    for stream in (out, err):
        stream.flush()
        outputs.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, int(str(status or 0)), *outputs)
