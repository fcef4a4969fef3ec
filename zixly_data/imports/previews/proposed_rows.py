"""Frames that show people what a proposal would do, row by row and added up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice

from pandera.typing import DataFrame

from zixly_data.imports.cells.kinds import TABLES, Kind
from zixly_data.imports.matches.targets import TARGETS
from zixly_data.imports.proposals import Action, Proposal
from zixly_data.imports.rows.staged import cell_text
from zixly_data.values.frames import Count, Frame, Model, Money, Text, arrow_types, build, nullable
from zixly_data.values.times import time_text

# The money columns of each kind.
AMOUNTS = {
    kind: tuple(field.name for field in table.entered.values() if field.type == "money")
    for kind, table in TABLES.items()
}

# In the place of a client's name.
OF_NO_CLIENT = "Of no client"


class ProposalTotals(Frame):
    """One row per action and currency with at least one row of the file, or one line that is
    removed: the count, and the sums in that currency. `currency` and the sums are null if the rows
    hold no money or have no client. A negative amount is a credit; `credits` counts the rows that
    have one."""

    action: Text
    currency: Text = nullable
    rows: Count
    credits: Count
    revenue: Money = nullable
    expenses: Money = nullable
    value: Money = nullable


def _columns_of_fields() -> type[Frame]:
    """Return a model with a column for each field of the tables: exact money, otherwise text."""
    money = {name for names in AMOUNTS.values() for name in names}
    names = {name: None for table in TABLES.values() for name, field in table.fields.items()
             if field.headings and field.type != "date"}  # fmt: skip
    columns = {name: Money if name in money else Text for name in names}
    return type("ColumnsOfFields", (Frame,), {
        "__module__": __name__, "__annotations__": columns, **dict.fromkeys(columns, nullable),
    })  # fmt: skip


class ProposedRows(_columns_of_fields()):  # type: ignore[misc]
    """One row per row of the file with one action, with the fields of every table; those that the
    kind does not have are null. `metric_value` is a text, in `unit`."""

    line: Count
    currency: Text = nullable
    date: Text = nullable
    credit: Text = nullable


class ProposedChanges(Frame):
    """One row per value that changes: its current value and that in the file, as texts."""

    line: Count
    client_name: Text = nullable
    what: Text
    column: Text
    now: Text = nullable
    file: Text = nullable


class PossibleDuplicates(Frame):
    """One row per possible duplicate: its line, and the day of the record like it, with its line if
    that is in the file too."""

    line: Count
    date: Text
    client_name: Text = nullable
    currency: Text = nullable
    revenue: Money
    expenses: Money
    like_date: Text
    like_line: Text = nullable


class RemovedLines(Frame):
    """One row per line on record that its document in the file no longer has. `client_name` is null
    for an overhead, which has a counterparty."""

    date: Text
    client_name: Text = nullable
    counterparty: Text = nullable
    external_id: Text
    currency: Text
    revenue: Money
    expenses: Money
    note: Text = nullable


def totals(proposal: Proposal) -> DataFrame[ProposalTotals]:
    """Return counts and sums of each action, per currency."""
    return frame_of(sums(proposal), ProposalTotals)


def sums(proposal: Proposal) -> list[dict[str, object]]:
    """Return the rows of `totals` as plain values."""
    amounts = AMOUNTS[proposal.kind]
    columns = proposal.staged.columns
    currencies = proposal.currencies if amounts else [None] * proposal.staged.count
    places: dict[tuple[Action, str | None], list[int]] = {}
    for row, key in enumerate(zip(proposal.actions, currencies, strict=True)):
        places.setdefault(key, []).append(row)
    groups: dict[tuple[Action, str | None], dict[str, object]] = {}
    for (action, currency), grouped in places.items():
        group = groups[action, currency] = {
            "action": action.value, "currency": currency, "rows": len(grouped),
        }  # fmt: skip
        credits = set[int]()
        for name in amounts:
            column = columns.get(name)
            texts = [text for row in grouped if (text := column[row])] if column else []
            # Amounts of unknown clients could be in any currency: counted, not added up.
            group[name] = sum(map(Decimal, texts), Decimal("0.00")) if currency else None
            if column and any(text[0] == "-" for text in texts):
                credits.update(row for row in grouped if (column[row] or "").startswith("-"))
        group["credits"] = len(credits)
    for line in _removed_values(proposal):
        key = Action.REMOVED, str(line["currency"])
        group = groups.setdefault(key, {
            "action": key[0].value, "currency": key[1], "rows": 0, "credits": 0,
            **dict.fromkeys(amounts, Decimal("0.00")),
        })  # fmt: skip
        group["rows"] += 1  # type: ignore[operator]
        for name in amounts:
            group[name] += line[name]  # type: ignore[operator]
        is_credit = any(line[name] < 0 for name in amounts)  # type: ignore[operator]
        group["credits"] += is_credit  # type: ignore[operator]
    order = list(Action)
    return [
        groups[key]
        for key in sorted(
            groups, key=lambda key: (order.index(key[0]), key[1] is None, key[1] or "")
        )
    ]


def rows(proposal: Proposal, action: Action, limit: int | None = None) -> DataFrame[ProposedRows]:
    """Return the rows with this action, at most `limit`, in the order of the file."""
    columns, table = proposal.staged.columns, proposal.table
    clients = {client.id: client for client in proposal.clients}
    date_column = TARGETS[proposal.kind].date_column
    names = [name for name in ProposedRows.to_schema().columns if name in columns]
    records = []
    for row in proposal.rows(action)[:limit]:
        values: dict[str, object] = {name: columns[name][row] for name in names}
        client = clients.get(_value_at(columns, "client_kpi_id", row) or "")
        if client is not None:
            values |= {
                "client_name": client.client_name, "client_id": client.client_id,
                "currency": client.currency,
            }  # fmt: skip
        elif row in proposal.staged.of_no_client:
            values["client_name"] = OF_NO_CLIENT
        else:
            values.setdefault("client_name", _client_in_file(proposal, row))
        for name in AMOUNTS[proposal.kind]:
            text = _value_at(columns, name, row)
            values[name] = None if text is None else Decimal(text)
            if text is not None and text.startswith("-"):
                values["credit"] = "Credit"
        if date_column:
            values["date"] = _value_at(columns, date_column, row)
        if "event_at" in values:
            values["event_at"] = _shown(proposal, "event_at", columns["event_at"][row])
        records.append({"line": table.lines[row], **values})
    return frame_of(records, ProposedRows)


def changes(proposal: Proposal, limit: int | None = None) -> DataFrame[ProposedChanges]:
    """Return the changed values, one by one, of at most `limit` rows of the file."""
    columns = proposal.staged.columns
    clients = {client.id: client.client_name for client in proposal.clients}
    records: list[dict[str, object]] = []
    for row in proposal.rows(Action.CHANGED)[:limit]:
        kind, partner = proposal.kind_of(row), proposal.matches[row]
        target, fields = TARGETS[kind], TABLES[kind].fields
        in_file = {name: columns[name][row] for name in target.columns if name in columns}
        if "client_kpi_id" in in_file:
            in_file["client_kpi_id"] = clients.get(in_file["client_kpi_id"] or "")
        current = dict(partner.current)
        if "client_kpi_id" in current:
            current["client_kpi_id"] = clients.get(current["client_kpi_id"] or "")
        record_name = ", ".join(in_file[name] or "" for name in target.key if in_file.get(name))
        records += [
            {
                "line": proposal.table.lines[row],
                "client_name": in_file.get("client_kpi_id") or in_file.get("client_name"),
                "what": record_name,
                "column": fields[name].label,
                "now": _shown(proposal, name, current[name]),
                "file": _shown(proposal, name, in_file[name]),
            }
            for name in partner.current
        ]
    return frame_of(records, ProposedChanges)


def duplicates(proposal: Proposal, limit: int | None = None) -> DataFrame[PossibleDuplicates]:
    """Return at most `limit` possible duplicates, in the order of the file."""
    columns, lines = proposal.staged.columns, proposal.table.lines
    clients = {client.id: client for client in proposal.clients}
    records: list[dict[str, object]] = []
    for row, alike in islice(sorted(proposal.duplicates.items()), limit):
        client = clients[columns["client_kpi_id"][row] or ""]
        records.append({
            "line": lines[row], "date": columns["record_date"][row],
            "client_name": client.client_name, "currency": client.currency,
            "revenue": Decimal(_value_at(columns, "revenue", row) or 0),
            "expenses": Decimal(_value_at(columns, "expenses", row) or 0),
            "like_date": str(alike.day),
            "like_line": None if alike.row is None else str(lines[alike.row]),
        })  # fmt: skip
    return frame_of(records, PossibleDuplicates)


def removed_lines(proposal: Proposal, limit: int | None = None) -> DataFrame[RemovedLines]:
    """Return at most `limit` lines on record that are removed, by date."""
    records = sorted(_removed_values(proposal), key=lambda line: str(line["date"]))
    return frame_of(records[:limit], RemovedLines)


def _removed_values(proposal: Proposal) -> list[dict[str, object]]:
    clients = {client.id: client for client in proposal.clients}
    records: list[dict[str, object]] = []
    for removed in proposal.removed:
        values = removed.line.values
        client = clients.get(values.get("client_kpi_id") or "")
        records.append({
            "date": values["record_date"],
            "client_name": client.client_name if client else None,
            "counterparty": values.get("counterparty"),
            "external_id": removed.line.number,
            "currency": client.currency if client else values["currency"],
            "revenue": Decimal(values["revenue"] or 0),
            "expenses": Decimal(values["expenses"] or 0),
            "note": values["note"],
        })  # fmt: skip
    return records


def unused_currencies(proposal: Proposal) -> list[str]:
    """Return the currencies of new and changed overheads that nothing of the tenant uses yet."""
    if Kind.OVERHEADS not in proposal.kinds:
        return []
    written = [
        row
        for action in (Action.NEW, Action.CHANGED)
        for row in proposal.rows(action, Kind.OVERHEADS)
    ]
    codes = {code for row in written if (code := proposal.staged.columns["currency"][row])}
    return sorted(codes.difference(proposal.reference_data.currencies))


def _client_in_file(proposal: Proposal, row: int) -> str | None:
    """Return the client's name or external id in the file, for a row without a client of ours."""
    columns, table = proposal.mapping.columns, proposal.table
    places = [columns[name] for name in ("client_name", "client_id") if name in columns]
    return next((name for place in places if (name := cell_text(table.columns[place][row]))), None)


def _shown(proposal: Proposal, name: str, text: str | None) -> str | None:
    """Return a value as people read it: an instant as its time in the tenant's time zone."""
    if text is None or TABLES[proposal.kind].fields[name].type != "instant":
        return text
    return time_text(datetime.fromisoformat(text), proposal.reference_data.time_zone)


def _value_at(columns: dict[str, list[str | None]], name: str, row: int) -> str | None:
    return columns[name][row] if name in columns else None


def frame_of(records: Sequence[dict[str, object]], model: type[Model]) -> DataFrame[Model]:
    """Return the records as a frame of the model; what a record lacks is null."""
    names = arrow_types(model)
    return build({name: [record.get(name) for record in records] for name in names}, model)
