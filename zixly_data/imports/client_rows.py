"""What a row of a file of clients consists of, and what makes it wrong."""

from __future__ import annotations

from zixly_data.errors import InvalidInput
from zixly_data.imports.clients_in_file import NOT_NAMED, SEVERAL, free_reference
from zixly_data.imports.references import normalise_name
from zixly_data.imports.staging import Column, Stage
from zixly_data.values.currencies import parse_currency

_TWICE = "An earlier line is about this client already."
_STATUSES = {
    **dict.fromkeys(("active", "yes", "true", "current", "open", "customer"), "ACTIVE"),
    **dict.fromkeys(
        ("completed", "complete", "inactive", "no", "false", "archived", "closed", "former"),
        "COMPLETED",
    ),
}


def stage_clients(work: Stage) -> None:
    """Each row is one client: the one with our id, else with the external id, else the name."""
    columns, known = work.staged.columns, work.known
    references, names = work.text("client_id"), work.text("client_name")
    ids: Column = columns.get("id", [None] * work.staged.count)
    taken = {reference for reference in references if reference}
    numbered = {
        normalise_name(name or "") for name, key in zip(names, references, strict=True) if key
    }
    made: dict[str, str] = {}
    about: set[str] = set()
    for row, (reference, name) in enumerate(zip(references, names, strict=True)):
        ours = known.by_id.get(ids[row] or "")
        if ours is not None:
            # What the row does not say stays as it is.
            these = {ours.client_id, reference or ours.client_id}
            holder = known.with_reference(reference)
            if holder is not None and holder is not ours:
                work.wrong(row, "client_id", f"{holder.client_name} has this external ID.")
        else:
            if reference is not None:
                there = known.called(reference, None)
                reference = there[0].client_id if len(there) == 1 else reference
            elif name is None:
                work.wrong(row, "client_name", NOT_NAMED)
                continue
            else:
                there = known.called(None, name)
                if len(there) > 1 or (not there and normalise_name(name) in numbered):
                    work.wrong(row, "client_name", SEVERAL)
                    continue
                if not there and normalise_name(name) not in made:
                    made[normalise_name(name)] = free_reference(name, known, taken)
                reference = there[0].client_id if there else made[normalise_name(name)]
            these = {reference}
            references[row] = reference
        if about & these:
            work.wrong(row, "client_id" if work.has("client_id") else "client_name", _TWICE)
        about |= these
        taken |= these
    columns["client_id"] = references
    if work.has("client_name"):
        columns["client_name"] = names
    if work.has("industry"):
        columns["industry"] = work.text("industry")
    for column, read in (("currency", _currency), ("status", _status)):
        if work.has(column):
            texts = work.text(column)
            columns[column] = [read(work, row, text) for row, text in enumerate(texts)]


def _currency(work: Stage, row: int, text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return parse_currency(text)
    except InvalidInput as error:
        work.wrong(row, "currency", str(error))
        return None


def _status(work: Stage, row: int, text: str | None) -> str | None:
    if text is None:
        return None
    status = _STATUSES.get(text.casefold())
    if status is None:
        work.wrong(row, "status", "The status is ACTIVE or COMPLETED.")
    return status
