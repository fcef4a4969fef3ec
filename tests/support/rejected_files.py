"""For each cause of a rejection, a file of any length in which it rejects the rows.

`team` prepares the clients, metrics and closed months that the files refer to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import proposed
from zixly_data.imports import Kind, Proposal
from zixly_data.imports.rows.causes import Cause
from zixly_data.records import clients, closed_months
from zixly_data.tables.clients import ClientDraft

_FINANCIALS = "client_id,date,revenue"
_LEADS = "client_id,lead_id,stage,event_date,value"
_TWIN = "ckpi_twin"
_DEALS = "client_id,lead_id,stage,create date,close date,value"
_METRICS = "client_id,metric_name,metric_value,record_date"


@dataclass(frozen=True)
class RejectedFile:
    """A file of `kind` with any number of lines. `ready` of them are not rejected, and `others` for
    another cause. `settled` are parts of the mapping."""

    kind: Kind
    header: str
    line: Callable[[int], str]
    ready: int = 0
    others: int = 0
    settled: Mapping[str, Any] = field(default_factory=dict)

    def text(self, rows: int) -> str:
        """The file with this number of rows."""
        return "\n".join([self.header, *map(self.line, range(rows)), ""])

    def propose(self, team: Team, rows: int) -> Proposal:
        """The proposal for this number of rows."""
        return proposed(team.editor, self.kind, self.text(rows), **self.settled)


def _financials(
    line: Callable[[int], str], header: str = _FINANCIALS, *, ready: int = 0
) -> RejectedFile:
    return RejectedFile(Kind.FINANCIALS, header, line, ready)


def _leads(line: Callable[[int], str], header: str = _LEADS, *, ready: int = 0) -> RejectedFile:
    return RejectedFile(Kind.LEAD_EVENTS, header, line, ready)


def _overheads(line: Callable[[int], str], header: str) -> RejectedFile:
    columns = {name: place for place, name in enumerate(header.split(","))}
    return RejectedFile(Kind.OVERHEADS, header, line, settled={"columns": columns})


def _metrics(line: Callable[[int], str], header: str = _METRICS) -> RejectedFile:
    return RejectedFile(Kind.CUSTOM_METRICS, header, line)


def _clients(line: Callable[[int], str], header: str, *, ready: int = 0) -> RejectedFile:
    return RejectedFile(Kind.CLIENTS, header, line, ready)


FILES: dict[Cause, RejectedFile] = {
    Cause.NO_CLIENT: _leads(lambda n: f",L-{n},Inquiry,2024-01-01,1.00"),
    Cause.UNKNOWN_CLIENT: _financials(lambda n: f"NOBODY,2024-01-01,{n}.00"),
    Cause.AMBIGUOUS_CLIENT: _financials(
        lambda n: f"Twin,2024-01-01,{n}.00", "client_name,date,revenue"
    ),
    Cause.REPEATED_CLIENT: _clients(lambda n: f"HBR,Harbour {n}", "client_id,client_name", ready=1),
    Cause.TAKEN_CLIENT_ID: _clients(lambda n: f"{_TWIN},HBR", "id,client_id"),
    Cause.INVALID_TEXT: _financials(
        lambda n: f"HBR,2024-01-01,1.00,{n}{'x' * 250}", f"{_FINANCIALS},invoice number"
    ),
    Cause.INVALID_DATE: _financials(lambda n: f"HBR,{n % 28 + 1} Nonsense 2024,1.00"),
    Cause.INVALID_TIME: _leads(
        lambda n: f"HBR,L-{n},Inquiry,2024-01-01,1.00,{n} o'clock", f"{_LEADS},time"
    ),
    Cause.INVALID_AMOUNT: _financials(lambda n: f"HBR,2024-01-01,{n} apples"),
    Cause.INVALID_NUMBER: _metrics(lambda n: f"HBR,Rating,{n} apples,2024-01-01"),
    Cause.INVALID_CURRENCY: _clients(lambda n: f"C-{n},X{n}", "client_id,currency"),
    Cause.INVALID_KIND: _overheads(lambda n: f"2024-01-01,Asleep {n},1.00", "date,kind,expenses"),
    Cause.CLIENT_NAMED: _overheads(lambda n: f"2024-01-01,Client {n},1.00", "date,client,expenses"),
    Cause.SEVERAL_CURRENCIES: _overheads(
        lambda n: f"2024-01-01,AUD,USD {n}.00", "date,currency,expenses"
    ),
    Cause.INVALID_STATUS: _clients(lambda n: f"C-{n},Asleep {n}", "client_id,status"),
    Cause.NO_DATE: _financials(lambda n: f"HBR,,{n}.00"),
    Cause.NO_AMOUNT: _financials(lambda n: f"HBR,2024-01-01,,{n}", f"{_FINANCIALS},note"),
    Cause.OTHER_CURRENCY: _financials(lambda n: f"HBR,2024-01-01,USD {n}.00"),
    Cause.NO_LEAD: _leads(lambda n: f"HBR,,Inquiry,2024-01-01,{n}.00"),
    Cause.NO_STAGE: _leads(lambda n: f"HBR,L-{n},,2024-01-01,1.00"),
    Cause.UNKNOWN_STAGE: _leads(lambda n: f"HBR,L-{n},Nowhere {n},2024-01-01,1.00"),
    Cause.RETIRED_STAGE: _leads(lambda n: f"HBR,L-{n},Retired,2024-01-01,1.00"),
    Cause.NO_CLOSE_DATE: _leads(
        lambda n: f"HBR,L-{n},Contract signed,2024-01-01,,", _DEALS
    ),
    Cause.CLOSED_DEAL: _leads(lambda n: f"HBR,Done,Inquiry,2024-01-{n % 31 + 1:02},,", _DEALS),
    Cause.NOT_LOST: _leads(lambda n: f"HBR,L-{n},Inquiry,2024-01-01,1.00,{n}", f"{_LEADS},reason"),
    Cause.NEGATIVE_VALUE: _leads(lambda n: f"HBR,L-{n},Inquiry,2024-01-01,-1.00"),
    Cause.NO_METRIC: _metrics(lambda n: f"HBR,,{n},2024-01-01"),
    Cause.UNKNOWN_METRIC: _metrics(lambda n: f"HBR,Speed {n},1,2024-01-01"),
    Cause.COMPUTED_METRIC: _metrics(lambda n: f"HBR,Twice,{n},2024-01-01"),
    Cause.OTHER_UNIT: _metrics(lambda n: f"HBR,Rating,1,2024-01-01,hours {n}", f"{_METRICS},unit"),
    Cause.NO_VALUE: _metrics(lambda n: f"HBR,Rating,,2024-01-01,{n}", f"{_METRICS},note"),
    Cause.OUT_OF_SCALE: _metrics(lambda n: f"HBR,Rating,{n + 6},2024-01-01"),
    Cause.UNEXPLAINED_PERCENTAGE: _metrics(lambda n: f"HBR,Share,{101 + n % 800},2024-01-01"),
    Cause.REPEATED_RECORD: _financials(
        lambda n: f"fin_1,HBR,2024-01-01,{n}.00", f"id,{_FINANCIALS}", ready=1
    ),
    Cause.REPEATED_DOCUMENT: _leads(
        lambda n: "HBR,L-1,Inquiry,2024-01-01,1.00,D-7", f"{_LEADS},invoice number", ready=1
    ),
    Cause.REJECTED_DOCUMENT: RejectedFile(
        Kind.FINANCIALS, f"{_FINANCIALS},invoice number",
        lambda n: f"HBR,2024-01-01,{n or 'no'}.00,INV-7", others=1,
    ),
    Cause.TAKEN_NUMBER: _leads(
        lambda n: f"HBR,L-1,Inquiry,2024-01-01,{n}.00,{'9' * 199}",
        f"{_LEADS},invoice number", ready=1,
    ),
    Cause.RECORDED_ELSEWHERE: _overheads(
        lambda n: f"2030-01-01,{n},1.00", "date,external_id,revenue"
    ),
    Cause.INCOMPLETE: RejectedFile(
        Kind.FINANCIALS, "id,record_date,revenue", lambda n: f"fin_{n},2024-01-01,1.00"
    ),
    Cause.OPEN_QUESTION: _financials(lambda n: f"HBR,3/4/2024,{n}.00"),
    Cause.FROM_SOURCE: _financials(
        lambda n: f"fin_xero{n},HBR,2030-01-01,{n + 2}.00", f"id,{_FINANCIALS}"
    ),
    Cause.CLOSED_MONTH: _financials(lambda n: f"HBR,2020-01-{n % 31 + 1:02},{n}.00"),
}  # fmt: skip


# Causes for which each row of the file needs a record of its own.
OF_RECORDS = (Cause.FROM_SOURCE, Cause.RECORDED_ELSEWHERE)


def prepare(team: Team, admin: sa.Engine, recorded: int = 0) -> None:
    """Record what the files refer to, also this number of records of Xero and of documents of a
    file."""
    harbour = books.client(team, "Harbour", client_id="HBR")
    with admin.begin() as sync:
        sync.execute(
            sa.text(
                "insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue,"
                " expenses, source_system, external_id)"
                " select :tenant, 'fin_' || source || n, :client, '2030-01-01', 1, 0, source, n"
                " from generate_series(0, :recorded - 1) as n"
                " cross join (values ('xero'), ('file')) as sources (source)"
            ),
            {"tenant": team.tenant_id, "client": harbour, "recorded": recorded},
        )
        sync.execute(
            sa.text(
                "insert into zixly.lead_stages (tenant_id, stage, position, status, retired_at)"
                " values (:tenant, 'Retired', 9, 'OPEN', now())"
            ),
            {"tenant": team.tenant_id},
        )
    books.event(team, harbour, "Done", "Lost", "2023-01-01")
    books.client(team, "Twin", client_id="TWIN-1")
    clients.add(team.editor, ClientDraft("TWIN-2", "Twin", "AUD"), row_id=_TWIN)
    books.metric(team, "Rating", kind="RATING", out_of="5")
    books.metric(team, "Share", kind="PERCENT", unit="%")
    books.metric(team, "Twice", adds_up="FORMULA", formula="rating * 2")
    closed_months.close(team.admin, date(2020, 1, 1))
