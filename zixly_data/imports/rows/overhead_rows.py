"""The rules of the rows of a file of overheads, and the reasons to reject one."""

from __future__ import annotations

from collections.abc import Container

from zixly_data.errors import InvalidInput
from zixly_data.imports.rows.amounts.row_amounts import stage_amounts
from zixly_data.imports.rows.amounts.row_meanings import read_meanings
from zixly_data.imports.rows.amounts.tax_notes import tax_notes
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.currency_rules import ask_for_currency, stated_currencies
from zixly_data.imports.rows.staged import Column
from zixly_data.imports.rows.staging import RowStager
from zixly_data.tables.overheads import parse_kind
from zixly_data.values.currencies import parse_currency

_AMOUNTS = ("revenue", "expenses", "amount")


def stage_overheads(stager: RowStager) -> None:
    """Stage overheads. A row that names a client is rejected: it would lose its client."""
    columns = stager.staged.columns
    row_meanings = read_meanings(stager)
    columns["record_date"] = stager.date()
    taxes = stage_amounts(stager, row_meanings)
    columns["currency"] = _read_currencies(stager)
    stager.staged.notes += tax_notes(stager, taxes)
    if stager.has_column("kind"):
        columns["kind"] = [
            _read_kind(stager, row, text) for row, text in enumerate(stager.text("kind"))
        ]
    for row, client in enumerate(stager.text("client")):
        if client is not None:
            stager.reject(
                row, "client", Cause.CLIENT_NAMED,
                f"This row names a client, {client}. Import it as a financial record, or remove "
                "the client.",
            )  # fmt: skip


def stage_of_no_client(stager: RowStager) -> None:
    """Stage the rows of financial records whose amounts belong to no client: the client of the file
    is their counterparty. A row with an id of ours is rejected, as its record has a client."""
    staged = stager.staged
    rows, ids = staged.of_no_client, staged.columns.get("id")
    for row in sorted(rows):
        if ids and ids[row]:
            stager.reject(
                row, "id", Cause.NO_CLIENT,
                "This is the ID of a record of a client. Name the client, or remove the ID to "
                "import the row as an overhead.",
            )  # fmt: skip
    names, client_ids = stager.text("client_name"), stager.text("client_id")
    staged.columns["counterparty"] = [
        (name or client_id) if row in rows else None
        for row, (name, client_id) in enumerate(zip(names, client_ids, strict=True))
    ]
    currencies = _read_currencies(stager, rows)
    staged.columns["currency"] = [
        currency if row in rows else None for row, currency in enumerate(currencies)
    ]


def _read_currencies(stager: RowStager, rows: Container[int] | None = None) -> Column:
    """Return the currency of each of the `rows` (all, by default): the one stated, otherwise the
    one chosen for the file.

    A row with an id of ours keeps the currency on record. With several currencies in use, the
    currency of amounts without one is a question.
    """
    currencies: Column = [None] * stager.staged.count
    for name, row, text in stated_currencies(stager, *_AMOUNTS):
        if rows is not None and row not in rows:
            continue
        try:
            currency = parse_currency(text)
        except InvalidInput as error:
            stager.reject(row, name, Cause.INVALID_CURRENCY, str(error))
            continue
        if currencies[row] not in (None, currency):
            stager.reject(
                row, name, Cause.SEVERAL_CURRENCIES,
                f"The row states two currencies, {currencies[row]} and {currency}.",
            )  # fmt: skip
        currencies[row] = currency
    ids = stager.staged.columns.get("id")
    problems = stager.staged.problems
    unstated = [
        row
        for row, currency in enumerate(currencies)
        if currency is None
        and row not in problems
        and row not in stager.staged.left_out
        and not (ids and ids[row])
        and (rows is None or row in rows)
    ]
    chosen = stager.mapping.currency
    if chosen is None and len(stager.reference_data.currencies) == 1:
        chosen = stager.reference_data.currency
    if chosen is None and unstated:
        ask_for_currency(stager, unstated[0])
    for row in unstated:
        currencies[row] = chosen
    return currencies


def _read_kind(stager: RowStager, row: int, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return parse_kind(text)
    except InvalidInput as error:
        stager.reject(row, "kind", Cause.INVALID_KIND, str(error))
        return None
