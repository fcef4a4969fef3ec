"""The currencies that a file states, and the one that a row states against that of its client."""

from __future__ import annotations

from zixly_data.errors import InvalidInput
from zixly_data.imports.rows import values
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import cell_text
from zixly_data.imports.rows.staging import RowStager
from zixly_data.values.currency_names import parse_currency_name


def stated_currencies(stager: RowStager, *amounts: str) -> list[tuple[str, int, str]]:
    """Return the currencies of the rows that count: in a column of their own, or beside an amount
    (`USD 5`). Each has the name of its field, its row and its code; a text that is no currency
    stays as it is."""
    stated: list[tuple[str, int, str]] = []
    left_out = stager.staged.left_out
    if stager.has_column("currency"):
        names = stager.text("currency")
        codes = {name: _code(name) for name in set(names) if name is not None}
        stated += [
            ("currency", row, codes[name])
            for row, name in enumerate(names)
            if name is not None and row not in left_out
        ]
    for name in filter(stager.has_column, amounts):
        named = values.named_currencies(stager.cells(name))
        stated += [(name, row, code) for row, code in named.items() if row not in left_out]
    return stated


def ask_for_currency(stager: RowStager, row: int) -> None:
    """Ask in which currency the amounts without one are; the first of them is in `row`."""
    name = next(
        name
        for name in ("expenses", "revenue", "amount")
        if stager.has_column(name) and stager.cells(name)[row] is not None
    )
    example = cell_text(stager.cells(name)[row])
    meanings = {code: f"{code} {example}" for code in stager.reference_data.currencies}
    heading = stager.table.header[stager.mapping.columns[name]]
    stager.staged.questions.append(Question("currency", heading, example, meanings))


def check_currency(stager: RowStager, *amounts: str) -> None:
    """Reject rows that state another currency than their client's, in a column of its own or beside
    the amount (`USD 5`)."""
    clients = {client.id: client for client in stager.reference_data.clients}
    clients |= {client.id: client for client in stager.staged.added.values()}
    ids = stager.staged.columns["client_kpi_id"]
    for name, row, text in stated_currencies(stager, *amounts):
        client = clients.get(ids[row] or "")
        if client is not None and text.upper() != client.currency:
            sentence = f"{client.client_name} uses {client.currency}, not {text}."
            stager.reject(row, name, Cause.OTHER_CURRENCY, sentence)


def _code(name: str) -> str:
    try:
        return parse_currency_name(name)
    except InvalidInput:
        return name
