"""The pipeline as each role sees it, and both views of the funnel."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.people import audit, tenants
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def ago(team: Team, days: int) -> str:
    return str(tenants.get(team.viewer).today() - timedelta(days=days))


def listed(page: PageRun, heading: str) -> list[str]:
    return [row["lead_id"] for row in page.rows(below=heading)]


def test_open_leads_are_listed_stalled_first_with_what_they_may_be_worth(team: Team) -> None:
    client = books.client(team, "Kauri")
    books.event(team, client, "fresh", "Inquiry", ago(team, 3), "100")
    books.event(team, client, "stuck", "Inquiry", ago(team, 60), "40")
    page = open_page(team.viewer, "pipeline")
    assert page.headings[0] == "2 leads open, 1 of them stalled."
    assert dict(page.metrics) == {"Value, AUD": "$140", "Expected value, AUD": "–"}
    assert "Inquiry (0), Consultation (0), Proposal sent (0)" in page.text
    assert listed(page, "2 open leads") == ["stuck", "fresh"]
    for number in range(10):
        outcome = "Contract signed" if number < 4 else "Lost"
        books.event(team, client, f"D{number}", outcome, ago(team, 100))
    page = open_page(team.viewer, "pipeline")
    assert dict(page.metrics)["Expected value, AUD"] == "$56"
    (stage,) = page.rows(below="Open leads by stage")
    assert (stage["win_share_text"], str(stage["expected_value"])) == ("40% of 10 decided", "56.00")
    file = page.downloaded("Download CSV")
    assert [(row["lead_id"], row["stalled"], row["expected_value"]) for row in file] == [
        ("stuck", "true", "16.00"), ("fresh", "false", "40.00"),
    ]  # fmt: skip


def test_a_stage_narrows_the_list_and_its_file(team: Team) -> None:
    client = books.client(team)
    books.event(team, client, "a", "Inquiry", ago(team, 3))
    books.event(team, client, "b", "Proposal sent", ago(team, 3))
    page = open_page(team.viewer, "pipeline", stage="Proposal sent")
    assert listed(page, "1 open lead at Proposal sent") == ["b"]
    assert [row["lead_id"] for row in page.downloaded("Download CSV")] == ["b"]
    page = open_page(team.viewer, "pipeline", stage="Lost")
    assert "The selected stage no longer exists." in page.text


def test_a_lead_of_the_future_is_named(team: Team) -> None:
    books.event(team, books.client(team), "ahead", "Inquiry", ago(team, -20))
    assert "1 lead begins after today" in open_page(team.viewer, "pipeline").text
    funnel = open_page(team.viewer, "lead_funnel", period="all")
    assert "1 lead has the first event dated after today" in funnel.text


def test_without_open_leads_the_page_says_what_to_do(team: Team) -> None:
    assert "No clients yet" in open_page(team.viewer, "pipeline").text
    books.event(team, books.client(team), "won", "Contract signed", "2024-01-01")
    page = open_page(team.viewer, "pipeline")
    assert "No open leads" in page.text
    assert not page.charts()


def test_a_lead_opens_its_client_in_the_funnel(team: Team) -> None:
    client = books.client(team)
    books.client(team, "Another")
    books.event(team, client, "a", "Inquiry", ago(team, 3))
    page = open_page(team.viewer, "pipeline").click_row(0, below="1 open lead")
    assert page.headings[0] == "None of 1 lead is decided yet."
    assert page.address == f"/lead-funnel?client={client}&period=all"


def test_both_views_say_what_they_count_and_their_file_holds_the_same(team: Team) -> None:
    client = books.client(team)
    books.event(team, client, "old", "Inquiry", "2023-12-01")
    books.event(team, client, "old", "Contract signed", "2024-01-11", "900")
    books.event(team, client, "new", "Inquiry", "2024-01-05")
    page = open_page(team.viewer, "lead_funnel", period="2024-Q1")
    assert page.headings[0].startswith("None of 1 lead that began in Q1 2024 (Jan–Mar) is decided")
    assert "“Leads that moved” has other numbers" in page.text
    assert "Not enough decided leads yet" in page.headings[1]
    assert listed(page, "1 lead that began in Q1 2024 (Jan–Mar)") == ["new"]
    page = open_page(team.viewer, "lead_funnel", period="2024-Q1", view="activity")
    assert page.headings[0] == (
        "1 of 1 decided lead became a contract (100%). "
        "1 of 2 leads that moved in Q1 2024 (Jan–Mar) is still open."
    )
    assert "“Leads that began” has other numbers" in page.text
    assert listed(page, "2 leads that moved in Q1 2024 (Jan–Mar)") == ["new", "old"]
    assert {row["lead_id"] for row in page.downloaded("Download leads")} == {"new", "old"}
    figures = dict(page.metrics)
    assert (figures["Win rate"], figures["Win rate by value, AUD"]) == ("100%", "100%")
    steps = list(csv.DictReader(io.StringIO(page.file("Download funnel"))))
    assert list(steps[0]) == [
        "stage", "leads", "decided", "won_through", "undecided", "conversion", "median_days",
        "p90_days",
    ]  # fmt: skip
    assert [row["leads"] for row in steps] == ["1", "1", "1", "1"]
    assert [row["conversion"] for row in steps] == ["", "1.0000", "1.0000", "1.0000"]
    exported = rows(audit.page(team.admin, books.ALWAYS, "Australia/Brisbane").frame)
    assert {"funnel", "leads"} <= {row["table_name"] for row in exported}


def test_a_view_that_does_not_exist_is_the_first(team: Team) -> None:
    books.event(team, books.client(team), "a", "Inquiry", "2024-01-05")
    page = open_page(team.viewer, "lead_funnel", period="2024-Q1", view="nonsense")
    assert "that began in" in page.headings[0]


def test_the_narrowest_stage_needs_five_decided_leads(team: Team) -> None:
    client = books.client(team)
    for number in range(4):
        books.event(team, client, f"L{number}", "Lost", "2024-01-01")
    page = open_page(team.viewer, "lead_funnel", period="all")
    assert page.headings[0].startswith("None of 4 leads became a contract. All are decided.")
    assert "Not enough decided leads yet" in page.headings[1]
    books.event(team, client, "won", "Contract signed", "2024-01-01")
    page = open_page(team.viewer, "lead_funnel", period="all")
    assert page.headings[1].startswith("Narrowest stage: Inquiry, 20% of 5 decided leads")


def test_another_organisation_sees_its_own_open_leads(cole: Identity, sarah: Identity) -> None:
    assert open_page(sarah, "pipeline").headings[0] == "1 lead open, 1 of them stalled."
    assert "leads open" in open_page(cole, "pipeline").headings[0]
