"""Unknown clients and stages at the command line: it prints the options to add, and takes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of
from tests.support.servers.command_line import Ended
from zixly_data.records.pipeline import leads
from zixly_data.values.frames import rows

Zixly = Callable[..., Ended]
DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Close Date,Amount,Create Date,Associated Company IDs,"
    "Associated Company\n"
    "12345678901,Harbour Cafe - website,Closed Won (Sales Pipeline),Sales Pipeline,"
    "2024-03-14 15:02,12000.00,2024-01-05 09:12,987654321,Harbour Cafe\n"
    "12345678902,Kea Group - CRM,Contract Sent (Sales Pipeline),Sales Pipeline,2024-04-30 10:00,"
    "5000,2024-02-01 10:00,987654322;987654323,Kea Group;Kea Holdings\n"
    "12345678903,Unknown Co - quote,Appointment Scheduled (Sales Pipeline),Sales Pipeline,"
    "2024-05-30 10:00,,2024-02-03 10:00,,\n"
)


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str, name: str = "file.csv") -> str:
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return written


File = Callable[[str], str]


def names(team: Team) -> set[tuple[str, str]]:
    """Name and external id of every client."""
    clients = books_of(team.editor)["client_kpis"].values()
    return {(row["client_name"], row["client_id"]) for row in clients}


def test_deals_of_hubspot_go_in_with_the_options_that_were_printed(
    zixly: Zixly, team: Team, file: File
) -> None:
    command = ("import", "lead-events", file(DEALS), "--as", team.editor.email, "--add-clients")
    refused = zixly(*command)
    assert refused.returncode == 2
    assert "3 rows of lead events" in refused.stdout
    lines = [line.strip() for line in refused.stdout.splitlines()]
    won, kea = '--stage "Closed Won (Sales Pipeline)=Contract signed"', "Kea Group;Kea Holdings"
    assert {won, '--stage "Contract Sent (Sales Pipeline)=…"'} <= set(lines)
    assert {f'--client "{kea}=as:Kea Group"', f'--client "{kea}=add"'} <= set(lines)
    assert names(team) == set(), "a list of clients is none, also with --add-clients"

    settled = zixly(
        *command,
        "--stage", "Closed Won (Sales Pipeline)=Contract signed",
        "--stage", "Contract Sent (Sales Pipeline)=Proposal sent",
        "--stage", "Appointment Scheduled (Sales Pipeline)=leave-out",
        "--client", f"{kea}=as:Kea Group", "--skip-rejected",
    )  # fmt: skip
    assert settled.returncode == 0, settled.stderr
    assert "dated at their close date, and begin at “Inquiry”" in settled.stdout
    assert names(team) == {("Harbour Cafe", "987654321"), ("Kea Group", "KEA-GROUP")}
    events = {(row["stage"], str(row["event_date"])) for row in
              rows(leads.events(team.viewer, books.ALWAYS))}  # fmt: skip
    assert events == {("Contract signed", "2024-03-14"), ("Inquiry", "2024-01-05"),
                      ("Proposal sent", "2024-02-01")}  # fmt: skip
    again = zixly(*command)
    assert "The file changes nothing" in again.stdout + again.stderr


def test_an_unknown_id_of_a_known_name_is_not_added_unseen(
    zixly: Zixly, team: Team, file: File
) -> None:
    books.client(team, "Harbour Cafe", client_id="HARBOUR-CAFE")
    text = "ContactName,AccountNumber,EmailAddress\nHarbour Cafe,HC-01,x@y.test\n"
    command = ("import", "clients", file(text), "--as", team.editor.email, "--add-clients")
    refused = zixly(*command)
    assert refused.returncode == 2
    assert "Is HC-01 your Harbour Cafe? Use one of" in refused.stdout
    option = "Harbour Cafe (HC-01)=HARBOUR-CAFE"
    assert f'--client "{option}"' in refused.stdout
    done = zixly(*command, "--client", option)
    assert done.returncode == 0, done.stderr
    assert "HARBOUR-CAFE" in done.stdout, "the change of the ID is shown"
    assert names(team) == {("Harbour Cafe", "HC-01")}


def test_rows_without_a_client_have_options_of_their_own(
    zixly: Zixly, team: Team, file: File
) -> None:
    books.client(team, "Kea", client_id="KEA")
    text = "client,date,revenue\nKea,2024-03-01,1\n,2024-03-02,2\n,2024-03-03,3\n"
    command = ("import", "financials", file(text), "--as", team.editor.email, "--add-clients")
    refused = zixly(*command)
    assert refused.returncode == 2
    assert "2 rows name no client. Use one of" in refused.stdout
    assert '--client "=overhead"' in refused.stdout
    done = zixly(*command, "--client", "=leave-out")
    assert done.returncode == 0, done.stderr
    assert len(books_of(team.editor)["financials"]) == 1


@pytest.mark.parametrize("option", ["Closed Won", "Closed Won=Nowhere", "Closed Won="])
def test_a_stage_that_does_not_exist_is_refused_with_those_that_do(
    zixly: Zixly, team: Team, file: File, option: str
) -> None:
    refused = zixly(
        "import", "lead-events", file(DEALS), "--as", team.editor.email, "--stage", option
    )
    assert refused.returncode == 2
    assert f"--stage {option} names no stage of yours." in refused.stderr
    assert "Inquiry, Consultation, Proposal sent, Contract signed, Lost, leave-out" in (
        " ".join(refused.stderr.split())
    )


def test_a_new_stage_is_an_administrator_s_to_add(zixly: Zixly, team: Team, file: File) -> None:
    books.client(team, "Kea", client_id="KEA")
    path = file("client,lead,stage,date\nKea,L-1,Demo,2024-03-01\n")
    command = ("import", "lead-events", path, "--stage", "Demo=new-open", "--as")
    refused = zixly(*command, team.editor.email)
    assert refused.returncode == 2
    assert "Only an administrator can add the stage “Demo”" in refused.stderr
    assert zixly(*command, team.admin.email).returncode == 0
