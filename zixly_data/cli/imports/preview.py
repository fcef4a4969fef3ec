"""An import proposal as text: counts and sums, changes, rejected rows and open questions."""

from __future__ import annotations

import pandas as pd

from zixly_data.cli import tables, terminal
from zixly_data.cli.imports.meanings import missing_options, show_meanings
from zixly_data.cli.imports.unknown import show_unknown
from zixly_data.imports import Action, Proposal
from zixly_data.imports.cells.mapping import TAX_COLUMN
from zixly_data.imports.previews import (
    changes,
    duplicates,
    rejection_causes,
    rejections,
    removed_lines,
    totals,
    unused_currencies,
)

# Changed and rejected rows shown, at most.
_MOST_SHOWN = 50
_TOTALS_NAMED = 5
_DECISIONS = {
    None: "Use --duplicates keep or --duplicates leave-out.",
    "KEEP": "They are imported too.",
    "LEAVE_OUT": "They are left out.",
}
_OPTIONS = {
    "date_order": "--dates dmy or --dates mdy",
    "decimal_mark": "--decimal-mark . or ,",
    "negative": "--negative credit or --negative expense",
    "tax": "--tax RATE, such as --tax 10, or --tax none",
    "same_day": "--same-day add or --same-day correct",
    "reused_numbers": "--reused-numbers same or --reused-numbers new",
}
_EXPLAINED = {
    "same_day": "Some rows are on a day that has a record already.",
    "reused_numbers": "Some document numbers are on record with a date far away.",
}


def show(proposal: Proposal) -> None:
    """Print a proposal as the result."""
    table = proposal.table
    sheet = f", sheet {table.sheet}" if table.sheet else ""
    count = len(table) - len(proposal.staged.deals.entries if proposal.staged.deals else ())
    rows = "1 row" if count == 1 else f"{count:,} rows"
    _print_line(f"{proposal.file_name}{sheet}: {rows} of {proposal.kind.label}")
    for note in (*table.notes, *proposal.staged.notes):
        _print_line(note)
    if table.totals:
        numbers = ", ".join(str(line) for line in table.totals[:_TOTALS_NAMED])
        more = ", …" if len(table.totals) > _TOTALS_NAMED else ""
        _print_line(
            f"Line {numbers} is a total and is not imported."
            if len(table.totals) == 1
            else f"Lines {numbers}{more} are totals and are not imported."
        )
    show_meanings(proposal)
    sums = totals(proposal)
    _print_table("", sums if sums["credits"].any() else sums.drop(columns="credits"))
    counts = proposal.counts
    changed_rows = changes(proposal, _MOST_SHOWN)
    _print_table(f"Changes{_describe_limit(counts[Action.CHANGED])}", changed_rows)
    removed = counts[Action.REMOVED]
    _print_table(
        f"Recorded lines that are removed, as their documents in the file no longer have them"
        f"{_describe_limit(removed)}",
        removed_lines(proposal, _MOST_SHOWN),
    )
    _print_table("Reasons for rejecting rows", rejection_causes(proposal))
    if not proposal.only_waits:
        _print_table(
            f"Rejected{_describe_limit(counts[Action.REJECTED])}", rejections(proposal, _MOST_SHOWN)
        )
    count = len(proposal.duplicates)
    if count:
        rows = "1 row" if count == 1 else f"{count:,} rows"
        terminal.result("")
        _print_line(
            f"Possible duplicates: {rows} with the amounts of another record of the same client "
            f"and month. {_DECISIONS[proposal.mapping.duplicates]}"
        )
        _print_table(_describe_limit(count).strip(), duplicates(proposal, _MOST_SHOWN))
    show_unknown(proposal)
    unused = unused_currencies(proposal)
    if unused:
        terminal.result("")
        _print_line(f"No client and no exchange rate uses {', '.join(unused)}. Check the currency.")
    _print_missing_meanings(proposal)
    for question in proposal.all_questions:
        terminal.result("")
        if question.about == "currency":
            _print_line(
                f"The file has no currency for “{question.column}”, such as {question.example}. "
                f"Use --currency {' or --currency '.join(question.meanings)}."
            )
            continue
        if question.about in _EXPLAINED:
            _print_line(f"{_EXPLAINED[question.about]} Use {_OPTIONS[question.about]}.")
            for answer, meaning in question.meanings.items():
                _print_line(f"  {answer.lower()}: {question.example}: {meaning}")
            continue
        options = _OPTIONS[question.about]
        if TAX_COLUMN in question.meanings:
            heading = question.meanings[TAX_COLUMN]
            options = f"--tax column if it includes the tax in “{heading}”, or --tax none"
        _print_line(
            f"In “{question.column}”, “{question.example}” can be read in two ways. Use {options}."
        )
        if question.about in ("date_order", "decimal_mark"):
            for answer, meaning in question.meanings.items():
                _print_line(f"  {answer.lower()}: {meaning}")


def _print_missing_meanings(proposal: Proposal) -> None:
    options = missing_options(proposal)
    if not options:
        return
    terminal.result("")
    _print_line("What these rows mean is not answered. Add for each value, with your answer:")
    for option, rows in options.items():
        _print_line(f"  {option}   {rows}")


def _print_line(text: str) -> None:
    terminal.result(tables.printable(text))


def _describe_limit(count: int) -> str:
    return f" (the first {_MOST_SHOWN} of {count:,} rows)" if count > _MOST_SHOWN else ""


def _print_table(title: str, frame: pd.DataFrame) -> None:
    if frame.empty:
        return
    terminal.result("")
    if title:
        terminal.result(title)
    terminal.result(tables.as_text(frame.dropna(axis="columns", how="all")))
