"""Performs each action of `permitted_actions`, on a team with one record of each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from tests.conftest import Team
from zixly_data import imports
from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.breakdown import By
from zixly_data.findings import dismissals
from zixly_data.findings.finding import FindingKey
from zixly_data.identity import Identity, Role
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.people import invitations, saved_views
from zixly_data.people.audit import AuditFilter
from zixly_data.people.demo_removal import DemoContents
from zixly_data.records import (
    clients,
    closed_months,
    date_notes,
    exchange_rates,
    financials,
    overheads,
)
from zixly_data.records.delivery import metric_definitions, metrics
from zixly_data.records.month_cells import FinancialCells, LeadCells, MetricCell, OverheadCells
from zixly_data.records.pipeline import leads
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.custom_metrics import MetricDraft
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.lead_events import LeadEventDraft
from zixly_data.tables.metric_definitions import MetricDefinitionDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.tables.tenants import OrganisationDraft
from zixly_data.values import ids, period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.paging import PageRequest

DAY, NOW = date(2024, 3, 1), date(2024, 11, 1)
CLOSED, OPEN = date(2023, 7, 1), date(2023, 8, 1)
EVER = period.parse("all", DAY)
ONE = Decimal(1)


@dataclass(frozen=True)
class Office:
    """A team and the ids of its records, each at its first version."""

    team: Team
    folder: Path
    client: str
    figures: str
    event: str
    metric: str
    value: str
    unused_metric: str
    invitation: str
    rate: str
    dismissal: str
    note: str
    overhead: str


def furnish(team: Team, folder: Path) -> Office:
    """One client, its figures, a lead event, a metric with a value and one without, an invitation,
    a closed month; the ADMIN records the first name in the team."""
    prefixes = ("ckpi", "fin", "lev", "mdef", "met", "mdeg", "inv", "rate", "dis", "note", "ovh")
    made = {name: ids.new_id(name) for name in prefixes}
    admin, client = team.admin, made["ckpi"]
    clients.add(admin, ClientDraft("HBC-1", "Harbor"), row_id=client)
    financials.add(admin, FinancialDraft(client, DAY, ONE, ONE), row_id=made["fin"])
    overheads.add(admin, OverheadDraft(DAY, "AUD", ONE, ONE), row_id=made["ovh"])
    leads.add(admin, LeadEventDraft(client, "L-1", "Inquiry", DAY), row_id=made["lev"])
    metric_definitions.define(admin, MetricDefinitionDraft("Calls", "calls"), row_id=made["mdef"])
    metric_definitions.define(admin, MetricDefinitionDraft("Faxes", "faxes"), row_id=made["mdeg"])
    metrics.add(admin, MetricDraft(client, "Calls", DAY, ONE), row_id=made["met"])
    invited = f"invited@{team.tenant_id}.example"
    invitations.invite(admin, invited, Role.VIEWER, row_id=made["inv"])
    exchange_rates.add(admin, RateDraft(DAY, "NZD", "AUD", ONE), row_id=made["rate"])
    dismissals.dismiss(admin, "LOSS", client, "2024-03", "We know.", row_id=made["dis"])
    date_notes.add(admin, NoteDraft(DAY, "Prices raised"), row_id=made["note"])
    closed_months.close(admin, CLOSED)
    return Office(
        team, folder, client, made["fin"], made["lev"], made["mdef"], made["met"], made["mdeg"],
        made["inv"], made["rate"], made["dis"], made["note"], made["ovh"],
    )  # fmt: skip


def do(action: str, actor: Identity, office: Office) -> object:
    """Performs the action as this person; raises the function's exceptions."""
    module, _, function = action.rpartition(".")
    call: Callable[..., object] = getattr(import_module(f"zixly_data.{module}"), function)
    arguments, named = _ARGUMENTS[action](office) if action in _ARGUMENTS else ((), {})
    return call(actor, *arguments, **named)


Arguments = Callable[[Office], tuple[tuple[Any, ...], dict[str, Any]]]


def _with(*give: Callable[[Office], Any], **named: Callable[[Office], Any]) -> Arguments:
    def build(office: Office) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return tuple(make(office) for make in give), {k: v(office) for k, v in named.items()}

    return build


def _ever(_: Office) -> Any:
    return EVER


def _open(_: Office) -> date:
    return OPEN


def _first(_: Office) -> int:
    return 1


def _new(prefix: str) -> Callable[[Office], str]:
    return lambda _: ids.new_id(prefix)


def _figures(o: Office) -> FinancialDraft:
    return FinancialDraft(o.client, DAY, Decimal(2), ONE)


def _rent(_: Office) -> OverheadDraft:
    return OverheadDraft(DAY, "AUD", Decimal(0), ONE)


def _event(o: Office) -> LeadEventDraft:
    return LeadEventDraft(o.client, "L-2", "Inquiry", DAY)


def _value(o: Office) -> MetricDraft:
    return MetricDraft(o.client, "Calls", DAY, Decimal(2))


def _note(o: Office) -> NoteDraft:
    return NoteDraft(DAY, "Second consultant", o.client)


def _view(_: Office) -> saved_views.ViewDraft:
    return saved_views.ViewDraft("financials", ids.new_id("name"), "period=all")


def _nobodys(_: Office) -> str:
    """A view is private to its owner, so no view can be opened by each of them."""
    return ids.new_id("view")


def _metric(_: Office) -> MetricDefinitionDraft:
    return MetricDefinitionDraft("Letters", "letters")


def _client(_: Office) -> ClientDraft:
    return ClientDraft("HBC-2", "Harbor Two")


def _as_it_is(entries: pd.DataFrame) -> pd.DataFrame:
    return entries


def _viewer(o: Office) -> str:
    return o.team.viewer.user_id


def _file() -> OpenedFile:
    """A file with an unknown client."""
    return imports.open_file("new.csv", f"Client ID,Client name\n{ids.new_id('ext')},N\n".encode())


def _of_clients(_: Office) -> imports.Kind:
    return imports.Kind.CLIENTS


def _proposal(o: Office) -> imports.Proposal:
    file = _file()
    mapping = imports.suggest(o.team.editor, imports.Kind.CLIENTS, file.tables[0])
    return imports.propose(o.team.editor, imports.Kind.CLIENTS, file, mapping)


def _month(rows: Callable[[Office], list[Any]]) -> Arguments:
    """A month's grid with one new row, filled in after its records had been read."""
    return _with(lambda _: DAY, rows, lambda o: {o.figures, o.event, o.value, o.overhead})


# A team's organisation has no demo.
_NO_DEMO = DemoContents("Own Books", False, {}, {}, 0, (), (), (), "{}")
# Nothing is searched for, and the first page is read.
_FIRST_LINES = (lambda _: "", lambda _: 0)
_ARGUMENTS: dict[str, Arguments] = {
    "records.clients.get": _with(lambda o: o.client),
    "records.clients.deletion": _with(lambda o: o.client),
    "records.clients.add": _with(_client, row_id=_new("ckpi")),
    "records.clients.change": _with(lambda o: o.client, _first, _client),
    "records.clients.delete": _with(lambda o: o.client, _first, lambda _: "Harbor"),
    "figures.client_totals.page": _with(lambda _: None, lambda _: PageRequest()),
    "figures.client_totals.summary": _with(lambda _: None, lambda _: "AUD"),
    "figures.monthly.monthly": _with(_ever),
    "figures.monthly.by_month": _with(_ever),
    "figures.period_totals.period_totals": _with(lambda _: (EVER,)),
    "figures.ranked_clients.ranked_clients": _with(_ever),
    "records.financials.list_records": _with(_ever),
    "records.financials.page": _with(_ever, lambda _: None, lambda _: PageRequest()),
    "records.financials.get": _with(lambda o: o.figures),
    "records.possible_duplicates.find": _with(_figures),
    "records.financials.add": _with(_figures, row_id=_new("fin")),
    "records.financials.change": _with(lambda o: o.figures, _first, _figures),
    "records.financials.delete": _with(lambda o: o.figures, _first),
    "records.overheads.list_records": _with(_ever),
    "records.overheads.page": _with(_ever, lambda _: None, lambda _: PageRequest()),
    "records.overheads.by_month": _with(_ever),
    "records.overheads.get": _with(lambda o: o.overhead),
    "records.overheads.add": _with(_rent, row_id=_new("ovh")),
    "records.overheads.change": _with(lambda o: o.overhead, _first, _rent),
    "records.overheads.delete": _with(lambda o: o.overhead, _first),
    "records.overheads.assign": _with(
        lambda o: o.overhead, _first, lambda o: o.client, row_id=_new("fin")
    ),
    "records.leads.events": _with(_ever),
    "records.leads.page": _with(_ever),
    "records.lead_states.page": _with(_ever),
    "records.lead_states.sums": _with(_ever),
    "records.lead_states.names_of_client": _with(lambda o: o.client),
    "records.leads.get": _with(lambda o: o.event),
    "records.leads.add": _with(_event, row_id=_new("lev")),
    "records.leads.change": _with(lambda o: o.event, _first, _event),
    "records.leads.delete": _with(lambda o: o.event, _first),
    "figures.funnel.funnel": _with(_ever),
    "figures.funnel.leads_at": _with(_ever, lambda _: ClientFilter(), lambda _: "Inquiry"),
    "figures.funnel.funnel_values": _with(_ever),
    "figures.month_grids.financial_lines.financial_lines": _with(_open, *_FIRST_LINES),
    "figures.month_grids.financial_lines.month_totals": _with(_open),
    "figures.month_grids.overhead_lines.overhead_lines": _with(
        _open, *_FIRST_LINES, lambda _: 2
    ),
    "figures.month_grids.overhead_lines.overhead_totals": _with(_open),
    "figures.month_grids.overhead_lines.overhead_ids": _with(_open),
    "figures.month_grids.lead_lines.lead_lines": _with(_open, *_FIRST_LINES),
    "figures.month_grids.lead_lines.lead_counts": _with(_open),
    "figures.month_grids.lead_lines.lead_ids": _with(_open),
    "figures.month_grids.metric_lines.metric_lines": _with(_open, *_FIRST_LINES, lambda _: 2),
    "figures.month_grids.metric_lines.metric_counts": _with(_open),
    "figures.metric_history.history": _with(lambda o: o.client, lambda _: "Calls"),
    "figures.metric_history.of_series": _with(
        lambda _: None, lambda _: None, lambda o: o.client, lambda _: "Calls"
    ),
    "records.metrics.list_records": _with(_ever),
    "records.metrics.page": _with(_ever),
    "records.metrics.get": _with(lambda o: o.value),
    "records.metrics.add": _with(_value, row_id=_new("met")),
    "records.metrics.change": _with(lambda o: o.value, _first, _value),
    "records.metrics.delete": _with(lambda o: o.value, _first),
    "records.metric_definitions.get_definition": _with(lambda o: o.metric),
    "records.metric_definitions.define": _with(_metric, row_id=_new("mdef")),
    "records.metric_definitions.redefine": _with(lambda o: o.unused_metric, _first, _metric),
    "records.metric_definitions.remove_definition": _with(lambda o: o.unused_metric, _first),
    "records.month_entry.save_financials": _month(
        lambda o: [FinancialCells(ids.new_id("fin"), o.client, "15", "2", "1")]
    ),
    "records.month_entry.save_overheads": _month(
        lambda o: [OverheadCells(ids.new_id("ovh"), "15", "AUD", "Rent", "", "Overhead", "", "9")]
    ),
    "records.month_entry.save_leads": _month(
        lambda o: [LeadCells(ids.new_id("lev"), o.client, "L-3", "Inquiry", "15")]
    ),
    "records.month_entry.save_metrics": _month(
        lambda o: [MetricCell(ids.new_id("met"), o.client, "Faxes", "7", DAY)]
    ),
    "imports.suggest": _with(_of_clients, lambda _: _file().tables[0]),
    "imports.propose": _with(
        _of_clients, lambda _: _file(), lambda _: imports.Mapping({"client_id": 0})
    ),
    "imports.confirm": _with(_proposal),
    "imports.undo": _with(lambda o: imports.confirm(o.team.editor, _proposal(o)).id),
    "figures.profitability.profitability": _with(_ever),
    "figures.business.lines.period_lines": _with(lambda _: {}, lambda _: ()),
    "figures.business.lines.business": _with(_ever),
    "figures.business.report.business_report": _with(
        _ever, lambda _: By.MONTH, lambda _: DAY
    ),
    "figures.business.provenance.business_provenance": _with(
        lambda _: "business_profit", _ever, lambda _: "AUD"
    ),
    "figures.business.provenance.line_months": _with(
        lambda _: "business_profit", _ever, lambda _: "AUD"
    ),
    "figures.bridge.bridge": _with(_ever, _ever),
    "figures.conversion.missing_rates": _with(_ever, lambda _: "AUD"),
    "figures.conversion.used_rates": _with(_ever, lambda _: "AUD"),
    "imports.page_of_imports": _with(lambda _: PageRequest()),
    "records.exchange_rates.find": _with(lambda _: DAY, lambda _: "NZD", lambda _: "AUD"),
    "records.exchange_rates.get": _with(lambda o: o.rate),
    "records.exchange_rates.add": _with(
        lambda _: RateDraft(DAY, "USD", "AUD", ONE), row_id=_new("rate")
    ),
    "records.exchange_rates.change": _with(lambda o: o.rate, _first, lambda _: Decimal(2)),
    "records.exchange_rates.delete": _with(lambda o: o.rate, _first),
    "records.exchange_rates.put_all": _with(lambda _: [RateDraft(DAY, "GBP", "AUD", ONE)]),
    "figures.breakdown.breakdown": _with(_ever, lambda _: By.CLIENT, lambda _: DAY),
    "figures.provenance.provenance": _with(lambda _: "profit", _ever, lambda _: "AUD"),
    "figures.provenance.months": _with(_ever, lambda _: "AUD"),
    "findings.contradictions.findings": _with(lambda _: NOW),
    "findings.evidence.evidence": _with(
        lambda o: FindingKey("BILLED_NEVER_WON", o.client, "L-1"), lambda _: NOW
    ),
    "findings.dismissals.dismiss": _with(
        lambda _: "BILLED_NEVER_WON", lambda o: o.client, lambda _: "L-1", lambda _: "A handshake",
        row_id=_new("dis"),
    ),
    "findings.dismissals.restore": _with(lambda o: o.dismissal),
    "people.saved_views.list_views": _with(lambda _: "financials"),
    "people.saved_views.get": _with(_nobodys),
    "people.saved_views.save": _with(_view, row_id=_new("view")),
    "people.saved_views.change": _with(_nobodys, _first, _view),
    "people.saved_views.delete": _with(_nobodys, _first),
    "records.date_notes.page": _with(_ever),
    "records.date_notes.get": _with(lambda o: o.note),
    "records.date_notes.add": _with(_note, row_id=_new("note")),
    "records.date_notes.change": _with(lambda o: o.note, _first, _note),
    "records.date_notes.delete": _with(lambda o: o.note, _first),
    "findings.attention.findings": _with(lambda _: DAY),
    "findings.ranking.findings": _with(lambda _: NOW),
    "findings.ranking.most_urgent": _with(lambda _: NOW),
    "records.closed_months.is_closed": _with(lambda _: CLOSED),
    "records.closed_months.close": _with(lambda _: OPEN),
    "records.closed_months.close_through": _with(lambda _: OPEN),
    "records.closed_months.reopen": _with(lambda _: CLOSED),
    "people.audit.page": _with(_ever, lambda _: "Australia/Brisbane"),
    "people.audit.history": _with(lambda _: "client_kpis", lambda o: o.client),
    "people.audit.note_export": _with(lambda _: "financials", _first, lambda _: {}),
    "exports.record_files.write": _with(lambda _: Rows(Table.FINANCIALS)),
    "exports.record_files.write_trail": _with(
        _ever, lambda _: "Australia/Brisbane", lambda _: AuditFilter(), lambda _: _as_it_is
    ),
    "access.account.end_session": _with(lambda o: o.folder.name),
    "people.team.find": _with(lambda o: o.team.viewer.email),
    "people.team.change_role": _with(_viewer, lambda _: Role.EDITOR),
    "people.team.deactivate": _with(_viewer),
    "people.team.reactivate": _with(_viewer),
    "people.team.delete": _with(_viewer, lambda o: o.team.viewer.email, lambda o: o.folder),
    "people.team.reset_link": _with(_viewer),
    "people.team.remove_second_factor": _with(_viewer),
    "people.invitations.invite": _with(
        lambda o: f"new@{o.team.tenant_id}.example", lambda _: Role.VIEWER, row_id=_new("inv")
    ),
    "people.invitations.send_again": _with(lambda o: o.invitation),
    "people.invitations.withdraw": _with(lambda o: o.invitation),
    "people.tenants.change": _with(_first, lambda _: OrganisationDraft("Own Books")),
    "people.tenants.change_security": _with(lambda _: True),
    "people.demo_removal.remove": _with(lambda _: _NO_DEMO, lambda _: _NO_DEMO.organisation),
}  # fmt: skip
