"""What a proposal would do, as frames and files for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
from pandera.typing import DataFrame

from zixly_data.exports.csv_file import to_csv
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.proposals import Action, Proposal
from zixly_data.imports.references import KnownClient
from zixly_data.imports.remembering import REASONS
from zixly_data.imports.staging import shown
from zixly_data.imports.targets import SHAPES
from zixly_data.values.frames import Count, Frame, Model, Money, Text, arrow_types, build, nullable

# The columns of money of each kind.
AMOUNTS = {
    Kind.FINANCIALS: ("revenue", "expenses"),
    Kind.LEAD_EVENTS: ("value",),
}
LABELS = {
    "client_kpi_id": "Client", "client_id": "External ID", "client_name": "Name",
    "industry": "Industry", "currency": "Currency", "status": "Status", "record_date": "Date",
    "event_date": "Date", "revenue": "Revenue", "expenses": "Expenses", "note": "Note",
    "lead_id": "Lead", "stage": "Stage", "value": "Value", "metric_name": "Metric",
    "metric_value": "Value",
}  # fmt: skip


class ProposalTotals(Frame):
    """One row per action and currency with at least one row of the file: how many, and what they
    add up to in that currency. `currency` is null where the rows are about no money, or no client
    was found; then nothing is added up. A negative amount is a credit; `credits` counts the rows
    that have one."""

    action: Text
    currency: Text = nullable
    rows: Count
    credits: Count
    revenue: Money = nullable
    expenses: Money = nullable
    value: Money = nullable


class ProposedRows(Frame):
    """One row per row of the file with the wanted action. What the kind has no column for is null.
    `metric_value` is a text, in `unit`."""

    line: Count
    client_name: Text = nullable
    client_id: Text = nullable
    currency: Text = nullable
    date: Text = nullable
    revenue: Money = nullable
    expenses: Money = nullable
    credit: Text = nullable
    lead_id: Text = nullable
    stage: Text = nullable
    value: Money = nullable
    metric_name: Text = nullable
    metric_value: Text = nullable
    unit: Text = nullable
    industry: Text = nullable
    status: Text = nullable
    note: Text = nullable


class ProposedChanges(Frame):
    """One row per value that changes: what it is now, and what the file says. Texts both."""

    line: Count
    client_name: Text = nullable
    what: Text
    column: Text
    now: Text = nullable
    file: Text = nullable


class Rejections(Frame):
    """One row per thing wrong: the line of the file, its column, the value there, the reason."""

    line: Count
    column: Text
    value: Text
    reason: Text


def totals(proposal: Proposal) -> DataFrame[ProposalTotals]:
    """Counts and sums of each action, per currency."""
    return _frame(sums(proposal), ProposalTotals)


def sums(proposal: Proposal) -> list[dict[str, object]]:
    """The same as plain values."""
    amounts = AMOUNTS.get(proposal.kind, ())
    columns = proposal.staged.columns
    currencies = _currencies(proposal) if amounts else {}
    ids = columns.get("client_kpi_id", [None] * proposal.staged.count)
    found: dict[tuple[Action, str | None], dict[str, object]] = {}
    for row, action in enumerate(proposal.actions):
        currency = currencies.get(ids[row] or "")
        group = found.get((action, currency))
        if group is None:
            # Amounts of clients nobody knows could be in any currency: they are counted, not added.
            nothing = Decimal("0.00") if currency else None
            group = found[action, currency] = {
                "action": action.value, "currency": currency, "rows": 0, "credits": 0,
                **dict.fromkeys(amounts, nothing),
            }  # fmt: skip
        group["rows"] += 1  # type: ignore[operator]
        credit = False
        for name in amounts:
            amount = columns[name][row] if name in columns else None
            if amount is not None:
                if currency is not None:
                    group[name] += Decimal(amount)  # type: ignore[operator]
                credit = credit or amount.startswith("-")
        group["credits"] += credit  # type: ignore[operator]
    order = list(Action)
    return [
        found[key]
        for key in sorted(
            found, key=lambda key: (order.index(key[0]), key[1] is None, key[1] or "")
        )
    ]


def rows(proposal: Proposal, action: Action, limit: int | None = None) -> DataFrame[ProposedRows]:
    """The rows of the file with this action, at most `limit`, in the order of the file."""
    columns, table = proposal.staged.columns, proposal.table
    names = {client.id: client for client in _clients(proposal)}
    dated = SHAPES[proposal.kind].dated
    taken = [x for x in ProposedRows.to_schema().columns if x in columns]
    found = []
    for row in proposal.rows(action)[:limit]:
        values: dict[str, object] = {name: columns[name][row] for name in taken}
        client = names.get(_at(columns, "client_kpi_id", row) or "")
        if client is not None:
            values |= {
                "client_name": client.client_name, "client_id": client.client_id,
                "currency": client.currency,
            }  # fmt: skip
        else:
            values.setdefault("client_name", _client_as_written(proposal, row))
        for name in AMOUNTS.get(proposal.kind, ()):
            text = _at(columns, name, row)
            values[name] = None if text is None else Decimal(text)
            if text is not None and text.startswith("-"):
                values["credit"] = "Credit"
        if dated:
            values["date"] = _at(columns, dated, row)
        found.append({"line": table.lines[row], **values})
    return _frame(found, ProposedRows)


def changes(proposal: Proposal, limit: int | None = None) -> DataFrame[ProposedChanges]:
    """What changes, value by value, for at most `limit` rows of the file."""
    columns, shape = proposal.staged.columns, SHAPES[proposal.kind]
    clients = {client.id: client.client_name for client in _clients(proposal)}
    found: list[dict[str, object]] = []
    for row in proposal.rows(Action.CHANGED)[:limit]:
        partner = proposal.matches[row]
        said = {name: columns[name][row] for name in shape.columns if name in columns}
        said["client_kpi_id"] = clients.get(_at(columns, "client_kpi_id", row) or "")
        now = dict(partner.now)
        if "client_kpi_id" in now:
            now["client_kpi_id"] = clients.get(now["client_kpi_id"] or "")
        what = ", ".join(said[name] or "" for name in shape.key if said.get(name))
        found += [
            {
                "line": proposal.table.lines[row],
                "client_name": said["client_kpi_id"] or said.get("client_name"),
                "what": what,
                "column": LABELS[name],
                "now": now[name],
                "file": said[name],
            }
            for name in partner.now
        ]
    return _frame(found, ProposedChanges)


def rejections(proposal: Proposal, limit: int | None = None) -> DataFrame[Rejections]:
    """What is wrong, for at most `limit` rows of the file."""
    return _frame(
        [
            {
                "line": proposal.table.lines[row], "column": problem.column,
                "value": problem.value, "reason": problem.reason,
            }
            for row in proposal.rows(Action.REJECTED)[:limit]
            for problem in proposal.staged.problems[row]
        ],
        Rejections,
    )  # fmt: skip


def rejected_file(proposal: Proposal) -> bytes:
    """The rejected rows as CSV, as they stand in the file, with line and reasons at the end: to be
    mended and imported again."""
    table, places = proposal.table, proposal.rows(Action.REJECTED)
    # Rejected rows that were mended and rejected again say it once.
    header = table.header
    if header[-len(REASONS) :] == REASONS:
        header = header[: -len(REASONS)]
    columns: list[Sequence[str | None]] = [
        [shown(cells[row], whole=True) or None for row in places]
        for cells in table.columns[: len(header)]
    ]
    reasons = [
        "; ".join(problem.reason for problem in proposal.staged.problems[row]) for row in places
    ]
    columns += [[str(table.lines[row]) for row in places], reasons]
    arrays = [pa.array(cells, type=pa.string()) for cells in columns]
    return to_csv(pa.table(arrays, names=[*header, *REASONS]))


def _currencies(proposal: Proposal) -> dict[str, str]:
    return {client.id: client.currency for client in _clients(proposal)}


def _clients(proposal: Proposal) -> list[KnownClient]:
    return [*proposal.known.clients, *proposal.staged.added.values()]


def _client_as_written(proposal: Proposal, row: int) -> str | None:
    """Whose row it is as the file says it, where no client of ours is meant."""
    columns, table = proposal.mapping.columns, proposal.table
    places = [columns[name] for name in ("client_name", "client_id") if name in columns]
    return next((name for x in places if (name := shown(table.columns[x][row]))), None)


def _at(columns: dict[str, list[str | None]], name: str, row: int) -> str | None:
    return columns[name][row] if name in columns else None


def _frame(found: Sequence[dict[str, object]], model: type[Model]) -> DataFrame[Model]:
    names = arrow_types(model)
    return build({name: [row.get(name) for row in found] for name in names}, model)
