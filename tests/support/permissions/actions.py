"""Performs each action of `permitted_actions`, on an office."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any

import pandas as pd

from tests.support.permissions import delivery, pipeline
from tests.support.permissions.office import (
    CLOSED,
    DAY,
    EVER,
    NOW,
    ONE,
    OPEN,
    Arguments,
    Office,
    ever,
    first,
    given,
    new_id,
    open_month,
)
from zixly_data import imports
from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.breakdown import By
from zixly_data.findings.finding import FindingKey
from zixly_data.identity import Identity, Role
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.people import saved_views
from zixly_data.people.audit import AuditFilter
from zixly_data.people.demo_removal import DemoContents
from zixly_data.records import client_merges, clients
from zixly_data.records.merge_preview import MergePreview
from zixly_data.records.month_cells import FinancialCells, LeadCells, MetricCell, OverheadCells
from zixly_data.tables.clients import ClientDraft
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.tables.overheads import OverheadDraft
from zixly_data.tables.tenants import OrganisationDraft
from zixly_data.values import ids
from zixly_data.values.paging import PageRequest


def do(action: str, actor: Identity, office: Office) -> object:
    """Performs the action as this person; raises the function's exceptions."""
    module, _, function = action.rpartition(".")
    call: Callable[..., object] = getattr(import_module(f"zixly_data.{module}"), function)
    arguments, named = _ARGUMENTS[action](office) if action in _ARGUMENTS else ((), {})
    return call(actor, *arguments, **named)


def _figures(o: Office) -> FinancialDraft:
    return FinancialDraft(o.client, DAY, Decimal(2), ONE)


def _rent(_: Office) -> OverheadDraft:
    return OverheadDraft(DAY, "AUD", Decimal(0), ONE)


def _note(o: Office) -> NoteDraft:
    return NoteDraft(DAY, "Second consultant", o.client)


def _view(_: Office) -> saved_views.ViewDraft:
    return saved_views.ViewDraft("financials", ids.new_id("name"), "period=all")


def _nobodys(_: Office) -> str:
    """A view is private to its owner, so no view can be opened by each of them."""
    return ids.new_id("view")


def _client(_: Office) -> ClientDraft:
    return ClientDraft("HBC-2", "Harbor Two")


def _kept(o: Office) -> str:
    return o.client


def _merged(o: Office) -> str:
    """Another client, which nobody has merged yet."""
    row_id = ids.new_id("ckpi")
    clients.add(o.team.editor, ClientDraft(ids.new_id("ext"), "Harbor Too"), row_id=row_id)
    return row_id


def _merge_preview(o: Office) -> MergePreview:
    return client_merges.preview(o.team.editor, o.client, _merged(o))


def _as_it_is(entries: pd.DataFrame) -> pd.DataFrame:
    return entries


def _viewer(o: Office) -> str:
    return o.team.viewer.user_id


def _file() -> OpenedFile:
    """A file with an unknown client."""
    new = ids.new_id("ext")
    return imports.open_file("new.csv", f"Client ID,Client name\n{new},{new}\n".encode())


def _of_clients(_: Office) -> imports.Kind:
    return imports.Kind.CLIENTS


def _proposal(o: Office) -> imports.Proposal:
    file = _file()
    mapping = imports.suggest(o.team.editor, imports.Kind.CLIENTS, file.tables[0])
    return imports.propose(o.team.editor, imports.Kind.CLIENTS, file, mapping)


def _month(rows: Callable[[Office], list[Any]]) -> Arguments:
    """A month's grid with one new row, filled in after its records had been read."""
    return given(lambda _: DAY, rows, lambda o: {o.figures, o.event, o.value, o.overhead})


# A team's organisation has no demo.
_NO_DEMO = DemoContents("Own Books", False, {}, {}, 0, (), (), (), "{}")
# Nothing is searched for, and the first page is read.
_FIRST_LINES = (lambda _: "", lambda _: 0)
_ARGUMENTS: dict[str, Arguments] = {
    **pipeline.ARGUMENTS,
    **delivery.ARGUMENTS,
    "records.clients.get": given(lambda o: o.client),
    "records.clients.deletion": given(lambda o: o.client),
    "records.clients.find": given(lambda _: "HBC-1"),
    "records.client_merges.preview": given(_kept, _merged),
    "records.client_merges.merge": given(_merge_preview),
    "records.client_merges.undo": given(
        lambda o: client_merges.merge(o.team.editor, _merge_preview(o))
    ),
    "records.clients.add": given(_client, row_id=new_id("ckpi")),
    "records.clients.change": given(lambda o: o.client, first, _client),
    "records.clients.delete": given(lambda o: o.client, first, lambda _: "Harbor"),
    "figures.client_totals.page": given(lambda _: None, lambda _: PageRequest()),
    "figures.client_totals.summary": given(lambda _: None, lambda _: "AUD"),
    "figures.monthly.monthly": given(ever),
    "figures.monthly.by_month": given(ever),
    "figures.period_totals.period_totals": given(lambda _: (EVER,)),
    "figures.ranked_clients.ranked_clients": given(ever),
    "records.financials.list_records": given(ever),
    "records.financials.page": given(ever, lambda _: None, lambda _: PageRequest()),
    "records.financials.get": given(lambda o: o.figures),
    "records.possible_duplicates.find": given(_figures),
    "records.financials.add": given(_figures, row_id=new_id("fin")),
    "records.financials.change": given(lambda o: o.figures, first, _figures),
    "records.financials.delete": given(lambda o: o.figures, first),
    "records.overheads.list_records": given(ever),
    "records.overheads.page": given(ever, lambda _: None, lambda _: PageRequest()),
    "records.overheads.by_month": given(ever),
    "records.overheads.get": given(lambda o: o.overhead),
    "records.overheads.add": given(_rent, row_id=new_id("ovh")),
    "records.overheads.change": given(lambda o: o.overhead, first, _rent),
    "records.overheads.delete": given(lambda o: o.overhead, first),
    "records.overheads.assign": given(
        lambda o: o.overhead, first, lambda o: o.client, row_id=new_id("fin")
    ),
    "figures.month_grids.financial_lines.financial_lines": given(open_month, *_FIRST_LINES),
    "figures.month_grids.financial_lines.month_totals": given(open_month),
    "figures.month_grids.overhead_lines.overhead_lines": given(
        open_month, *_FIRST_LINES, lambda _: 2
    ),
    "figures.month_grids.overhead_lines.overhead_totals": given(open_month),
    "figures.month_grids.overhead_lines.overhead_ids": given(open_month),
    "figures.month_grids.lead_lines.lead_lines": given(open_month, *_FIRST_LINES),
    "figures.month_grids.lead_lines.lead_counts": given(open_month),
    "figures.month_grids.lead_lines.lead_ids": given(open_month),
    "figures.month_grids.metric_lines.metric_lines": given(open_month, *_FIRST_LINES, lambda _: 2),
    "figures.month_grids.metric_lines.metric_counts": given(open_month),
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
    "imports.suggest": given(_of_clients, lambda _: _file().tables[0]),
    "imports.propose": given(
        _of_clients, lambda _: _file(), lambda _: imports.Mapping({"client_id": 0})
    ),
    "imports.confirm": given(_proposal),
    "imports.undo": given(lambda o: imports.confirm(o.team.editor, _proposal(o)).id),
    "figures.profitability.profitability": given(ever),
    "figures.business.lines.period_lines": given(lambda _: {}, lambda _: ()),
    "figures.business.lines.business": given(ever),
    "figures.business.report.business_report": given(
        ever, lambda _: By.MONTH, lambda _: DAY
    ),
    "figures.business.provenance.business_provenance": given(
        lambda _: "business_profit", ever, lambda _: "AUD"
    ),
    "figures.business.provenance.line_months": given(
        lambda _: "business_profit", ever, lambda _: "AUD"
    ),
    "figures.bridge.bridge": given(ever, ever),
    "figures.conversion.missing_rates": given(ever, lambda _: "AUD"),
    "figures.conversion.used_rates": given(ever, lambda _: "AUD"),
    "imports.page_of_imports": given(lambda _: PageRequest()),
    "records.exchange_rates.find": given(lambda _: DAY, lambda _: "NZD", lambda _: "AUD"),
    "records.exchange_rates.get": given(lambda o: o.rate),
    "records.exchange_rates.add": given(
        lambda _: RateDraft(DAY, "USD", "AUD", ONE), row_id=new_id("rate")
    ),
    "records.exchange_rates.change": given(lambda o: o.rate, first, lambda _: Decimal(2)),
    "records.exchange_rates.delete": given(lambda o: o.rate, first),
    "records.exchange_rates.put_all": given(lambda _: [RateDraft(DAY, "GBP", "AUD", ONE)]),
    "figures.breakdown.breakdown": given(ever, lambda _: By.CLIENT, lambda _: DAY),
    "figures.provenance.provenance": given(lambda _: "profit", ever, lambda _: "AUD"),
    "figures.provenance.months": given(ever, lambda _: "AUD"),
    "findings.contradictions.findings": given(lambda _: NOW),
    "findings.evidence.evidence": given(
        lambda o: FindingKey("BILLED_NEVER_WON", o.client, "L-1"), lambda _: NOW
    ),
    "findings.dismissals.dismiss": given(
        lambda _: "BILLED_NEVER_WON", lambda o: o.client, lambda _: "L-1", lambda _: "A handshake",
        row_id=new_id("dis"),
    ),
    "findings.dismissals.restore": given(lambda o: o.dismissal),
    "people.saved_views.list_views": given(lambda _: "financials"),
    "people.saved_views.get": given(_nobodys),
    "people.saved_views.save": given(_view, row_id=new_id("view")),
    "people.saved_views.change": given(_nobodys, first, _view),
    "people.saved_views.delete": given(_nobodys, first),
    "records.date_notes.page": given(ever),
    "records.date_notes.list_notes": given(ever),
    "records.date_notes.get": given(lambda o: o.note),
    "records.date_notes.add": given(_note, row_id=new_id("note")),
    "records.date_notes.change": given(lambda o: o.note, first, _note),
    "records.date_notes.delete": given(lambda o: o.note, first),
    "findings.attention.findings": given(lambda _: DAY),
    "findings.ranking.findings": given(lambda _: NOW),
    "findings.ranking.most_urgent": given(lambda _: NOW),
    "records.closed_months.is_closed": given(lambda _: CLOSED),
    "records.closed_months.close": given(lambda _: OPEN),
    "records.closed_months.close_through": given(lambda _: OPEN),
    "records.closed_months.reopen": given(lambda _: CLOSED),
    "people.audit.page": given(ever, lambda _: "Australia/Brisbane"),
    "people.audit.history": given(lambda _: "client_kpis", lambda o: o.client),
    "people.audit.note_export": given(lambda _: "financials", first, lambda _: {}),
    "exports.record_files.write": given(lambda _: Rows(Table.FINANCIALS)),
    "exports.record_files.write_trail": given(
        ever, lambda _: "Australia/Brisbane", lambda _: AuditFilter(), lambda _: _as_it_is
    ),
    "access.account.end_session": given(lambda o: o.folder.name),
    "people.team.find": given(lambda o: o.team.viewer.email),
    "people.team.change_role": given(_viewer, lambda _: Role.EDITOR),
    "people.team.deactivate": given(_viewer),
    "people.team.reactivate": given(_viewer),
    "people.team.delete": given(_viewer, lambda o: o.team.viewer.email, lambda o: o.folder),
    "people.team.reset_link": given(_viewer),
    "people.team.remove_second_factor": given(_viewer),
    "people.invitations.invite": given(
        lambda o: f"new@{o.team.tenant_id}.example", lambda _: Role.VIEWER, row_id=new_id("inv")
    ),
    "people.invitations.send_again": given(lambda o: o.invitation),
    "people.invitations.withdraw": given(lambda o: o.invitation),
    "people.tenants.change": given(first, lambda _: OrganisationDraft("Own Books")),
    "people.tenants.change_security": given(lambda _: True),
    "people.demo_removal.remove": given(lambda _: _NO_DEMO, lambda _: _NO_DEMO.organisation),
}  # fmt: skip
