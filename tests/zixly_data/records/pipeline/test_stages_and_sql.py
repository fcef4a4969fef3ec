"""Stages and any SQL: renamed in closed months, retired, merged, and what nobody can do."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from tests.support import records as books
from tests.support.database.attacks import Intruder
from tests.zixly_data.records.pipeline.conftest import Pipeline

CLOSED, DENIED, RETIRED, TARGET, LAST, STATUS = "ZX006", "42501", "ZX020", "ZX021", "ZX022", "ZX023"
NO_SUCH, TAKEN, CHECK, ISOLATION = "23503", "23505", "23514", "0A000"


def events(admin: sa.Engine, pipeline: Pipeline) -> list[Any]:
    with admin.connect() as superuser:
        query = sa.text("select * from zixly.lead_events where tenant_id = :t order by event_date")
        return list(superuser.execute(query, {"t": pipeline.team.tenant_id}))


def entries(admin: sa.Engine, pipeline: Pipeline) -> int:
    with admin.connect() as superuser:
        query = sa.text("select count(*) from zixly.audit_log where tenant_id = :t")
        return int(superuser.execute(query, {"t": pipeline.team.tenant_id}).scalar_one())


# ── renaming ────────────────────────────────────────────────────────────────────────────────


def test_a_rename_passes_closed_months_and_leaves_one_entry(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    before, noted = events(admin, pipeline), entries(admin, pipeline)
    boss.inject("update zixly.lead_stages set stage = 'Asked' where stage = 'Inquiry'")
    boss.connection.commit()
    after = events(admin, pipeline)
    assert [row._asdict() | {"stage": "Asked"} for row in before[:1]] == [
        row._asdict() for row in after[:1]
    ]
    assert after[1:] == before[1:]
    assert entries(admin, pipeline) == noted + 1


def test_all_stages_are_renamed_in_turn_by_one_statement(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    boss.inject("update zixly.lead_stages set stage = stage || ' x'")
    boss.connection.commit()
    assert [row.stage for row in events(admin, pipeline)] == ["Inquiry x", "Consultation x"]


@pytest.mark.parametrize(
    "statement",
    [
        "update zixly.lead_events set stage = 'Consultation' where id = '{march}'",
        "update zixly.lead_events set stage = 'Lost', status = 'LOST' where id = '{march}'",
        "update zixly.lead_events set reason = 'x', stage = 'Lost', status = 'LOST'"
        " where id = '{march}'",
        "update zixly.lead_events set stage = stage where id = '{march}'",
        "update zixly.lead_events set note = 'x' where id = '{march}'",
        "merge into zixly.lead_events as e using zixly.lead_stages as s"
        " on s.stage = e.stage when matched then update set stage = 'Consultation'",
        "insert into zixly.lead_events (id, client_kpi_id, lead_id, stage, status, event_date)"
        " values ('lev_x', '{client}', 'L-9', 'Inquiry', 'OPEN', '2024-03-01')",
        "delete from zixly.lead_events where id = '{march}'",
    ],
)
def test_an_event_of_a_closed_month_stays_at_its_stage(
    admin: sa.Engine, pipeline: Pipeline, editor: Intruder, boss: Intruder, statement: str
) -> None:
    before = events(admin, pipeline)
    sql = statement.format(march=pipeline.march, client=pipeline.client)
    assert editor.refused(sql).sqlstate == CLOSED
    assert boss.refused(sql).sqlstate == CLOSED
    # A rename in the same transaction opens nothing.
    renamed = "update zixly.lead_stages set stage = 'Asked' where stage = 'Inquiry'; "
    together = renamed + sql.replace("'Inquiry'", "'Asked'")
    assert boss.refused(together).sqlstate == CLOSED
    assert events(admin, pipeline) == before


def test_an_editor_renames_nothing(pipeline: Pipeline, editor: Intruder) -> None:
    for statement in (
        "update zixly.lead_stages set stage = 'Asked'",
        "update zixly.lead_stages set retired_at = now()",
        "insert into zixly.lead_stages (stage, position, status) values ('x', 9, 'OPEN')",
        "delete from zixly.lead_stages",
        "select id from zixly.lead_stages for update",
        "create function pg_temp.f() returns trigger language plpgsql as 'begin return new; end'",
        "create trigger t after insert on zixly.lead_events execute function app_private.audit()",
    ):
        assert editor.refused(statement).sqlstate == DENIED, statement


# ── what the ADMIN cannot do with SQL ───────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update zixly.lead_stages set status = 'WON' where stage = 'Inquiry'", STATUS),
        ("update zixly.lead_stages set retired_at = now() where status = 'WON'", LAST),
        ("update zixly.lead_stages set retired_at = now() where status = 'OPEN'", LAST),
        ("update zixly.lead_stages set status = 'OPEN' where status = 'WON'", LAST),
        ("delete from zixly.lead_stages where status = 'WON'", LAST),
        ("delete from zixly.lead_stages where stage = 'Inquiry'", NO_SUCH),
        ("update zixly.lead_stages set merged_into = id, retired_at = now()"
         " where stage = 'Inquiry'", CHECK),
        ("update zixly.lead_stages set merged_into = '{proposal}' where stage = 'Inquiry'", CHECK),
        ("update zixly.lead_stages set merged_into = '{lost}', retired_at = now()"
         " where stage = 'Inquiry'", NO_SUCH),
        ("update zixly.lead_stages set merged_into = 'stage_x', retired_at = now()"
         " where stage = 'Inquiry'", NO_SUCH),
        ("update zixly.lead_stages set stage = 'Lost' where stage = 'Inquiry'", TAKEN),
        ("update zixly.lead_events set reason = 'Too dear' where id = '{may}'", CHECK),
        ("insert into zixly.lead_stages (stage, position, status, retired_at)"
         " values ('x', 9, 'OPEN', now())", DENIED),
    ],
)  # fmt: skip
def test_stages_stay_whole(pipeline: Pipeline, boss: Intruder, statement: str, code: str) -> None:
    ids = {name: pipeline.stage(stage).id
           for name, stage in (("proposal", "Proposal sent"), ("lost", "Lost"))}  # fmt: skip
    assert boss.refused(statement.format(may=pipeline.may, **ids)).sqlstate == code


def test_a_merge_into_a_retired_stage_is_refused_and_makes_no_chain(
    pipeline: Pipeline, boss: Intruder
) -> None:
    pipeline.merge("Inquiry", "Consultation")
    consultation, proposal = pipeline.stage("Consultation"), pipeline.stage("Proposal sent")
    pipeline.retire("Proposal sent")
    merge = "update zixly.lead_stages set retired_at = now(), merged_into = %s where id = %s"
    assert boss.refused(merge, proposal.id, consultation.id).sqlstate == TARGET
    boss.inject("update zixly.lead_stages set retired_at = null where id = %s", proposal.id)
    boss.run(merge, proposal.id, consultation.id)
    assert boss.run("select merged_into from zixly.lead_stages where stage = 'Inquiry'") == [
        (proposal.id,)
    ]
    boss.connection.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "update zixly.lead_stages set retired_at = now() where stage = 'Inquiry'",
        "update zixly.lead_stages set status = 'LOST' where stage = 'Proposal sent'",
    ],
)
def test_no_stage_is_retired_in_a_snapshot(boss: Intruder, statement: str) -> None:
    boss.connection.rollback()
    boss.connection.isolation_level = 3
    assert boss.refused(statement).sqlstate == ISOLATION
    boss.connection.isolation_level = None


@pytest.mark.parametrize(
    "statement",
    [
        "insert into zixly.lead_events (client_kpi_id, lead_id, stage, status, event_date)"
        " values ('{client}', 'L-9', 'Consultation', 'OPEN', '2024-05-01')",
        "update zixly.lead_events set stage = 'Consultation' where lead_id = 'L-2'",
        "insert into zixly.lead_events (id, client_kpi_id, lead_id, stage, status, event_date)"
        " values ('{may}', '{client}', 'L-9', 'Consultation', 'OPEN', '2024-05-01')"
        " on conflict (tenant_id, id) do update set note = 'x';"
        " update zixly.lead_events set stage = 'Proposal sent' where id = '{may}';"
        " update zixly.lead_events set stage = 'Consultation' where id = '{may}'",
    ],
)
def test_a_retired_stage_takes_no_events_by_sql(
    pipeline: Pipeline, editor: Intruder, statement: str
) -> None:
    books.event(pipeline.team, pipeline.client, "L-2", "Inquiry", "2024-05-02")
    sql = statement.format(client=pipeline.client, may=pipeline.may)
    editor.inject(sql)
    editor.connection.rollback()
    pipeline.retire("Consultation")
    assert editor.refused(sql).sqlstate == RETIRED
    editor.inject("update zixly.lead_events set note = 'x' where id = %s", pipeline.may)


def test_a_retired_stage_can_be_renamed(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    pipeline.retire("Inquiry")
    boss.inject("update zixly.lead_stages set stage = 'Asked' where stage = 'Inquiry'")
    boss.connection.commit()
    assert events(admin, pipeline)[0].stage == "Asked"


def test_the_reason_goes_with_the_lost_stage(pipeline: Pipeline, editor: Intruder) -> None:
    lost = "update zixly.lead_events set stage = 'Lost', status = 'LOST', reason = 'Price'"
    editor.inject(lost + " where id = %s", pipeline.may)
    editor.run("update zixly.lead_events set stage = 'Inquiry', status = 'OPEN' where id = %s",
               pipeline.may)  # fmt: skip
    assert editor.run("select reason from zixly.lead_events where id = %s", pipeline.may) == [
        (None,)
    ]
    editor.connection.rollback()
