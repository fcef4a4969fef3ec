"""Importing a file, listing the imports, and taking one back."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zixly_data import imports
from zixly_data.cli import access, import_words, tables, terminal
from zixly_data.cli.import_mapping import settled
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import ImportTouched, Kind, Mapping, Proposal, ProposalOutdated
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.imports.previews import rejected_file

made = typer.Typer(help="Imports: what was imported, and taking it back.", no_args_is_help=True)


class Named(StrEnum):
    """What can be imported, as `export` calls it."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    LEAD_EVENTS = "lead-events"
    CUSTOM_METRICS = "custom-metrics"


class Dates(StrEnum):
    """Whether 3/4/2024 is in April or in March."""

    DMY = "dmy"
    MDY = "mdy"

    @property
    def order(self) -> DateOrder:
        """As a mapping says it."""
        return "DMY" if self is Dates.DMY else "MDY"


class DecimalMark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","


def import_file(
    kind: Annotated[Named, typer.Argument(metavar="KIND", help="What its rows are.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV or .xlsx; - is standard input.")],
    as_email: access.As,
    propose: Annotated[
        bool, typer.Option("--propose", help="Say what it would do, and do nothing.")
    ] = False,
    skip_rejected: Annotated[
        bool, typer.Option("--skip-rejected", help="Import the rest where rows are rejected.")
    ] = False,
    rejected: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the rejected rows there, as CSV.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(metavar="NAME", help="Of a workbook.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=HEADER", help="Which column says what; may be repeated."),
    ] = None,
    dates: Annotated[Dates | None, typer.Option(help="Whether day or month comes first.")] = None,
    decimal_mark: Annotated[
        DecimalMark | None, typer.Option(help="What stands before the decimals.")
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=ID|add|leave-out",
            help="Which client an unknown name means, by external ID; may be repeated.",
        ),
    ] = None,
    add_clients: Annotated[
        bool, typer.Option("--add-clients", help="Add every client that is not known.")
    ] = False,
    same_day_is_new: Annotated[
        bool | None,
        typer.Option(
            "--same-day-is-new/--same-day-is-newer",
            help="Whether another row of a day is another record, or corrects the one there.",
        ),
    ] = None,
) -> None:
    """Import a file of clients or records: all of it in one transaction, or nothing.

    What it does is printed first. A file with a rejected row is refused unless --skip-rejected is
    given; a file that changes nothing does nothing.
    """
    opened = imports.open_file(
        Path(file).name if file != terminal.STANDARD_INPUT else "input", terminal.given(file)
    )
    place = _sheet(opened, sheet)
    with access.acting_as(as_email) as identity:
        mapping = settled(
            identity, Kind[kind.name], opened.tables[place], column or (), client or ()
        )
        if dates is not None:
            mapping = replace(mapping, date_order=dates.order)
        if decimal_mark is not None:
            mapping = replace(mapping, decimal_mark=decimal_mark.value)
        if same_day_is_new is not None:
            mapping = replace(mapping, same_day_is_new=same_day_is_new)
        proposal = _proposed(identity, Kind[kind.name], opened, mapping, place, add=add_clients)
        import_words.show(proposal)
        if rejected is not None:
            _write(rejected, rejected_file(proposal))
        if propose or _is_nothing_to_do(proposal):
            return
        try:
            done = imports.confirm(identity, proposal, skip_rejected=skip_rejected)
        except ProposalOutdated:
            # Somebody was working meanwhile: once more, on what there is now.
            proposal = _proposed(identity, proposal.kind, opened, mapping, place, add=add_clients)
            import_words.show(proposal)
            done = imports.confirm(identity, proposal, skip_rejected=skip_rejected)
    terminal.result(f"Imported as {done.id}.")
    terminal.say(f"To take it back: python -m zixly_data imports undo {done.id} --as {as_email}")


def _proposed(
    identity: Identity,
    kind: Kind,
    opened: OpenedFile,
    mapping: Mapping,
    place: int,
    *,
    add: bool,
) -> Proposal:
    proposal = imports.propose(identity, kind, opened, mapping, place)
    unknown = [each.name for each in proposal.staged.unknown if each.name not in mapping.clients]
    if not (add and unknown):
        return proposal
    decided = {**mapping.clients, **dict.fromkeys(unknown, imports.ADD)}
    return imports.propose(identity, kind, opened, replace(mapping, clients=decided), place)


def _is_nothing_to_do(proposal: Proposal) -> bool:
    """A file that is in Zixly already is no failure: a job may send it twice."""
    counts = proposal.counts
    if proposal.staged.questions or proposal.changes_anything or counts[imports.Action.REJECTED]:
        return False
    terminal.say("The file changes nothing; everything in it is in Zixly already.")
    return True


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidInput(
            f"The rejected rows cannot be written to {file}: {error.strerror}. "
            "Nothing was imported.",
            advice="Choose another place for them.",
        ) from None


def _sheet(opened: OpenedFile, name: str | None) -> int:
    names = [table.sheet for table in opened.tables]
    listed = tables.printable(", ".join(f"“{each}”" for each in names))
    if name is None:
        if len(names) > 1:
            raise InvalidInput(
                f"The workbook has several sheets: {listed}.", advice="Choose one with --sheet."
            )
        return 0
    if name not in names:
        raise InvalidInput(
            f"There is no sheet “{name}” with a table.",
            advice=f"There is {listed}." if any(names) else "The file is no workbook.",
        )
    return names.index(name)


@made.command("list")
def list_all(as_email: access.As) -> None:
    """List the imports: who, when, which file, its checksum, and the rows of each kind."""
    with access.acting_as(as_email) as identity:
        found = imports.list_imports(identity).drop(columns="sums")
    for name in ("created_at", "undone_at"):
        found[name] = found[name].dt.floor("s")
    terminal.result(tables.as_text(found))


@made.command()
def undo(
    import_id: Annotated[str, typer.Argument(metavar="ID", help="As `imports list` shows it.")],
    as_email: access.As,
) -> None:
    """Take an import back as a whole; nothing where one of its rows was touched since."""
    with access.acting_as(as_email) as identity:
        try:
            imports.undo(identity, import_id)
        except ImportTouched as error:
            for each in error.current:  # type: ignore[attr-defined]
                terminal.say(f"{each.table_name} {each.row_id}: {each.description}")
            raise
    terminal.say("The import was taken back.")
