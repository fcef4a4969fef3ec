"""Two people who change stages at once, or retire one while an event of it is written."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from tests.support import records as books
from tests.support.database.attacks import Intruder
from tests.zixly_data.records.pipeline.conftest import Pipeline
from zixly_data.errors import Conflict, InvalidInput, ZixlyError
from zixly_data.records.pipeline import lead_stages, leads, stage_changes
from zixly_data.tables.lead_stages import LeadStageDraft


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
