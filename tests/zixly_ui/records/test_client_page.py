"""One client: reading, editing and deleting it, alone and while somebody else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.records import clients

NewTeam = Callable[[], Team]


def ask(admin: sa.Engine, statement: str, **values: Any) -> Any:
    """The one value a statement gives; None where it gives none."""
    (row,) = statements.run(admin, statement, **values) or [(None,)]
    return row[0]


def name_on_record(admin: sa.Engine, client: str) -> str | None:
    name: str | None = ask(
        admin, "select client_name from zixly.client_kpis where id = :id", id=client
    )
    return name


def harbor_of(identity: Identity) -> str:
    names = clients.names(identity)
    return str(names["id"][list(names["client_name"]).index("Harbor Bridge Construction")])


def open_edit(person: Identity, client: str) -> PageRun:
    return open_page(person, "client", id=client).press("Edit client")


def test_one_client_s_quarter_as_the_document_has_it(vera: Identity) -> None:
    page = open_page(vera, "client", id=harbor_of(vera), period="2024-Q1")
    assert (
        "Profit from Harbor Bridge Construction was $21,000.00 on $45,000.00 revenue in "
        "Q1 2024 (Jan–Mar), a margin of 46.67%."
    ) in page.headings
    assert "HBC-2024-001 · Active · Construction · AUD" in page.text
    assert "Financial records · 3" in page.headings
    assert "Lead events · 2" in page.headings
    assert ("Client Satisfaction", "4.8 / 5") in page.metrics
    assert [
        (row["record_date"], row["revenue"], row["expenses"]) for row in page.downloaded(nth=0)
    ] == [
        ("2024-03-01", "15000.00", "8000.00"),
        ("2024-02-01", "15000.00", "8000.00"),
        ("2024-01-01", "15000.00", "8000.00"),
    ]
    assert page.text.count("Download CSV") == 3


def test_the_way_to_the_forms_keeps_client_and_period(support: Identity) -> None:
    harbor = harbor_of(support)
    page = open_page(support, "client", id=harbor, period="2024-Q1").follow("Record figures")
    assert "Filtered by Harbor Bridge Construction" in page.text
    assert page.headings[0].startswith("Profit from 1 client was")
    assert "Q1 2024" in page.headings[0]
    assert page.address == f"/financials?client={harbor}&period=2024-Q1"


@pytest.mark.parametrize("of", ["nobody", "another", "missing", "rubbish"])
def test_a_link_to_no_client_of_ours_leads_calmly_back(new_team: NewTeam, of: str) -> None:
    ours, theirs = new_team(), new_team()
    books.client(ours, "Our Only")
    secret = books.client(theirs, "Harbour Secret Works")
    query = {
        "nobody": {"id": "ckpi_nobody"},
        "another": {"id": secret},
        "missing": {},
        "rubbish": {"id": "\0' or 1=1"},
    }[of]
    page = open_page(ours.admin, "client", **query)
    assert "Client not found" in page.text
    assert "Harbour Secret" not in page.text
    page.follow("See all clients")
    assert (page.title, [row["client_name"] for row in page.rows()]) == ("Clients", ["Our Only"])
    # The same link works for the tenant it belongs to.
    assert open_page(theirs.viewer, "client", id=secret).title == "Harbour Secret Works"


def test_an_edit_is_saved_and_said(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    client = books.client(team, "Before Renaming", industry="Testing")
    page = open_edit(team.editor, client)
    assert page.typed("Industry") == ("Testing",)
    page.fill(Name="After Renaming").press("Save changes")
    assert "Saved: After Renaming" in page.alerts
    assert page.title == "After Renaming"
    assert page.dialog == ""
    assert name_on_record(admin, client) == "After Renaming"


@pytest.mark.parametrize("choice", ["Keep my version", "Use the saved version"])
def test_the_second_of_two_editors_sees_both_versions_and_chooses(
    new_team: NewTeam, admin: sa.Engine, choice: str
) -> None:
    team = new_team()
    client = books.client(team, "Neutral Name")
    mine, theirs = open_edit(team.editor, client), open_edit(team.admin, client)
    theirs.fill(Name="Name by the admin").press("Save changes")
    assert "Saved: Name by the admin" in theirs.alerts

    mine.fill(Name="Name by the editor").press("Save changes")
    assert "Someone else saved this record while you were editing it." in mine.dialog
    assert "Name by the editor" in mine.dialog
    assert "Name by the admin" in mine.dialog
    assert name_on_record(admin, client) == "Name by the admin"

    mine.press(choice)
    kept = "Name by the editor" if choice == "Keep my version" else "Name by the admin"
    assert (mine.dialog, mine.title) == ("", kept)
    assert name_on_record(admin, client) == kept


def test_a_new_currency_for_recorded_amounts_wants_a_yes(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    client = books.client(team, "Moving Abroad")
    for day in ("2024-05-01", "2024-06-01"):
        books.money(team, client, day, "100", "40")
    page = open_edit(team.editor, client).fill(Currency="NZD").press("Save changes")
    question = "2 recorded amounts would become NZD instead of AUD"
    assert question in page.dialog
    currency = "select currency from zixly.client_kpis where id = :id"
    assert ask(admin, currency, id=client) == "AUD"
    page.tick(question).press("Save changes")
    assert "Saved: Moving Abroad" in page.alerts
    assert ask(admin, currency, id=client) == "NZD"


def test_deleting_says_what_goes_and_wants_the_name_typed(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    client = books.client(team, "Soon Gone Pty Ltd")
    for day in ("2024-05-01", "2024-06-01"):
        books.money(team, client, day, "100", "40")
    books.event(team, client, "L-1", "Inquiry", "2024-05-01")
    books.metric(team, "Velocity")
    books.measure(team, client, "Velocity", "2024-05-01", "1")
    page = open_page(team.editor, "client", id=client).press("Delete")
    assert "2 financial records, 1 lead event and 1 metric value" in page.dialog
    assert "This cannot be undone." in page.dialog

    page.fill(To_confirm="Soon Gone").press("Delete permanently")
    assert "The name you typed is not the name of this client." in page.dialog
    assert name_on_record(admin, client) == "Soon Gone Pty Ltd"

    page.fill(To_confirm="Soon Gone Pty Ltd").press("Delete permanently")
    assert "Deleted: Soon Gone Pty Ltd, with 2" in page.alerts
    assert page.title == "Clients"
    assert name_on_record(admin, client) is None
    left = "select count(*) from zixly.financials where client_kpi_id = :id"
    assert ask(admin, left, id=client) == 0


def test_saving_what_someone_else_deleted_says_so(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    client = books.client(team, "Deleted Meanwhile")
    page = open_edit(team.editor, client).fill(Name="Too Late")
    ask(admin, "delete from zixly.client_kpis where id = :id", id=client)
    page.press("Save changes")
    assert "This client no longer exists." in page.dialog
    assert page.typed("Name") == ("Too Late",)
    page.reload()
    assert "Client not found" in page.text


def test_figures_in_a_closed_month_keep_a_client_and_its_currency(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    client = books.client(team, "Months & Sons")
    books.money(team, client, "2023-01-31", "1000")
    ask(admin, "insert into zixly.closed_months (tenant_id, month) values (:t, '2023-01-01')",
        t=team.tenant_id)  # fmt: skip
    page = open_edit(team.editor, client).fill(Currency="NZD").press("Save changes")
    page.tick("1 recorded amount").press("Save changes")
    assert "so its currency stays." in page.dialog
    assert page.typed("Currency") == ("NZD",)
    page.reload().press("Delete").fill(To_confirm="Months & Sons").press("Delete permanently")
    assert "which would be deleted too." in page.dialog
    assert page.typed("To confirm") == ("Months & Sons",)
    assert ask(admin, "select record_date::text from zixly.financials where client_kpi_id = :id",
               id=client) == "2023-01-31"  # fmt: skip


def test_the_note_is_written_in_the_form_and_shown_on_the_page(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR")
    page = open_edit(team.editor, client)
    page.field("Note (optional)").set_value("# Call <b>first</b>\n\n1. not on Fridays")
    page.press("Save changes")
    assert page.dialog == ""
    shown = "# Call &lt;b&gt;first&lt;/b&gt;\n\n1. not on Fridays"
    for person in (team.viewer, team.editor):
        page = open_page(person, "client", id=client)
        assert any(shown in node.value for node in page.app.get("html")), person.role
        assert "changed the note" in page.text
    assert open_edit(team.editor, client).typed("Note (optional)") == (
        "# Call <b>first</b>\n\n1. not on Fridays",
    )


def test_a_note_too_long_is_refused_beside_its_box_and_kept_there(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note="Before")
    page = open_edit(team.editor, client)
    page.field("Note (optional)").set_value("x" * 2001)
    page.press("Save changes")
    assert "2,001 characters" in page.below("Note (optional)")
    assert page.typed("Note (optional)") == ("x" * 2001,)
    assert clients.get(team.viewer, client).note == "Before"
