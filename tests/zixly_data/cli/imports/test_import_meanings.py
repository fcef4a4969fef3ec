"""What the rows of a file mean, its signs and its tax, answered on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.files_of_tools.exported_files import FILES
from tests.support.imports import books_of
from tests.support.servers.command_line import Ended

Zixly = Callable[..., Ended]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea")
    return team


def recorded(team: Team) -> list[tuple[float, float]]:
    rows = books_of(team.editor)["financials"].values()
    return sorted((row["revenue"], row["expenses"]) for row in rows)


def test_a_refusal_prints_the_options_to_add_and_they_are_remembered(
    zixly: Zixly, team: Team, tmp_path: Path
) -> None:
    place = tmp_path / "sales.csv"
    place.write_text(FILES["xero sales"].text)
    command = ["import", "financials", str(place), "--as", team.editor.email]

    refused = zixly(*command)
    assert refused.returncode == 2
    assert "What the rows of the file mean is not answered" in refused.stderr
    assert '--rows "Type:Sales overpayment=leave-out"' in refused.stderr
    assert '  --rows "Status:Voided=leave-out"   1 row, 5,500.00' in refused.stdout.splitlines()
    assert recorded(team) == []

    answers = [
        "type:sales INVOICE=revenue", "Type:Sales credit note=credit",
        "Type:Sales overpayment=leave-out", "Status:Paid=count", "Status:Awaiting Payment=count",
        "Status:Voided=leave-out",
    ]  # fmt: skip
    given = [part for answer in answers for part in ("--rows", answer)]
    one_open = zixly(*command, *given)
    assert one_open.returncode == 2
    assert 'Add --rows "Status:Draft=leave-out".' in one_open.stderr

    done = zixly(*command, *given, "--rows", "Status:Draft=leave-out")
    assert done.returncode == 0, done.stderr
    assert "2 lines repeat the total of their document, which is counted once." in done.stdout
    assert "Revenue is net of AUD 550.00 GST." in done.stdout
    assert "Status: Paid = count, Awaiting Payment = count" in done.stdout
    assert recorded(team) == [(-500.0, 0.0), (1000.0, 0.0), (2000.0, 0.0), (3000.0, 0.0)]

    again = zixly(*command)
    assert again.returncode == 0, again.stderr
    assert "changes nothing" in again.stderr


def test_a_column_that_the_file_does_not_have_is_refused(
    zixly: Zixly, team: Team, tmp_path: Path
) -> None:
    place = tmp_path / "file.csv"
    place.write_text("Client,Date,Amount,Type\nKea,2024-03-01,5,Invoice\n")
    command = ["import", "financials", str(place), "--as", team.editor.email]
    refused = zixly(*command, "--rows", "Kind:Invoice=revenue")
    assert refused.returncode == 2
    assert "The file has no column “kind” for --rows." in refused.stderr
    assert "“Type”" in refused.stderr
    assert zixly(*command, "--rows", "Type:Invoice=revenue").returncode == 0


def test_a_negative_amount_is_asked_about(zixly: Zixly, team: Team, tmp_path: Path) -> None:
    place = tmp_path / "file.csv"
    rows = "".join(f"Kea,{day}/02/2024,{day},1000.00\n" for day in range(13, 18))
    place.write_text(f"Customer,Invoice Date,Invoice No,Amount\n{rows}Kea,19/02/2024,CN1,-200.00\n")
    command = ["import", "financials", str(place), "--as", team.editor.email]
    shown = zixly(*command, "--propose")
    assert "“-200.00” can be read in two ways. Use --negative credit" in shown.stdout
    assert zixly(*command).returncode == 2
    assert recorded(team) == []
    done = zixly(*command, "--negative", "credit", "--duplicates", "keep")
    assert done.returncode == 0, done.stderr
    assert recorded(team)[0] == (-200.0, 0.0)


@pytest.mark.parametrize(
    ("heading", "options", "revenue"),
    [
        ("Total", ["--tax", "10"], 100.0),
        ("Total", ["--tax", "none"], 110.0),
        ("Total,GST", ["--tax", "none"], 110.0),
        ("Amount,GST", ["--tax", "column"], 99.0),
        # Nothing is asked about an amount that does not say so, but it can be told.
        ("Amount", [], 110.0),
        ("Amount", ["--tax", "10"], 100.0),
    ],
)
def test_tax_that_amounts_include_is_told(
    zixly: Zixly, team: Team, tmp_path: Path, heading: str, options: list[str], revenue: float
) -> None:
    place = tmp_path / "file.csv"
    cells = "110.00,11.00" if "GST" in heading else "110.00"
    place.write_text(f"Client,Date,{heading}\nKea,2024-03-01,{cells}\n")
    command = ["import", "financials", str(place), "--as", team.editor.email]
    if options and heading in ("Total", "Amount,GST"):
        refused = zixly(*command)
        assert (refused.returncode, recorded(team)) == (2, [])
        assert f"Use --tax {'column' if 'GST' in heading else 'RATE'}" in refused.stdout
    done = zixly(*command, *options)
    assert done.returncode == 0, done.stderr
    assert recorded(team) == [(revenue, 0.0)]
