"""The rules of the rows of a file with a row for each deal, at its current stage.

A won or lost deal is dated at its close date; that of an open one is an expectation and no event.
An open deal is dated at the day since which it is at its stage, if the file says so, otherwise at
its creation. A deal that was created before that day began at the first open stage: this is an
event of its own, the entry, in a row below those of the file.

`matches.deals` compares the deals with the leads on record.
"""

from __future__ import annotations

from dataclasses import replace

from zixly_data.imports.cells.table import Table
from zixly_data.imports.references import normalise_name
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.deals import Deals
from zixly_data.imports.rows.staged import Column, StagedRows
from zixly_data.imports.rows.staging import RowStager
from zixly_data.tables.lead_stages import LOST, OPEN, WON

_NO_CLOSE_DATE = "A won or lost deal needs a close date."
# Pipedrive keeps the last open stage of a won deal, and says in another column that it was won.
_CLOSED = frozenset({"won", "lost", "deleted", "gewonnen", "verloren", "gelöscht"})


def stages_by_status(stager: RowStager, stages: Column) -> Column:
    """Return the stages of the rows: of a deal that is won, lost or deleted by another column, that
    word, unless its stage says the same."""
    ours = {normalise_name(stage.stage): stage.status for stage in stager.reference_data.stages}
    return [
        status
        if status
        and normalise_name(status) in _CLOSED
        and ours.get(normalise_name(stage or "")) not in (WON, LOST)
        else stage
        for stage, status in zip(stages, stager.text("deal_status"), strict=True)
    ]


def date_deals(stager: RowStager) -> None:
    """Date each deal at the day since which it is at its stage. `event_date` holds its creation."""
    staged, columns = stager.staged, stager.staged.columns
    created, days = columns["event_date"], list(columns["event_date"])
    dates = {
        name: stager.other_dates(name)
        for name in ("close_date", "lost_date", "stage_date")
        if stager.has_column(name)
    }
    dated = set()
    for row, status in enumerate(columns["status"]):
        names = {WON: ("close_date",), LOST: ("lost_date", "close_date"), OPEN: ("stage_date",)}
        for name in names.get(status or "", ()):
            column = dates.get(name)
            if column is None:
                continue
            if row in column.problems:
                stager.reject(row, name, Cause.INVALID_DATE, column.problems[row])
            if (day := column.values[row]) is not None:
                days[row] = day
                dated.add(row)
                break
        is_closed = status in (WON, LOST)
        if is_closed and row not in dated and None not in dates.values():
            days[row] = None
            if row not in staged.problems:
                stager.reject(row, "close_date", Cause.NO_CLOSE_DATE, _NO_CLOSE_DATE)
    columns["event_date"] = days
    staged.deals = Deals(created, frozenset(dated), stager.text("deal_id"))


def drop_other_reasons(stager: RowStager) -> None:
    """Leave out the reason for losing of deals that are not lost, which programs keep when such a
    deal is opened again, and say so."""
    reasons, statuses = stager.staged.columns["reason"], stager.staged.columns["status"]
    rows = [
        row
        for row, reason in enumerate(reasons)
        if reason is not None and statuses[row] not in (LOST, None)
    ]
    for row in rows:
        reasons[row] = None
    if rows:
        deals = "1 deal has" if len(rows) == 1 else f"{len(rows):,} deals have"
        stager.staged.notes.append(f"{deals} a reason for losing without being lost: left out.")


def add_entries(stager: RowStager) -> None:
    """Add the event with which each deal began, in a row below those of the file."""
    staged, columns = stager.staged, stager.staged.columns
    assert staged.deals is not None
    created, ids, count = staged.deals.created, staged.deals.ids, staged.count
    begins_at = next(
        stage
        for stage in stager.reference_data.stages
        if stage.status == OPEN and not stage.is_retired
    )
    entries: dict[int, int] = {}
    seen = set()
    for row in staged.ready:
        first, day = created[row], columns["event_date"][row]
        lead = (columns["client_kpi_id"][row], columns["lead_id"][row], ids[row])
        is_recorded = "id" in columns and columns["id"][row] is not None
        has_begun_before = first and day and first < day
        if not has_begun_before or lead in seen or is_recorded:
            continue
        if columns["stage"][row] != begins_at.stage:
            seen.add(lead)
            entries[row] = count + len(entries)
    for name, column in columns.items():
        kept = name in ("client_kpi_id", "lead_id")
        columns[name] = [*column, *(column[row] if kept else None for row in entries)]
    for name, values in (
        ("stage", [begins_at.stage] * len(entries)),
        ("status", [begins_at.status] * len(entries)),
        ("event_date", [created[row] for row in entries]),
    ):
        columns[name][count:] = values
    staged.count += len(entries)
    staged.deals = replace(staged.deals, entries=entries)


def with_entries(table: Table, staged: StagedRows) -> Table:
    """Return the table with the rows of the entries: each is that of its deal again."""
    if staged.deals is None or not staged.deals.entries:
        return table
    rows = list(staged.deals.entries)
    return replace(
        table,
        columns=tuple((*cells, *(cells[row] for row in rows)) for cells in table.columns),
        lines=(*table.lines, *(table.lines[row] for row in rows)),
    )
