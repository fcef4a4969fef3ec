"""The commands `import` and `imports`: importing a file, listing imports, undoing one."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zixly_data import imports
from zixly_data.cli import access, import_preview, tables, terminal
from zixly_data.cli.import_mapping import build_mapping
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import ImportTouched, Kind, Mapping, Proposal, ProposalOutdated
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.mapping import Duplicates as Decision
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.imports.previews import rejected_file
from zixly_data.values.currencies import parse_currency

imports_app = typer.Typer(help="List imports, and undo one.", no_args_is_help=True)


class ImportKind(StrEnum):
    """Kinds of rows that can be imported, with the names of `export`."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    OVERHEADS = "overheads"
    LEAD_EVENTS = "lead-events"
    CUSTOM_METRICS = "custom-metrics"


class Dates(StrEnum):
    """Date order: 3/4/2024 is in April (DMY) or in March (MDY)."""

    DMY = "dmy"
    MDY = "mdy"

    @property
    def order(self) -> DateOrder:
        """The order as a mapping holds it."""
        return "DMY" if self is Dates.DMY else "MDY"


class Duplicates(StrEnum):
    """What happens to new rows with the amounts of another record of their month."""

    KEEP = "keep"
    LEAVE_OUT = "leave-out"

    @property
    def decision(self) -> Decision:
        """The decision as a mapping holds it."""
        return "KEEP" if self is Duplicates.KEEP else "LEAVE_OUT"


class DecimalMark(StrEnum):
    """The decimal mark of numbers."""

    POINT = "."
    COMMA = ","


def import_file(
    kind: Annotated[
        ImportKind, typer.Argument(metavar="KIND", help="The kind of rows in the file.")
    ],
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV or .xlsx; - for standard input.")
    ],
    as_email: access.As,
    propose: Annotated[
        bool, typer.Option("--propose", help="Show what would change, and import nothing.")
    ] = False,
    skip_rejected: Annotated[
        bool, typer.Option("--skip-rejected", help="Import the other rows if some are rejected.")
    ] = False,
    rejected: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the rejected rows to this file, as CSV."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="The sheet of a workbook.")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=HEADER", help="The column for a field; may be repeated."),
    ] = None,
    dates: Annotated[
        Dates | None, typer.Option(help="Whether the day or the month comes first.")
    ] = None,
    decimal_mark: Annotated[
        DecimalMark | None, typer.Option(help="The decimal mark of amounts and numbers.")
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=ID|add|leave-out",
            help="The client for an unknown name, by external ID; may be repeated.",
        ),
    ] = None,
    add_clients: Annotated[
        bool, typer.Option("--add-clients", help="Add every unknown client.")
    ] = False,
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="The currency of overheads for which the file names none."
        ),
    ] = None,
    same_day_is_new: Annotated[
        bool | None,
        typer.Option(
            "--same-day-is-new/--same-day-is-newer",
            help="Whether a row on a day with a record adds a record or corrects the existing one.",
        ),
    ] = None,
    duplicates: Annotated[
        Duplicates | None,
        typer.Option(
            help="Whether to import new rows with the amounts of another record of the same "
            "client and month.",
        ),
    ] = None,
) -> None:
    """Import a file of clients or records in one transaction: either all of it or nothing.

    The command first prints what would change. It refuses a file with rejected rows unless
    --skip-rejected is given, and a file with possible duplicates unless --duplicates is. A file
    that changes nothing is not imported.
    """
    opened = imports.open_file(
        Path(file).name if file != terminal.STANDARD_INPUT else "input", terminal.read_file(file)
    )
    table_index = _find_sheet(opened, sheet)
    with access.acting_as(as_email) as identity:
        mapping = build_mapping(
            identity, Kind[kind.name], opened.tables[table_index], column or (), client or ()
        )
        if dates is not None:
            mapping = replace(mapping, date_order=dates.order)
        if decimal_mark is not None:
            mapping = replace(mapping, decimal_mark=decimal_mark.value)
        if currency is not None:
            mapping = replace(mapping, currency=parse_currency(currency))
        if same_day_is_new is not None:
            mapping = replace(mapping, same_day_is_new=same_day_is_new)
        if duplicates is not None:
            mapping = replace(mapping, duplicates=duplicates.decision)
        proposal = _propose(
            identity, Kind[kind.name], opened, mapping, table_index, add=add_clients
        )
        import_preview.show(proposal)
        if rejected is not None:
            _write_rejected(rejected, rejected_file(proposal))
        if propose or _is_unchanged(proposal):
            return
        try:
            result = imports.confirm(identity, proposal, skip_rejected=skip_rejected)
        except ProposalOutdated:
            # Records changed since the proposal: propose once more with the current ones.
            proposal = _propose(
                identity, proposal.kind, opened, mapping, table_index, add=add_clients
            )
            import_preview.show(proposal)
            result = imports.confirm(identity, proposal, skip_rejected=skip_rejected)
    terminal.result(f"Imported as {result.id}.")
    terminal.say(f"To undo it: python -m zixly_data imports undo {result.id} --as {as_email}")


def _propose(
    identity: Identity,
    kind: Kind,
    opened: OpenedFile,
    mapping: Mapping,
    table_index: int,
    *,
    add: bool,
) -> Proposal:
    proposal = imports.propose(identity, kind, opened, mapping, table_index)
    unknown = [
        client.name for client in proposal.staged.unknown if client.name not in mapping.clients
    ]
    if not (add and unknown):
        return proposal
    decisions = {**mapping.clients, **dict.fromkeys(unknown, imports.ADD)}
    return imports.propose(identity, kind, opened, replace(mapping, clients=decisions), table_index)


def _is_unchanged(proposal: Proposal) -> bool:
    """Return whether the file changes nothing, which is no error: a job may send it twice."""
    counts = proposal.counts
    if proposal.staged.questions or proposal.changes_anything or counts[imports.Action.REJECTED]:
        return False
    terminal.say("The file changes nothing. Everything in it is already recorded.")
    return True


def _write_rejected(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            f"The rejected rows cannot be written to {file}: {error.strerror}. "
            "Nothing was imported.",
            advice="Choose another file for them.",
        ) from None


def _find_sheet(opened: OpenedFile, name: str | None) -> int:
    names = [table.sheet for table in opened.tables]
    sheet_list = tables.printable(", ".join(f"“{sheet}”" for sheet in names))
    if name is None:
        if len(names) > 1:
            raise InvalidInput(
                f"The workbook has several sheets: {sheet_list}.", advice="Choose one with --sheet."
            )
        return 0
    if name not in names:
        raise InvalidInput(
            f"There is no sheet “{name}” with a table.",
            advice=f"The sheets are {sheet_list}." if any(names) else "The file is not a workbook.",
        )
    return names.index(name)


@imports_app.command("list")
def list_all(as_email: access.As) -> None:
    """List the imports: person, time, file, checksum and numbers of rows."""
    with access.acting_as(as_email) as identity:
        frame = imports.list_imports(identity).drop(columns="sums")
    for name in ("created_at", "undone_at"):
        frame[name] = frame[name].dt.floor("s")
    terminal.result(tables.as_text(frame))


@imports_app.command()
def undo(
    import_id: Annotated[
        str, typer.Argument(metavar="ID", help="The ID that `imports list` shows.")
    ],
    as_email: access.As,
) -> None:
    """Undo an import as a whole. If any of its rows has changed since, nothing is undone."""
    with access.acting_as(as_email) as identity:
        try:
            imports.undo(identity, import_id)
        except ImportTouched as error:
            for change in error.current:  # type: ignore[attr-defined]
                terminal.say(f"{change.table_name} {change.row_id}: {change.description}")
            raise
    terminal.say("The import was undone.")
