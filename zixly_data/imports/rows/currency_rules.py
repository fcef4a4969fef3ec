"""The currency that a row states, against the one of its client."""

from __future__ import annotations

from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.staging import RowStager


def check_currency(stager: RowStager, *amounts: str) -> None:
    """Reject rows that state another currency than their client's, in a column of its own or beside
    the amount (`USD 5`)."""
    clients = {client.id: client for client in stager.reference_data.clients}
    clients |= {client.id: client for client in stager.staged.added.values()}
    ids = stager.staged.columns["client_kpi_id"]
    for name, row, text in stager.stated_currencies(*amounts):
        client = clients.get(ids[row] or "")
        if client is not None and text.upper() != client.currency:
            sentence = f"{client.client_name} uses {client.currency}, not {text}."
            stager.reject(row, name, Cause.OTHER_CURRENCY, sentence)
