"""Small ledgers full of difficult values, and their rows in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from tests.conftest import Team
from zixly_data.database.connection import scoped
from zixly_data.database.schema import (
    client_kpis,
    custom_metrics,
    financials,
    lead_events,
    overheads,
)
from zixly_data.errors import InvalidInput
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.imports import Kind
from zixly_data.imports.matches.targets import TARGETS
from zixly_data.values import names
from zixly_data.values.sources import ENTERED

TABLES = {kind: Table[kind.name] for kind in Kind}
STAGES = (("Inquiry", "OPEN"), ("Contract signed", "WON"), ("Lost", "LOST"))
METRICS = ("Calls", "=Score", "Net, promoter")
# Texts that programs misread.
TRICKY = (
    "=SUM(A1)", "'=x", "-5", "+61 400", "@home", "Café; Bar", 'say "x"', "a,b", "0012", "1,234.50",
    "TRUE", "2024-01-01", "NULL", "\\N", "Harbour", "HARBOUR", "id", "Tab\there", "🎉 Ω ש", "'",
    "x'y", "50%", "(5)", "AUD",
)  # fmt: skip


def _clean(text: str) -> str | None:
    try:
        return names.parse_name(text, max_length=60)
    except InvalidInput:
        return None


def _clean_note(text: str) -> str | None:
    return names.parse_note(text)


_letters = st.characters(exclude_categories=["Cs", "Cn", "Co"], max_codepoint=0x2FFF)
_any = st.sampled_from(TRICKY) | st.text(_letters, min_size=1, max_size=12)
NAMES = _any.map(_clean).filter(lambda name: name is not None)
NOTES = st.none() | (_any | st.just("two\nlines") | st.just("=a\n\n\tb")).map(_clean_note)
DAYS = st.integers(0, 40).map(lambda days: date(2024, 1, 20) + timedelta(days=days))
CENTS = st.integers(-99_999, 99_999) | st.sampled_from([0, 10**14 - 1, -(10**14 - 1)])
MONEY = CENTS.map(lambda cents: Decimal(cents) / 100)
MEASURES = st.integers(-99_999, 99_999).map(lambda parts: Decimal(parts) / 10_000)


@dataclass(frozen=True)
class Ledger:
    """Clients and records as rows for the tables, without our ids."""

    clients: list[dict[str, Any]]
    records: dict[Kind, list[dict[str, Any]]]


@st.composite
def ledgers(draw: st.DrawFn, *, numbered: bool) -> Ledger:
    """`numbered`: some records have numbers of other systems."""
    keys = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    clients = [
        {"client_id": key, "client_name": draw(NAMES), "industry": draw(st.none() | NAMES),
         "currency": draw(st.sampled_from(["AUD", "NZD"])),
         "status": draw(st.sampled_from(["ACTIVE", "COMPLETED"])), "note": draw(NOTES)}
        for key in keys
    ]  # fmt: skip
    sources = ["manual", "file", "xero"] if numbered else ["manual"]
    common = {
        "client": st.integers(0, len(keys) - 1), "note": NOTES, "source": st.sampled_from(sources),
    }  # fmt: skip
    kinds = {
        Kind.FINANCIALS: {"record_date": DAYS, "revenue": MONEY, "expenses": MONEY},
        Kind.OVERHEADS: {"record_date": DAYS, "revenue": MONEY, "expenses": MONEY,
                         "currency": st.sampled_from(["AUD", "NZD"]),
                         "kind": st.sampled_from(["OVERHEAD", "UNASSIGNED"]),
                         "account": st.none() | NAMES, "counterparty": st.none() | NAMES},
        Kind.LEAD_EVENTS: {"event_date": DAYS, "lead_id": NAMES, "stage": st.sampled_from(STAGES),
                           "value": st.none() | MONEY.map(abs)},
        Kind.CUSTOM_METRICS: {"record_date": DAYS, "metric_name": st.sampled_from(METRICS),
                              "metric_value": MEASURES},
    }  # fmt: skip
    return Ledger(clients, {
        kind: draw(st.lists(st.fixed_dictionaries(common | columns), min_size=1, max_size=8))
        for kind, columns in kinds.items()
    })  # fmt: skip


def written(team: Team, ledger: Ledger, sync: sa.Engine) -> None:
    """Replaces the team's records with the ledger, as its editor; those of Xero with `sync`."""
    ours = team.tenant_id
    synced = []
    with sync.begin() as superuser:
        superuser.execute(sa.text("delete from zixly.overheads where tenant_id = :t"), {"t": ours})
        # Nobody has downloaded a file yet: many ledgers in a minute are no attack.
        superuser.execute(sa.text("set local session_replication_role = replica"))
        superuser.execute(
            sa.text("delete from zixly.audit_log where tenant_id = :t and action = 'EXPORT'"),
            {"t": ours},
        )
    with scoped(team.editor) as connection:
        connection.execute(sa.delete(client_kpis).where(client_kpis.c.tenant_id == ours))
        for number, client in enumerate(ledger.clients):
            connection.execute(sa.insert(client_kpis).values(id=f"ckpi_{number}", **client))
        for table, kind in ((financials, Kind.FINANCIALS), (overheads, Kind.OVERHEADS),
                            (lead_events, Kind.LEAD_EVENTS),
                            (custom_metrics, Kind.CUSTOM_METRICS)):  # fmt: skip
            for number, record in enumerate(ledger.records[kind]):
                values = {x: y for x, y in record.items() if x not in ("client", "source", "stage")}
                if kind is Kind.LEAD_EVENTS:
                    values["stage"], values["status"] = record["stage"]
                if kind is Kind.CUSTOM_METRICS:
                    values["unit"] = "points"
                if kind is not Kind.OVERHEADS:
                    values["client_kpi_id"] = f"ckpi_{record['client']}"
                source = record["source"]
                row = sa.insert(table).values(
                    tenant_id=ours, id=f"{TARGETS[kind].prefix}_{number:03}",
                    source_system=source,
                    external_id=None if source == "manual" else f"N-{number}", **values,
                )  # fmt: skip
                if source in ENTERED:
                    connection.execute(row)
                else:
                    synced.append(row)
    with sync.begin() as superuser:
        superuser.execute(sa.text("set local search_path = zixly"))
        for row in synced:
            superuser.execute(row)


def exported(team: Team, kind: Kind) -> bytes:
    """The file that the page and the command line give out."""
    return b"".join(record_files.write(team.viewer, Rows(TABLES[kind])).pieces())
