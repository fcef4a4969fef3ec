"""The funnel in single cases: who is decided, in both views, and the time in each stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import leads_on_paper as paper
from tests.support import records as books
from zixly_data.figures.pipeline import open_leads
from zixly_data.figures.pipeline.funnel import funnel, funnel_values, leads_at
from zixly_data.figures.pipeline.steps import View
from zixly_data.figures.pipeline.win_rate import win_rates
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]

STEPS = ["Inquiry", "Consultation", "Proposal sent", "Contract signed"]
JANUARY, FEBRUARY, MARCH = (
    between(f"2024-0{month}-01", f"2024-0{month}-{last}")
    for month, last in ((1, 31), (2, 29), (3, 31))
)
FY2027 = between("2026-07-01", "2027-06-30")


def column(
    identity: Identity, name: str, period: Period = books.Q1_2024, view: View = View.COHORT
) -> list[Any]:
    return [row[name] for row in rows(funnel(identity, period, None, view))]


def entered(identity: Identity, period: Period) -> list[int]:
    return column(identity, "leads", period, View.ACTIVITY)


def events(team: Team, client: str, lead: str, *reached: tuple[str, str]) -> None:
    for stage, day in reached:
        books.event(team, client, lead, stage, f"2024-{day}")


def test_three_leads_one_signed_one_lost_one_under_way(new_team: NewTeam) -> None:
    """`swift` signs without a proposal on record: it got past the proposal all the same."""
    team = new_team()
    client = books.client(team)
    events(team, client, "swift", ("Inquiry", "01-01"), ("Contract signed", "01-11"))
    events(
        team, client, "lost", ("Inquiry", "01-05"), ("Proposal sent", "01-12"), ("Lost", "02-01")
    )
    events(team, client, "open", ("Inquiry", "03-31"), ("Consultation", "04-05"))
    frame = funnel(team.viewer, books.Q1_2024)
    assert list(frame["stage"]) == STEPS
    assert list(frame["status"]) == ["OPEN", "OPEN", "OPEN", "WON"]
    assert list(frame["leads"]) == [3, 3, 2, 1]
    assert list(frame["decided"]) == [3, 2, 2, 1]
    assert list(frame["won_through"]) == [3, 2, 1, 1]
    assert list(frame["lost"]) == [0, 0, 1, 0]
    assert list(frame["undecided"]) == [0, 1, 0, 0]
    assert list(frame["conversion"]) == [1, 1, Decimal("0.5000"), 1]
    assert column(team.viewer, "median_days") == [Decimal(7), None, Decimal(20), None]
    assert column(team.viewer, "p90_days") == [10, None, 20, None]
    (total, aud) = rows(win_rates(team.viewer, books.Q1_2024))
    assert (total["leads"], total["decided"], total["won"], total["open"]) == (3, 2, 1, 1)
    assert (total["win_rate"], aud["win_rate"]) == (Decimal("0.5000"), Decimal("0.5000"))
    assert (aud["won_value"], aud["value_rate"]) == (0, None)


def test_a_lead_known_only_by_its_loss_was_at_the_first_step(new_team: NewTeam) -> None:
    team = new_team()
    events(team, books.client(team), "gone", ("Lost", "01-01"))
    assert column(team.viewer, "leads") == [1, 0, 0, 0]
    assert column(team.viewer, "lost") == [1, 0, 0, 0]
    assert column(team.viewer, "conversion") == [Decimal(0), None, None, None]
    assert entered(team.viewer, JANUARY) == [1, 0, 0, 0]


def test_a_lost_lead_that_came_back_is_undecided(new_team: NewTeam) -> None:
    team = new_team()
    events(team, books.client(team), "l", ("Lost", "01-01"), ("Consultation", "02-01"))
    assert column(team.viewer, "lost") == [0, 0, 0, 0]
    assert column(team.viewer, "decided") == [1, 0, 0, 0]
    assert column(team.viewer, "undecided") == [0, 1, 0, 0]
    # Its first event entered the first step, whatever it was.
    assert entered(team.viewer, JANUARY) == [1, 0, 0, 0]
    assert entered(team.viewer, FEBRUARY) == [0, 1, 0, 0]


def test_nothing_decided_has_no_rate(new_team: NewTeam) -> None:
    team = new_team()
    books.event(team, books.client(team), "l", "Proposal sent", "2024-01-01", "500")
    for row in rows(win_rates(team.viewer, books.ALWAYS)):
        assert (row["win_rate"], row["value_rate"]) == (None, None)
    assert column(team.viewer, "conversion") == [1, 1, None, None]


def test_a_lead_enters_a_stage_when_it_first_passes_it_and_with_each_event_at_it(
    new_team: NewTeam,
) -> None:
    team = new_team()
    client = books.client(team)
    events(team, client, "l", ("Inquiry", "01-10"), ("Proposal sent", "02-10"))
    events(team, client, "l", ("Consultation", "03-10"))
    events(team, client, "late", ("Proposal sent", "03-20"))
    assert entered(team.viewer, JANUARY) == [1, 0, 0, 0]
    assert entered(team.viewer, FEBRUARY) == [0, 1, 1, 0]
    assert entered(team.viewer, MARCH) == [1, 2, 1, 0]
    assert column(team.viewer, "leads", MARCH) == [1, 1, 1, 0]
    # What became of a lead is its state of today, whatever the period.
    assert column(team.viewer, "undecided", FEBRUARY, View.ACTIVITY) == [0, 0, 1, 0]
    listed = leads_at(team.viewer, FEBRUARY, None, "Consultation", view=View.ACTIVITY).frame
    assert list(listed["lead_id"]) == ["l"]


def test_time_in_a_stage_is_the_sum_of_visits_that_ended(new_team: NewTeam) -> None:
    """Three days, one day, and a visit that is still open; two events at a stage are one visit."""
    team = new_team()
    client = books.client(team)
    events(
        team, client, "back", ("Inquiry", "01-01"), ("Inquiry", "01-03"), ("Consultation", "01-04"),
        ("Inquiry", "01-10"), ("Lost", "01-11"), ("Inquiry", "01-20"),
    )  # fmt: skip
    events(team, client, "first visit", ("Inquiry", "01-01"))
    events(team, client, "same day", ("Inquiry", "01-01"), ("Consultation", "01-01"))
    inquiry, consultation, *_ = rows(funnel(team.viewer, books.Q1_2024))
    assert (inquiry["timed"], inquiry["median_days"], inquiry["p90_days"]) == (2, Decimal(2), 4)
    assert (inquiry["returns"], consultation["returns"]) == (1, 0)
    assert (consultation["timed"], consultation["median_days"]) == (1, Decimal(6))


def test_the_median_is_exact_to_the_half_and_nine_in_ten_took_no_longer(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    for lead, day in (("a", "01-04"), ("b", "01-09"), ("c", "01-10"), ("d", "04-10")):
        events(team, client, lead, ("Inquiry", "01-01"), ("Consultation", day))
    assert column(team.viewer, "median_days")[0] == Decimal("8.5")
    assert column(team.viewer, "p90_days")[0] == 100
    for number in range(6):
        events(team, client, f"e{number}", ("Inquiry", "01-01"), ("Consultation", "01-02"))
    assert column(team.viewer, "p90_days")[0] == 9


def test_without_leads_every_step_is_at_zero(new_team: NewTeam) -> None:
    team = new_team()
    for view in View:
        assert column(team.viewer, "leads", view=view) == [0, 0, 0, 0]
        assert column(team.viewer, "conversion", view=view) == [None] * 4
        assert win_rates(team.viewer, books.Q1_2024, None, view).empty
    assert funnel_values(team.viewer, books.Q1_2024).empty
    assert list(open_leads.by_stage(team.viewer)["leads"]) == [0, 0, 0]


def test_stages_of_ones_own_count_in_the_order_of_their_positions(
    admin: sa.Engine, new_team: NewTeam
) -> None:
    """Two won stages, one of them sharing a position, and a second way to be lost."""
    team = new_team()
    paper.second_ways(admin, team)
    client = books.client(team)
    events(team, client, "a", ("Inquiry", "01-01"), ("Deposit paid", "01-02"))
    events(team, client, "b", ("Consultation", "01-01"), ("No reply", "01-02"))
    events(team, client, "c", ("Contract signed", "01-01"))
    assert column(team.viewer, "stage") == [*STEPS, "Deposit paid"]
    assert column(team.viewer, "leads") == [3, 3, 2, 2, 1]
    assert column(team.viewer, "lost") == [0, 1, 0, 0, 0]
    # Won at a stage that is not the last is through all the same.
    assert column(team.viewer, "won_through") == [3, 2, 2, 2, 1]


def test_a_filter_narrows_counts_and_values_alike(new_team: NewTeam) -> None:
    team = new_team()
    cafe, law = books.client(team, "Café"), books.client(team, "Law")
    books.event(team, cafe, "l", "Contract signed", "2024-01-01", "10")
    books.event(team, law, "l", "Inquiry", "2024-01-01", "99")
    client_filter = ClientFilter(search="café")
    for view in View:
        frame = funnel(team.viewer, books.Q1_2024, client_filter, view)
        assert list(frame["leads"]) == [1, 1, 1, 1]
        values = funnel_values(team.viewer, books.Q1_2024, client_filter, view)
        assert list(values["value"]) == [Decimal("10.00")] * 4
        assert list(win_rates(team.viewer, books.Q1_2024, client_filter, view)["open"]) == [0, 0]
        assert list(funnel(team.viewer, books.Q1_2024, None, view)["leads"]) == [2, 1, 1, 1]
    assert open_leads.page(team.viewer, client_filter).count == 0
    assert open_leads.page(team.viewer).count == 1


@pytest.mark.parametrize("view", View)
def test_every_tenant_has_a_funnel_of_its_own(cole: Identity, sarah: Identity, view: View) -> None:
    assert list(funnel(sarah, books.ALWAYS, None, view)["leads"]) == [1, 0, 0, 0]
    assert list(funnel_values(sarah, books.ALWAYS, None, view)["value"]) == [Decimal("5000.00")]
    assert list(win_rates(sarah, books.ALWAYS, None, view)["leads"]) == [1, 1]
    assert funnel(cole, books.ALWAYS, None, view)["leads"].iloc[0] > 3
    assert open_leads.page(sarah).count == 1
    assert open_leads.page(cole).count > 1


def test_the_demo_of_a_year_under_way_counts_only_what_is_decided(cole: Identity) -> None:
    """7 leads, of which 2 are open: 2 of 5 decided are won, not 2 of 7."""
    total = rows(win_rates(cole, FY2027))[0]
    assert (total["leads"], total["decided"], total["won"], total["open"]) == (7, 5, 2, 2)
    assert total["win_rate"] == Decimal("0.4000")
    steps = rows(funnel(cole, FY2027))
    assert sum(row["undecided"] for row in steps) == 2
    assert [row["decided"] for row in steps] == [7, 6, 4, 2]
    assert [row["won_through"] for row in steps] == [7, 5, 2, 2]
    assert date(2026, 7, 1) == FY2027.start
