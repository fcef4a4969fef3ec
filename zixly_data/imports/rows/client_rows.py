"""The rules of the rows of a file of clients, and the reasons to reject one."""

from __future__ import annotations

from zixly_data.errors import InvalidInput
from zixly_data.imports.references import normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.clients_in_file import AMBIGUOUS_NAME, NO_CLIENT_NAMED, UnusedClientIds
from zixly_data.imports.rows.staging import Column, RowStager
from zixly_data.values.currency_names import parse_currency_name

_TWICE = "An earlier line already has this client."
_STATUSES = {
    **dict.fromkeys(("active", "yes", "true", "current", "open", "customer"), "ACTIVE"),
    **dict.fromkeys(
        ("completed", "complete", "inactive", "no", "false", "archived", "closed", "former"),
        "COMPLETED",
    ),
    # Also stages of HubSpot's lifecycle.
    **dict.fromkeys(
        ("prospect", "prospective", "potential", "lead", "opportunity", "marketing qualified lead",
         "sales qualified lead"),
        "PROSPECT",
    ),
}  # fmt: skip


def stage_clients(stager: RowStager) -> None:
    """Stage clients. A row is the client with our id, else with the external id, else the name."""
    columns, reference_data = stager.staged.columns, stager.reference_data
    client_ids, names = stager.text("client_id"), stager.text("client_name")
    ids: Column = columns.get("id", [None] * stager.staged.count)
    unused_ids = UnusedClientIds(reference_data, {text for text in client_ids if text})
    names_with_id = {
        normalise_name(name or "")
        for name, client_id in zip(names, client_ids, strict=True)
        if client_id
    }
    new_client_ids: dict[str, str] = {}
    seen: set[str] = set()
    for row, (client_id, name) in enumerate(zip(client_ids, names, strict=True)):
        ours = reference_data.by_id.get(ids[row] or "")
        if ours is not None:
            # Columns without a value in the row stay as they are.
            row_ids = {ours.client_id, client_id or ours.client_id}
            holder = reference_data.with_client_id(client_id)
            if holder is not None and holder is not ours:
                stager.reject(
                    row,
                    "client_id",
                    Cause.TAKEN_CLIENT_ID,
                    f"{holder.client_name} already has this external ID.",
                )
        else:
            if client_id is not None:
                matches = reference_data.matching_clients(client_id, None)
                client_id = matches[0].client_id if len(matches) == 1 else client_id
            elif name is None:
                stager.reject(row, "client_name", Cause.NO_CLIENT, NO_CLIENT_NAMED)
                continue
            else:
                matches = reference_data.matching_clients(None, name)
                if len(matches) > 1 or (not matches and normalise_name(name) in names_with_id):
                    stager.reject(row, "client_name", Cause.AMBIGUOUS_CLIENT, AMBIGUOUS_NAME)
                    continue
                if not matches and normalise_name(name) not in new_client_ids:
                    new_client_ids[normalise_name(name)] = unused_ids.make(name)
                client_id = (
                    matches[0].client_id if matches else new_client_ids[normalise_name(name)]
                )
            row_ids = {client_id}
            client_ids[row] = client_id
        if seen & row_ids:
            named_by = "client_id" if stager.has_column("client_id") else "client_name"
            stager.reject(row, named_by, Cause.REPEATED_CLIENT, _TWICE)
        seen |= row_ids
        unused_ids.use(*row_ids)
    columns["client_id"] = client_ids
    if stager.has_column("client_name"):
        columns["client_name"] = names
    for column, read in (("currency", _read_currency), ("status", _read_status)):
        if stager.has_column(column):
            texts = stager.text(column)
            columns[column] = [read(stager, row, text) for row, text in enumerate(texts)]


def _read_currency(stager: RowStager, row: int, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return parse_currency_name(text)
    except InvalidInput as error:
        stager.reject(row, "currency", Cause.INVALID_CURRENCY, str(error))
        return None


def _read_status(stager: RowStager, row: int, text: str | None) -> str | None:
    if text is None:
        return None
    status = _STATUSES.get(text.casefold())
    if status is None:
        stager.reject(
            row,
            "status",
            Cause.INVALID_STATUS,
            "The status must be ACTIVE, COMPLETED or PROSPECT.",
        )
    return status
