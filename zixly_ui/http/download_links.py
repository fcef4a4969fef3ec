"""Addresses of CSV files and workbooks, and the buttons that link to them.

    /download/financials.csv?period=custom&from=2024-01-01&to=2024-03-31&client=ckpi_…&name=q1.csv

The same rows as a workbook have the address `/download/financials.xlsx`.

The parameters are those of the pages (`filters`), some of them repeated; `lead`, `metric` and
`name` (the file name) exist only here. A missing parameter restricts nothing. An unknown or invalid
one is refused: a file never holds more than requested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.record_files import Rows, Table
from zixly_data.figures.pipeline.steps import View
from zixly_data.people.audit import AuditFilter
from zixly_data.people.tenants import Tenant
from zixly_data.values import period as periods
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.period import ALL, CUSTOM, Period
from zixly_ui.components.downloads import EXCEL, safe_filename, with_ending

AUDIT_TRAIL = "audit-trail"
_MAX_PARAMETERS, _MAX_LENGTH = 1_000, 2_000
_REPEATABLE = {"client", "status", "industry", "currency", "kind", "person", "action", "about"}
_DAYS = {"period", "from", "to"}
_CLIENTS = {"client", "status", "industry", "currency", "q"}
_PARAMETERS: dict[str, set[str]] = {
    Table.CLIENTS: _CLIENTS,
    Table.FINANCIALS: _DAYS | _CLIENTS,
    Table.OVERHEADS: _DAYS | {"kind", "currency", "q"},
    Table.LEAD_EVENTS: _DAYS | _CLIENTS | {"stage", "lead"},
    Table.LEADS: _DAYS | _CLIENTS | {"stage", "view"},
    Table.OPEN_LEADS: _CLIENTS | {"stage"},
    Table.CUSTOM_METRICS: _DAYS | _CLIENTS | {"metric"},
    AUDIT_TRAIL: _DAYS | {"client", "person", "action", "about"},
}


@dataclass(frozen=True)
class Trail:
    """A selection of entries of the audit trail."""

    period: Period = ALL
    audit_filter: AuditFilter = field(default_factory=AuditFilter)


def download_rows(selection: Rows | Trail, filename: str, *, label: str = "Download CSV") -> None:
    """Draw buttons that download the selected rows as CSV or as a workbook, in any number.

    The file name ends in `.csv`. The rows are read when a button is pressed, through the address it
    links to.
    """
    csv, xlsx = (escape(address(selection, filename, ending)) for ending in FileFormat)
    st.html(
        '<span class="zixly-formats">'
        f'<a class="zixly-download" href="{csv}" target="_self">'
        '<span class="zixly-icon" aria-hidden="true" translate="no">download</span>'
        f"{escape(label)}</a>"
        f'<a class="zixly-download" href="{xlsx}" target="_self">{EXCEL}</a></span>',
        width="content",
    )


def address(
    selection: Rows | Trail, filename: str, file_format: FileFormat = FileFormat.CSV
) -> str:
    """Return the address of the file; `read` is the inverse for its query."""
    period = selection.period
    query: dict[str, Sequence[str]] = {}
    if period != ALL:
        # The days instead of the name of the period: the file matches the page after midnight too.
        query |= {"period": [CUSTOM], "from": [str(period.start)], "to": [str(period.end)]}
    if isinstance(selection, Trail):
        stem = AUDIT_TRAIL
        entries = selection.audit_filter
        query |= {"client": entries.client_kpi_ids, "person": entries.emails}
        query |= {"action": entries.actions, "about": entries.tables}
    elif selection.table is Table.OVERHEADS:
        stem, chosen = selection.table, selection.overhead_filter
        query |= {"kind": chosen.kinds, "currency": chosen.currencies}
        query |= {"q": [chosen.search] if chosen.search else []}
    else:
        stem, clients = selection.table, selection.client_filter
        query |= {"client": clients.client_kpi_ids, "status": clients.statuses}
        query |= {"industry": clients.industries, "currency": clients.currencies}
        query |= {"q": [clients.search] if clients.search else []}
        for name, value in (
            ("stage", selection.stage),
            ("lead", selection.lead_id),
            ("metric", selection.metric_name),
            ("view", selection.view.value if selection.view is View.ACTIVITY else None),
        ):
            query[name] = [value] if value is not None else []
    query["name"] = [safe_filename(with_ending(filename, file_format))]
    present = {name: values for name, values in query.items() if values}
    return f"/download/{stem}.{file_format}?{urlencode(present, doseq=True)}"


def read(
    stem: str,
    query: Sequence[tuple[str, str]],
    tenant: Tenant,
    file_format: FileFormat = FileFormat.CSV,
) -> tuple[Rows | Trail, str]:
    """Return the selection that the query of an address describes, and the name of the file.

    Raises InvalidInput for a parameter that is unknown, too long, or repeated where only one is
    allowed, and InvalidPeriod.
    """
    parameters: dict[str, list[str]] = {}
    for name, value in query:
        parameters.setdefault(name, []).append(value)
    unknown = set(parameters) - _PARAMETERS[stem] - {"name"}
    repeated = {name for name, values in parameters.items() if len(values) > 1} - _REPEATABLE
    too_long = any(len(value) > _MAX_LENGTH for _, value in query) or len(query) > _MAX_PARAMETERS
    if unknown or repeated or too_long:
        raise _not_valid()
    period = _period(parameters, tenant)
    name = _file_name(_first(parameters, "name") or f"{stem}-{period.slug}", file_format)
    clients = tuple(parameters.get("client", ()))
    if stem == AUDIT_TRAIL:
        people, actions, about = (
            tuple(parameters.get(k, ())) for k in ("person", "action", "about")
        )
        return Trail(period, AuditFilter(people, actions, about, clients)), name
    search, currencies = _first(parameters, "q") or "", tuple(parameters.get("currency", ()))
    if stem == Table.OVERHEADS:
        kinds = tuple(parameters.get("kind", ()))
        overhead_filter = OverheadFilter(kinds, currencies, search)
        return Rows(Table.OVERHEADS, period, overhead_filter=overhead_filter), name
    client_filter = ClientFilter(
        clients,
        tuple(parameters.get("status", ())),
        tuple(parameters.get("industry", ())),
        search,
        currencies,
    )
    stage, lead, metric = (_first(parameters, name) for name in ("stage", "lead", "metric"))
    view = _view(parameters)
    return Rows(Table(stem), period, client_filter, stage, lead, metric, view=view), name


def is_known(stem: str) -> bool:
    """Return whether there is a file of this name."""
    return stem in _PARAMETERS


def _file_name(name: str, file_format: FileFormat) -> str:
    """Return a safe name that ends as its format does and is not hidden, for any link."""
    stem = name[:150]
    for ending in FileFormat:
        stem = stem.removesuffix(f".{ending}")
    stem = safe_filename(stem).strip("-.").removesuffix(".csv")
    return f"{stem or 'zixly'}.{file_format}"


def _period(parameters: Mapping[str, Sequence[str]], tenant: Tenant) -> Period:
    if not _DAYS & set(parameters):
        return ALL
    key, first, last = (_first(parameters, name) for name in ("period", "from", "to"))
    return periods.parse(
        key or CUSTOM, tenant.today(), tenant.financial_year_start_month, first, last
    )


def _view(parameters: Mapping[str, Sequence[str]]) -> View:
    try:
        return View(_first(parameters, "view") or View.COHORT)
    except ValueError:
        raise _not_valid() from None


def _not_valid() -> InvalidInput:
    return InvalidInput(
        "This download link is not valid.",
        advice="Go back to the page and download the file again.",
    )


def _first(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next(iter(parameters.get(name, ())), None)
