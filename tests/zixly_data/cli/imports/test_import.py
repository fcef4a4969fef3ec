"""Files into the books from the command line, and out of them again."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of
from tests.support.servers.command_line import Ended
from zixly_data import imports
from zixly_data.figures import client_totals
from zixly_data.identity import Identity
from zixly_data.imports import Proposal
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft

Zixly = Callable[..., Ended]
HEAD = "client_name,record_date,revenue,expenses\n"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    return team


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str, name: str = "march.csv") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


def amounts(team: Team) -> list[tuple[str, float]]:
    rows = books_of(team.editor)["financials"].values()
    return sorted((row["record_date"], row["revenue"]) for row in rows)


File = Callable[[str], str]


def test_a_proposal_is_printed_and_writes_nothing(zixly: Zixly, team: Team, file: File) -> None:
    (harbour,) = books_of(team.editor)["client_kpis"]
    books.money(team, harbour, "2024-03-01", "1")
    text = (
        HEAD + 'Harbour,2024-03-01,2,0\nHarbour,2024-03-02,"(1,000.50)",0\nHarbour,2024-03-03,x,0\n'
    )
    before = books_of(team.editor)

    command = ("import", "financials", file(text), "--as", team.editor.email, "--propose")
    shown = zixly(*command, "--same-day=correct")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert books_of(team.editor) == before
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert shown.stdout.startswith("march.csv: 3 rows of financials\n")
    assert ["NEW", "AUD", "1", "1", "-1,000.50", "0.00"] in lines
    assert ["CHANGED", "AUD", "1", "0", "2.00", "0.00"] in lines
    assert ["2", "Harbour", "Harbour,", "2024-03-01", "Revenue", "1.00", "2.00"] in lines
    (wrong,) = (line for line in lines if line[:2] == ["4", "revenue"])
    assert wrong[2:7] == ["x", "“x”", "is", "not", "an"]


def test_a_file_is_imported_whole_and_twice_is_once(zixly: Zixly, team: Team, file: File) -> None:
    place = file(HEAD + "Harbour,2024-03-01,2,0\nHarbour,2024-03-02,3,0\n")
    done = zixly("import", "financials", place, "--as", team.editor.email)
    assert done.returncode == 0, done.stderr
    (row,) = imports.list_imports(team.editor).to_dict("records")
    assert done.stdout.splitlines()[-1] == f"Imported as {row['id']}."
    assert (row["file_name"], row["added"], row["imported_by_name"]) == (
        "march.csv", 2, team.editor.full_name)  # fmt: skip
    assert amounts(team) == [("2024-03-01", 2.0), ("2024-03-02", 3.0)]

    again = zixly("import", "financials", place, "--as", team.editor.email)
    assert again.returncode == 0
    assert "changes nothing" in again.stderr
    assert len(imports.list_imports(team.editor)) == 1


def test_a_rejected_row_refuses_the_file_unless_it_is_skipped(
    zixly: Zixly, team: Team, file: File, tmp_path: Path
) -> None:
    place, kept = (
        file(HEAD + "Harbour,2024-03-01,2,0\nHarbour,2024-03-02,x,0\n"),
        tmp_path / "r.csv",
    )
    command = ("import", "financials", place, "--as", team.editor.email)
    refused = zixly(*command, "--rejected", str(kept))
    assert refused.returncode == 2
    assert (
        refused.stderr.splitlines()[0]
        == "1 row of the file cannot be imported, so nothing was imported."
    )
    assert amounts(team) == []
    assert kept.read_text().splitlines()[1].startswith("Harbour,2024-03-02,x,0,3,")

    unwritable = zixly(*command, "--rejected", str(tmp_path), "--skip-rejected")
    assert (unwritable.returncode, amounts(team)) == (2, [])
    assert zixly(*command, "--skip-rejected").returncode == 0
    assert amounts(team) == [("2024-03-01", 2.0)]
    mended = zixly(
        "import", "financials", file(kept.read_text().replace(",x,", ",5,")), "--as",
        team.editor.email,
    )  # fmt: skip
    assert mended.returncode == 0, mended.stderr
    assert amounts(team) == [("2024-03-01", 2.0), ("2024-03-02", 5.0)]


def test_columns_dates_marks_and_clients_are_said_by_options(
    zixly: Zixly, team: Team, file: File
) -> None:
    place = file(
        "Who;When;In;Notes\nHarbor;3/4/2024;1.234;a\nKea = Co;3/4/2024;5;b\nX;4/4/2024;6;c\n"
    )
    command = ["import", "financials", place, "--as", team.editor.email]
    nothing = zixly(*command)
    assert nothing.returncode == 2
    assert "No column is chosen for" in nothing.stderr
    command += ["--column", "client_name=Who", "--column", "date=when", "--column", "revenue=In"]
    command += ["--column", "note="]
    open_ = zixly(*command, "--propose")
    assert "Use --dates dmy or --dates mdy" in open_.stdout
    assert "dmy: 3 Apr 2024" in open_.stdout
    assert "Use --decimal-mark . or ," in open_.stdout
    assert zixly(*command).returncode == 2
    command += ["--dates", "dmy", "--decimal-mark", ","]
    unknown = zixly(*command, "--propose").stdout
    assert "Unknown clients" in unknown
    assert ["Harbor", "1", "HC"] in [line.split() for line in unknown.splitlines()]
    command += ["--client", "Harbor=HC", "--client", "Kea = Co=add", "--client", "X=leave-out"]
    done = zixly(*command)
    assert done.returncode == 0, done.stderr
    assert amounts(team) == [("2024-04-03", 5.0), ("2024-04-03", 1234.0)]
    names = {row["client_name"] for row in books_of(team.editor)["client_kpis"].values()}
    assert names == {"Harbour", "Kea = Co"}
    assert {row["note"] for row in books_of(team.editor)["financials"].values()} == {None}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--column", "income=revenue"], "does not name a field of financials"),
        (["--column", "revenue"], "does not name a field of financials"),
        (["--column", "revenue=Turnover"], "The file has no column “Turnover”."),
        (["--client", "Harbour=NOBODY"], "does not name a client"),
        (["--client", "Harbour"], "does not name a client"),
        (["--sheet", "March"], "There is no sheet “March”"),
        (["--dates", "ymd"], "ymd"),
    ],
)
def test_options_that_cannot_be_are_refused_in_a_sentence(
    zixly: Zixly, team: Team, file: File, options: list[str], sentence: str
) -> None:
    command = ("import", "financials", file(HEAD + "Harbour,2024-03-01,2,0\n"), "--as")
    refused = zixly(*command, team.editor.email, *options)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert sentence in refused.stderr
    assert amounts(team) == []
    assert zixly(*command, team.editor.email).returncode == 0


def test_all_unknown_clients_are_added_at_once(zixly: Zixly, team: Team, file: File) -> None:
    place = file(HEAD + "Kea,2024-03-01,2,0\nHarbour,2024-03-01,2,0\nTui,2024-03-01,2,0\n")
    command = ("import", "financials", place, "--as", team.editor.email)
    assert zixly(*command).returncode == 2
    assert zixly(*command, "--add-clients").returncode == 0
    assert set(client_totals.list_clients(team.viewer)["client_name"]) == {"Harbour", "Kea", "Tui"}


def test_another_row_of_a_day_is_another_record_where_that_is_said(
    zixly: Zixly, team: Team, file: File
) -> None:
    for revenue, option in (("1", []), ("2", ["--same-day=add"]), ("2", [])):
        place = file(HEAD + f"Harbour,2024-03-01,{revenue},0\n")
        done = zixly("import", "financials", place, "--as", team.editor.email, *option)
        assert done.returncode == 0, done.stderr
    assert amounts(team) == [("2024-03-01", 1.0), ("2024-03-01", 2.0)]


def test_the_lines_of_totals_and_the_missing_columns_are_named(
    zixly: Zixly, team: Team, file: File
) -> None:
    place = file("Client,When,Revenue\nHarbor,2024-03-01,2\nTotal,,2\n")
    command = ["import", "financials", place, "--as", team.editor.email]
    assert "--column date=HEADER" in zixly(*command).stderr
    shown = zixly(*command, "--column", "date=When", "--propose").stdout
    assert "Line 3 is a total and is not imported." in shown


def test_a_record_of_an_entry_that_is_left_out_later_is_said_to_stay(
    zixly: Zixly, team: Team, file: File
) -> None:
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    entries = "Date,Client,User,Project,Hours,Billable\n2024-03-09,Harbor,Ann,S,2,{}\n"
    entries += "2024-03-09,Harbor,Ann,S,1,No\n"
    command = ["--as", team.editor.email, "--metric", "billable hours", "--client", "Harbor=HC"]
    command += ["--rows", "Billable:Yes=count", "--rows", "Billable:No=leave-out"]
    first = zixly("import", "custom-metrics", file(entries.format("Yes")), *command)
    assert first.returncode == 0, first.stderr
    again = zixly("import", "custom-metrics", file(entries.format("No")), *command)
    assert again.returncode == 0, again.stderr
    assert "2 rows are left out; what an earlier file recorded of them stays." in again.stderr
    assert "already recorded" in again.stderr


def test_standard_input_is_read(zixly: Zixly, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"client_id,client_name\nKEA,Kea\n"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
    done = zixly("import", "clients", "-", "--as", team.editor.email)
    assert done.returncode == 0, done.stderr
    assert set(client_totals.list_clients(team.viewer)["client_name"]) == {"Harbour", "Kea"}


def test_what_cannot_be_read_is_refused_in_a_sentence(
    zixly: Zixly, team: Team, tmp_path: Path, file: File
) -> None:
    (tmp_path / "page.csv").write_text("<!doctype html><html></html>")
    for place, sentence in (
        (tmp_path / "nowhere.csv", "cannot be read: No such file"),
        (tmp_path, "cannot be read: Is a directory"),
        (tmp_path / "page.csv", "The file is a web page"),
    ):
        refused = zixly("import", "financials", str(place), "--as", team.editor.email)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert sentence in refused.stderr


@pytest.mark.parametrize("moves", [1, 2])
def test_where_the_data_moved_it_tries_once_more_and_then_refuses(
    zixly: Zixly, team: Team, file: File, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    confirm, left = imports.confirm, iter(range(moves))

    def moved(identity: Identity, proposal: Proposal, **how: bool) -> object:
        for number in left:
            clients.add(team.admin, ClientDraft(f"N{number}", "New"), row_id=f"ckpi_{number}")
            break
        return confirm(identity, proposal, **how)

    monkeypatch.setattr(imports, "confirm", moved)
    place = file(HEAD + "Harbour,2024-03-01,2,0\n")
    ended = zixly("import", "financials", place, "--as", team.editor.email)
    assert ended.returncode == (0 if moves == 1 else 2), ended.stderr
    assert ended.stdout.count("march.csv: 1 row of financials") == 2
    assert len(amounts(team)) == (1 if moves == 1 else 0)


def test_imports_are_listed_and_taken_back(zixly: Zixly, team: Team, file: File) -> None:
    place = file(HEAD + "Harbour,2024-03-01,2,0\n")
    zixly("import", "financials", place, "--as", team.editor.email)
    (row,) = imports.list_imports(team.editor).to_dict("records")
    listed = zixly("imports", "list", "--as", team.editor.email)
    assert listed.returncode == 0, listed.stderr
    for part in (row["id"], "march.csv", row["checksum"], "FINANCIALS", team.editor.full_name):
        assert part in listed.stdout

    (record,) = books_of(team.editor)["financials"]
    imported = file(f"id,date,revenue\n{record},2024-03-01,9\n")
    # Somebody touches the row: by another import here.
    touched = zixly("import", "financials", imported, "--column", "id=id", "--as", team.admin.email)
    assert touched.returncode == 0, touched.stderr
    refused = zixly("imports", "undo", row["id"], "--as", team.editor.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert record in refused.stderr
    assert "1 row of this import has changed since, so nothing was undone" in refused.stderr
    assert amounts(team) == [("2024-03-01", 9.0)]

    later = imports.list_imports(team.editor)["id"][0]
    for import_id in (later, row["id"]):
        back = zixly("imports", "undo", import_id, "--as", team.editor.email)
        assert (back.returncode, back.stdout) == (0, "")
    assert amounts(team) == []
    twice = zixly("imports", "undo", row["id"], "--as", team.editor.email)
    assert (twice.returncode, twice.stdout) == (2, "")


def test_a_file_gives_the_terminal_no_commands(zixly: Zixly, team: Team, file: File) -> None:
    """Neither what it says nor what its columns are called."""
    clear = "\x1b[2J"
    text = f"{clear}Who;When;In;In{clear};In{clear}\n{clear};1/2/2024;{clear}5;1.234;1\n"
    command = ("import", "financials", file(text), "--as", team.editor.email, "--propose")
    columns = ("--column", f"client_name={clear}Who", "--column", "date=When", "--column")
    for ended in (
        zixly(*command, *columns, f"revenue=In{clear}"),
        zixly(*command, *columns, "revenue=In"),
        zixly(*command, *columns, "revenue=Out"),
    ):
        assert "In" in ended.stdout + ended.stderr
        assert clear not in ended.stdout + ended.stderr


def test_possible_duplicates_are_shown_and_need_a_decision(
    zixly: Zixly, team: Team, file: File
) -> None:
    place = file(HEAD + "Harbour,2024-03-01,2,0\nHarbour,2024-03-08,2,0\nHarbour,2024-03-09,3,0\n")
    asked = ("import", "financials", place, "--as", team.editor.email)
    refused = zixly(*asked)
    assert refused.returncode != 0
    assert "Possible duplicates: 1 row with the amounts of another record" in refused.stdout
    assert "Use --duplicates keep or --duplicates leave-out." in refused.stdout
    assert "1 new row has the amounts of another record" in refused.stderr
    assert amounts(team) == []
    done = zixly(*asked, "--duplicates", "leave-out")
    assert done.returncode == 0, done.stderr
    assert "They are left out." in done.stdout
    assert amounts(team) == [("2024-03-01", 2.0), ("2024-03-09", 3.0)]
    done = zixly(*asked, "--duplicates", "keep")
    assert done.returncode == 0, done.stderr
    assert amounts(team) == [("2024-03-01", 2.0), ("2024-03-08", 2.0), ("2024-03-09", 3.0)]


def test_overheads_are_imported_in_the_currency_said_and_exported(
    zixly: Zixly, team: Team, file: File
) -> None:
    books.client(team, "Otago", currency="NZD")
    bills = "Date,Account,Supplier,Amount\n2024-03-01,Rent,Offices,900\n2024-03-02,Web,Host,CHF 5\n"
    place = file(bills, "bills.csv")
    command = ("import", "overheads", place, "--as", team.editor.email)
    asked = zixly(*command, "--propose")
    assert "such as 900. Use --currency AUD or --currency NZD." in asked.stdout
    refused = zixly(*command)
    assert (refused.returncode, books_of(team.editor)["overheads"]) == (2, {})
    unknown = zixly(*command, "--currency", "AUS")
    assert (unknown.returncode, "is not a currency" in unknown.stderr) == (2, True)
    done = zixly(*command, "--currency", "nzd")
    assert done.returncode == 0, done.stderr
    assert "bills.csv: 2 rows of overheads" in done.stdout
    assert "No client and no exchange rate uses CHF. Check the currency." in done.stdout
    exported = zixly("export", "overheads", "--as", team.viewer.email)
    header, *lines = [line.split(",") for line in exported.stdout.splitlines()]
    assert (header[0], header[-1]) == ("record_date", "id")
    assert [line[:7] for line in lines] == [
        ["2024-03-02", "OVERHEAD", "Web", "Host", "CHF", "0.00", "5.00"],
        ["2024-03-01", "OVERHEAD", "Rent", "Offices", "NZD", "0.00", "900.00"],
    ]
    again = zixly("import", "overheads", file(exported.stdout, "again.csv"), "--as",
                  team.editor.email)  # fmt: skip
    assert "changes nothing" in again.stderr
