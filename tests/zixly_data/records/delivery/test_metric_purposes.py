"""Purposes of metrics: one metric of each per tenant, changed by editors alone, against any SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database.attacks import intruder
from zixly_data.database.connection import Database
from zixly_data.errors import AlreadyExists
from zixly_data.records.delivery import metric_definitions, metric_purposes
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.values import ids
from zixly_data.values.frames import rows

HOURS: Any = {"purpose": BILLABLE_HOURS, "adds_up": "SUM", "over_clients": "SUM"}
DENIED, TAKEN, OUTSIDE = "42501", "23505", "23514"
ADD = (
    "insert into zixly.metric_definitions"
    " (metric_name, unit, kind, purpose, adds_up, over_clients)"
    " values (%s, 'h', %s, %s, 'SUM', 'SUM')"
)
SET = (
    "update zixly.metric_definitions set purpose = %s, adds_up = 'SUM', over_clients = 'SUM'"
    " where metric_name = %s"
)


def test_each_tenant_has_one_metric_of_a_purpose(new_team: Callable[[], Team]) -> None:
    team, others = new_team(), new_team()
    hours = books.metric(team, "Worked", unit="hours", purpose=BILLABLE_HOURS)
    second = MetricDefinitionDraft("Invoiced", "hours", **HOURS)
    row_id = ids.new_id("mdef")
    taken = (
        "“Worked” is already used for this, and only one metric can be. Change the use of “Worked”"
    )
    with pytest.raises(AlreadyExists, match=taken) as refused:
        metric_definitions.define(team.editor, second, row_id=row_id)
    assert refused.value.field == "purpose"
    metric_definitions.define(team.editor, replace(second, purpose=None), row_id=row_id)
    with pytest.raises(AlreadyExists, match=taken):
        metric_definitions.redefine(team.editor, row_id, 1, second)
    # The others' metric takes nothing from this tenant, and its name is not told to it.
    books.metric(others, "Theirs", unit="hours", purpose=BILLABLE_HOURS)
    metric_definitions.redefine(team.editor, hours, 1, MetricDefinitionDraft("Worked", "hours"))
    metric_definitions.redefine(team.editor, row_id, 1, second)
    for people, name in ((team, "Invoiced"), (others, "Theirs")):
        assert metric_purposes.name_of_metric(people.viewer) == name
    invoiced, worked = rows(metric_definitions.definitions(team.viewer))
    assert (invoiced["purpose"], worked["purpose"]) == (BILLABLE_HOURS, None)


def test_the_same_new_metric_sent_twice_keeps_its_purpose(new_team: Callable[[], Team]) -> None:
    team, row_id = new_team(), ids.new_id("mdef")
    draft = MetricDefinitionDraft("Worked", "hours", **HOURS)
    for _ in range(2):
        metric_definitions.define(team.editor, draft, row_id=row_id)
    assert list(metric_definitions.definitions(team.viewer)["purpose"]) == [BILLABLE_HOURS]


# ── any SQL ──────────────────────────────────────────────────────────────────────────────────


def purposes(admin: sa.Engine, *teams: Team) -> list[tuple[str, str | None]]:
    """Name and purpose of the teams' metrics, as the superuser sees them."""
    query = sa.text(
        "select metric_name, purpose from zixly.metric_definitions"
        " where tenant_id = any (:tenants) order by metric_name"
    )
    with admin.connect() as superuser:
        tenants = {"tenants": [team.tenant_id for team in teams]}
        return [(name, purpose) for name, purpose in superuser.execute(query, tenants)]


def test_one_metric_of_a_purpose_in_each_tenant(
    database: Database, admin: sa.Engine, new_team: Callable[[], Team]
) -> None:
    team, others = new_team(), new_team()
    books.metric(team, "A", purpose=BILLABLE_HOURS)
    books.metric(team, "B")
    with intruder(database.logins.app_url, team.editor) as editor:
        assert editor.refused(ADD, "C", "NUMBER", BILLABLE_HOURS).sqlstate == TAKEN
        assert editor.refused(SET, BILLABLE_HOURS, "B").sqlstate == TAKEN
        editor.inject(ADD, "C", "NUMBER", None)
        editor.run(ADD, "D", "NUMBER", None)
        editor.connection.commit()
    with intruder(database.logins.app_url, others.editor) as editor:
        editor.inject(ADD, "E", "NUMBER", BILLABLE_HOURS)
        editor.connection.commit()
    assert purposes(admin, team, others) == [
        ("A", BILLABLE_HOURS), ("B", None), ("C", None), ("D", None), ("E", BILLABLE_HOURS),
    ]  # fmt: skip


def test_a_purpose_is_known_and_fits_the_kind(
    database: Database, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    with intruder(database.logins.app_url, team.editor) as editor:
        assert editor.refused(ADD, "A", "NUMBER", "GUESSWORK").sqlstate == OUTSIDE
        for kind in ("PERCENT", "YES_NO"):
            assert editor.refused(ADD, "A", kind, BILLABLE_HOURS).sqlstate == OUTSIDE
        editor.inject(ADD, "A", "DURATION", BILLABLE_HOURS)
        editor.connection.commit()
        turn = "update zixly.metric_definitions set kind = 'PERCENT'"
        assert editor.refused(turn).sqlstate == OUTSIDE


def test_nobody_sets_the_purpose_of_another_tenant_and_no_viewer_any(
    database: Database, admin: sa.Engine, new_team: Callable[[], Team]
) -> None:
    team, others = new_team(), new_team()
    books.metric(team, "Hours", purpose=BILLABLE_HOURS)
    books.metric(others, "Hours")
    books.metric(others, "Calls", purpose=BILLABLE_HOURS)
    before = purposes(admin, team)
    with intruder(database.logins.app_url, others.editor) as editor:
        editor.inject(SET, None, "Calls")
        editor.run(SET, BILLABLE_HOURS, "Hours")
        editor.run("update zixly.metric_definitions set purpose = null")
        editor.connection.commit()
    with intruder(database.logins.app_url, team.viewer) as viewer:
        assert viewer.refused(SET, None, "Hours").sqlstate == DENIED
    assert purposes(admin, team) == before == [("Hours", BILLABLE_HOURS)]
    assert purposes(admin, others) == [("Calls", None), ("Hours", None)]
    with intruder(database.logins.app_url, team.editor) as editor:
        editor.inject(SET, None, "Hours")
        editor.connection.commit()
    assert purposes(admin, team) == [("Hours", None)]
