"""Random histories of leads give the figures one gets on paper: gaps, returns, several a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import leads_on_paper as paper
from tests.support import records as books
from tests.support.depth import examples
from tests.support.leads_on_paper import Event, Lead
from zixly_data.figures.pipeline import funnel, open_leads, win_rate
from zixly_data.figures.pipeline.steps import View
from zixly_data.people import tenants
from zixly_data.records.pipeline import lead_stages, stage_changes
from zixly_data.values.frames import rows
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
CURRENCIES = ("AUD", "NZD", "AUD")
# All time by its name, by its days, a quarter, and a few days within it.
PERIODS = (
    books.ALWAYS,
    between("2000-01-01", "2100-12-31"),
    books.Q1_2024,
    between("2024-01-04", "2024-01-09"),
)

histories = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from("pqr"),
        st.sampled_from(paper.STAGES),
        # Close together, so that days are shared; some are ahead.
        st.dates(date(2023, 12, 27), date(2024, 1, 12))
        | st.dates(date(2099, 1, 1), date(2099, 1, 3)),
        st.sampled_from([None, None, "09:00", "09:00", "17:30"]),
        st.none() | st.decimals(min_value=0, max_value=10**6, places=2),
    ),
    max_size=24,
)
some_histories = settings(
    max_examples=examples(8),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(history=histories)
@some_histories
def test_any_history_gives_the_figures_one_gets_on_paper(
    history: Sequence[tuple[int, str, str, date, str | None, Decimal | None]],
    new_team: NewTeam, admin: sa.Engine, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(open_leads, "LEAST_DECIDED", 2)
    team = new_team()
    paper.second_ways(admin, team)
    clients = {books.client(team, f"Client {n}", currency=c): c for n, c in enumerate(CURRENCIES)}
    ids = list(clients)
    events = [paper.record(team, Event(ids[client], *rest)) for client, *rest in history]
    everyone = paper.leads_of(events)
    for period in PERIODS:
        for view in View:
            _compare_view(team, everyone, clients, period, view)
    _compare_pipeline(team, everyone, clients)


def _compare_view(
    team: Team, everyone: Sequence[Lead], clients: dict[str, str], period: Period, view: View
) -> None:
    me = team.viewer
    steps = rows(funnel.funnel(me, period, None, view))
    expected = paper.funnel_rows(everyone, period, view)
    assert [{name: row[name] for name in expected[0]} for row in steps] == expected
    for row in steps:
        assert row["decided"] + row["undecided"] == row["leads"]
        assert row["won_through"] + row["lost"] == row["decided"]

    of_view = [lead for lead in everyone if lead.is_in(period, view)]
    for step, stage in enumerate(paper.STEPS, start=1):
        there = [lead for lead in everyone if lead.is_at(step, period, view)]
        listed = funnel.leads_at(me, period, None, stage, view=view).frame
        assert _keys(listed) == sorted(lead.key for lead in there)
    lost = funnel.leads_at(me, period, None, "Lost", view=view).frame
    assert _keys(lost) == sorted(lead.key for lead in of_view if lead.stage == "Lost")
    all_leads = funnel.leads_at(me, period, None, None, view=view).frame
    assert _keys(all_leads) == sorted(lead.key for lead in of_view)

    values = {
        (row["stage"], row["currency"]): (row["leads"], row["with_value"], row["value"])
        for row in rows(funnel.funnel_values(me, period, None, view))
    }
    expected_values: dict[tuple[str, str], list[Lead]] = defaultdict(list)
    for step, stage in enumerate(paper.STEPS, start=1):
        for lead in everyone:
            if lead.is_at(step, period, view):
                expected_values[stage, clients[lead.key[0]]].append(lead)
    assert values == {
        key: (len(of), sum(lead.value is not None for lead in of), _sum(of))
        for key, of in expected_values.items()
    }
    _compare_win_rates(team, of_view, clients, period, view)


def _compare_win_rates(
    team: Team, of_view: Sequence[Lead], clients: dict[str, str], period: Period, view: View
) -> None:
    today = tenants.get(team.viewer).today()
    groups: dict[str | None, list[Lead]] = defaultdict(list)
    for lead in of_view:
        groups[None].append(lead)
        groups[clients[lead.key[0]]].append(lead)
    shown = {
        row["currency"]: row for row in rows(win_rate.win_rates(team.viewer, period, None, view))
    }
    assert set(shown) == set(groups)
    for currency, leads in groups.items():
        row = shown[currency]
        by_status = {
            name: [x for x in leads if x.status == name] for name in ("WON", "LOST", "OPEN")
        }
        won, lost = by_status["WON"], by_status["LOST"]
        assert (row["leads"], row["decided"]) == (len(leads), len(won) + len(lost))
        assert row["win_rate"] == paper.ratio(len(won), len(won) + len(lost))
        assert row["dated_later"] == sum(lead.first > today for lead in leads)
        for status, of_status in by_status.items():
            name = status.lower()
            assert row[name] == len(of_status)
            days = [
                max(0, ((today if status == "OPEN" else x.last) - x.first).days) for x in of_status
            ]
            assert row[f"median_days_{name}"] == (Decimal(str(median(days))) if days else None)
            assert row[f"{name}_with_value"] == sum(x.value is not None for x in of_status)
            assert row[f"{name}_value"] == (None if currency is None else _sum(of_status))
        by_value = None if currency is None else paper.ratio(_sum(won), _sum(won) + _sum(lost))
        assert row["value_rate"] == by_value


def _compare_pipeline(team: Team, everyone: Sequence[Lead], clients: dict[str, str]) -> None:
    today = tenants.get(team.viewer).today()
    still_open = {lead.key: lead for lead in everyone if lead.status == "OPEN"}
    listed = rows(open_leads.page(team.viewer).frame)
    assert {(row["client_kpi_id"], row["lead_id"]) for row in listed} == set(still_open)
    for row in listed:
        lead = still_open[row["client_kpi_id"], row["lead_id"]]
        entered, ended = lead.visits(lead.stage)[-1]
        quiet, limit = max(0, (today - lead.last).days), paper.limit_days(everyone, lead.stage)
        assert ended is None
        assert (row["stage"], row["value"], row["currency"]) == (
            lead.stage, lead.value, clients[lead.key[0]],
        )  # fmt: skip
        assert (row["first_date"], row["entered_date"], row["last_date"]) == (
            lead.first, entered, lead.last,
        )  # fmt: skip
        assert (row["days_open"], row["days_in_stage"], row["days_quiet"], row["limit_days"]) == (
            max(0, (today - lead.first).days), max(0, (today - entered).days), quiet, limit,
        )  # fmt: skip
        assert row["stalled"] == (quiet > limit)
        decided, won = paper.win_share(everyone, lead.stage)
        assert row["win_share"] == (paper.ratio(won, decided) if decided >= 2 else None)
        assert row["expected_value"] == _expected(lead, decided, won)
    order = [(not row["stalled"], -row["days_quiet"]) for row in listed]
    assert order == sorted(order)

    by_stage = rows(open_leads.by_stage(team.viewer))
    totals = [row for row in by_stage if row["currency"] is None]
    assert [row["stage"] for row in totals] == list(paper.STEPS[:3])
    cohort = rows(funnel.funnel(team.viewer, books.ALWAYS))
    assert sum(row["leads"] for row in totals) == sum(row["undecided"] for row in cohort)
    expected: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for row in listed:
        expected[row["stage"], row["currency"]].append(row)
        expected[row["stage"], None].append(row)
    for row in by_stage:
        of_row = expected.pop((row["stage"], row["currency"]), [])
        decided, won = paper.win_share(everyone, row["stage"])
        assert (row["leads"], row["decided"], row["won"]) == (len(of_row), decided, won)
        assert row["stalled"] == sum(x["stalled"] for x in of_row)
        assert row["dated_later"] == sum(x["first_date"] > today for x in of_row)
        assert row["with_value"] == sum(x["value"] is not None for x in of_row)
        assert row["limit_days"] == paper.limit_days(everyone, row["stage"])
        if row["currency"] is None:
            assert (row["value"], row["expected_value"]) == (None, None)
            continue
        assert row["value"] == sum((x["value"] or Decimal(0) for x in of_row), Decimal(0))
        total = sum((x["expected_value"] or Decimal(0) for x in of_row), Decimal(0))
        assert row["expected_value"] == (total if decided >= 2 else None)
    assert not expected


def _expected(lead: Lead, decided: int, won: int) -> Decimal | None:
    if decided < 2 or lead.value is None:
        return None
    return (lead.value * won / decided).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _keys(listed: Any) -> list[tuple[str, str]]:
    return sorted((row["client_kpi_id"], row["lead_id"]) for row in rows(listed))


def _sum(leads: Sequence[Lead]) -> Decimal:
    return sum((lead.value or Decimal(0) for lead in leads), Decimal(0))


@given(history=histories, step=st.sampled_from(paper.STEPS[:3]))
@some_histories
def test_an_undecided_lead_changes_no_decided_rate(
    history: Sequence[tuple[int, str, str, date, str | None, Decimal | None]], step: str,
    new_team: NewTeam, admin: sa.Engine,
) -> None:  # fmt: skip
    """At the step where it is, nor any win rate; it only adds an undecided lead."""
    team = new_team()
    paper.second_ways(admin, team)
    client = books.client(team)
    for _, *rest in history:
        paper.record(team, Event(client, *rest))

    def figures() -> tuple[list[dict[str, Any]], list[Any]]:
        rates = rows(win_rate.win_rates(team.viewer, books.ALWAYS))
        names = ("decided", "won", "win_rate", "value_rate", "won_value")
        steps = rows(funnel.funnel(team.viewer, books.ALWAYS))
        return steps, [{name: row[name] for name in names} for row in rates if row["decided"]]

    before, rates_before = figures()
    paper.record(team, replace(Event(client, "new", step, date(2024, 1, 5)), value=Decimal(7)))
    after, rates_after = figures()
    assert rates_after == rates_before
    place = paper.STEPS.index(step)
    assert after[place] == before[place] | {
        "leads": before[place]["leads"] + 1, "undecided": before[place]["undecided"] + 1,
    }  # fmt: skip
    assert after[place + 1 :] == before[place + 1 :]


@given(history=histories, moved=st.lists(st.booleans(), min_size=24, max_size=24))
@some_histories
def test_a_merged_stage_gives_the_figures_of_the_stage_it_counts_as(
    history: Sequence[tuple[int, str, str, date, str | None, Decimal | None]],
    moved: Sequence[bool], new_team: NewTeam, admin: sa.Engine, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The stage it counts as is retired afterwards, which changes no figure of its events."""
    monkeypatch.setattr(open_leads, "LEAST_DECIDED", 2)
    is_merged = [
        stage == "Consultation" and move
        for (_, _, stage, *_), move in zip(history, moved, strict=False)
    ]
    assume(any(stage == "Consultation" for _, _, stage, *_ in history))
    team = new_team()
    paper.second_ways(admin, team)
    paper.stage_before_merging(admin, team, "Discovery call")
    clients = {books.client(team, f"Client {n}", currency=c): c for n, c in enumerate(CURRENCIES)}
    ids, events = list(clients), []
    for (client, lead, stage, *rest), merged in zip(history, is_merged, strict=True):
        entered = Event(ids[client], lead, "Discovery call" if merged else stage, *rest)
        events.append(replace(paper.record(team, entered), stage=stage))
    discovery, consultation = (
        lead_stages.find(team.viewer, name) for name in ("Discovery call", "Consultation")
    )
    stage_changes.merge(team.admin, discovery.id, discovery.version, consultation.id)
    stage_changes.retire(team.admin, consultation.id, consultation.version)
    everyone = paper.leads_of(events)
    for view in View:
        _compare_view(team, everyone, clients, books.Q1_2024, view)
        _compare_view(team, everyone, clients, books.ALWAYS, view)
    _compare_pipeline(team, everyone, clients)
