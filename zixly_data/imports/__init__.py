"""Importing files: a proposal first, records only after confirmation, and a way to undo.

files/                bytes to tables of cells: opening (detects the format), delimited, workbook
                      (workbook_reader in a child process), layout with header and total_rows
shapes/               tables with months across, grouped reports and journals, a record a row
cells/                cells to values: kinds and headings (fields and their column names), mapping,
                      table, dates, numbers, doubtful_dates (both meanings of an ambiguous cell)
recognition           suggests the column of each field; timesheets are those of time trackers,
                      required_columns those that a kind needs, reduced_amounts those beside fees
                      or discounts
remembering           stores the answers for the next file with the same header
references            the clients, stages, metrics and closed months of the tenant
meanings/             which rows count, and with which sign
rows/                 rows of the file, ready or rejected, by the rules of their kind
matches/              pairs the rows of the file with rows on record
proposals             the effect of the file; previews shows it to people. proposing makes it:
                      comparison with the records, then evaluation
confirming            writes the proposal, all or nothing, by writing, with additions: new clients
                      and stages
undoing               lists imports and undoes one, unless later_changes prevent it; new_stages
                      are removed again
exchange_rate_files   files of exchange rates, for records.exchange_rates

opened = open_file(name, data)
mapping = suggest(identity, kind, opened.tables[0])
proposal = propose(identity, kind, opened, mapping)
result = confirm(identity, proposal)
undo(identity, result.id)
"""

from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, Mapping
from zixly_data.imports.confirming import ImportResult, confirm
from zixly_data.imports.files.opening import FileRefused, open_file
from zixly_data.imports.later_changes import ChangedRow, ImportTouched
from zixly_data.imports.proposals import Action, Proposal, ProposalOutdated
from zixly_data.imports.proposing import propose
from zixly_data.imports.recognition import guess_kind
from zixly_data.imports.remembering import suggest
from zixly_data.imports.required_columns import missing_columns, needs_metric
from zixly_data.imports.undoing import Imports, find_import, list_imports, page_of_imports, undo

__all__ = [
    "ADD",
    "LEAVE_OUT",
    "Action",
    "ChangedRow",
    "FileRefused",
    "ImportResult",
    "ImportTouched",
    "Imports",
    "Kind",
    "Mapping",
    "Proposal",
    "ProposalOutdated",
    "confirm",
    "find_import",
    "guess_kind",
    "list_imports",
    "missing_columns",
    "needs_metric",
    "open_file",
    "page_of_imports",
    "propose",
    "suggest",
    "undo",
]
