"""The mapping of an imported file, built from the options of the command."""

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
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, NEW_STAGE, OVERHEAD, READ_AS
from zixly_data.imports.cells.table import Table
from zixly_data.imports.references import normalise_name
from zixly_data.records.pipeline import lead_stages
from zixly_data.tables.lead_stages import STATUSES
from zixly_data.values.frames import rows

_DECISIONS = {"add": ADD, "leave-out": LEAVE_OUT, "overhead": OVERHEAD}


def build_mapping(
    identity: Identity,
    kind: Kind,
    table: Table,
    columns: Sequence[str],
    decisions: Sequence[str],
) -> Mapping:
    """Return the suggested mapping of the file, changed by the options for columns and clients.

    `columns` are `FIELD=HEADER`, or `FIELD=` for no column. `decisions` are `NAME=ID`, `NAME=add`,
    `NAME=overhead`, `NAME=leave-out` or `NAME=as:OTHER NAME`.

    Raises InvalidInput for an unknown field, column or client, AccessDenied for a VIEWER.
    """
    mapping = imports.suggest(identity, kind, table)
    positions = dict(mapping.columns)
    for option in columns:
        name, position = _parse_column(kind, table, option)
        # A column belongs to one field, so the suggestion for the column is dropped.
        positions = {
            field: other
            for field, other in positions.items()
            if field != name and other != position
        }
        if position is not None:
            positions[name] = position
    return replace(
        mapping,
        columns=positions,
        clients={**mapping.clients, **_parse_client_decisions(identity, decisions)},
    )


def parse_stages(identity: Identity, options: Sequence[str]) -> dict[str, str]:
    """Return the answers of `--stage VALUE=STAGE`, `=new-open` (won, lost) or `=leave-out`.

    Raises InvalidInput for an unknown or retired stage.
    """
    if not options:
        return {}
    stages = rows(lead_stages.list_stages(identity))
    names = {normalise_name(row["stage"]): row["stage"] for row in stages
             if row["retired_at"] is None}  # fmt: skip
    special = {"leave-out": LEAVE_OUT}
    special |= {f"new-{status.lower()}": f"{NEW_STAGE}{status}" for status in STATUSES}
    decisions = {}
    for option in options:
        value, separator, choice = option.rpartition("=")
        decision = special.get(choice.strip().casefold()) or names.get(normalise_name(choice))
        if not separator or decision is None:
            raise InvalidInput(
                f"--stage {option} names no stage of yours.",
                advice=f"Write VALUE=STAGE with one of {', '.join((*names.values(), *special))}.",
            )
        decisions[normalise_name(value)] = decision
    return decisions


def _parse_column(kind: Kind, table: Table, option: str) -> tuple[str, int | None]:
    name, separator, header = option.partition("=")
    fields = [field.name for field in FIELDS[kind]]
    if name not in fields or not separator:
        raise InvalidInput(
            f"--column {option} does not name a field of {kind.label}.",
            advice=f"Write FIELD=HEADER. The fields are {', '.join(fields)}.",
        )
    if not header:
        return name, None
    for heading, headings in (
        (header, list(table.header)),
        (
            normalise_heading(header),
            [normalise_heading(title) for title in table.header],
        ),
    ):
        if heading in headings:
            return name, headings.index(heading)
    raise InvalidInput(
        f"The file has no column “{header}”.",
        advice=tables.printable(
            f"Its columns are {', '.join(f'“{heading}”' for heading in table.header)}."
        ),
    )


def _parse_client_decisions(identity: Identity, decisions: Sequence[str]) -> dict[str, str]:
    if not decisions:
        return {}
    clients = client_totals.list_clients(identity)
    ids_by_external_id = dict(zip(clients["client_id"], clients["id"], strict=True))
    decisions_by_name = {}
    for option in decisions:
        name, separator, choice = option.rpartition("=")
        if choice.casefold().startswith("as:"):
            decisions_by_name[" ".join(name.split())] = READ_AS + " ".join(choice[3:].split())
            continue
        decision = _DECISIONS.get(choice) or ids_by_external_id.get(choice)
        if not separator or decision is None:
            raise InvalidInput(
                f"--client {option} does not name a client.",
                advice="Write NAME=ID with the external ID of a client, NAME=add, NAME=overhead, "
                "NAME=leave-out or NAME=as:OTHER NAME.",
            )
        decisions_by_name[" ".join(name.split())] = decision
    return decisions_by_name
