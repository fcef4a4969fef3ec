"""The funnel: counted, timed and valued as one would on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.figures.pipeline.funnel import funnel, funnel_values, leads_at
from zixly_data.identity import Identity
from zixly_data.records.pipeline import lead_states
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows as plain

NewTeam = Callable[[], Team]

STEPS = ["Inquiry", "Consultation", "Proposal sent", "Contract signed"]
SUMS = ("leads", "median_days", "with_value", "value")
POSITION = {stage: position for position, stage in enumerate([*STEPS, "Lost"], start=1)}


def column(identity: Identity, name: str) -> list[Any]:
    frame = funnel(identity, books.Q1_2024)
    return [
        None if absent else v for v, absent in zip(frame[name], frame[name].isna(), strict=True)
    ]


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
    assert list(frame["lost"]) == [0, 0, 1, 0]
    assert column(team.viewer, "conversion") == [
        None, Decimal("1.0000"), Decimal("0.6667"), Decimal("0.5000"),
    ]  # fmt: skip
    assert column(team.viewer, "conversion_overall") == [
        Decimal("1.0000"), Decimal("1.0000"), Decimal("0.6667"), Decimal("0.3333"),
    ]  # fmt: skip
    assert column(team.viewer, "median_days") == [None, Decimal(5), Decimal(7), Decimal(10)]


def test_a_median_between_two_days_is_exact_to_the_half(new_team: NewTeam) -> None:
    """Times of 3, 8, 9 and 100 days: the median lies between 8 and 9."""
    team = new_team()
    client = books.client(team)
    for lead, day in (("a", "01-04"), ("b", "01-09"), ("c", "01-10"), ("d", "04-10")):
        events(team, client, lead, ("Inquiry", "01-01"), ("Consultation", day))
    assert column(team.viewer, "median_days") == [None, Decimal("8.5"), None, None]


def test_a_lead_known_only_by_its_loss_was_at_the_first_step(new_team: NewTeam) -> None:
    team = new_team()
    events(team, books.client(team), "gone", ("Lost", "01-01"))
    assert column(team.viewer, "leads") == [1, 0, 0, 0]
    assert column(team.viewer, "lost") == [1, 0, 0, 0]
    assert column(team.viewer, "conversion") == [None, Decimal(0), None, None]


def test_a_lost_lead_that_came_back_is_not_lost(new_team: NewTeam) -> None:
    team = new_team()
    events(team, books.client(team), "l", ("Lost", "01-01"), ("Consultation", "02-01"))
    assert column(team.viewer, "lost") == [0, 0, 0, 0]
    assert column(team.viewer, "leads") == [1, 1, 0, 0]


def test_a_lead_that_went_backwards_has_no_time_there(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    events(team, client, "back", ("Consultation", "01-01"), ("Inquiry", "01-09"))
    events(team, client, "same day", ("Inquiry", "01-01"), ("Consultation", "01-01"))
    assert column(team.viewer, "median_days") == [None, Decimal(0), None, None]


def test_without_leads_every_step_stands_at_zero(new_team: NewTeam) -> None:
    team = new_team()
    assert column(team.viewer, "leads") == [0, 0, 0, 0]
    assert column(team.viewer, "conversion") == column(team.viewer, "conversion_overall")
    assert funnel_values(team.viewer, books.Q1_2024).empty


def test_stages_of_ones_own_count_in_the_order_of_their_positions(
    admin: sa.Engine, new_team: NewTeam
) -> None:
    """Two won stages, one of them sharing a position, and a second way to be lost."""
    team = new_team()
    with admin.begin() as owner:
        owner.execute(
            sa.text("""
                insert into zixly.lead_stages (tenant_id, id, stage, position, status) values
                (:tenant, 'z1', 'Deposit paid', 4, 'WON'), (:tenant, 'z2', 'No reply', 2, 'LOST')
            """),
            {"tenant": team.tenant_id},
        )
    client = books.client(team)
    events(team, client, "a", ("Inquiry", "01-01"), ("Deposit paid", "01-02"))
    events(team, client, "b", ("Consultation", "01-01"), ("No reply", "01-02"))
    assert column(team.viewer, "stage") == [*STEPS, "Deposit paid"]
    assert column(team.viewer, "leads") == [2, 2, 1, 1, 1]
    assert column(team.viewer, "lost") == [0, 1, 0, 0, 0]


lead_events = st.tuples(
    st.integers(0, 2),
    st.sampled_from(["p", "q", "r"]),
    st.sampled_from([*STEPS, "Lost"]),
    st.dates(date(2023, 12, 20), date(2024, 1, 20)),
    st.none() | st.decimals(min_value=0, max_value=10**6, places=2),
)


@given(ledger=st.lists(lead_events, max_size=18))
@settings(
    max_examples=examples(10),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_gives_the_funnel_one_gets_on_paper(
    ledger: list[tuple[int, str, str, date, Decimal | None]], new_team: NewTeam
) -> None:
    team = new_team()
    currencies = ("AUD", "NZD", "AUD")
    ours = [books.client(team, currency=c) for c in currencies]
    histories: dict[tuple[int, str], list[tuple[date, int, int, Decimal | None]]] = defaultdict(
        list
    )
    for entry, (client, lead, stage, day, value) in enumerate(ledger):
        books.event(team, ours[client], lead, stage, day, value)
        histories[client, lead].append((day, POSITION[stage], entry, value))

    cohort = {k: sorted(h) for k, h in histories.items() if books.Q1_2024.contains(min(h)[0])}
    furthest = {
        key: max((p for _, p, _, _ in history if p <= 4), default=1)
        for key, history in cohort.items()
    }
    lost = [key for key, history in cohort.items() if history[-1][1] == 5]
    times: dict[int, list[int]] = defaultdict(list)
    for history in cohort.values():
        first: dict[int, date] = {}
        for day, position, _, _ in history:
            first.setdefault(position, day)
        seen = sorted(position for position in first if position <= 4)
        for earlier, later in pairwise(seen):
            if first[later] >= first[earlier]:
                times[later].append((first[later] - first[earlier]).days)

    reached = [[key for key in cohort if furthest[key] >= step] for step in (1, 2, 3, 4)]
    counts = [len(keys) for keys in reached]
    assert column(team.viewer, "leads") == counts
    assert column(team.viewer, "lost") == [
        len([key for key in lost if furthest[key] == step]) for step in (1, 2, 3, 4)
    ]
    assert column(team.viewer, "conversion") == [
        None, *(_ratio(n, before) for before, n in pairwise(counts)),
    ]  # fmt: skip
    assert column(team.viewer, "conversion_overall") == [_ratio(n, counts[0]) for n in counts]
    assert column(team.viewer, "median_days") == [
        Decimal(str(median(times[step]))) if times[step] else None for step in (1, 2, 3, 4)
    ]

    values: dict[tuple[int, str], list[Any]] = defaultdict(lambda: [0, 0, Decimal(0)])
    for step, keys in enumerate(reached, start=1):
        for client, lead in keys:
            known = [v for *_, v in cohort[client, lead] if v is not None]
            row = values[step, currencies[client]]
            row[0] += 1
            row[1] += bool(known)
            row[2] += known[-1] if known else 0
    assert [
        ((row["position"], row["currency"]), [row["leads"], row["with_value"], row["value"]])
        for row in funnel_values(team.viewer, books.Q1_2024).to_dict("records")
    ] == sorted(values.items())

    for step, stage in enumerate(STEPS):
        opened = leads_at(team.viewer, books.Q1_2024, None, stage).frame
        assert {(ours.index(r["client_kpi_id"]), r["lead_id"]) for r in opened.to_dict("records")} \
            == set(reached[step])  # fmt: skip

    by_status: dict[tuple[str, str | None], list[dict[str, Any]]] = defaultdict(list)
    for lead in plain(lead_states.page(team.viewer, books.Q1_2024).frame):
        for currency in (None, lead["currency"]):
            by_status[lead["status"], currency].append(lead)
    expected = {
        key: (len(listed), Decimal(str(median(lead["days_open"] for lead in listed))),
              sum(lead["value"] is not None for lead in listed),
              sum((lead["value"] or Decimal(0) for lead in listed), Decimal(0)))
        for key, listed in by_status.items()
    }  # fmt: skip
    assert {
        (row["status"], row["currency"]): tuple(row[name] for name in SUMS)
        for row in plain(lead_states.sums(team.viewer, books.Q1_2024))
    } == expected


def test_a_filter_narrows_counts_and_values_alike(new_team: NewTeam) -> None:
    team = new_team()
    cafe, law = books.client(team, "Café"), books.client(team, "Law")
    books.event(team, cafe, "l", "Contract signed", "2024-01-01", "10")
    books.event(team, law, "l", "Inquiry", "2024-01-01", "99")
    client_filter = ClientFilter(search="café")
    assert list(funnel(team.viewer, books.Q1_2024, client_filter)["leads"]) == [1, 1, 1, 1]
    values = funnel_values(team.viewer, books.Q1_2024, client_filter)
    assert list(values["value"]) == [Decimal("10.00")] * 4
    assert list(funnel(team.viewer, books.Q1_2024)["leads"]) == [2, 1, 1, 1]


def test_every_tenant_has_a_funnel_of_its_own(cole: Identity, sarah: Identity) -> None:
    assert list(funnel(sarah, books.ALWAYS)["leads"]) == [1, 0, 0, 0]
    assert list(funnel_values(sarah, books.ALWAYS)["value"]) == [Decimal("5000.00")]
    assert funnel(cole, books.ALWAYS)["leads"].iloc[0] > 3


def _ratio(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP)
