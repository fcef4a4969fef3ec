"""Files that leave by an address of their own: what stands in it, and the button that leads there.

    /download/financials.csv?period=custom&from=2024-01-01&to=2024-03-31&client=ckpi_…&name=q1.csv

The names are those of the pages' own addresses (`filters`), some of them several times; `lead`,
`metric` and `name` (what the file is called) are ours. A part left out narrows nothing. What is not
known, or cannot be, is refused: a file never holds more than was asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

import streamlit as st

from zixly_data.errors import InvalidInput
from zixly_data.exports.record_files import Rows, Table
from zixly_data.people.audit import AuditFilter
from zixly_data.people.tenants import Tenant
from zixly_data.values import period as periods
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL, CUSTOM, Period
from zixly_ui.components.tables import safe_filename

AUDIT_TRAIL = "audit-trail"
_MOST, _LONGEST = 1_000, 2_000
_SEVERAL = {"client", "status", "industry", "currency", "person", "action", "about"}
_DAYS = {"period", "from", "to"}
_CLIENTS = {"client", "status", "industry", "currency", "q"}
_KNOWN: dict[str, set[str]] = {
    Table.CLIENTS: _CLIENTS,
    Table.FINANCIALS: _DAYS | _CLIENTS,
    Table.LEAD_EVENTS: _DAYS | _CLIENTS | {"stage", "lead"},
    Table.LEADS: _DAYS | _CLIENTS | {"stage"},
    Table.CUSTOM_METRICS: _DAYS | _CLIENTS | {"metric"},
    AUDIT_TRAIL: _DAYS | {"client", "person", "action", "about"},
}


@dataclass(frozen=True)
class Trail:
    """Which entries of the audit trail."""

    period: Period = ALL
    audit_filter: AuditFilter = field(default_factory=AuditFilter)


def download_rows(wanted: Rows | Trail, filename: str, *, label: str = "Download CSV") -> None:
    """A button that downloads these rows as CSV, whatever their number, under this name.

    They are fetched when it is pressed, by the address it leads to.
    """
    st.html(
        f'<a class="zixly-download" href="{escape(address(wanted, filename))}" target="_self">'
        '<span class="zixly-icon" aria-hidden="true" translate="no">download</span>'
        f"{escape(label)}</a>",
        width="content",
    )


def address(wanted: Rows | Trail, filename: str) -> str:
    """Where the file is: `read` makes the same of its query."""
    period = wanted.period
    asked: dict[str, Sequence[str]] = {}
    if period != ALL:
        # The days themselves, not their name: what was shown leaves, also after midnight.
        asked |= {"period": [CUSTOM], "from": [str(period.start)], "to": [str(period.end)]}
    if isinstance(wanted, Trail):
        what = AUDIT_TRAIL
        entries = wanted.audit_filter
        asked |= {"client": entries.client_kpi_ids, "person": entries.emails}
        asked |= {"action": entries.actions, "about": entries.tables}
    else:
        what, clients = wanted.table, wanted.client_filter
        asked |= {"client": clients.client_kpi_ids, "status": clients.statuses}
        asked |= {"industry": clients.industries, "currency": clients.currencies}
        asked |= {"q": [clients.search] if clients.search else []}
        for name, value in (
            ("stage", wanted.stage), ("lead", wanted.lead_id), ("metric", wanted.metric_name),
        ):  # fmt: skip
            asked[name] = [value] if value is not None else []
    asked["name"] = [safe_filename(filename)]
    known = {name: values for name, values in asked.items() if values}
    return f"/download/{what}.csv?{urlencode(known, doseq=True)}"


def read(what: str, query: Sequence[tuple[str, str]], tenant: Tenant) -> tuple[Rows | Trail, str]:
    """What the address asks for, and the name of the file.

    Raises InvalidInput for a part that is unknown, too long, or given twice where once is meant,
    and InvalidPeriod.
    """
    asked: dict[str, list[str]] = {}
    for name, value in query:
        asked.setdefault(name, []).append(value)
    strange = set(asked) - _KNOWN[what] - {"name"}
    twice = {name for name, values in asked.items() if len(values) > 1} - _SEVERAL
    too_long = any(len(value) > _LONGEST for _, value in query) or len(query) > _MOST
    if strange or twice or too_long:
        raise InvalidInput(
            "This address asks for something that Zixly does not know.",
            advice="Go back to the page and press its button again.",
        )
    period = _period(asked, tenant)
    name = _csv_name(_one(asked, "name") or f"{what}-{period.slug}")
    clients = tuple(asked.get("client", ()))
    if what == AUDIT_TRAIL:
        people, actions, about = (tuple(asked.get(k, ())) for k in ("person", "action", "about"))
        return Trail(period, AuditFilter(people, actions, about, clients)), name
    client_filter = ClientFilter(
        clients,
        tuple(asked.get("status", ())),
        tuple(asked.get("industry", ())),
        _one(asked, "q") or "",
        tuple(asked.get("currency", ())),
    )
    stage, lead, metric = (_one(asked, name) for name in ("stage", "lead", "metric"))
    return Rows(Table(what), period, client_filter, stage, lead, metric), name


def is_known(what: str) -> bool:
    """Whether there is a file of this name."""
    return what in _KNOWN


def _csv_name(name: str) -> str:
    """Whoever made the link, it is a CSV file, and no hidden one."""
    stem = safe_filename(name[:150].removesuffix(".csv")).strip("-.")
    return f"{stem.removesuffix('.csv')}.csv"


def _period(asked: Mapping[str, Sequence[str]], tenant: Tenant) -> Period:
    if not _DAYS & set(asked):
        return ALL
    key, first, last = (_one(asked, name) for name in ("period", "from", "to"))
    return periods.parse(
        key or CUSTOM, tenant.today(), tenant.financial_year_start_month, first, last
    )


def _one(asked: Mapping[str, Sequence[str]], name: str) -> str | None:
    return next(iter(asked.get(name, ())), None)
