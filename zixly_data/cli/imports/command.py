"""The command `import`: a file into the books."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from zixly_data import imports
from zixly_data.cli import access, tables, terminal
from zixly_data.cli.imports import answers, preview
from zixly_data.cli.imports.mapping import build_mapping, parse_stages
from zixly_data.cli.imports.meanings import require_columns, require_meanings
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import Kind, Mapping, Proposal, ProposalOutdated
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.imports.previews import rejected_file
from zixly_data.values.currencies import parse_currency


class ImportKind(StrEnum):
    """Kinds of rows that can be imported, with the names of `export`."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    OVERHEADS = "overheads"
    LEAD_EVENTS = "lead-events"
    CUSTOM_METRICS = "custom-metrics"


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
    rows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN:VALUE=MEANING",
            help="What rows with this value are: revenue, expense, credit, refund, count or "
            "leave-out; may be repeated.",
        ),
    ] = None,
    negative: Annotated[
        answers.Negative | None,
        typer.Option(help="What a negative amount is where a column holds both signs."),
    ] = None,
    tax: Annotated[
        str | None,
        typer.Option(
            metavar="RATE|column|none",
            help="The tax in per cent that the amounts include; column: the tax in its column.",
        ),
    ] = None,
    dates: Annotated[
        answers.Dates | None, typer.Option(help="Whether the day or the month comes first.")
    ] = None,
    decimal_mark: Annotated[
        answers.DecimalMark | None, typer.Option(help="The decimal mark of amounts and numbers.")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(metavar="NAME", help="The metric of all rows.")
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE=STAGE|new-open|new-won|new-lost|leave-out",
            help="The stage for a stage of the file; may be repeated.",
        ),
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=ID|add|overhead|leave-out|as:OTHER NAME",
            help="The client for an unknown name, by external ID; may be repeated.",
        ),
    ] = None,
    add_clients: Annotated[
        bool, typer.Option("--add-clients", help="Add every client with an unknown name.")
    ] = False,
    currency: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", help="The currency of overheads for which the file names none."
        ),
    ] = None,
    same_day: Annotated[
        answers.SameDay | None,
        typer.Option(
            help="Whether a row on a day with a record adds a record or corrects the existing one."
        ),
    ] = None,
    reused_numbers: Annotated[
        answers.ReusedNumbers | None,
        typer.Option(
            help="Whether a number that is on record with a date far away is the same document."
        ),
    ] = None,
    duplicates: Annotated[
        answers.Duplicates | None,
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
        if metric is not None and "metric_name" in mapping.columns:
            heading = opened.tables[table_index].header[mapping.columns["metric_name"]]
            raise InvalidInput(
                f"The file has a column of metrics, “{heading}”.",
                advice="Leave out --metric, or ignore the column with --column metric_name=.",
            )
        choices = answers.given(
            negative=negative, date_order=dates, same_day=same_day, reused_numbers=reused_numbers,
            duplicates=duplicates,
        )  # fmt: skip
        answered: dict[str, Any] = {name: answers.code(choice) for name, choice in choices.items()}
        meanings = answers.parse_meanings(rows or (), mapping.meanings)
        require_columns(opened.tables[table_index], meanings)
        mapping = replace(
            mapping,
            meanings=meanings,
            stages={**mapping.stages, **parse_stages(identity, stage or ())},
            **answered,
            **answers.given(
                decimal_mark=None if decimal_mark is None else decimal_mark.value,
                tax=None if tax is None else answers.parse_tax(tax),
                metric=metric,
                currency=None if currency is None else parse_currency(currency),
            ),
        )
        proposal = _propose(
            identity, Kind[kind.name], opened, mapping, table_index, add=add_clients
        )
        preview.show(proposal)
        if rejected is not None:
            _write_rejected(rejected, rejected_file(proposal))
        if propose or _is_unchanged(proposal):
            return
        require_meanings(proposal)
        try:
            result = imports.confirm(identity, proposal, skip_rejected=skip_rejected)
        except ProposalOutdated:
            # Records changed since the proposal: propose once more with the current ones.
            proposal = _propose(
                identity, proposal.kind, opened, mapping, table_index, add=add_clients
            )
            preview.show(proposal)
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
        client.name
        for client in proposal.staged.unknown
        if client.decision is None and client.is_plain
    ]
    if not (add and unknown):
        return proposal
    decisions = {**mapping.clients, **dict.fromkeys(unknown, imports.ADD)}
    return imports.propose(identity, kind, opened, replace(mapping, clients=decisions), table_index)


def _is_unchanged(proposal: Proposal) -> bool:
    """Return whether the file changes nothing, which is no error: a job may send it twice."""
    counts = proposal.counts
    if proposal.is_open or proposal.changes_anything or counts[imports.Action.REJECTED]:
        return False
    left_out = counts[imports.Action.LEFT_OUT]
    if not left_out:
        terminal.say("The file changes nothing. Everything in it is already recorded.")
        return True
    rows = "1 row is" if left_out == 1 else f"{left_out:,} rows are"
    terminal.say(
        f"The file changes nothing. {rows} left out; what an earlier file recorded of them stays. "
        "The rest is already recorded."
    )
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
