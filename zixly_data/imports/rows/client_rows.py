"""The rules of the rows of a file of clients, and the reasons to reject one."""

from __future__ import annotations

from collections import defaultdict

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT
from zixly_data.imports.references import ReferencedClient, normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.client_names import Decisions, client_key
from zixly_data.imports.rows.clients_in_file import AMBIGUOUS_NAME, NO_CLIENT_NAMED, namesake_text
from zixly_data.imports.rows.new_clients import UnusedClientIds
from zixly_data.imports.rows.questions import UnknownClient
from zixly_data.imports.rows.staged import Column
from zixly_data.imports.rows.staging import RowStager
from zixly_data.values.currency_names import parse_currency_name

_TWICE = "An earlier line already has this client."
_STATUSES = {
    **dict.fromkeys(
        ("active", "yes", "true", "current", "open", "customer", "evangelist"),
        "ACTIVE",
    ),
    **dict.fromkeys(
        ("completed", "complete", "inactive", "no", "false", "archived", "closed", "former"),
        "COMPLETED",
    ),
    # Also stages of HubSpot's lifecycle.
    **dict.fromkeys(
        ("prospect", "prospective", "potential", "lead", "opportunity", "subscriber",
         "marketing qualified lead", "sales qualified lead", "marketingqualifiedlead",
         "salesqualifiedlead"),
        "PROSPECT",
    ),
}  # fmt: skip


def stage_clients(stager: RowStager) -> None:
    """Stage clients. A row is the client with our id, else with the external id, else the name. An
    unknown external id beside the name of a client of ours is asked about."""
    columns, reference_data = stager.staged.columns, stager.reference_data
    client_ids, names = stager.text("client_id"), stager.text("client_name")
    ids: Column = columns.get("id", [None] * stager.staged.count)
    namesakes = _Namesakes(stager)
    unused_ids = UnusedClientIds(reference_data, {text for text in client_ids if text})
    names_with_id = {
        normalise_name(name or "")
        for name, client_id in zip(names, client_ids, strict=True)
        if client_id
    }
    new_client_ids: dict[str, str] = {}
    has_client_id = [client_id is not None for client_id in client_ids]
    seen: set[str] = set()
    for row, (client_id, name) in enumerate(zip(client_ids, names, strict=True)):
        ours = reference_data.by_id.get(ids[row] or "")
        if ours is None and client_id and name and not reference_data.clients_with_id(client_id):
            ours = namesakes.find(row, client_id, name)
            if ours is not None:
                ids[row] = ours.id
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
                matches = reference_data.clients_with_id(client_id)
                client_id = matches[0].client_id if len(matches) == 1 else client_id
            elif name is None:
                stager.reject(row, "client_name", Cause.NO_CLIENT, NO_CLIENT_NAMED)
                continue
            else:
                matches = reference_data.clients_named(name)
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
            named_by = "client_id" if has_client_id[row] else "client_name"
            stager.reject(row, named_by, Cause.REPEATED_CLIENT, _TWICE)
        seen |= row_ids
        unused_ids.use(*row_ids)
    stager.staged.unknown += namesakes.unknown
    if namesakes.are_matched:
        columns["id"] = ids
    columns["client_id"] = client_ids
    if stager.has_column("client_name"):
        columns["client_name"] = names
        stager.staged.notes += _notes_on_names(stager, client_ids, names)
    for column, read in (("currency", _read_currency), ("status", _read_status)):
        if stager.has_column(column):
            texts = stager.text(column)
            columns[column] = [read(stager, row, text) for row, text in enumerate(texts)]


class _Namesakes:
    """The clients of ours that rows with an unknown external id may be, by their name."""

    def __init__(self, stager: RowStager) -> None:
        self._stager = stager
        self._decisions = Decisions(stager.mapping.clients)
        self._unknown: dict[str, UnknownClient] = {}
        self.are_matched = False

    @property
    def unknown(self) -> list[UnknownClient]:
        """The clients asked about, in the order of the file."""
        return list(self._unknown.values())

    def find(self, row: int, client_id: str, name: str) -> ReferencedClient | None:
        """Return the client that the row is, by its decision. Without one the row is rejected, and
        the question listed."""
        staged, reference_data = self._stager.staged, self._stager.reference_data
        clients = reference_data.clients_named(name)
        if not clients:
            return None
        key = client_key(client_id, name)
        decision = self._decisions.get(key, name) or ""
        ours = reference_data.by_id.get(decision)
        is_decided = ours is not None or decision in (ADD, LEAVE_OUT)
        similar = tuple(client.id for client in clients)
        rows = self._unknown[key].rows + 1 if key in self._unknown else 1
        self._unknown[key] = UnknownClient(
            key, rows, similar, client_id, (), decision if is_decided else None
        )
        if decision == LEAVE_OUT:
            staged.left_out.add(row)
        elif not is_decided:
            sentence = namesake_text(client_id)
            self._stager.reject(row, "client_id", Cause.UNKNOWN_CLIENT, sentence)
        self.are_matched = self.are_matched or ours is not None
        return ours


def _notes_on_names(stager: RowStager, client_ids: Column, names: Column) -> list[str]:
    """Return a sentence for each name that rows with different new external ids have."""
    ids_by_name: dict[str, dict[str, str]] = defaultdict(dict)
    ours = stager.staged.columns.get("id", [None] * stager.staged.count)
    for row, (client_id, name) in enumerate(zip(client_ids, names, strict=True)):
        is_new = client_id and ours[row] is None and row not in stager.staged.problems
        if is_new and name and not stager.reference_data.clients_with_id(client_id or ""):
            ids_by_name[normalise_name(name)].setdefault(client_id or "", name)
    return [
        f"{len(ids)} new clients are called “{next(iter(ids.values()))}”: {', '.join(ids)}."
        for ids in ids_by_name.values()
        if len(ids) > 1
    ]


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
