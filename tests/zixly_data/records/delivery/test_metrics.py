"""Custom metrics: values that make sense, the latest of them, and whether they are on target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from zixly_data.errors import AlreadyExists, InvalidInput
from zixly_data.figures.delivery import metric_history
from zixly_data.identity import Identity
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import ids
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.paging import PageRequest
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]


def plain(frame: Any) -> list[dict[str, Any]]:
    """The rows as dictionaries, None for what is missing."""
    return [
        {name: None if absent[name] else row[name] for name in row}
        for row, absent in zip(
            frame.to_dict("records"), frame.isna().to_dict("records"), strict=True
        )
    ]


def refused(team: Team, name: str, value: str, note: str | None = None) -> str | None:
    """The field that is refused when this value is recorded; None when it is accepted."""
    client = books.client(team)
    try:
        row_id = books.measure(team, client, name, "2024-01-01", value, note)
    except InvalidInput as refused:
        assert metric_history.history(team.viewer, client, name).empty
        return refused.field
    assert metrics.get(team.viewer, row_id).metric_value == Decimal(value)
    return None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("NUMBER", "-12.3456 0 9999999999.9999", "0.00001 10000000000 NaN Infinity"),
        ("PERCENT", "0 85 99.2 100", "-0.1 1000.1"),
        ("RATING", "0 4.8 5", "-1 5.0001"),
        ("YES_NO", "0 1", "2 -1 0.5"),
        ("COUNT", "0 12 9999999999", "-1 0.5"),
        ("DURATION", "0 120 7.25", "-0.0001"),
    ],
)
def test_a_value_must_make_sense_for_its_kind(
    kind: str, good: str, bad: str, new_team: NewTeam
) -> None:
    team = new_team()
    books.metric(team, "M", kind, out_of="5" if kind == "RATING" else None)
    assert [value for value in good.split() if refused(team, "M", value)] == []
    assert {refused(team, "M", value) for value in bad.split()} == {"metric_value"}


def test_more_than_all_needs_a_reason(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "Velocity", "PERCENT", unit="%")
    assert refused(team, "Velocity", "100.5") == "note"
    assert refused(team, "Velocity", "100.5", " ") == "note"
    assert refused(team, "Velocity", "100.5", "two milestones early") is None


def test_a_value_takes_the_unit_of_its_metric(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Café", client_id="C-1")
    books.metric(team, "Billable Hours", "DURATION", unit="hours")
    row_id = books.measure(team, client, "Billable Hours", "2024-01-31", "120", "January")
    assert plain(metrics.list_records(team.viewer, books.Q1_2024)) == [
        {
            "id": row_id,
            "record_date": date(2024, 1, 31),
            "client_kpi_id": client,
            "client_id": "C-1",
            "client_name": "Café",
            "metric_name": "Billable Hours",
            "metric_value": Decimal("120.0000"),
            "unit": "hours",
            "kind": "DURATION",
            "out_of": None,
            "source_system": "manual",
            "note": "January",
            "version": 1,
        }
    ]


@pytest.mark.parametrize("name", ["Unheard of", "velocity", "", "'; DROP TABLE custom_metrics; --"])
def test_a_metric_that_is_not_defined_takes_no_value(name: str, new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    books.metric(team, "Velocity")
    books.metric(others, "Unheard of")
    assert refused(team, name, "1") == "metric_name"


def test_the_latest_value_is_shown_with_the_previous_one_and_the_target(new_team: NewTeam) -> None:
    """Two records on 1 March: the one entered last corrects the other."""
    team = new_team()
    client = books.client(team, "Café", client_id="C-1")
    books.metric(team, "Satisfaction", "RATING", unit="stars", target="4.5", out_of="5")
    for day, value in (
        ("2024-03-01", "1"), ("2024-03-01", "4.8"), ("2024-02-01", "4.2"), ("2024-01-01", "3"),
    ):  # fmt: skip
        books.measure(team, client, "Satisfaction", day, value)
    expected = {
        "client_kpi_id": client,
        "client_id": "C-1",
        "client_name": "Café",
        "metric_name": "Satisfaction",
        "unit": "stars",
        "kind": "RATING",
        "direction": "UP",
        "metric_value": Decimal("4.8"),
        "record_date": date(2024, 3, 1),
        "previous_value": Decimal("4.2"),
        "previous_date": date(2024, 2, 1),
        "target_kind": "AT_LEAST",
        "low": Decimal("4.5"),
        "high": None,
        "near_low": Decimal("4.05"),
        "near_high": None,
        "out_of": Decimal("5"),
        "band": "ON_TARGET",
        "trend": [Decimal("3"), Decimal("4.2"), Decimal("4.8")],
    }
    assert plain(metric_history.latest(team.viewer)) == [expected]
    january = Period("2024-01", date(2024, 1, 1), date(2024, 1, 31), "January 2024")
    february = Period("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024")
    april = Period("2024-04", date(2024, 4, 1), date(2024, 4, 30), "April 2024")
    in_february = {
        "metric_value": Decimal("4.2"),
        "record_date": date(2024, 2, 1),
        "previous_value": Decimal("3"),
        "previous_date": date(2024, 1, 1),
        "band": "NEAR",
        "trend": [Decimal("3"), Decimal("4.2")],
    }
    assert plain(metric_history.latest(team.viewer, february)) == [expected | in_february]
    (first,) = plain(metric_history.latest(team.viewer, january))
    assert (first["previous_value"], first["previous_date"]) == (None, None)
    assert metric_history.latest(team.viewer, april).empty
    history = metric_history.history(team.viewer, client, "Satisfaction")
    assert list(history["record_date"]) == [date(2024, month, 1) for month in (1, 2, 3)]
    assert list(history["metric_value"]) == [Decimal("3"), Decimal("4.2"), Decimal("4.8")]


def test_the_value_saved_last_counts_whichever_form_was_opened_first(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    books.metric(team, "Satisfaction")
    opened_first, opened_second = ids.new_ids("met", 2)
    day = date(2024, 3, 1)
    for row_id, value in ((opened_second, 5), (opened_first, 8)):
        draft = MetricDraft(client, "Satisfaction", day, Decimal(value))
        metrics.add(team.editor, draft, row_id=row_id)
    (latest,) = metric_history.latest(team.viewer, Period("custom", day, day, ""))["metric_value"]
    assert latest == 8


@pytest.mark.parametrize(
    ("direction", "target", "value", "band"),
    [
        ("UP", "10", "10", "ON_TARGET"),
        ("UP", "10", "9.9999", "NEAR"),
        ("DOWN", "10", "10", "ON_TARGET"),
        ("DOWN", "10", "10.0001", "NEAR"),
        ("DOWN", "0", "-1", "ON_TARGET"),
        ("UP", None, "10", None),
        ("DOWN", None, "10", None),
    ],
)
def test_on_target_is_at_the_target_or_on_its_better_side(
    direction: str, target: str | None, value: str, band: str | None, new_team: NewTeam
) -> None:
    team = new_team()
    books.metric(team, "M", direction=direction, target=target)
    books.measure(team, books.client(team), "M", "2024-01-01", value)
    (latest,) = plain(metric_history.latest(team.viewer))
    assert latest["band"] == band


values = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["Hours", "Defects"]),
    st.dates(date(2023, 12, 25), date(2024, 1, 10)),
    st.decimals(min_value=-(10**9), max_value=10**9, places=4),
)


@given(ledger=st.lists(values, max_size=10))
@settings(
    max_examples=examples(10),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_records_give_the_latest_values_one_finds_on_paper(
    ledger: list[tuple[int, str, date, Decimal]], new_team: NewTeam
) -> None:
    team = new_team()
    ours = [books.client(team, "Café"), books.client(team, "Law")]
    books.metric(team, "Hours")
    books.metric(team, "Defects", direction="DOWN", target="0")
    series: dict[tuple[int, str], dict[date, Decimal]] = {}
    for client, name, day, value in ledger:
        books.measure(team, ours[client], name, day, str(value))
        series.setdefault((client, name), {})[day] = value
    expected = []
    for (client, name), by_day in sorted(series.items()):
        upto = sorted(day for day in by_day if day <= books.Q1_2024.end)
        if upto and upto[-1] >= books.Q1_2024.start:
            value, before = by_day[upto[-1]], upto[-2] if len(upto) > 1 else None
            expected.append(
                (ours[client], name, value, upto[-1], before, by_day.get(before or date.min),
                 None if name != "Defects" else "ON_TARGET" if value <= 0 else "OFF")
            )  # fmt: skip
    columns = ("client_kpi_id", "metric_name", "metric_value", "record_date", "previous_date",
               "previous_value", "band")  # fmt: skip
    latest = plain(metric_history.latest(team.viewer, books.Q1_2024))
    assert [tuple(row[name] for name in columns) for row in latest] == expected
    assert plain(metric_history.page(team.viewer, books.Q1_2024).frame) == latest

    off_target = [row for row in latest if row["band"] == "OFF"]
    off_target.sort(key=lambda row: abs(row["metric_value"] - row["high"]), reverse=True)
    targets = metric_history.against_targets(team.viewer, books.Q1_2024, None, 1)
    with_target = [row for row in latest if row["target_kind"] is not None]
    assert (targets.metrics, targets.with_target, targets.on_target) == (
        len(latest), len(with_target), len(with_target) - len(off_target),
    )  # fmt: skip
    assert plain(targets.furthest_off) == off_target[:1]
    furthest_first = PageRequest(sort="distance", descending=True)
    sorted_rows = plain(metric_history.page(team.viewer, books.Q1_2024, None, furthest_first).frame)
    assert sorted_rows[: len(off_target)] == off_target


def test_definitions_are_listed_with_how_much_is_recorded(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    rating = books.metric(team, "Satisfaction", "RATING", unit="stars", target="4.5", out_of="5")
    books.metric(team, "billable hours", "DURATION", unit="hours")
    books.metric(others, "Satisfaction", "NUMBER")
    client = books.client(team)
    for day in ("2024-01-01", "2024-02-01"):
        books.measure(team, client, "Satisfaction", day, "5")
    hours, satisfaction = plain(metric_definitions.definitions(team.viewer))
    assert (hours["metric_name"], hours["records"]) == ("billable hours", 0)
    assert satisfaction == {
        "id": rating,
        "metric_name": "Satisfaction",
        "unit": "stars",
        "kind": "RATING",
        "direction": "UP",
        "out_of": Decimal("5"),
        "purpose": None,
        "records": 2,
        "version": 1,
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"metric_name": ""}, "metric_name"),
        ({"metric_name": "m" * 10_000}, "metric_name"),
        ({"unit": " "}, "unit"),
        ({"unit": "u" * 41}, "unit"),
        ({"kind": "MOOD"}, "kind"),
        ({"kind": "RATING"}, "out_of"),
        ({"out_of": Decimal("5")}, "out_of"),
        ({"kind": "RATING", "out_of": Decimal("0")}, "out_of"),
        ({"kind": "RATING", "out_of": Decimal("NaN")}, "out_of"),
        ({"direction": "SIDEWAYS"}, "direction"),
        ({"purpose": "GUESSWORK"}, "purpose"),
        ({"purpose": BILLABLE_HOURS, "kind": "PERCENT"}, "purpose"),
        ({"purpose": BILLABLE_HOURS, "kind": "YES_NO", "unit": "yes or no"}, "purpose"),
        ({"kind": "YES_NO"}, "unit"),
        ({"unit": "Yes or No"}, "unit"),
        ({"purpose": BILLABLE_HOURS, "kind": "RATING", "out_of": Decimal("5")}, "purpose"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(
    changed: dict[str, Any], field: str, new_team: NewTeam
) -> None:
    team = new_team()
    good = MetricDefinitionDraft("M", "points")
    with pytest.raises(InvalidInput) as refused:
        metric_definitions.define(team.editor, replace(good, **changed), row_id=ids.new_id("mdef"))
    assert refused.value.field == field
    metric_definitions.define(team.editor, good, row_id=ids.new_id("mdef"))


def test_a_second_metric_of_the_same_name_is_refused(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "Velocity")
    with pytest.raises(AlreadyExists) as refused:
        books.metric(team, "Velocity", unit="other")
    assert refused.value.field == "metric_name"


def test_values_follow_the_name_and_unit_of_their_metric(new_team: NewTeam) -> None:
    team, others = new_team(), new_team()
    row_ids = {}
    for each in (team, others):
        row_ids[each.tenant_id] = books.metric(each, "Velocity")
        books.measure(each, books.client(each), "Velocity", "2024-01-01", "7")
    renamed = MetricDefinitionDraft("Speed", "km/h", "COUNT")
    metric_definitions.redefine(team.editor, row_ids[team.tenant_id], 1, renamed)
    (ours,) = plain(metrics.list_records(team.viewer, books.Q1_2024))
    assert (ours["metric_name"], ours["unit"], ours["kind"]) == ("Speed", "km/h", "COUNT")
    assert ours["metric_value"] == 7
    (theirs,) = plain(metrics.list_records(others.viewer, books.Q1_2024))
    assert (theirs["metric_name"], theirs["unit"]) == ("Velocity", "points")


def test_a_metric_is_not_redefined_so_that_its_values_make_no_sense(new_team: NewTeam) -> None:
    team = new_team()
    row_id = books.metric(team, "Score", "RATING", out_of="10")
    client = books.client(team)
    books.measure(team, client, "Score", "2024-01-01", "7.5")
    books.measure(team, client, "Score", "2024-02-01", "4")
    for draft, field in (
        (MetricDefinitionDraft("Score", "points", "RATING", out_of=Decimal("5")), "out_of"),
        (MetricDefinitionDraft("Score", "points", "COUNT"), "kind"),
        (MetricDefinitionDraft("Score", "yes or no", "YES_NO"), "kind"),
    ):
        with pytest.raises(InvalidInput, match="would not be valid") as refused:
            metric_definitions.redefine(team.editor, row_id, 1, draft)
        assert refused.value.field == field
    assert metric_definitions.get_definition(team.viewer, row_id).kind == "RATING"
    metric_definitions.redefine(
        team.editor, row_id, 1, MetricDefinitionDraft("Score", "points", "DURATION")
    )


def test_a_metric_goes_only_when_nothing_is_recorded_for_it(new_team: NewTeam) -> None:
    team = new_team()
    row_id = books.metric(team, "Velocity")
    value_id = books.measure(team, books.client(team), "Velocity", "2024-01-01", "7")
    with pytest.raises(InvalidInput, match="has 1 recorded value, so"):
        metric_definitions.remove_definition(team.editor, row_id, 1)
    assert len(metric_history.latest(team.viewer)) == 1
    metrics.delete(team.editor, value_id, 1)
    metric_definitions.remove_definition(team.editor, row_id, 1)
    assert metric_definitions.definitions(team.viewer).empty


def test_a_filter_means_clients(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "M")
    cafe, law = books.client(team, "Café"), books.client(team, "Law")
    for client in (cafe, law):
        books.measure(team, client, "M", "2024-01-01", "1")
    client_filter = ClientFilter(search="law")
    assert list(metric_history.latest(team.viewer, None, client_filter)["client_kpi_id"]) == [law]
    assert list(
        metrics.list_records(team.viewer, books.Q1_2024, client_filter)["client_kpi_id"]
    ) == [law]
    assert len(metric_history.latest(team.viewer)) == 2


def test_sarah_sees_her_metric_and_nothing_of_zixlys(sarah: Identity, cole: Identity) -> None:
    assert list(metric_history.latest(sarah)["metric_name"]) == ["Milestones Completed"]
    ours = metric_history.latest(cole)
    assert len(ours) > 3
    first = ours.iloc[0]
    asked = (str(first["client_kpi_id"]), str(first["metric_name"]))
    assert len(metric_history.history(cole, *asked)) > 0
    assert metric_history.history(sarah, *asked).empty


def test_a_date_out_of_range_is_refused(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "M")
    draft = MetricDraft(books.client(team), "M", date(2101, 1, 1), Decimal(1))
    with pytest.raises(InvalidInput) as refused:
        metrics.add(team.editor, draft, row_id=ids.new_id("met"))
    assert refused.value.field == "record_date"
