"""How a file is read, as the options of the command say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zixly_data import imports
from zixly_data.cli import tables
from zixly_data.errors import InvalidInput
from zixly_data.figures import client_totals
from zixly_data.identity import Identity
from zixly_data.imports import Kind, Mapping
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.kinds import FIELDS
from zixly_data.imports.cells.table import Table

_DECISIONS = {"add": imports.ADD, "leave-out": imports.LEAVE_OUT}


def settled(
    identity: Identity,
    kind: Kind,
    table: Table,
    columns: Sequence[str],
    decisions: Sequence[str],
) -> Mapping:
    """The mapping suggested for the file, with the columns and clients that were named.

    `columns` are `FIELD=HEADER`, or `FIELD=` for none; `decisions` are `NAME=ID`, `NAME=add` or
    `NAME=leave-out`. Raises InvalidInput for what is not there; AccessDenied for a VIEWER.
    """
    mapping = imports.suggest(identity, kind, table)
    chosen = dict(mapping.columns)
    for each in columns:
        name, place = _column(kind, table, each)
        # A column says one thing: what was suggested for it gives way.
        chosen = {x: at for x, at in chosen.items() if x != name and at != place}
        if place is not None:
            chosen[name] = place
    return replace(
        mapping, columns=chosen, clients={**mapping.clients, **_clients(identity, decisions)}
    )


def _column(kind: Kind, table: Table, said: str) -> tuple[str, int | None]:
    name, is_there, header = said.partition("=")
    fields = [field.name for field in FIELDS[kind]]
    if name not in fields or not is_there:
        raise InvalidInput(
            f"--column {said} names no field of {kind.label}.",
            advice=f"Write FIELD=HEADER. The fields are {', '.join(fields)}.",
        )
    if not header:
        return name, None
    for wanted, names in (
        (header, list(table.header)),
        (normalise_heading(header), [normalise_heading(each) for each in table.header]),
    ):
        if wanted in names:
            return name, names.index(wanted)
    raise InvalidInput(
        f"The file has no column “{header}”.",
        advice=tables.printable(
            f"Its columns are {', '.join(f'“{each}”' for each in table.header)}."
        ),
    )


def _clients(identity: Identity, decisions: Sequence[str]) -> dict[str, str]:
    if not decisions:
        return {}
    known = client_totals.list_clients(identity)
    ours = dict(zip(known["client_id"], known["id"], strict=True))
    found = {}
    for said in decisions:
        name, is_there, what = said.rpartition("=")
        decision = _DECISIONS.get(what) or ours.get(what)
        if not is_there or decision is None:
            raise InvalidInput(
                f"--client {said} names no client.",
                advice="Write NAME=ID with the external ID of a client, NAME=add or "
                "NAME=leave-out.",
            )
        found[" ".join(name.split())] = decision
    return found
