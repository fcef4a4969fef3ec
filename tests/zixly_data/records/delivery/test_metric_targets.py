"""Targets as people set, change and remove them: valid ones, their history, roles and versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from zixly_data.errors import AccessDenied, AlreadyExists, Conflict, InvalidInput, NotFound
from zixly_data.people import audit
from zixly_data.records import clients, closed_months
from zixly_data.records.delivery import metric_definitions, metric_targets
from zixly_data.records.delivery.metric_targets import FROM_THE_BEGINNING, near_edge
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.values import ids
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)


def add(team: Team, draft: TargetDraft) -> str:
    row_id = ids.new_id("mtg")
    metric_targets.add(team.editor, draft, row_id=row_id)
    return row_id


def stored(team: Team, metric_id: str | None = None) -> list[dict[str, Any]]:
    return rows(metric_targets.page(team.viewer, metric_id=metric_id).frame)


def test_targets_are_listed_by_metric_everyones_first_and_the_latest_month_first(
    new_team: NewTeam,
) -> None:
    team, others = new_team(), new_team()
    law, cafe = books.client(team, "law"), books.client(team, "Café")
    hours, calls = books.metric(team, "hours"), books.metric(team, "Calls", "COUNT")
    books.metric(others, "Hours", target="1")
    own = books.aim(team, hours, "2024-01-01", law, low="64")
    first = books.aim(team, hours, low="120", near_low="100")
    ended = books.aim(team, hours, "2024-05-01")
    between = books.aim(team, calls, "2024-02-01", cafe, low="10", high="20")
    listed = stored(team)
    assert [row["id"] for row in listed] == [between, ended, first, own]
    assert [row["id"] for row in stored(team, hours)] == [ended, first, own]
    assert listed[0] == {
        "id": between,
        "metric_id": calls,
        "metric_name": "Calls",
        "unit": "points",
        "metric_kind": "COUNT",
        "out_of": None,
        "client_kpi_id": cafe,
        "client_name": "Café",
        "from_month": date(2024, 2, 1),
        "kind": "BETWEEN",
        "low": Decimal(10),
        "high": Decimal(20),
        "near_low": Decimal(9),
        "near_high": Decimal(22),
        "version": 1,
    }
    assert [row["kind"] for row in listed[1:]] == ["NONE", "AT_LEAST", "AT_LEAST"]
    assert listed[2]["near_low"] == Decimal(100)
    of_law = metric_targets.page(team.viewer, ClientFilter((law,)))
    assert [row["id"] for row in rows(of_law.frame)] == [ended, first, own]


@pytest.mark.parametrize(
    ("kind", "edge", "name", "near"),
    [
        ("NUMBER", "120", "low", "108"),
        ("NUMBER", "-120", "low", "-132"),
        ("NUMBER", "-120", "high", "-108"),
        ("NUMBER", "0", "high", "0"),
        ("NUMBER", "9999999999.9999", "high", "9999999999.9999"),
        ("COUNT", "12", "low", "11"),
        ("COUNT", "12", "high", "13"),
        ("COUNT", "9999999999", "high", "9999999999"),
        ("PERCENT", "95", "high", "100"),
        ("PERCENT", "950", "high", "1000"),
        ("RATING", "4.8", "high", "5"),
        ("RATING", "4.5", "low", "4.05"),
        ("DURATION", "0.0005", "low", "0.0005"),
        ("YES_NO", "1", "low", "1"),
    ],
)
def test_near_is_a_tenth_further_and_stays_valid(
    kind: str, edge: str, name: str, near: str
) -> None:
    out_of = Decimal(5) if kind == "RATING" else None
    assert near_edge(Decimal(edge), name, kind, out_of) == Decimal(near)


@given(
    st.decimals(-9999999999, 9999999999, places=4),
    st.sampled_from(("NUMBER", "PERCENT", "RATING", "COUNT", "DURATION")),
    st.sampled_from(("low", "high")),
)
def test_near_is_never_on_the_better_side(edge: Decimal, kind: str, name: str) -> None:
    limits = {"PERCENT": 1000, "RATING": 5, "COUNT": 9999999999}
    if kind != "NUMBER":
        edge = min(abs(edge), Decimal(limits.get(kind, 9999999999)))
    if kind == "COUNT":
        edge = edge.to_integral_value()
    near = near_edge(edge, name, kind, Decimal(5) if kind == "RATING" else None)
    assert near <= edge if name == "low" else near >= edge
    assert metric_definitions.validate_value(near, kind, Decimal(5), name) == near


BAD = [
    ({"from_month": date(2024, 3, 2)}, "from_month", "first of a month, not on 2 Mar 2024"),
    ({"from_month": date(1999, 12, 1)}, "from_month", "out of range"),
    ({"kind": "ABOUT"}, "kind", "no such type"),
    ({"low": None}, "low", "lowest value that is on target"),
    ({"high": Decimal(9)}, "high", "no such number"),
    ({"kind": "NONE"}, "near_low", "no such number"),
    ({"kind": "AT_MOST", "low": None, "near_low": None}, "high", "highest value"),
    ({"near_low": Decimal("4.6")}, "near_low", "Near starts below"),
    ({"low": Decimal("5.5")}, "low", "This one is out of 5"),
    ({"near_low": Decimal(-1)}, "near_low", "between 0 and the top"),
    ({"low": Decimal("NaN")}, "low", "not a number"),
    ({"low": Decimal("4.00001"), "near_low": None}, "low", "decimal places"),
    ({"kind": "BETWEEN", "high": Decimal(4)}, "high", "below the lowest"),
    (
        {"kind": "BETWEEN", "high": Decimal("4.8"), "near_high": Decimal("4.7")},
        "near_high",
        "Near ends above",
    ),
    ({"metric_id": "mdef_of_nobody"}, "metric_id", "no longer exists"),
]


@pytest.mark.parametrize(("changed", "field", "said"), BAD)
def test_a_target_that_makes_no_sense_is_refused(
    changed: dict[str, Any], field: str, said: str, new_team: NewTeam
) -> None:
    team = new_team()
    metric = books.metric(team, "Satisfaction", "RATING", out_of="5")
    good: dict[str, Any] = {
        "metric_id": metric, "from_month": MARCH, "kind": "AT_LEAST", "low": Decimal("4.5"),
        "near_low": Decimal(4),
    }  # fmt: skip
    with pytest.raises(InvalidInput, match=said) as refused:
        add(team, TargetDraft(**good | changed))
    assert refused.value.field == field
    assert stored(team) == []
    row_id = add(team, TargetDraft(**good))
    if field != "metric_id":
        with pytest.raises(InvalidInput, match=said):
            metric_targets.change(team.editor, row_id, 1, TargetDraft(**good | changed))
    assert [row["version"] for row in stored(team)] == [1]


def test_yes_or_no_has_nothing_near_or_between(new_team: NewTeam) -> None:
    team = new_team()
    metric = books.metric(team, "On time", "YES_NO")
    for kind, edges, field in (
        ("BETWEEN", {"low": 0, "high": 1}, "kind"),
        ("AT_LEAST", {"low": 1, "near_low": 0}, "near_low"),
        ("AT_MOST", {"high": 0, "near_high": 1}, "near_high"),
        ("AT_LEAST", {"low": 2}, "low"),
    ):
        numbers: dict[str, Any] = {name: Decimal(edge) for name, edge in edges.items()}
        with pytest.raises(InvalidInput) as refused:
            add(team, TargetDraft(metric, MARCH, kind, **numbers))
        assert refused.value.field == field
    add(team, TargetDraft(metric, MARCH, "AT_LEAST", low=Decimal(1)))
    assert stored(team)[0]["near_low"] == 1


def test_a_metric_and_client_have_one_target_from_a_month(new_team: NewTeam) -> None:
    team = new_team()
    metric, client = books.metric(team, "Hours"), books.client(team)
    for whose in (None, client):
        row_id = books.aim(team, metric, MARCH, whose, low="5")
        with pytest.raises(AlreadyExists, match="already a target from this month") as refused:
            books.aim(team, metric, MARCH, whose, high="9")
        assert refused.value.field == "from_month"
        # Sent twice, it is one.
        draft = TargetDraft(metric, MARCH, "AT_LEAST", whose, Decimal(5))
        metric_targets.add(team.editor, draft, row_id=row_id)
    assert len(stored(team)) == 2


def test_targets_may_start_in_closed_months_and_values_may_not(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    metric = books.metric(team, "Hours")
    closed_months.close(team.admin, MARCH)
    row_id = books.aim(team, metric, MARCH, low="5")
    metric_targets.change(
        team.editor, row_id, 1, TargetDraft(metric, MARCH, "AT_MOST", high=Decimal(4))
    )
    assert stored(team)[0]["kind"] == "AT_MOST"
    metric_targets.remove(team.editor, row_id, 2)
    assert stored(team) == []


def test_each_role_reads_and_editors_write(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    metric = books.metric(team, "Hours")
    row_id = books.aim(team, metric, low="5")
    draft = TargetDraft(metric, MARCH, "AT_LEAST", low=Decimal(6))
    for write in (
        lambda who: metric_targets.add(who, draft, row_id=ids.new_id("mtg")),
        lambda who: metric_targets.change(who, row_id, 1, draft),
        lambda who: metric_targets.remove(who, row_id, 1),
    ):
        with pytest.raises(AccessDenied):
            write(team.viewer)
    assert metric_targets.get(team.viewer, row_id).low == 5
    for read in (
        lambda: metric_targets.get(others.admin, row_id),
        lambda: metric_targets.change(others.admin, row_id, 1, draft),
        lambda: metric_targets.remove(others.admin, row_id, 1),
    ):
        with pytest.raises((NotFound, InvalidInput)):
            read()
    assert not metric_targets.page(others.admin).count
    metric_targets.change(team.admin, row_id, 1, draft)
    metric_targets.remove(team.admin, row_id, 2)


def test_a_client_or_a_metric_of_another_organisation_is_refused(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    metric, theirs = books.metric(team, "Hours"), books.client(others)
    with pytest.raises(NotFound, match="client no longer exists"):
        books.aim(team, metric, client_kpi_id=theirs, low="5")
    with pytest.raises(InvalidInput, match="metric no longer exists"):
        books.aim(others, metric, client_kpi_id=theirs, low="5")
    books.aim(team, metric, client_kpi_id=books.client(team), low="5")


def test_the_second_of_two_to_save_gets_the_first_ones_target(new_team: NewTeam) -> None:
    team = new_team()
    metric = books.metric(team, "Hours")
    row_id = books.aim(team, metric, low="5")
    start, conflicts = Barrier(2), []

    def save(low: int) -> None:
        draft = TargetDraft(metric, FROM_THE_BEGINNING, "AT_LEAST", low=Decimal(low))
        start.wait()
        try:
            metric_targets.change(team.editor, row_id, 1, draft)
        except Conflict as error:
            conflicts.append(error.current)

    threads = [Thread(target=save, args=(low,)) for low in (6, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [conflict.low for conflict in conflicts] == [metric_targets.get(team.viewer, row_id).low]
    with pytest.raises(Conflict):
        metric_targets.remove(team.editor, row_id, 1)
    metric_targets.remove(team.editor, row_id, 2)
    with pytest.raises(NotFound):
        metric_targets.remove(team.editor, row_id, 2)


def test_targets_go_with_their_metric_and_their_client_which_counts_them(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    metric, client = books.metric(team, "Hours", target="5"), books.client(team, "Café")
    books.aim(team, metric, client_kpi_id=client, low="6")
    assert clients.deletion(team.editor, client).metric_targets == 1
    clients.delete(team.editor, client, 1, "Café")
    assert [row["client_kpi_id"] for row in stored(team)] == [None]
    metric_definitions.remove_definition(team.editor, metric, 1)
    assert stored(team) == []
    assert statements.run(
        admin, "select count(*) from zixly.metric_targets where tenant_id = :t", t=team.tenant_id
    ) == [(0,)]


def test_a_metric_is_not_redefined_so_that_its_targets_make_no_sense(new_team: NewTeam) -> None:
    team = new_team()
    metric = books.metric(team, "Score", "RATING", target="4.5", out_of="5")
    for draft, field in (
        (MetricDefinitionDraft("Score", "out of 4", "RATING", out_of=Decimal(4)), "out_of"),
        (MetricDefinitionDraft("Score", "yes or no", "YES_NO"), "kind"),
        (MetricDefinitionDraft("Score", "points", "COUNT"), "kind"),
    ):
        with pytest.raises(InvalidInput, match="1 target of this metric would not be") as refused:
            metric_definitions.redefine(team.editor, metric, 1, draft)
        assert refused.value.field == field
    wider = MetricDefinitionDraft("Score", "out of 10", "RATING", out_of=Decimal(10))
    metric_definitions.redefine(team.editor, metric, 1, wider)


def test_a_target_has_a_history(new_team: NewTeam) -> None:
    team = new_team()
    metric = books.metric(team, "Hours")
    row_id = books.aim(team, metric, low="5")
    draft = TargetDraft(metric, FROM_THE_BEGINNING, "AT_LEAST", low=Decimal(6))
    metric_targets.change(team.admin, row_id, 1, draft)
    entries = rows(audit.history(team.viewer, "metric_targets", row_id))
    assert [entry["action"] for entry in entries] == ["UPDATE", "INSERT"]
    entry = rows(audit.page(team.admin, books.ALWAYS, "UTC").frame)[0]
    assert (entry["table_name"], entry["subject"]) == ("metric_targets", "Hours")
