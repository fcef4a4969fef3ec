"""Saving: a form sent twice, two people with one record, and records that do not exist.

The same tests for all records that people edit: clients, amounts, lead events, metric values and
metric definitions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import AccessDenied, AlreadyExists, Conflict, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.records import clients, financials
from zixly_data.records.delivery import metric_definitions, metric_targets, metrics
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.metric_targets import TargetDraft
from zixly_data.values import ids

NewTeam = Callable[[], Team]


class Books:
    """One kind of record: its draft, another version of it, and the functions to edit it."""

    prefix = ""
    another: dict[str, Any] = {}  # noqa: RUF012  each subclass says its own
    add: Any
    get: Any
    change: Any
    delete: Any

    def draft(self, team: Team) -> Any:
        raise NotImplementedError


class OfClients(Books):
    prefix, another = "ckpi", {"client_name": "Renamed"}
    add, get, change = (staticmethod(f) for f in (clients.add, clients.get, clients.change))

    def draft(self, team: Team) -> ClientDraft:
        return ClientDraft("ABC-1", "A Client", "Retail", "NZD")

    def delete(self, identity: Identity, row_id: str, version: int) -> None:
        clients.delete(identity, row_id, version, clients.get(identity, row_id).client_name)


class OfMoney(Books):
    prefix, another = "fin", {"revenue": Decimal("1.11")}
    add, get, change, delete = (
        staticmethod(f)
        for f in (financials.add, financials.get, financials.change, financials.delete)
    )

    def draft(self, team: Team) -> FinancialDraft:
        return FinancialDraft(
            books.client(team), books.Q1_2024.start, Decimal("10.50"), Decimal("3"), "first"
        )


class OfLeads(Books):
    prefix, another = "lev", {"stage": "Contract signed"}
    add, get, change, delete = (
        staticmethod(f) for f in (leads.add, leads.get, leads.change, leads.delete)
    )

    def draft(self, team: Team) -> LeadEventDraft:
        return LeadEventDraft(
            books.client(team), "lead 1", "Inquiry", books.Q1_2024.start, Decimal("500")
        )


class OfMetrics(Books):
    prefix, another = "met", {"metric_value": Decimal("2.5")}
    add, get, change, delete = (
        staticmethod(f) for f in (metrics.add, metrics.get, metrics.change, metrics.delete)
    )

    def draft(self, team: Team) -> MetricDraft:
        books.metric(team, "Velocity")
        return MetricDraft(books.client(team), "Velocity", books.Q1_2024.start, Decimal("1.25"))


class OfDefinitions(Books):
    prefix, another = "mdef", {"direction": "DOWN"}
    add, get, change, delete = (
        staticmethod(f)
        for f in (
            metric_definitions.define,
            metric_definitions.get_definition,
            metric_definitions.redefine,
            metric_definitions.remove_definition,
        )
    )

    def draft(self, team: Team) -> MetricDefinitionDraft:
        return MetricDefinitionDraft("Velocity", "points", direction="UP")


class OfTargets(Books):
    prefix, another = "mtg", {"low": Decimal("6"), "near_low": Decimal("5")}
    add, get, change, delete = (
        staticmethod(f)
        for f in (
            metric_targets.add, metric_targets.get, metric_targets.change, metric_targets.remove,
        )
    )  # fmt: skip

    def draft(self, team: Team) -> TargetDraft:
        metric = books.metric(team, "Velocity")
        day, low, near = books.Q1_2024.start, Decimal("9"), Decimal("8")
        return TargetDraft(metric, day, "AT_LEAST", low=low, near_low=near)


every_kind = pytest.mark.parametrize(
    "kind",
    [OfClients(), OfMoney(), OfLeads(), OfMetrics(), OfDefinitions(), OfTargets()],
    ids=["client", "money", "lead event", "metric value", "metric definition", "target"],
)


def shows(record: Any, draft: Any) -> bool:
    return all(getattr(record, name) == value for name, value in vars(draft).items())


@every_kind
def test_saved_records_can_be_read_by_the_whole_team(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    kind.add(team.editor, draft, row_id=row_id)
    for person in (team.viewer, team.editor, team.admin):
        record = kind.get(person, row_id)
        assert shows(record, draft)
        assert (record.id, record.version) == (row_id, 1)


@every_kind
def test_a_form_sent_twice_saves_once(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    kind.add(team.editor, draft, row_id=row_id)
    kind.add(team.editor, draft, row_id=row_id)
    assert kind.get(team.viewer, row_id).version == 1


@every_kind
def test_the_same_form_with_other_values_does_not_overwrite(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    kind.add(team.editor, draft, row_id=row_id)
    with pytest.raises(AlreadyExists):
        kind.add(team.editor, replace(draft, **kind.another), row_id=row_id)
    assert shows(kind.get(team.viewer, row_id), draft)


@every_kind
def test_the_second_to_save_sees_the_first_version(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    kind.add(team.editor, draft, row_id=row_id)
    first = replace(draft, **kind.another)
    kind.change(team.editor, row_id, 1, first)
    with pytest.raises(Conflict) as refused:
        kind.change(team.admin, row_id, 1, draft)
    assert shows(refused.value.current, first)
    assert refused.value.current == kind.get(team.viewer, row_id)
    with pytest.raises(Conflict) as refused:
        kind.delete(team.admin, row_id, 1)
    assert shows(refused.value.current, first)
    kind.change(team.admin, row_id, 2, draft)
    assert shows(kind.get(team.viewer, row_id), draft)


@every_kind
def test_a_row_deleted_in_the_meantime_is_reported_as_gone(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    kind.add(team.editor, draft, row_id=row_id)
    kind.delete(team.editor, row_id, 1)
    for edit in (
        lambda: kind.get(team.admin, row_id),
        lambda: kind.change(team.admin, row_id, 1, replace(draft, **kind.another)),
        lambda: kind.delete(team.admin, row_id, 1),
    ):
        with pytest.raises(NotFound, match="no longer exists"):
            edit()


@every_kind
def test_a_record_of_another_tenant_is_not_there(kind: Books, new_team: NewTeam) -> None:
    ours, theirs = new_team(), new_team()
    row_id = ids.new_id(kind.prefix)
    draft = kind.draft(theirs)
    kind.add(theirs.editor, draft, row_id=row_id)
    for edit in (
        lambda: kind.get(ours.admin, row_id),
        lambda: kind.change(ours.admin, row_id, 1, replace(kind.draft(ours), **kind.another)),
        lambda: kind.delete(ours.admin, row_id, 1),
    ):
        with pytest.raises(NotFound):
            edit()
    assert shows(kind.get(theirs.viewer, row_id), draft)


@every_kind
def test_two_tenants_may_use_the_same_id(kind: Books, new_team: NewTeam) -> None:
    ours, theirs = new_team(), new_team()
    row_id = ids.new_id(kind.prefix)
    drafts = {team.tenant_id: kind.draft(team) for team in (ours, theirs)}
    for team in (ours, theirs):
        kind.add(team.editor, drafts[team.tenant_id], row_id=row_id)
    kind.change(ours.editor, row_id, 1, replace(drafts[ours.tenant_id], **kind.another))
    assert shows(kind.get(theirs.viewer, row_id), drafts[theirs.tenant_id])


@every_kind
def test_a_viewer_changes_nothing_and_an_editor_does(kind: Books, new_team: NewTeam) -> None:
    team, row_id, other_id = new_team(), ids.new_id(kind.prefix), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    with pytest.raises(AccessDenied):
        kind.add(team.viewer, draft, row_id=row_id)
    kind.add(team.editor, draft, row_id=row_id)
    for edit in (
        lambda: kind.change(team.viewer, row_id, 1, replace(draft, **kind.another)),
        lambda: kind.delete(team.viewer, row_id, 1),
        lambda: kind.add(team.viewer, draft, row_id=other_id),
    ):
        with pytest.raises(AccessDenied):
            edit()
    assert kind.get(team.viewer, row_id).version == 1
    kind.change(team.editor, row_id, 1, replace(draft, **kind.another))
    kind.delete(team.editor, row_id, 2)


@pytest.mark.parametrize("kind", [OfMoney(), OfLeads(), OfMetrics()])
def test_a_record_needs_a_client_of_the_own_tenant(kind: Books, new_team: NewTeam) -> None:
    ours, theirs = new_team(), new_team()
    foreign = books.client(theirs)
    draft = kind.draft(ours)
    for client_kpi_id in (foreign, "ckpi_nobody", ""):
        with pytest.raises(NotFound, match="client no longer exists"):
            kind.add(
                ours.editor,
                replace(draft, client_kpi_id=client_kpi_id),
                row_id=ids.new_id(kind.prefix),
            )
    row_id = ids.new_id(kind.prefix)
    kind.add(ours.editor, draft, row_id=row_id)
    with pytest.raises(NotFound, match="client no longer exists"):
        kind.change(ours.editor, row_id, 1, replace(draft, client_kpi_id=foreign))
    assert kind.get(ours.viewer, row_id).client_kpi_id == draft.client_kpi_id


@pytest.mark.parametrize("kind", [OfMoney(), OfLeads(), OfMetrics()])
def test_a_record_for_a_client_deleted_a_moment_ago_is_refused(
    kind: Books, new_team: NewTeam
) -> None:
    team = new_team()
    draft = kind.draft(team)
    gone = draft.client_kpi_id
    clients.delete(team.admin, gone, 1, clients.get(team.admin, gone).client_name)
    with pytest.raises(NotFound, match="Someone may have deleted it"):
        kind.add(team.editor, draft, row_id=ids.new_id(kind.prefix))


@pytest.mark.parametrize("kind", [OfMoney(), OfLeads(), OfMetrics()])
def test_a_note_keeps_every_visible_letter(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    note = "'; DROP TABLE financials; --\n=HYPERLINK() 🌉 שלום"
    kind.add(team.editor, replace(draft, note=f"{note}\x00\ud83d\r\n"), row_id=row_id)
    assert kind.get(team.viewer, row_id).note == note


@pytest.mark.parametrize("kind", [OfMoney(), OfLeads(), OfMetrics()])
def test_a_note_of_10000_characters_is_refused_in_words(kind: Books, new_team: NewTeam) -> None:
    team, row_id = new_team(), ids.new_id(kind.prefix)
    draft = kind.draft(team)
    with pytest.raises(InvalidInput, match=r"10,000 characters\. The limit is 2,000") as refused:
        kind.add(team.editor, replace(draft, note="x" * 10_000), row_id=row_id)
    assert refused.value.field == "note"
    kind.add(team.editor, replace(draft, note="x" * 2_000), row_id=row_id)
