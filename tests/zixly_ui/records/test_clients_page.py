"""The list of clients: who finds what on it, and the form that adds one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_ui.shell.markdown import plain

NewTeam = Callable[[], Team]


def on_record(admin: sa.Engine, team: Team) -> list[tuple[str, ...]]:
    query = sa.text(
        "select client_id, client_name, industry, currency, status from zixly.client_kpis"
        " where tenant_id = :tenant order by client_id"
    )
    with admin.connect() as on:
        return [tuple(row) for row in on.execute(query, {"tenant": team.tenant_id})]


def open_add(person: Identity) -> PageRun:
    return open_page(person, "clients").press("Add client")


def fill(
    page: PageRun, name: str, client_id: str, industry: str = "Testing", currency: str = "AUD"
) -> PageRun:
    return page.fill(Name=name, External_ID=client_id, Industry=industry, Currency=currency)


def save(page: PageRun) -> PageRun:
    return page.press("Add client", nth=-1)


def test_everyone_sees_the_client_with_the_highest_profit(vera: Identity) -> None:
    page = open_page(vera, "clients")
    assert "Harbor Bridge Construction has the highest profit to date, $245,000.00" in page.text
    assert page.rows()


def test_only_editors_and_admins_may_add_edit_and_delete(
    cole: Identity, support: Identity, vera: Identity
) -> None:
    harbor = next(
        row["id"] for row in open_page(vera, "clients").downloaded()
        if row["client_id"] == "HBC-2024-001"
    )  # fmt: skip
    for person, may in ((cole, True), (support, True), (vera, False)):
        page = open_page(person, "clients")
        assert page.offers("Download CSV")
        assert page.offers("Add client") is may
        page.go("client", id=harbor)
        assert page.offers("Open in Custom metrics") is not may
        for offered in ("Edit client", "Delete", "Record figures"):
            assert page.offers(offered) is may, offered


def test_support_adds_the_melbourne_accounting_firm(new_team: NewTeam, admin: sa.Engine) -> None:
    """The document's Workflow 2."""
    team = new_team()
    page = open_add(team.editor)
    assert page.typed("Currency") == ("AUD",)
    fill(page, "Melbourne Accounting Firm", "MAF-2024-004", "Professional Services")
    save(page)
    assert page.dialog == ""
    assert "Added: Melbourne Accounting Firm (MAF-2024-004, AUD)." in page.alerts
    assert on_record(admin, team) == [
        ("MAF-2024-004", "Melbourne Accounting Firm", "Professional Services", "AUD", "ACTIVE")
    ]


def test_an_external_id_in_use_is_refused_beside_the_field_and_nothing_is_lost(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    books.client(team, "Harbor Bridge", client_id="HBC-1")
    page = open_add(team.editor)
    save(fill(page, "Harbor Again", "HBC-1", "Construction"))
    assert page.problems == ["Another client already has this external ID."]
    assert page.below("External ID") == page.problems[0]
    assert page.typed("Name", "External ID", "Industry") == (
        "Harbor Again", "HBC-1", "Construction",
    )  # fmt: skip
    assert [row[1] for row in on_record(admin, team)] == ["Harbor Bridge"]


def test_all_that_is_wrong_is_said_at_once_each_beside_its_field(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    page = open_add(team.editor)
    save(fill(page, "x" * 10_000, "T-1", "Testing", "DOLLARS"))
    assert "This is too long: 10,000 characters. The limit is 200." in page.below("Name")
    assert "“DOLLARS” is not a currency." in page.below("Currency")
    assert page.typed("Name") == ("x" * 10_000,)
    assert on_record(admin, team) == []

    save(fill(page, "Much shorter", "T-1", "Testing", "nzd"))
    assert "Added: Much shorter (T-1, NZD)." in page.alerts
    assert [row[3] for row in on_record(admin, team)] == ["NZD"]


@pytest.mark.parametrize(
    "name",
    [
        "Robert'); DROP TABLE client_kpis;--",
        "Café 🦘 & Söhne <b>bold</b>",
        "שלום עליכם בע״מ",
        "*Stars* and [a link](/team) $5 $6",
    ],
)
def test_names_are_shown_as_they_were_typed(new_team: NewTeam, admin: sa.Engine, name: str) -> None:
    team = new_team()
    page = save(fill(open_add(team.editor), name, "T-1"))
    # An invisible character keeps Streamlit from making one dash of two hyphens.
    shown = name.replace("--", "-\N{WORD JOINER}-")
    assert f"Added: {shown} (" in page.alerts
    assert [row[1] for row in on_record(admin, team)] == [name]
    page.click_row(0)
    assert page.app.title[0].value == plain(name), "nothing of it is markup"
    assert page.title == shown
    assert "No figures yet" in page.text


def test_the_same_form_sent_twice_is_one_client(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    page = fill(open_add(team.editor), "Twice Pressed", "T-1").press_twice("Add client")
    assert "Added: Twice Pressed" in page.alerts
    assert len(on_record(admin, team)) == 1


def test_an_industry_is_spelled_as_it_is_elsewhere(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    books.client(team, "First", client_id="A", industry="Professional Services")
    page = open_add(team.editor)
    save(fill(page, "Careless Typist", "B", "professional services"))
    assert "Added: Careless Typist" in page.alerts
    assert [row[2] for row in on_record(admin, team)] == ["Professional Services"] * 2


def test_search_and_filters_are_kept_in_the_address(vera: Identity) -> None:
    page = open_page(vera, "clients", q="sydney")
    assert page.headings[0].startswith("1 of ")
    assert "Sydney Law Firm has made a profit of $13,000.00 to date" in page.headings[0]
    page.enter("Search", "no such name")
    assert "No matching clients" in page.text
    assert page.address == "/clients?q=no+such+name"

    page.go("clients", status="COMPLETED", industry="Professional Services")
    assert "Filtered by Completed · Professional Services" in page.text
    assert page.headings[0].startswith("1 of ")
    assert "Sydney Law Firm" in page.headings[0]


def test_the_file_holds_what_the_table_shows(vera: Identity, admin: sa.Engine) -> None:
    page = open_page(vera, "clients", status="COMPLETED")
    assert "Filtered by Completed" in page.text
    rows = page.downloaded()
    query = sa.text(
        "select c.client_id, coalesce(sum(f.revenue), 0) - coalesce(sum(f.expenses), 0)"
        " from zixly.client_kpis c left join zixly.financials f on f.client_kpi_id = c.id"
        " where c.tenant_id = 'zixly-org-001' and c.status = 'COMPLETED' group by c.client_id"
    )
    with admin.connect() as on:
        wanted = {row[0]: row[1] for row in on.execute(query)}
    assert {row["client_id"]: Decimal(row["profit"]) for row in rows} == wanted
    assert len(page.rows()) == len(rows)
    law = next(row for row in rows if row["client_id"] == "SLF-2024-003")
    assert law == {
        "client_id": "SLF-2024-003",
        "client_name": "Sydney Law Firm",
        "industry": "Professional Services",
        "currency": "AUD",
        "status": "COMPLETED",
        "revenue": "25000.00",
        "expenses": "12000.00",
        "profit": "13000.00",
        "margin": "0.5200",
        "first_record": law["first_record"],
        "last_record": law["last_record"],
        "note": "",
        "id": law["id"],
    }


def test_a_revoked_right_counts_at_the_next_press(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    page = fill(open_add(team.editor), "Not Any More", "T-1")
    with admin.begin() as on:
        demote = sa.text("update zixly.users set role = 'VIEWER' where id = :id")
        on.execute(demote, {"id": team.editor.user_id})
    save(page)
    assert "Your role does not allow this." in page.dialog
    assert on_record(admin, team) == []
