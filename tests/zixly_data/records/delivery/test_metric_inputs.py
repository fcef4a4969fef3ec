"""A computed metric keeps its inputs: what it uses is not deleted, renamed away or computed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database.connection import scoped
from zixly_data.errors import AccessDenied, Conflict, InvalidCells, InvalidInput, NotFound
from zixly_data.people import tenants
from zixly_data.records import month_entry
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.records.month_cells import MetricCell
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import ids
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]
RATE = MetricDefinitionDraft(
    "Rate", "per hour", adds_up="FORMULA", formula="Revenue ÷ billable_hours"
)


@pytest.fixture
def shop(new_team: NewTeam) -> tuple[Team, str, str]:
    """A team, its metric Billable Hours, and Rate, which is computed from it."""
    team = new_team()
    hours = books.metric(team, "Billable Hours", adds_up="SUM", over_clients="SUM")
    rate = ids.new_id("mdef")
    metric_definitions.define(team.editor, RATE, row_id=rate)
    return team, hours, rate


def inputs(admin: sa.Engine, team: Team) -> list[tuple[str, str]]:
    query = sa.text(
        "select metric_id, input_id from zixly.metric_inputs where tenant_id = :tenant order by id"
    )
    with admin.connect() as superuser:
        return [tuple(row) for row in superuser.execute(query, {"tenant": team.tenant_id})]


def refused(act: Callable[[], Any]) -> tuple[str, str | None]:
    with pytest.raises(InvalidInput) as error:
        act()
    return str(error.value), error.value.field


def test_a_formula_is_saved_with_its_inputs(admin: sa.Engine, shop: tuple[Team, str, str]) -> None:
    team, hours, rate = shop
    metric_definitions.define(team.editor, RATE, row_id=rate)
    assert inputs(admin, team) == [(rate, hours)]
    stored = metric_definitions.get_definition(team.viewer, rate)
    assert (stored.formula, stored.symbol, stored.version) == (
        "revenue / billable_hours", "rate", 1,
    )  # fmt: skip
    tickets = books.metric(team, "Tickets")
    metric_definitions.redefine(
        team.editor, rate, 1, replace(RATE, formula="tickets * billable_hours")
    )
    assert {used for _, used in inputs(admin, team)} == {hours, tickets}
    metric_definitions.redefine(team.editor, rate, 2, replace(RATE, formula="profit / revenue"))
    assert inputs(admin, team) == []
    metric_definitions.redefine(team.editor, rate, 3, RATE)
    metric_definitions.remove_definition(team.editor, rate, 4)
    assert inputs(admin, team) == []
    metric_definitions.remove_definition(team.editor, hours, 1)


def test_nothing_is_saved_of_a_formula_that_cannot_be(
    admin: sa.Engine, shop: tuple[Team, str, str]
) -> None:
    team, hours, rate = shop
    unknown = replace(RATE, metric_name="Other", formula="billable_hours / elsewhere")
    sentence = (
        "There is no “elsewhere” to use in formulas. There are: revenue, expenses, profit, "
        "billable_hours."
    )
    new = ids.new_id("mdef")
    assert refused(lambda: metric_definitions.define(team.editor, unknown, row_id=new)) == (
        sentence, "formula",
    )  # fmt: skip
    change = replace(unknown, metric_name="Rate")
    assert refused(lambda: metric_definitions.redefine(team.editor, rate, 1, change))[0] == sentence
    names = list(metric_definitions.definitions(team.viewer)["metric_name"])
    assert names == ["Billable Hours", "Rate"]
    assert inputs(admin, team) == [(rate, hours)]
    assert metric_definitions.get_definition(team.viewer, rate).version == 1


@pytest.mark.parametrize(
    ("name", "formula", "sentence"),
    [
        ("Other", "rate * 2", "“rate” is computed, and formulas use recorded metrics only. Use "
         "what it is computed from: revenue and billable_hours."),
        ("My own, twice", "my_own_twice * 2",
         "“my_own_twice” is this metric, and a metric cannot be computed from itself."),
        ("Other", "x" * 10_000, "The formula has 10,000 characters. It can have up to 500."),
        ("Other", "revenue / 0", "The formula divides by zero, so it would never have a value."),
        ("Other", "", "Enter a formula, such as revenue / billable_hours."),
        ("Other", None, "Enter a formula, such as revenue / billable_hours."),
        ("Other", "users.password_hash", "The formula cannot be read from character 6 on, at "
         "“.password_hash”."),
    ],
)  # fmt: skip
def test_formulas_that_are_refused(
    shop: tuple[Team, str, str], name: str, formula: str | None, sentence: str
) -> None:
    team, _, _ = shop
    draft = replace(RATE, metric_name=name, formula=formula)
    assert refused(
        lambda: metric_definitions.define(team.editor, draft, row_id=ids.new_id("mdef"))
    ) == (sentence, "formula")


def test_a_saved_metric_is_not_computed_from_itself(shop: tuple[Team, str, str]) -> None:
    team, _, rate = shop
    draft = replace(RATE, formula="rate + billable_hours")
    assert refused(lambda: metric_definitions.redefine(team.editor, rate, 1, draft)) == (
        "“rate” is this metric, and a metric cannot be computed from itself.", "formula",
    )  # fmt: skip


def test_a_ratio_is_one_metric_over_another(shop: tuple[Team, str, str]) -> None:
    team, _, _ = shop
    ratio = replace(RATE, metric_name="Other", adds_up="RATIO")
    for formula in ("billable_hours * revenue", "billable_hours / 2", "-revenue / billable_hours"):
        draft = replace(ratio, formula=formula)
        sentence, field = refused(
            lambda draft=draft: metric_definitions.define(
                team.editor, draft, row_id=ids.new_id("mdef")
            )
        )
        assert sentence.startswith("A ratio is one metric divided by another.")
        assert field == "formula"
    same = replace(ratio, formula="billable_hours / billable_hours")
    assert "always 1" in refused(
        lambda: metric_definitions.define(team.editor, same, row_id=ids.new_id("mdef"))
    )[0]  # fmt: skip
    metric_definitions.define(
        team.editor, replace(ratio, formula="billable_hours/revenue"), row_id=ids.new_id("mdef")
    )


def test_an_input_is_renamed_and_keeps_its_symbol(shop: tuple[Team, str, str]) -> None:
    team, hours, rate = shop
    draft = MetricDefinitionDraft("Time sold", "points", adds_up="SUM", over_clients="SUM")
    metric_definitions.redefine(team.editor, hours, 1, draft)
    assert metric_definitions.get_definition(team.viewer, hours).symbol == "billable_hours"
    metric_definitions.redefine(team.editor, rate, 1, replace(RATE, unit="an hour"))
    # A new metric with the old name gets another symbol, and so takes nothing over.
    second = books.metric(team, "Billable Hours")
    assert metric_definitions.get_definition(team.viewer, second).symbol == "billable_hours_2"


def test_an_input_is_not_deleted(shop: tuple[Team, str, str]) -> None:
    team, hours, _ = shop
    with pytest.raises(InvalidInput) as error:
        metric_definitions.remove_definition(team.editor, hours, 1)
    assert str(error.value) == "“Rate” is computed from this metric, so it cannot be deleted."
    assert error.value.advice == "Change or delete that metric first."
    metric_definitions.define(
        team.editor, replace(RATE, metric_name="Another"), row_id=ids.new_id("mdef")
    )
    sentence, _ = refused(lambda: metric_definitions.remove_definition(team.editor, hours, 1))
    assert sentence.startswith("“Another” and “Rate” are computed from this metric")
    # PostgreSQL decides: any SQL of the person is refused too.
    with pytest.raises(NotFound, match="A formula uses this metric"), scoped(team.admin) as any_sql:
        any_sql.execute(
            sa.text("delete from zixly.metric_definitions where id = :id"), {"id": hours}
        )


def test_recorded_and_computed_metrics_stay_so(shop: tuple[Team, str, str]) -> None:
    team, hours, rate = shop
    to_computed = replace(RATE, metric_name="Billable Hours", formula="revenue * 2")
    assert refused(lambda: metric_definitions.redefine(team.editor, hours, 1, to_computed)) == (
        "A metric cannot change between recorded and computed. Define a new metric.",
        "adds_up",
    )
    to_recorded = replace(RATE, adds_up="LAST", formula=None)
    assert refused(lambda: metric_definitions.redefine(team.editor, rate, 1, to_recorded)) == (
        "A metric cannot change between recorded and computed. Define a new metric.",
        "adds_up",
    )
    with_formula = replace(to_recorded, formula="revenue * 2")
    assert refused(lambda: metric_definitions.redefine(team.editor, rate, 1, with_formula)) == (
        "Only computed metrics have a formula.", "formula",
    )  # fmt: skip


def test_a_computed_metric_has_no_values(admin: sa.Engine, shop: tuple[Team, str, str]) -> None:
    team, _, _ = shop
    client = books.client(team)
    today = tenants.get(team.viewer).today()
    sentence = (
        "“Rate” is computed from revenue / billable_hours, so it has no values of its own. Record "
        "values of what it is computed from."
    )
    draft = MetricDraft(client, "Rate", today, Decimal(1))
    assert refused(lambda: metrics.add(team.editor, draft, row_id=ids.new_id("met"))) == (
        sentence, "metric_name",
    )  # fmt: skip
    books.measure(team, client, "Billable Hours", today, "1")
    cell = MetricCell(ids.new_id("met"), client, "Rate", "5", today, None, None, False)
    with pytest.raises(InvalidCells) as refused_cells:
        month_entry.save_metrics(team.editor, today.replace(day=1), [cell], set())
    assert refused_cells.value.cells == ((cell.id, "metric_value", sentence),)
    with pytest.raises(NotFound), scoped(team.admin) as any_sql:
        any_sql.execute(
            sa.text(
                "insert into zixly.custom_metrics"
                " (tenant_id, client_kpi_id, metric_name, metric_value, unit, record_date)"
                " values (:tenant, :client, 'Rate', 1, 'per hour', '2024-01-01')"
            ),
            {"tenant": team.tenant_id, "client": client},
        )


def test_no_formula_reaches_another_tenant(new_team: NewTeam, shop: tuple[Team, str, str]) -> None:
    team, hours, _ = shop
    others = new_team()
    sentence, _ = refused(
        lambda: metric_definitions.define(others.admin, RATE, row_id=ids.new_id("mdef"))
    )
    assert sentence == (
        "There is no “billable_hours” to use in formulas. There are: revenue, expenses, profit."
    )
    mine = books.metric(others, "Mine")
    with pytest.raises(NotFound), scoped(others.admin) as any_sql:
        any_sql.execute(
            sa.text("insert into zixly.metric_inputs (metric_id, input_id) values (:mine, :other)"),
            {"mine": mine, "other": hours},
        )
    assert len(rows(metric_definitions.definitions(team.viewer))) == 2


def test_viewers_read_formulas_and_write_none(shop: tuple[Team, str, str]) -> None:
    team, _, rate = shop
    assert metric_definitions.get_definition(team.viewer, rate).formula is not None
    with pytest.raises(AccessDenied):
        metric_definitions.define(
            team.viewer, replace(RATE, metric_name="Mine"), row_id=ids.new_id("mdef")
        )
    with pytest.raises(AccessDenied):
        metric_definitions.redefine(team.viewer, rate, 1, replace(RATE, formula="profit"))
    with pytest.raises(AccessDenied), scoped(team.viewer) as any_sql:
        any_sql.execute(sa.text("delete from zixly.metric_inputs"))


def test_the_second_of_two_sees_the_first_ones_formula(
    admin: sa.Engine, shop: tuple[Team, str, str]
) -> None:
    team, hours, rate = shop
    metric_definitions.redefine(team.editor, rate, 1, replace(RATE, formula="profit / 2"))
    with pytest.raises(Conflict) as conflict:
        metric_definitions.redefine(team.admin, rate, 1, replace(RATE, formula="billable_hours"))
    assert conflict.value.current.formula == "profit / 2"  # type: ignore[attr-defined]
    assert inputs(admin, team) == []
    metric_definitions.redefine(team.admin, rate, 2, replace(RATE, formula="billable_hours"))
    assert inputs(admin, team) == [(rate, hours)]


def test_an_input_deleted_by_another_while_a_formula_is_saved(
    shop: tuple[Team, str, str],
) -> None:
    """The formula waits for the deletion, and names what is gone."""
    team, _, rate = shop
    tickets = books.metric(team, "Tickets")
    errors: list[BaseException] = []

    def save() -> None:
        try:
            metric_definitions.redefine(team.editor, rate, 1, replace(RATE, formula="tickets"))
        except InvalidInput as error:
            errors.append(error)

    thread = threading.Thread(target=save)
    with scoped(team.admin) as deleting:
        deleting.execute(
            sa.text("delete from zixly.metric_definitions where id = :id"), {"id": tickets}
        )
        thread.start()
        thread.join(1)
        assert thread.is_alive()
    thread.join(20)
    assert [str(error).partition(" to use")[0] for error in errors] == ["There is no “tickets”"]
    assert metric_definitions.get_definition(team.viewer, rate).version == 1


def test_an_organisation_goes_with_its_formulas(
    admin: sa.Engine, shop: tuple[Team, str, str]
) -> None:
    team, hours, rate = shop
    assert inputs(admin, team) == [(rate, hours)]
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("delete from zixly.tenants where id = :id"), {"id": team.tenant_id}
        )
    assert inputs(admin, team) == []
