"""Values of computed metrics are what formulas by hand give from the raw rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from tests.support.depth import examples
from tests.support.ledgers.formulas_by_hand import evaluate, formulas_of, names_in, rounded, source
from zixly_data.database.connection import reporting
from zixly_data.figures.delivery import all_values, formula_preview, metric_history
from zixly_data.figures.delivery.formula_preview import FormulaPreview
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import calendar_period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import rows
from zixly_data.values.period import Period, between

NewTeam = Callable[[], Team]
SPANS = {
    "february": between("2024-02-01", "2024-02-29"),
    "some days": between("2024-01-20", "2024-03-10"),
    "spring": between("2024-02-01", "2024-05-31"),
}
# By symbol: the name of the metric, how it adds up, and over clients.
METRICS = {
    "hours": ("Hours", "SUM", "SUM"),
    "open_tickets": ("Open tickets", "LAST", "SUM"),
    "score": ("Score", "AVERAGE", "NONE"),
}
DAYS = [date(2024, 1, 5), date(2024, 1, 25), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 10)]
amounts = st.integers(-2_000, 90_000).map(lambda n: Decimal(n).scaleb(-2))
histories = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(DAYS),
        st.one_of(
            st.tuples(st.sampled_from(list(METRICS)), amounts),
            st.tuples(st.just("money"), amounts, amounts),
        ),
    ),
    max_size=18,
)


def inputs_by_hand(history: list[Any], client: int, period: Period) -> dict[str, Decimal]:
    """The inputs of one client in a period, from its raw rows in the order of recording."""
    ours = [(day, row) for who, day, row in history if who == client]
    inside = [row for day, row in ours if period.contains(day)]
    inputs: dict[str, Decimal] = {}
    if hours := [row[1] for row in inside if row[0] == "hours"]:
        inputs["hours"] = sum(hours, Decimal())
    if scores := [row[1] for row in inside if row[0] == "score"]:
        total, count = sum(scores, Decimal()), len(scores)
        size, rest = divmod(abs(int(total * 10_000)), count)
        size += 2 * rest >= count
        inputs["score"] = Decimal(size if total >= 0 else -size).scaleb(-4)
    levels = [(day, row[1]) for day, row in ours if row[0] == "open_tickets" and day <= period.end]
    if levels:
        newest = max(day for day, _ in levels)
        inputs["open_tickets"] = [value for day, value in levels if day == newest][-1]
    if money := [row for row in inside if row[0] == "money"]:
        inputs["revenue"] = sum((row[1] for row in money), Decimal())
        inputs["expenses"] = sum((row[2] for row in money), Decimal())
        inputs["profit"] = inputs["revenue"] - inputs["expenses"]
    return inputs


def stored(
    identity: Identity, metric_id: str, client_filter: ClientFilter | None = None
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Values by span and client, and totals by span with clients and those left out."""
    with reporting(identity) as connection:
        values = all_values.client_values(identity, SPANS, client_filter, [metric_id])
        totals = all_values.total_values(identity, SPANS, client_filter, [metric_id])
        by_client = {
            (row.span, row.client_kpi_id): row.value
            for row in connection.execute(sa.select(values))
        }
        by_span = {
            row.span: (row.value, row.clients, row.left_out)
            for row in connection.execute(sa.select(totals))
        }
    return by_client, by_span


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tree=formulas_of([*METRICS, "revenue", "expenses", "profit"]),
    history=histories,
    currency=st.sampled_from(["AUD", "NZD"]),
)
def test_any_formula_of_any_history(
    new_team: NewTeam, tree: Any, history: list[Any], currency: str
) -> None:
    team = new_team()
    currencies = ("AUD", "AUD", currency)
    ours = [
        books.client(team, name, currency=code)
        for name, code in zip(("Ada", "Bob", "Cy"), currencies, strict=True)
    ]
    for name, adds_up, over_clients in METRICS.values():
        books.metric(team, name, adds_up=adds_up, over_clients=over_clients)
    metric = books.metric(team, "Computed", adds_up="FORMULA", formula=source(tree))
    for who, day, row in history:
        if row[0] == "money":
            books.money(team, ours[who], day, str(row[1]), str(row[2]))
        else:
            books.measure(team, ours[who], METRICS[row[0]][0], day, str(row[1]))

    names = names_in(tree)
    by_client, by_span = {}, {}
    for span, period in SPANS.items():
        inputs = {who: inputs_by_hand(history, who, period) for who in range(3)}
        for who, values in inputs.items():
            value = rounded(evaluate(tree, values))
            if value is not None:
                by_client[span, ours[who]] = value
        complete = [who for who in range(3) if names <= set(inputs[who])]
        partly = [who for who in range(3) if names & set(inputs[who]) and who not in complete]
        money = names & {"revenue", "expenses", "profit"}
        if "score" in names or (money and len({currencies[who] for who in complete}) > 1):
            continue
        sums = {n: sum((inputs[who][n] for who in complete), Decimal()) for n in names}
        total = rounded(evaluate(tree, sums)) if complete else None
        if total is not None:
            by_span[span] = (total, len(complete), len(partly))
    assert stored(team.viewer, metric) == (by_client, by_span)


@pytest.fixture
def shop(new_team: NewTeam) -> tuple[Team, dict[str, str]]:
    """Two clients with hours and revenue in February, and one with hours alone."""
    team = new_team()
    clients = {name: books.client(team, name) for name in ("Ada", "Bob", "Cy")}
    books.metric(team, "Hours", adds_up="SUM", over_clients="SUM")
    for name, hours, revenue in (("Ada", "10", "1000"), ("Bob", "30", "1000"), ("Cy", "5", None)):
        books.measure(team, clients[name], "Hours", "2024-02-03", hours)
        if revenue is not None:
            books.money(team, clients[name], "2024-02-05", revenue, "0")
    return team, clients


def test_sums_are_divided_and_ratios_never_averaged(shop: tuple[Team, dict[str, str]]) -> None:
    team, clients = shop
    metric = books.metric(team, "Rate", adds_up="RATIO", formula="revenue / hours")
    by_client, by_span = stored(team.viewer, metric)
    assert by_client["february", clients["Ada"]] == Decimal("100.0000")
    assert by_client["february", clients["Bob"]] == Decimal("33.3333")
    assert ("february", clients["Cy"]) not in by_client
    # 2,000 / 40, not the mean of 100 and 33.33, and without the hours of the third.
    assert by_span["february"] == (Decimal("50.0000"), 2, 1)
    alone = stored(team.viewer, metric, ClientFilter((clients["Ada"],)))[1]
    assert alone["february"] == (Decimal("100.0000"), 1, 0)


def test_a_ratio_that_is_a_percentage_has_a_hundred(shop: tuple[Team, dict[str, str]]) -> None:
    team, clients = shop
    books.metric(team, "Done", adds_up="SUM", over_clients="SUM")
    books.measure(team, clients["Ada"], "Done", "2024-02-04", "4")
    percent = {"kind": "PERCENT", "unit": "%"}
    ratio = books.metric(team, "Share", adds_up="RATIO", formula="done / hours", **percent)
    plain = books.metric(team, "As is", adds_up="FORMULA", formula="done / hours", **percent)
    assert stored(team.viewer, ratio)[1]["february"][0] == Decimal(40)
    assert stored(team.viewer, plain)[1]["february"][0] == Decimal("0.4")


def test_one_function_has_recorded_and_computed_values(shop: tuple[Team, dict[str, str]]) -> None:
    team, clients = shop
    february = SPANS["february"]
    metric = books.metric(team, "Rate", adds_up="RATIO", formula="revenue / hours")
    (hours,) = [
        row["id"]
        for row in rows(books.metric_definitions.definitions(team.viewer))
        if row["metric_name"] == "Hours"
    ]
    values = {
        (name, who): all_values.value_of(team.viewer, row_id, who, february)
        for name, row_id in (("rate", metric), ("hours", hours))
        for who in (clients["Ada"], None)
    }
    assert {key: value and value.value for key, value in values.items()} == {
        ("rate", clients["Ada"]): Decimal(100), ("rate", None): Decimal(50),
        ("hours", clients["Ada"]): Decimal(10), ("hours", None): Decimal(45),
    }  # fmt: skip
    rate = values["rate", clients["Ada"]]
    assert rate is not None
    # The oldest input counts: the hours of 3 February.
    assert (rate.last_date, rate.age_days, rate.records) == (date(2024, 2, 3), 26, 2)


def test_a_value_that_is_too_large_is_none(shop: tuple[Team, dict[str, str]]) -> None:
    team, clients = shop
    metric = books.metric(team, "Big", adds_up="FORMULA", formula="hours * 9999999999 * 999")
    least = books.metric(team, "Less", adds_up="FORMULA", formula="hours * 9999999999 * 999 / 1000")
    both = [stored(team.viewer, row_id)[0] for row_id in (metric, least)]
    assert ("february", clients["Cy"]) in both[0]
    assert ("february", clients["Ada"]) in both[0]
    assert ("february", clients["Bob"]) not in both[0]
    assert ("february", clients["Bob"]) in both[1]


def test_prospects_are_no_clients(shop: tuple[Team, dict[str, str]]) -> None:
    team, _ = shop
    metric = books.metric(team, "Twice", adds_up="FORMULA", formula="hours * 2")
    lead = books.client(team, "Lead", status="PROSPECT")
    books.measure(team, lead, "Hours", "2024-02-03", "1000")
    by_client, by_span = stored(team.viewer, metric)
    assert ("february", lead) not in by_client
    assert by_span["february"] == (Decimal(90), 3, 0)


def test_nothing_of_another_tenant(new_team: NewTeam, shop: tuple[Team, dict[str, str]]) -> None:
    team, clients = shop
    others = new_team()
    metric = books.metric(team, "Rate", adds_up="RATIO", formula="revenue / hours")
    february = SPANS["february"]
    assert all_values.value_of(team.viewer, metric, clients["Ada"], february) is not None
    for who in (clients["Ada"], None):
        assert all_values.value_of(others.admin, metric, who, february) is None
    assert stored(others.admin, metric) == ({}, {})


# ── the preview ──────────────────────────────────────────────────────────────────────────────


def preview(
    identity: Identity, formula: str, client: str | None = None, **more: Any
) -> list[Mapping[str, Any]]:
    draft = MetricDefinitionDraft("Rate", "points", adds_up="FORMULA", formula=formula, **more)
    return rows(formula_preview.formula_preview(identity, draft, client_kpi_id=client))


def test_twelve_months_with_what_is_missing(new_team: NewTeam) -> None:
    team = new_team()
    today = tenants.get(team.viewer).today()
    months = [add_months(today.replace(day=1), -n) for n in range(12, 0, -1)]
    ada, bob = books.client(team, "Ada"), books.client(team, "Bob", currency="NZD")
    books.metric(team, "Hours", adds_up="SUM", over_clients="SUM")
    books.metric(team, "Score", adds_up="AVERAGE")
    books.measure(team, ada, "Hours", months[0], "8")
    books.money(team, ada, months[0], "100", "0")
    books.measure(team, bob, "Hours", months[0], "2")
    books.measure(team, ada, "Hours", months[1], "0")
    books.money(team, ada, months[1], "100", "0")
    for who, value in ((ada, "8"), (bob, "2")):
        books.measure(team, who, "Hours", months[2], value)
        books.money(team, who, months[2], "100", "0")
    books.measure(team, bob, "Hours", months[3], "5")

    frame = preview(team.viewer, "revenue / hours")
    assert [row["month"] for row in frame] == months
    told = [(row["value"], row["problem"], row["clients"], row["left_out"]) for row in frame]
    assert told[:5] == [
        (Decimal("12.5"), None, 1, 1), (None, "DIVIDED_BY_ZERO", 1, 0),
        (None, "CURRENCIES", 2, 0), (None, "MISSING", 0, 1), (None, "MISSING", 0, 0),
    ]  # fmt: skip
    of_bob = preview(team.viewer, "revenue / hours", bob)
    assert [(row["value"], row["problem"]) for row in of_bob[:4]] == [
        (None, "MISSING"), (None, "MISSING"), (Decimal(50), None), (None, "MISSING"),
    ]  # fmt: skip
    assert {row["problem"] for row in preview(team.viewer, "score * 2")} == {"NOT_ADDED"}
    too_large = preview(team.viewer, "hours * 9999999999 * 9999999999", ada)
    assert [row["problem"] for row in too_large[:3]] == ["TOO_LARGE", None, "TOO_LARGE"]


def test_the_preview_is_what_saving_gives(new_team: NewTeam) -> None:
    team = new_team()
    month = add_months(tenants.get(team.viewer).today().replace(day=1), -1)
    ada = books.client(team, "Ada")
    books.metric(team, "Done", adds_up="SUM", over_clients="SUM")
    books.metric(team, "Planned", adds_up="SUM", over_clients="SUM")
    books.measure(team, ada, "Done", month, "1")
    books.measure(team, ada, "Planned", month, "3")
    draft = MetricDefinitionDraft(
        "Share", "%", "PERCENT", adds_up="RATIO", formula="done / planned"
    )
    (*_, before) = rows(formula_preview.formula_preview(team.viewer, draft))
    metric = books.metric(
        team, "Share", "PERCENT", unit="%", adds_up="RATIO", formula="done / planned"
    )
    (*_, after) = rows(formula_preview.formula_preview(team.viewer, draft, metric_id=metric))
    assert before == after
    assert before["value"] == Decimal("33.3333")
    assert list(FormulaPreview.to_schema().columns) == list(before)


# ── as pages list them ───────────────────────────────────────────────────────────────────────


def test_pages_list_a_computed_metric_beside_recorded_ones(new_team: NewTeam) -> None:
    team = new_team()
    today = tenants.get(team.viewer).today()
    months = [add_months(today.replace(day=1), -n) for n in (4, 3, 2)]
    ada = books.client(team, "Ada")
    books.metric(team, "Hours", adds_up="SUM", over_clients="SUM")
    books.metric(team, "Rate", adds_up="RATIO", formula="revenue / hours", target="30")
    for month, hours, revenue in zip(months, ("1", "2", "4"), ("100", None, "100"), strict=True):
        books.measure(team, ada, "Hours", month, hours)
        if revenue is not None:
            books.money(team, ada, month, revenue)

    in_month = calendar_period.month(months[2])
    for period, previous in ((None, Decimal(100)), (in_month, None)):
        (row,) = [
            row
            for row in rows(metric_history.latest(team.viewer, period))
            if row["metric_name"] == "Rate"
        ]
        assert (row["metric_value"], row["month"]) == (Decimal(25), months[2])
        trend = [25] if previous is None else [previous, 25]
        assert (row["previous_value"], row["trend"]) == (previous, trend)
        assert (row["low"], row["band"], row["unjudged"]) == (30, "OFF", None)
        page = rows(metric_history.page(team.viewer, period).frame)
        assert row in page
        assert {other["metric_name"] for other in page} == {"Hours", "Rate"}
        assert rows(metric_history.of_series(team.viewer, period, None, ada, "Rate")) == [row]
    assert [
        (point["record_date"], point["metric_value"])
        for point in rows(metric_history.history(team.viewer, ada, "Rate"))
    ] == [(months[0], Decimal(100)), (months[2], Decimal(25))]
    assert len(rows(metric_history.history(team.viewer, ada, "Hours"))) == 3
    # A month without revenue has no value.
    empty = metric_history.latest(team.viewer, calendar_period.month(months[1]))
    assert list(empty["metric_name"]) == ["Hours"]
