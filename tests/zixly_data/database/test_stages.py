"""Stages and any SQL: renamed in closed months, retired while events are written, two at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.errors import Conflict, InvalidInput, ZixlyError
from zixly_data.records import closed_months
from zixly_data.records.pipeline import lead_stages, leads, stage_changes
from zixly_data.tables.lead_stages import LeadStageDraft

CLOSED, DENIED, RETIRED, TARGET, LAST, STATUS = "ZX006", "42501", "ZX020", "ZX021", "ZX022", "ZX023"
NO_SUCH, TAKEN, CHECK, ISOLATION = "23503", "23505", "23514", "0A000"


@dataclass(frozen=True)
class Pipeline:
    """A team with an event at Inquiry in March, which is closed, and one at Consultation in May."""

    team: Team
    client: str
    march: str
    may: str

    def stage(self, name: str) -> lead_stages.LeadStage:
        return lead_stages.find(self.team.viewer, name)

    def retire(self, name: str) -> None:
        stage = self.stage(name)
        stage_changes.retire(self.team.admin, stage.id, stage.version)

    def merge(self, name: str, into: str) -> None:
        stage = self.stage(name)
        stage_changes.merge(self.team.admin, stage.id, stage.version, self.stage(into).id)


@pytest.fixture
def pipeline(new_team: Callable[[], Team]) -> Pipeline:
    team = new_team()
    client = books.client(team)
    march = books.event(team, client, "L-1", "Inquiry", "2024-03-15", "500")
    may = books.event(team, client, "L-1", "Consultation", "2024-05-15")
    closed_months.close(team.admin, date(2024, 3, 1))
    return Pipeline(team, client, march, may)


@pytest.fixture
def editor(database: Database, pipeline: Pipeline) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, pipeline.team.editor) as typing:
        yield typing


@pytest.fixture
def boss(database: Database, pipeline: Pipeline) -> Iterator[Intruder]:
    """The ADMIN, with any SQL."""
    with intruder(database.logins.app_url, pipeline.team.admin) as typing:
        yield typing


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


# ── two at once ─────────────────────────────────────────────────────────────────────────────


@dataclass
class Other:
    """Another person's action in a thread of its own; `error` is how it was refused."""

    action: Callable[[], None]
    error: ZixlyError | None = None
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.action()
        except ZixlyError as error:
            self.error = error


@contextmanager
def meanwhile(admin: sa.Engine, action: Callable[[], None]) -> Iterator[Other]:
    """Starts an action that waits for the open transaction of the test, which the block ends."""
    other = Other(action)
    other.thread.start()
    try:
        assert _is_waiting(admin)
        yield other
    finally:
        other.thread.join(timeout=120)
        assert not other.thread.is_alive()


def _is_waiting(admin: sa.Engine) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with admin.connect() as superuser:
            query = "select count(*) from pg_locks where not granted"
            if superuser.exec_driver_sql(query).scalar_one():
                return True
        time.sleep(0.05)
    return False


def test_of_two_renames_at_once_the_second_is_told(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    stage = pipeline.stage("Inquiry")
    boss.inject("update zixly.lead_stages set stage = 'Asked' where id = %s", stage.id)
    draft = LeadStageDraft("Enquiry")

    def rename() -> None:
        stage_changes.change(pipeline.team.admin, stage.id, stage.version, draft)

    with meanwhile(admin, rename) as other:
        boss.connection.commit()
    assert isinstance(other.error, Conflict)
    assert other.error.current.stage == "Asked"


def test_two_new_stages_at_once_get_two_places(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    boss.inject("select id from zixly.lead_stages for no key update")
    boss.run("insert into zixly.lead_stages (stage, position, status) values ('A', 6, 'LOST')")
    draft = LeadStageDraft("B", "LOST")

    def add() -> None:
        stage_changes.add(pipeline.team.admin, draft, row_id="stage_b")

    with meanwhile(admin, add) as other:
        boss.connection.commit()
    assert other.error is None
    positions = list(lead_stages.list_stages(pipeline.team.viewer)["position"])
    assert positions == [1, 2, 3, 4, 5, 6, 7]


NEW = """insert into zixly.lead_events (client_kpi_id, lead_id, stage, status, event_date)
         values (%s, 'L-9', 'Proposal sent', 'OPEN', '2024-05-01')"""


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_retiring_waits_for_new_events(
    admin: sa.Engine, pipeline: Pipeline, editor: Intruder, end: str
) -> None:
    editor.inject(NEW, pipeline.client)
    with meanwhile(admin, lambda: pipeline.retire("Proposal sent")) as other:
        assert pipeline.stage("Proposal sent").retired_at is None
        getattr(editor.connection, end)()
    assert other.error is None
    assert pipeline.stage("Proposal sent").retired_at is not None
    assert len(leads.events(pipeline.team.viewer, books.ALWAYS)) == 2 + (end == "commit")


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_new_event_waits_for_retiring(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder, end: str
) -> None:
    boss.inject("update zixly.lead_stages set retired_at = now() where stage = 'Proposal sent'")

    def add() -> None:
        books.event(pipeline.team, pipeline.client, "L-9", "Proposal sent", "2024-05-01")

    with meanwhile(admin, add) as other:
        getattr(boss.connection, end)()
    if end == "rollback":
        assert other.error is None
    else:
        assert isinstance(other.error, InvalidInput)
        assert str(other.error).startswith("“Proposal sent” is retired and takes no new events.")
    assert len(leads.events(pipeline.team.viewer, books.ALWAYS)) == 2 + (end == "rollback")


@pytest.mark.parametrize("target", ["retired", "merged"])
def test_a_merge_waits_for_what_happens_to_its_target(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder, target: str
) -> None:
    into = f"'{pipeline.stage('Proposal sent').id}'" if target == "merged" else "null"
    boss.inject(
        f"update zixly.lead_stages set retired_at = now(), merged_into = {into}"
        " where stage = 'Consultation'"
    )
    with meanwhile(admin, lambda: pipeline.merge("Inquiry", "Consultation")) as other:
        boss.connection.commit()
    assert isinstance(other.error, InvalidInput)
    assert str(other.error) == "“Consultation” is retired."
    assert pipeline.stage("Inquiry").merged_into is None


def test_a_merge_before_its_target_is_merged_goes_along(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    consultation, proposal = pipeline.stage("Consultation"), pipeline.stage("Proposal sent")
    boss.inject(
        "update zixly.lead_stages set retired_at = now(), merged_into = %s where stage = 'Inquiry'",
        consultation.id,
    )

    with meanwhile(admin, lambda: pipeline.merge("Consultation", "Proposal sent")) as other:
        boss.connection.commit()
    assert other.error is None
    assert pipeline.stage("Inquiry").merged_into == proposal.id


def test_the_last_two_open_stages_are_not_retired_at_once(
    admin: sa.Engine, pipeline: Pipeline, boss: Intruder
) -> None:
    pipeline.retire("Proposal sent")
    boss.inject("update zixly.lead_stages set retired_at = now() where stage = 'Inquiry'")
    with meanwhile(admin, lambda: pipeline.retire("Consultation")) as other:
        boss.connection.commit()
    assert isinstance(other.error, InvalidInput)
    assert pipeline.stage("Consultation").retired_at is None
