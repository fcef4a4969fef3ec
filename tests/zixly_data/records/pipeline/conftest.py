"""A team with events in a closed month and in an open one, and its people with any SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.records import closed_months
from zixly_data.records.pipeline import lead_stages, stage_changes


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
