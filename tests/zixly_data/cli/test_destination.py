"""Rows on standard output or in a file: CSV with or without a byte order mark, and workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.permissions.office import EVER
from tests.support.servers.command_line import Ended
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import exchange_rates
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.dates import parse_date

Zixly = Callable[..., Ended]
MARK = "\ufeff"
COMMANDS = [
    ["export", "financials"],
    ["report", "profitability", "--period", "all"],
    ["report", "monthly", "--period", "all"],
    ["report", "breakdown", "--period", "all"],
    ["report", "business", "--period", "all"],
    ["report", "bridge", "--period", "2024-Q1"],
    ["report", "contradictions"],
    ["report", "funnel", "--period", "all"],
    ["report", "metrics", "--period", "all"],
    ["rates", "list"],
]
each_command = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    client = books.client(team, "Café Müller")
    books.money(team, client, "2024-02-29", "1234.50", "0.10")
    return team


def cells(content: bytes) -> list[tuple[Any, ...]]:
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return list(sheet.iter_rows(values_only=True))


@each_command
def test_the_mark_is_there_if_it_is_asked_for(zixly: Zixly, team: Team, command: list[str]) -> None:
    written = [*command, "--format", "csv", "--as", team.viewer.email]
    plain, marked = zixly(*written), zixly(*written, "--bom")
    assert (plain.returncode, marked.returncode) == (0, 0), marked.stderr
    assert not plain.stdout.startswith(MARK)
    assert marked.stdout == MARK + plain.stdout


@each_command
def test_a_workbook_has_the_columns_and_rows_of_the_csv(
    zixly: Zixly, team: Team, command: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "rows.xlsx"
    to_viewer = ["--as", team.viewer.email]
    done = zixly(*command, "--format", "xlsx", "--output", str(file), *to_viewer)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    lines = zixly(*command, "--format", "csv", *to_viewer).stdout.splitlines()
    header, *rows = cells(file.read_bytes())
    assert ",".join(header) == lines[0]
    assert len(rows) == len(lines) - 1
    assert list(tmp_path.iterdir()) == [file], "no half file stays"


def test_a_csv_goes_to_a_file_too_and_replaces_it(zixly: Zixly, team: Team, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("yesterday's")
    command = ["export", "financials", "--as", team.viewer.email]
    assert zixly(*command, "--output", str(file)).stdout == ""
    assert file.read_text("utf-8") == zixly(*command).stdout
    assert "Café Müller" in file.read_text("utf-8")
    assert zixly(*command, "--output", "-").stdout == zixly(*command).stdout


def test_a_workbook_is_noted_on_the_trail(zixly: Zixly, team: Team, tmp_path: Path) -> None:
    file = str(tmp_path / "x.xlsx")
    arguments = ["--period", "all", "--format", "xlsx", "--output", file, "--as", team.viewer.email]
    assert zixly("report", "monthly", *arguments).returncode == 0
    entries = audit.page(team.admin, EVER, "UTC", AuditFilter(actions=("EXPORT",))).frame
    assert list(entries["table_name"]) == ["monthly"]


@pytest.mark.parametrize(
    ("arguments", "message", "advice"),
    [
        (["--format", "xlsx"], "A workbook is written to a file.", "--output FILE.xlsx"),
        (["--format", "xlsx", "--output", "x.xlsx", "--bom"], "Only a CSV can begin", "--bom"),
        (["--format", "table", "--bom"], "Only a CSV can begin", "--format csv"),
        (["--format", "json", "--output", "x"], "Only csv and xlsx", "--format xlsx"),
        (["--format", "csv", "--output", "/nowhere/x.csv"], "/nowhere/x.csv cannot", "another"),
    ],
)
def test_options_without_effect_are_refused_in_words(
    zixly: Zixly, team: Team, arguments: list[str], message: str, advice: str
) -> None:
    command = ["report", "monthly", "--period", "all", "--as", team.viewer.email]
    refused = zixly(*command, *arguments)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert message in refused.stderr
    assert advice in refused.stderr


def test_a_workbook_of_rates_can_be_imported_again(
    zixly: Zixly, team: Team, tmp_path: Path
) -> None:
    file = str(tmp_path / "rates.xlsx")
    draft = RateDraft(parse_date("2024-03-01"), "NZD", "AUD", exchange_rates.parse_rate("0.9132"))
    exchange_rates.put_all(team.editor, [draft])
    to_editor = ["--as", team.editor.email]
    assert zixly("rates", "list", "--format", "xlsx", "--output", file, *to_editor).returncode == 0
    done = zixly("rates", "import", file, *to_editor)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        0, "0 rates were imported; 1 already recorded.",
    )  # fmt: skip
