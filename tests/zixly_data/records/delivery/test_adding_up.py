"""How values of a metric add up: what a definition may say, and what may change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.database.attacks import intruder
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, InvalidInput
from zixly_data.records.delivery import metric_definitions
from zixly_data.records.delivery.adding_up import WAYS, over_clients
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.metric_definitions import MetricDefinitionDraft

DENIED, OUTSIDE = "42501", "23514"
SET = "update zixly.metric_definitions set adds_up = %s, over_clients = %s"


def test_postgresql_takes_the_ways_of_each_kind_and_no_others(
    database: Database, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    kinds = {kind: books.metric(team, kind, kind, out_of="5" if kind == "RATING" else None)
             for kind in WAYS}  # fmt: skip
    with intruder(database.logins.app_url, team.editor) as editor:
        for kind, row_id in kinds.items():
            for way in ("SUM", "LAST", "AVERAGE"):
                for of_clients in ("SUM", "NONE"):
                    statement = f"{SET} where id = %s"
                    if way in WAYS[kind] and of_clients in over_clients(kind, way):
                        editor.inject(statement, way, of_clients, row_id)
                    else:
                        refused = editor.refused(statement, way, of_clients, row_id)
                        assert refused.sqlstate == OUTSIDE


def test_hours_are_a_sum_and_only_editors_change_how_values_add_up(
    database: Database, new_team: Callable[[], Team]
) -> None:
    team, others = new_team(), new_team()
    books.metric(team, "Hours", purpose=BILLABLE_HOURS)
    books.metric(others, "Calls")
    with intruder(database.logins.app_url, team.editor) as editor:
        for ways in (("LAST", "SUM"), ("SUM", "NONE"), ("AVERAGE", "NONE")):
            assert editor.refused(SET, *ways).sqlstate == OUTSIDE
        editor.inject(SET, "SUM", "SUM")
        editor.connection.commit()
    with intruder(database.logins.app_url, team.viewer) as viewer:
        assert viewer.refused(SET, "SUM", "SUM").sqlstate == DENIED
    (theirs,) = metric_definitions.definitions(others.viewer)["adds_up"]
    assert theirs == "LAST"


def test_a_recorded_metric_stays_recorded(new_team: Callable[[], Team]) -> None:
    team = new_team()
    row_id = books.metric(team, "Calls", unit="calls")
    books.measure(team, books.client(team), "Calls", "2024-03-01", "4")
    computed = MetricDefinitionDraft("Calls", "calls", adds_up="FORMULA", formula="a / b")
    with pytest.raises(InvalidInput, match="cannot change between recorded and computed") as error:
        metric_definitions.redefine(team.editor, row_id, 1, computed)
    assert error.value.field == "adds_up"
    summed = MetricDefinitionDraft("Calls", "calls", adds_up="SUM", over_clients="SUM")
    with pytest.raises(AccessDenied):
        metric_definitions.redefine(team.viewer, row_id, 1, summed)
    metric_definitions.redefine(team.editor, row_id, 1, summed)
    assert metric_definitions.get_definition(team.viewer, row_id).adds_up == "SUM"
